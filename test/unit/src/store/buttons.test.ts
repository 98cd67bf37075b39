import { describe, expect, test } from '@jest/globals';
import { createButtons } from '#src/store/buttons.ts';
import { keys } from '#src/store/keys.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const KEEP_MS = 60_000;
const SCAN = { action: { command: 'scan', args: ['prod-eu'] }, message: 'scan/a1' };

describe('src/store/buttons.ts', () => {
  onEveryRedis(({ redis }) => {
    test('gives out tokens of at least 128 bits that say nothing', async () => {
      const token = await createButtons(redis(), KEEP_MS).issue(SCAN);

      expect(token).toMatch(/^[\w-]{27}$/);
      expect(Buffer.from(token, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
      expect(Buffer.from(token, 'base64url').toString()).not.toContain('scan');
    });

    test('knows what a token stands for', async () => {
      const buttons = createButtons(redis(), KEEP_MS);

      expect(await buttons.resolve(await buttons.issue(SCAN))).toEqual(SCAN);
    });

    test('gives the same button of the same message the same token, from any replica', async () => {
      const first = await createButtons(redis(), KEEP_MS).issue(SCAN);
      const again = await createButtons(redis(), KEEP_MS).issue(SCAN);

      expect(again).toBe(first);
    });

    test('gives other buttons and other messages other tokens', async () => {
      const buttons = createButtons(redis(), KEEP_MS);
      const tokens = await Promise.all([SCAN, { ...SCAN, message: 'scan/b2' }, { action: SCAN.action }, { ...SCAN, action: { command: 'scan', args: [] } }].map(buttons.issue));

      expect(new Set(tokens).size).toBe(4);
    });

    test('cannot be guessed from another installation', async () => {
      const first = await createButtons(redis(), KEEP_MS).issue(SCAN);
      await redis().flushall();

      expect(await createButtons(redis(), KEEP_MS).issue(SCAN)).not.toBe(first);
    });

    test.each([['unknown', 'A'.repeat(27)], ['short', 'abc'], ['long', 'A'.repeat(5000)], ['a key', '../../scan'], ['empty', '']])('does not know a token that is %s', async (_name, token) => {
      expect(await createButtons(redis(), KEEP_MS).resolve(token)).toBeUndefined();
    });

    test('keeps a button as long as its message, counted from when it was last shown', async () => {
      const buttons = createButtons(redis(), KEEP_MS);
      const token = await buttons.issue(SCAN);
      await redis().pexpire(keys.button(token), 1000);

      await buttons.issue(SCAN);

      expect(await redis().pttl(keys.button(token))).toBeGreaterThan(KEEP_MS - 10_000);
    });

    test('works again after Redis was away when it was first needed', async () => {
      let away = true;
      const flaky = new Proxy(redis(), {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => (away ? Promise.reject(new Error('away')) : Reflect.apply(value, target, args));
        },
      });
      const buttons = createButtons(flaky, KEEP_MS);
      await expect(buttons.issue(SCAN)).rejects.toThrow('away');

      away = false;

      expect(await buttons.resolve(await buttons.issue(SCAN))).toEqual(SCAN);
    });
  });
});
