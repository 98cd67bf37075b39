import { describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { addActivity, emptyActivity, watchedSince } from '#src/events/activity.ts';
import type { AuditEvent } from '#src/model/audit-event.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { onEveryRedis } from '#test/build/redis.ts';

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
  });
});
