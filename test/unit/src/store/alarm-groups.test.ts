import { describe, expect, test } from '@jest/globals';
import type { NewAlarm } from '#src/model/event-intake.ts';
import { createAlarmGroups } from '#src/store/alarm-groups.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const DAY = '2026-11-23';
const AT_MS = Date.parse(`${DAY}T08:00:00.000Z`);
const OWNER = { workload: { kind: 'Deployment', namespace: 'shop', name: 'web' }, group: 'of web' };

function anAlarm(pod: string, fingerprint: string, over: Partial<NewAlarm> = {}): NewAlarm {
  return { cluster: 'prod', day: DAY, group: `of ${pod}`, fingerprint, detection: 'audit/pod-exec', severity: 'high', atMs: AT_MS, alarm: { message: fingerprint, pod }, minute: 1, limit: 10, ...over };
}

describe('src/store/alarm-groups.ts', () => {
  onEveryRedis(({ redis }) => {
    const add = (alarm: NewAlarm) => createAlarmGroups(redis(), 90 * 24 * 3600_000).add(alarm);

    test('pods of one workload are one group, which says whose they are and that they are several', async () => {
      const first = await add(anAlarm('web-0', 'f1', { owner: OWNER }));
      expect(first).toMatchObject({ count: 1, workload: OWNER.workload, isOfSeveralPods: false });
      expect(await add(anAlarm('web-0', 'f2', { owner: OWNER }))).toMatchObject({ count: 2, isOfSeveralPods: false });

      const other = await add(anAlarm('web-1', 'f3', { owner: OWNER }));
      expect(other).toMatchObject({ id: first.id, count: 3, isOfSeveralPods: true, alarms: [{ pod: 'web-1' }, { pod: 'web-0' }, { pod: 'web-0' }] });
    });

    test('an event that comes again while its owner cannot be looked up counts once, where it was told', async () => {
      const first = await add(anAlarm('web-0', 'f1', { owner: OWNER }));
      const again = await add(anAlarm('web-0', 'f1'));

      expect(again).toEqual(first);
    });

    test('an event that comes again once its owner is known counts once, where it was told; what is new goes to the owner', async () => {
      const first = await add(anAlarm('web-0', 'f1'));
      expect(first).not.toHaveProperty('workload');
      expect(await add(anAlarm('web-0', 'f1', { owner: OWNER }))).toEqual(first);

      const next = await add(anAlarm('web-0', 'f2', { owner: OWNER }));
      expect(next).toMatchObject({ count: 1, workload: OWNER.workload });
      expect(await add(anAlarm('web-0', 'f1', { owner: OWNER }))).toEqual(first);
      expect(await add(anAlarm('web-0', 'f2'))).toEqual(next);
    });

    test('a group whose owner was known once that day keeps it for what comes while it cannot be looked up', async () => {
      const first = await add(anAlarm('web-0', 'f1', { owner: OWNER }));

      expect(await add(anAlarm('web-0', 'f2'))).toMatchObject({ id: first.id, count: 2, workload: OWNER.workload });
      expect(await add(anAlarm('web-1', 'f3'))).toMatchObject({ count: 1 });
    });

    test('what was done to a workload before is not seen for the first time in a new pod', async () => {
      await add(anAlarm('web-0', 'f1', { owner: OWNER }));
      const onNextDay = { owner: OWNER, day: '2026-11-24', atMs: AT_MS + 24 * 3600_000 };

      expect(await add(anAlarm('web-1', 'f2', onNextDay))).toMatchObject({ count: 1, beforeMs: AT_MS });
    });

    test('what was told of the pod before its owner was known is not seen for the first time either', async () => {
      await add(anAlarm('web-0', 'f1'));
      const onNextDay = { owner: OWNER, day: '2026-11-24', atMs: AT_MS + 24 * 3600_000 };

      expect(await add(anAlarm('web-0', 'f2', onNextDay))).toMatchObject({ count: 1, beforeMs: AT_MS });
    });
  });
});
