import { describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { addActivity, emptyActivity, watchedSince } from '#src/events/activity.ts';
import type { AuditEvent } from '#src/model/audit-event.ts';
import { actingKey } from '#src/model/presence.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const ROBOT = 'system:serviceaccount:shop:robot';
const EVENT: AuditEvent = {
  id: undefined, timeMs: 0, started: false, verb: 'get', user: { name: '', groups: [] }, impersonator: undefined, addresses: [], userAgent: undefined, uri: undefined, target: undefined,
  code: 200, outcome: 'allowed', decision: undefined, binding: { kind: 'ClusterRoleBinding', name: 'b', role: 'ClusterRole/r' }, dryRun: false, request: undefined, response: undefined,
};

describe('src/store/activity.ts', () => {
  test('a batch is one command, however many people, minutes and days are in it', async () => {
    const commands: string[] = [];
    const redis = new Proxy({}, {
      get: (_target, name) => () => {
        commands.push(String(name));
        return Promise.resolve(0);
      },
    }) as unknown as Redis;
    const seen = emptyActivity();
    for (let index = 0; index < 400; index += 1) addActivity(seen, { ...EVENT, timeMs: Date.UTC(2026, 7, 21, 20) + index * 60_000, user: { name: `person-${index}`, groups: [] } });

    await createActivityStore(redis).add('prod', seen);
    await createActivityStore(redis).add('prod', emptyActivity());

    expect([seen.days.size, commands]).toEqual([2, ['evalsha']]);
  });

  onEveryRedis(({ redis }) => {
    test('tells of everybody, and how the named days were watched', async () => {
      const store = createActivityStore(redis());
      const seen = emptyActivity();
      const at = Date.UTC(2026, 7, 21, 20);
      addActivity(seen, { ...EVENT, timeMs: at, user: { name: 'ann', groups: [] } });
      addActivity(seen, { ...EVENT, timeMs: at + 86_400_000, user: { name: 'bob', groups: [] } });
      await store.add('prod', seen);
      await store.add('dev', emptyActivity());

      const all = await store.readAll('prod', ['2026-08-20', '2026-08-21']);

      expect([...all.users].sort()).toEqual([['ann', { ms: at, deed: 'read' }], ['bob', { ms: at + 86_400_000, deed: 'read' }]]);
      expect([...all.days.keys()]).toEqual(['2026-08-21']);
      expect([watchedSince(all, at), watchedSince(all, at + 60_000)]).toEqual([1, 0]);
      expect((await store.readAll('dev', ['2026-08-21'])).users.size).toBe(0);
    });

    test('tells of each day whether something only read, whichever process saw it', async () => {
      const store = createActivityStore(redis());
      const days = ['2026-08-21', '2026-08-20'];
      for (const [verb, day] of [['create', 21], ['get', 21], ['patch', 21], ['create', 20]] as const) {
        const seen = emptyActivity();
        addActivity(seen, { ...EVENT, verb, timeMs: Date.UTC(2026, 7, day, 20), user: { name: 'ann', groups: [] } });
        await store.add('prod', seen);
      }

      const state = await store.read('prod', 'ann', days);
      expect(days.map((day) => state.days.get(day)?.reads)).toEqual([true, false]);
    });

    test('tells what was used, the latest of what several processes saw', async () => {
      const store = createActivityStore(redis());
      const at = Date.UTC(2026, 7, 21, 20);
      for (const ms of [at, at + 60_000, at - 60_000]) {
        const seen = emptyActivity();
        addActivity(seen, { ...EVENT, timeMs: ms, user: { name: ROBOT, groups: [] }, impersonator: { name: 'system:serviceaccount:shop:proxy', groups: [] } });
        addActivity(seen, { ...EVENT, timeMs: ms, user: { name: ROBOT, groups: [] }, userAgent: 'helm/4.0', addresses: ['10.8.0.4'] });
        await store.add('prod', seen);
      }

      const uses = await store.readUses('prod', ['2026-08-21']);

      const latest = { ms: at + 60_000, deed: 'read' };
      expect([...uses.bindings]).toEqual([['ClusterRoleBinding\n\nb', latest]]);
      expect([...uses.actedAs]).toEqual([[actingKey('system:serviceaccount:shop:proxy', ROBOT), latest]]);
      expect([...uses.tools]).toEqual([[`${ROBOT}\nhelm\n10.8.0.4`, latest]]);
      expect([uses.users.size, uses.days.size, (await store.readUses('dev', [])).bindings.size]).toEqual([0, 1, 0]);
    });

    test('whomever a proxy acts as was there themselves, and whomever a person acts as was not', async () => {
      const store = createActivityStore(redis());
      const [early, late] = [Date.UTC(2026, 7, 21, 20), Date.UTC(2026, 7, 21, 22)];
      const seen = emptyActivity();
      for (const [name, impersonator, timeMs] of [['ann', 'teleport', late], ['ann', undefined, early], ['bob', 'teleport', late], ['eve', 'jo', late]] as const) {
        addActivity(seen, { ...EVENT, timeMs, user: { name, groups: [] }, impersonator: impersonator === undefined ? undefined : { name: impersonator, groups: [] } });
      }
      await store.add('prod', seen);

      const times = async (proxies?: readonly string[]) => {
        const all = await store.readAll('prod', [], proxies);
        const each = await Promise.all(['ann', 'bob', 'eve'].map(async (user) => (await store.read('prod', user, [], proxies)).users.get(user)?.ms));
        expect(['ann', 'bob', 'eve'].map((user) => all.users.get(user)?.ms)).toEqual(each);
        return each;
      };

      expect(await times()).toEqual([early, undefined, undefined]);
      expect(await times(['teleport', 'gateway'])).toEqual([late, late, undefined]);
    });

    test.each(['users', 'bindings', 'actedAs', 'tools'] as const)('says how much of %s found no room', async (what) => {
      const store = createActivityStore(redis(), 2);
      const seen = emptyActivity();
      for (const key of ['a', 'b', 'c', 'd']) seen[what].set(key, { ms: 1, deed: 'read' });
      seen.days.set('2026-08-21', { minutes: new Uint8Array(180), lost: 0, reads: false });

      const missed = await store.add('prod', seen);
      const again = await store.add('prod', seen);

      expect([missed, again]).toEqual([2, 2]);
    });

    test('an event of which nothing found room is one', async () => {
      const store = createActivityStore(redis(), 1);
      const seen = (...keys: readonly string[]) => {
        const state = emptyActivity();
        for (const what of ['users', 'bindings', 'actedAs', 'tools'] as const) for (const key of keys) state[what].set(key, { ms: 1, deed: 'read' });
        return state;
      };

      expect([await store.add('prod', seen('a')), await store.add('prod', seen('b')), await store.add('prod', seen('c', 'd'))]).toEqual([0, 1, 2]);
    });

    test('what was used before all days that are kept is forgotten once somebody asks, so that what was full has room again', async () => {
      const store = createActivityStore(redis(), 2);
      const use = (name: string, day: string): Promise<number> => {
        const seen = emptyActivity();
        addActivity(seen, { ...EVENT, timeMs: Date.parse(day), user: { name: ROBOT, groups: [] }, binding: { kind: 'ClusterRoleBinding', name, role: 'ClusterRole/r' } });
        return store.add('prod', seen);
      };
      const bindings = async (...days: readonly string[]) => [...(await store.readUses('prod', days)).bindings.keys()].map((key) => key.split('\n').at(-1)).sort();
      const missed = [await use('old', '2025-08-01'), await use('kept', '2026-08-01'), await use('new', '2026-09-09')];

      expect([missed, await bindings()]).toEqual([[0, 0, 1], ['kept', 'old']]);
      expect([await bindings('2026-09-05', '2026-09-04'), await bindings('2026-09-06', '2026-09-05')]).toEqual([['kept', 'old'], ['kept']]);
      expect([await use('new', '2026-09-09'), await bindings()]).toEqual([0, ['kept', 'new']]);
    });

    test('says what found no room before it came here', async () => {
      const seen = emptyActivity();
      seen.days.set('2026-08-21', { minutes: new Uint8Array(180), lost: 3, reads: false });

      expect(await createActivityStore(redis()).add('prod', seen)).toBe(3);
    });
  });
});
