import { describe, expect, test } from '@jest/globals';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { keys } from '#src/store/keys.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { runCli } from '#test/fakes/cli-world.ts';

describe('src/cli/audit.ts', () => {
  onEveryRedis(({ redis, server }) => {
    const audit = (...words: readonly string[]) => runCli(['audit', ...words], { env: { REDIS_URL: server().url } });
    const append = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        await createDecisionLog(redis()).append({ at: '2026-11-23T08:00:00.000Z', kind: 'refused', who: 'U0CYR00001', what: `scan ${index}`, reason: 'Guests have no role here.' });
      }
    };
    /** Takes one entry out and puts another one at the end, as an intruder with access to Redis could. */
    const tamper = async (place: number): Promise<void> => {
      const stored = await redis().xrange(keys.decisions(), '-', '+');
      await redis().xdel(keys.decisions(), stored[place]?.[0] ?? '');
    };

    test('says that a log is whole, and with which hash it ends', async () => {
      await append(3);
      const { status, stdout } = await audit('verify');

      expect(stdout).toMatch(/^The log of decisions is whole: 3 entries, the last with the hash [0-9a-f]{64}\.\n$/);
      expect(status).toBe(0);
    });

    test('says that there is none', async () => {
      expect(await audit('verify')).toMatchObject({ status: 0, stdout: 'The log of decisions is empty.\n' });
      expect(await audit('export')).toMatchObject({ status: 0, stdout: '' });
    });

    test.each([0, 1, 2])('finds the place where entry %i was taken out', async (place) => {
      await append(4);
      await tamper(place);

      expect(await audit('verify')).toMatchObject({ status: 1, stdout: expect.stringContaining(`is broken at entry ${place + 1}:`) });
    });

    test('writes every entry with its hashes, over many pages', async () => {
      await append(501);
      const { status, records } = await audit('export');

      expect(status).toBe(0);
      expect(records()).toHaveLength(501);
      expect(records()[500]).toMatchObject({ entry: { what: 'scan 500', who: 'U0CYR00001' }, previous: records()[499]?.hash });
    });

    test('writes also what is no entry', async () => {
      await redis().xadd(keys.decisions(), '*', 'entry', 'not json', 'hash', 'x', 'previous', 'y');

      expect((await audit('export')).records()).toEqual([{ hash: 'x', previous: 'y', entry: 'not json' }]);
      expect((await audit('verify')).status).toBe(1);
    });
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>, number, string]>([
    ['nothing to do', [], {}, 2, 'Say what to do: k8ssec audit verify or k8ssec audit export.'],
    ['something else to do', ['verfy'], {}, 2, 'Did you mean'],
    ['no address', ['verify'], {}, 2, 'REDIS_URL: is not set'],
    ['a wrong address', ['verify'], { REDIS_URL: 'http://x' }, 2, 'REDIS_URL: is no address'],
    ['no server', ['verify'], { REDIS_URL: '/nowhere/redis.sock' }, 4, 'cannot be used'],
  ])('with %s it says so', async (_name, words, env, status, text) => {
    const outcome = await runCli(['audit', ...words], { env });

    expect(outcome.stderr).toContain(text);
    expect(outcome).toMatchObject({ status, stdout: '' });
  });
});
