import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { kinds } from '#src/approvals/kinds/index.gen.ts';

const HOUR_MS = 3600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

describe('src/approvals/kinds', () => {
  test('every kind is named after its file', async () => {
    const files = (await readdir('src/approvals/kinds')).filter((file) => file.endsWith('.ts') && file !== 'index.gen.ts').map((file) => file.replace('.ts', ''));

    expect(kinds.map(({ name }) => name).sort()).toEqual(files.sort());
  });

  describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
    test('has a name for files of configuration, and says what it is about', () => {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(kind.summary).toMatch(/^[A-Z].*\.$/);
    });

    test('takes at least one approval, in production no fewer, and the own case is decided by one', () => {
      const { usual, production } = kind.approvals;

      expect(usual).toBeGreaterThanOrEqual(1);
      expect(production).toBeGreaterThanOrEqual(usual);
      expect(production).toBeLessThanOrEqual(kind.ownCase ? 1 : 3);
    });

    test('leaves time to decide, and does not wait for ever', () => {
      expect(kind.expiresAfterMs).toBeGreaterThanOrEqual(HOUR_MS);
      expect(kind.expiresAfterMs).toBeLessThanOrEqual(WEEK_MS);
    });

    test('takes no subject of another shape', () => {
      for (const subject of [undefined, null, '', 7, [], {}, { unknown: true }]) expect(kind.subject.safeParse(subject).success).toBe(false);
    });
  });
});
