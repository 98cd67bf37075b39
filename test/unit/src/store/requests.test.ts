import { describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Filing } from '#src/model/request-store.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { keys } from '#src/store/keys.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { aRequest } from '#test/build/request.ts';
import { aRuling } from '#test/build/rulings.ts';

const DAY_MS = 24 * 3600_000;
const OPEN: Filing = { dueAt: 1000, openUntil: Infinity, joins: true, isOver: false };
const OVER: Filing = { dueAt: undefined, openUntil: 0, joins: false, isOver: true };

function next(request: ApprovalRequest, more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return { ...request, version: request.version + 1, ...more };
}

describe('src/store/requests.ts', () => {
  onEveryRedis(({ redis }) => {
    const store = (keepMs = DAY_MS) => createRequestStore(redis(), keepMs);

    test('gives back what it was given', async () => {
      const request = aRequest({ subject: { person: 'Zoë 🌊', roles: [] } });

      expect(await store().create(request, OPEN)).toEqual(request);
      expect(await store().get(request.id)).toEqual(request);
      expect(await store().get('r00000')).toBeUndefined();
    });

    test('of fifty at once about the same one is stored, and all get it', async () => {
      const all = await Promise.all(Array.from({ length: 50 }, (_, index) => store().create(aRequest({ id: `r${index}` }), OPEN)));

      expect(new Set(all.map((request) => request?.id)).size).toBe(1);
      expect((await store().open(0)).map(({ id }) => id)).toEqual([all[0]?.id]);
    });

    test.each<[string, Partial<ApprovalRequest>]>([
      ['of another kind', { kind: 'temporary-access' }],
      ['of another identity', { identity: 'eve@corp.example' }],
      ['whose kind and identity only look alike together', { kind: 'remove-personbob@', identity: 'corp.example' }],
    ])('one %s is another', async (_name, more) => {
      await store().create(aRequest(), OPEN);

      expect((await store().create(aRequest({ id: 'r22222', ...more }), OPEN))?.id).toBe('r22222');
    });

    test('an id that is taken is not taken again', async () => {
      await store().create(aRequest(), OPEN);

      expect(await store().create(aRequest({ identity: 'eve@corp.example' }), OPEN)).toBeUndefined();
      expect((await store().get('r7k2m9'))?.identity).toBe('bob@corp.example');
    });

    test('one that nothing joins any more makes room for the next', async () => {
      const first = aRequest();
      await store().create(first, OPEN);
      expect((await store().joinable(first.kind, first.identity))?.id).toBe(first.id);
      await store().write(next(first, { state: 'denied' }), OVER);

      expect(await store().joinable(first.kind, first.identity)).toBeUndefined();
      expect((await store().create(aRequest({ id: 'r22222' }), OPEN))?.id).toBe('r22222');
    });

    test('of fifty next versions at once one is stored, also when all are alike', async () => {
      await store().create(aRequest(), OPEN);
      const written = await Promise.all(Array.from({ length: 50 }, () => store().write(next(aRequest(), { state: 'approved' }), OPEN)));

      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await store().get('r7k2m9')).toMatchObject({ version: 2, state: 'approved' });
    });

    test('a version that is not the next one is not stored', async () => {
      await store().create(aRequest(), OPEN);

      expect(await store().write(aRequest({ version: 3 }), OPEN)).toBe(false);
      expect(await store().write(aRequest({ version: 1 }), OPEN)).toBe(false);
      expect(await store().write(next(aRequest({ id: 'r00000' })), OPEN)).toBe(false);
      expect((await store().get('r7k2m9'))?.version).toBe(1);
    });

    test('a change that was sent twice, because its answer was lost, counts as one that was made', async () => {
      const twice = createRequestStore(sendingTwice(redis()), DAY_MS);

      expect((await twice.create(aRequest(), OPEN))?.id).toBe('r7k2m9');
      expect(await twice.write(next(aRequest(), { state: 'approved' }), OPEN)).toBe(true);
      expect(await twice.succeed(next(next(aRequest()), { state: 'void' }), OVER, aRequest({ id: 'r22222' }), OPEN)).toBe(true);
      expect((await store().joinable('remove-person', 'bob@corp.example'))?.id).toBe('r22222');
    });

    test('the end of one and its successor are stored together or not at all', async () => {
      const [first, other] = [aRequest(), aRequest({ id: 'r22222' })];
      await store().create(first, OPEN);

      expect(await store().succeed(aRequest({ version: 5, state: 'void' }), OVER, other, OPEN)).toBe(false);
      expect(await store().get(other.id)).toBeUndefined();
      expect(await store().succeed(next(first, { state: 'void', successor: other.id }), OVER, other, OPEN)).toBe(true);
      expect([(await store().get(first.id))?.state, (await store().get(other.id))?.state]).toEqual(['void', 'pending']);
      expect((await store().open(0)).map(({ id }) => id)).toEqual([other.id]);
    });

    test('what is published and logged only grows, and changes no version', async () => {
      await store().create(aRequest(), OPEN);
      await store().settle({ id: 'r7k2m9', version: 1, published: 1, logged: 1 }, 5000);
      await store().settle({ id: 'r7k2m9', version: 1, published: 0, logged: 0 }, 5000);

      expect(await store().get('r7k2m9')).toMatchObject({ version: 1, published: 1, logged: 1 });
      await store().write(next(aRequest({ published: 0, logged: 0 })), OPEN);
      expect(await store().get('r7k2m9')).toMatchObject({ version: 2, published: 1, logged: 1 });
    });

    test('is due when it was last said to be, unless it was changed meanwhile', async () => {
      await store().create(aRequest(), OPEN);
      expect([await store().due(999), await store().due(1000)]).toEqual([[], ['r7k2m9']]);

      await store().settle({ id: 'r7k2m9', version: 1, published: 1, logged: 1 }, 5000);
      expect([await store().due(4999), await store().due(5000)]).toEqual([[], ['r7k2m9']]);

      await store().write(next(aRequest()), { ...OPEN, dueAt: 6000 });
      await store().settle({ id: 'r7k2m9', version: 1, published: 1, logged: 1 }, undefined);
      expect(await store().due(6000)).toEqual(['r7k2m9']);
      await store().settle({ id: 'r7k2m9', version: 2, published: 2, logged: 1 }, undefined);
      expect(await store().due(1e15)).toEqual([]);
    });

    test('one that is forgotten is due no more', async () => {
      await store().create(aRequest(), OPEN);
      await redis().del(keys.request('r7k2m9'));
      await store().forget('r7k2m9');

      expect(await store().due(1e15)).toEqual([]);
      expect(await store().open(0)).toEqual([]);
    });

    test('what was ruled is listed with the version that says so, until one says so no more', async () => {
      const ruling = aRuling();
      await store().create(aRequest(), OPEN);
      expect(await store().rulings()).toEqual([]);

      const twice = createRequestStore(sendingTwice(redis()), DAY_MS);
      expect(await twice.write(next(aRequest(), { state: 'denied' }), { ...OVER, ruling })).toBe(true);
      expect(await store().write(next(aRequest(), { state: 'canceled' }), OVER)).toBe(false);
      expect(await store().rulings()).toEqual([ruling]);

      await store().write(next(next(aRequest())), OVER);
      expect(await store().rulings()).toEqual([]);
    });

    test('what was ruled is forgotten with its request', async () => {
      await store().create(aRequest(), { ...OVER, ruling: aRuling() });
      await store().forget('r7k2m9');

      expect(await store().rulings()).toEqual([]);
    });

    test('of one that is gone when it is settled nothing stays', async () => {
      await store().create(aRequest(), { ...OPEN, ruling: aRuling() });
      await redis().del(keys.request('r7k2m9'));
      await store().settle({ id: 'r7k2m9', version: 1, published: 1, logged: 1 }, 5000);

      expect([await store().rulings(), await store().due(1e15), await redis().exists(keys.openRequests())]).toEqual([[], [], 0]);
    });

    test('lists the newest first, and each until its time', async () => {
      await store().create(aRequest({ id: 'r1', identity: '1', createdAt: '2026-11-23T08:00:00.000Z' }), OPEN);
      await store().create(aRequest({ id: 'r2', identity: '2', createdAt: '2026-11-23T09:00:00.000Z' }), { ...OPEN, openUntil: 5000 });
      const open = async (now: number) => (await store().open(now)).map(({ id }) => id);

      expect([await open(4999), await open(5000)]).toEqual([['r2', 'r1'], ['r1']]);
    });

    test.each<[string, number, number]>([
      ['as long as is configured', 90 * DAY_MS, 90 * DAY_MS],
      ['thirty days at least, since it holds what would have to be restored', DAY_MS, 30 * DAY_MS],
    ])('keeps one that is over %s, and one that is not for good', async (_name, keepMs, kept) => {
      await store(keepMs).create(aRequest(), OPEN);
      expect(await redis().pttl(keys.request('r7k2m9'))).toBe(-1);
      await store(keepMs).write(next(aRequest()), OVER);

      const left = await redis().pttl(keys.request('r7k2m9'));
      expect(left).toBeGreaterThan(kept - 60_000);
      expect(left).toBeLessThanOrEqual(kept);
      await store(keepMs).write(next(next(aRequest())), OPEN);
      expect(await redis().pttl(keys.request('r7k2m9'))).toBe(-1);
    });
  });
});

/** Every script runs twice, as when the connection breaks before the first answer. */
function sendingTwice(redis: Redis): Redis {
  const twice = async (run: () => Promise<unknown>): Promise<unknown> => {
    await run();
    return run();
  };
  return {
    evalsha: (...args: Parameters<Redis['evalsha']>) => twice(() => redis.evalsha(...args)),
    eval: (...args: Parameters<Redis['eval']>) => twice(() => redis.eval(...args)),
    hgetall: redis.hgetall.bind(redis),
    get: redis.get.bind(redis),
  } as unknown as Redis;
}
