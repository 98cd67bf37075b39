import { describe, expect, test } from '@jest/globals';
import { knownUsesOf } from '#src/app/events/known-uses.ts';
import { emptyActivity } from '#src/events/activity.ts';
import type { ActivityState, LastSeen } from '#src/model/activity.ts';
import { actingKey, bindingKey } from '#src/model/presence.ts';

const NOW_MS = Date.parse('2026-11-23T08:00:00.000Z');
const DAY_MS = 24 * 3600_000;
const DAYS = 30;
const DEV = { kind: 'RoleBinding', namespace: 'shop', name: 'dev' } as const;
const OPS = { kind: 'ClusterRoleBinding', name: 'ops' } as const;

const on = (time: string): LastSeen => ({ ms: Date.parse(time), deed: 'read' });
const IN = on('2026-10-24T00:00:00.000Z');
const BEFORE = on('2026-10-23T23:59:59.999Z');

/** Days that were watched all the time, with so many events lost on some of them. */
function watched(lost: Readonly<Record<number, number>> = {}, days = DAYS, reads = true): ActivityState['days'] {
  return new Map(Array.from({ length: days + 1 }, (_, ago) => [new Date(NOW_MS - ago * DAY_MS).toISOString().slice(0, 10), { minutes: new Uint8Array(180).fill(255), lost: lost[ago] ?? 0, reads }]));
}

function known(state: Partial<ActivityState>) {
  return knownUsesOf({ ...emptyActivity(), days: watched(), ...state }, { untilMs: NOW_MS, days: DAYS });
}

describe('src/app/events/known-uses.ts', () => {
  test('tells the bindings that were used within the window', () => {
    const uses = known({ bindings: new Map([[bindingKey(DEV), IN], [bindingKey(OPS), BEFORE]]) });

    expect([uses.isUsed(DEV), uses.isUsed(OPS), uses.isUsed({ ...DEV, namespace: 'web' }), uses.namesBindings]).toEqual([true, false, false, true]);
  });

  test('a log that named bindings long ago names none', () => {
    expect(known({ bindings: new Map([[bindingKey(OPS), BEFORE]]) }).namesBindings).toBe(false);
  });

  test('tells who acted as somebody else, and the tools of people with accounts', () => {
    const uses = known({
      actedAs: new Map([[actingKey('proxy', 'ann'), IN], [actingKey('old', 'ann'), BEFORE]]),
      tools: new Map([['system:serviceaccount:shop:robot\nkubectl\n203.0.113.0/24', IN], ['system:serviceaccount:shop:robot\nhelm\n10.8.0.4', BEFORE], ['nobody\nhelm\n10.8.0.4', IN]]),
    });

    expect([...uses.actors]).toEqual(['proxy']);
    expect(uses.tools).toEqual([{ namespace: 'shop', name: 'robot', tool: 'kubectl', from: '203.0.113.0/24', day: '2026-10-24' }]);
  });

  test.each<readonly [string, ActivityState['days'], string | undefined]>([
    ['all of it was watched', watched(), undefined],
    ['something of today got lost', watched({ 0: 1 }), 'events of the audit log got lost on 1 of the last 30 days'],
    ['something of two days got lost', watched({ 3: 7, 30: 1 }), 'the audit log was watched on 28 of 30 days'],
    ['something of one day got lost', watched({ 3: 7 }), 'events of the audit log got lost on 1 of the last 30 days'],
    ['days are missing', watched({}, 12), 'the audit log was watched on 12 of 30 days'],
    ['nothing of it only read', watched({}, DAYS, false), 'the audit log leaves out requests that only read'],
    ['nothing came in', new Map(), 'the audit log of the cluster does not come in'],
  ])('%s: why not having been used says nothing', (_, days, gap) => {
    expect(known({ days }).watchGap).toBe(gap);
  });
});
