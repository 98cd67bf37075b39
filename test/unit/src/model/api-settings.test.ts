import { describe, expect, test } from '@jest/globals';
import { addressShape, secretShape } from '#src/model/api-settings.ts';

describe('src/model/api-settings.ts', () => {
  test.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://git.example.com/api/v3//', 'https://git.example.com/api/v3'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://[::1]:80', 'http://[::1]:80'],
  ])('%s is an address', (text, address) => {
    expect(addressShape.parse(text)).toBe(address);
  });

  test.each(['http://api.example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com', 'http://10.0.0.1', 'ftp://api.example.com', 'api.example.com', '', 'https://', 'https://me:secret@api.example.com', 'https://api.example.com?token=1', 'https://api.example.com/#a'])('%s is none', (text) => {
    const checked = addressShape.safeParse(text);

    expect(checked.success).toBe(false);
    expect(checked.error?.issues.map(({ message }) => message)).toEqual([expect.stringMatching(/^must be an address/)]);
  });

  test.each([{ env: 'TOKEN' }, { file: '/var/run/token' }])('%j names a secret', (reference) => {
    expect(secretShape.safeParse(reference).success).toBe(true);
  });

  test.each(['xoxb-secret', { env: '' }, { env: 'a b' }, { file: '' }, { env: 'A', file: 'b' }, { value: 'secret' }, {}])('%j names none', (reference) => {
    expect(secretShape.safeParse(reference).success).toBe(false);
  });
});
