import { describe, expect, test } from '@jest/globals';
import { createTeller, type TellerNeeds } from '#src/app/events/tell.ts';
import type { SaidEvent } from '#src/app/events/publish-event.ts';
import type { Detected } from '#src/events/detect.ts';
import type { AlarmGroup, EventSettings, NewAlarm } from '#src/model/event-intake.ts';
import type { OutgoingMessage } from '#src/model/outbox.ts';
import { aKnownPerson } from '#test/build/access.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import type { EventMessage } from '#templates/event.ts';

const NOW = '2026-11-23T08:00:00.000Z';
const SETTINGS: EventSettings = { cluster: 'prod', senders: {}, pulls: {}, channel: undefined, minSeverity: 'medium', ask: 'never', silentMs: {} };
const EXEC: Detected = {
  detection: 'audit/pod-exec',
  severity: 'high',
  timeMs: Date.parse('2026-11-23T07:59:00.000Z'),
  actor: { user: 'oidc:ann@corp.example', groups: ['dev'], address: '203.0.113.7', userAgent: 'kubectl' },
  object: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  outcome: 'allowed',
  command: ['cat', '/etc/passwd'],
  message: 'ann ran a command',
  group: 'g',
  fingerprint: 'f1',
};

interface Scene {
  readonly minSeverity?: EventSettings['minSeverity'];
  /** Groups that find no room in the minute. */
  readonly untold?: readonly string[];
  /** Users who can only be asked about in the channel. */
  readonly forChannel?: boolean;
}

/** Groups of alarms in memory: each fingerprint counts once. */
function scene({ minSeverity = 'medium', untold = [], forChannel = false }: Scene = {}) {
  const added: NewAlarm[] = [];
  const put: OutgoingMessage<unknown>[] = [];
  const asked: (readonly [string, number, string | undefined])[] = [];
  const versions: number[] = [];
  const groups: TellerNeeds['groups'] = {
    add(alarm) {
      const name = groupOf(alarm);
      if (!added.some((one) => groupOf(one) === name && one.day === alarm.day && one.fingerprint === alarm.fingerprint)) added.push(alarm);
      const mine = added.filter((one) => groupOf(one) === name && one.day === alarm.day);
      return Promise.resolve<AlarmGroup>({ id: `id-${name}`, severity: alarm.severity, count: mine.length, alarms: mine.map((one) => one.alarm), beforeMs: undefined, ...(alarm.owner !== undefined && { workload: alarm.owner.workload }), isOfSeveralPods: new Set(mine.map((one) => one.alarm.pod)).size > 1, isTold: !untold.includes(alarm.group) });
    },
    untold: () => Promise.resolve({ 'audit/pod-exec': 2, 'audit/other': 5 }),
  };
  const tell = createTeller({
    settings: { ...SETTINGS, minSeverity },
    production: true,
    channel: 'C0SECPROD1',
    detections: [{ id: 'audit/pod-exec', title: 'Somebody ran a command in a pod', fix: 'Ask them.' }],
    groups,
    events: {
      say(_, said: SaidEvent, version) {
        versions.push(version);
        return Promise.resolve({ said, notes: [], revision: version });
      },
    },
    outbox: { put: (message) => Promise.resolve(void put.push(message as OutgoingMessage<unknown>)) },
    personOf: (user) => Promise.resolve(user === 'oidc:ann@corp.example' ? aKnownPerson('ann', { slackId: 'U0ANN00001' }) : undefined),
    asker: { concerns: () => forChannel, whom: () => Promise.resolve(undefined), ask: ({ fingerprint }, atMs, event) => Promise.resolve(void asked.push([fingerprint, atMs, event])) },
    clock: createMovedClock(NOW),
  });
  return { tell, added, put, asked, versions };
}

function groupOf({ group, owner }: NewAlarm): string {
  return owner?.group ?? group;
}

function shown(message: OutgoingMessage<unknown> | undefined): EventMessage {
  return message?.data as EventMessage;
}

describe('src/app/events/tell.ts', () => {
  test.each([['critical', true], ['high', false]] as const)('what is %s goes ahead of what waits in the channel: %s', async (severity, ahead) => {
    const { tell, put } = scene();
    await tell([{ ...EXEC, severity }]);

    expect(put).toMatchObject([{ ahead }]);
  });

  test('one message tells what happened, who did it and what to do', async () => {
    const { tell, put } = scene();
    await tell([EXEC]);

    expect(put.map(({ id, channel }) => [id, channel])).toEqual([['event/prod/2026-11-23/id-g', 'C0SECPROD1']]);
    expect(shown(put[0])).toEqual({
      cluster: 'prod',
      production: true,
      detection: 'audit/pod-exec',
      title: 'Somebody ran a command in a pod',
      severity: 'high',
      user: 'oidc:ann@corp.example',
      person: 'U0ANN00001',
      object: EXEC.object,
      count: 1,
      alarms: [{ at: '2026-11-23T07:59:00.000Z', message: 'ann ran a command', outcome: 'allowed', address: '203.0.113.7', userAgent: 'kubectl', command: 'cat /etc/passwd', pod: 'web-0' }],
      fix: 'Ask them.',
    });
  });

  test('alarms of one group and day are one message, posted once for a batch, with the count as its version', async () => {
    const { tell, put, versions } = scene();
    await tell([EXEC, { ...EXEC, fingerprint: 'f2' }, { ...EXEC, fingerprint: 'f3' }]);

    expect(put).toHaveLength(1);
    expect(shown(put[0]).count).toBe(3);
    expect(versions).toEqual([3]);
  });

  test('the same group on another day is a message of its own', async () => {
    const { tell, put } = scene();
    await tell([EXEC, { ...EXEC, fingerprint: 'f2', timeMs: Date.parse('2026-11-22T23:59:59.000Z') }]);

    expect(put.map(({ id }) => id)).toEqual(['event/prod/2026-11-23/id-g', 'event/prod/2026-11-22/id-g']);
  });

  test('two pods of one workload are one message, which names the workload; each person is asked with it', async () => {
    const { tell, put, asked } = scene();
    const owner = { workload: { kind: 'Deployment', namespace: 'shop', name: 'web' }, group: 'w' };
    const other: Detected = { ...EXEC, group: 'h', fingerprint: 'f2', object: { kind: 'Pod', namespace: 'shop', name: 'web-1' }, owner };
    await tell([{ ...EXEC, owner }, other]);

    expect(put).toHaveLength(1);
    expect(shown(put[0])).toMatchObject({ workload: owner.workload, isOfSeveralPods: true, count: 2, alarms: [{ pod: 'web-0' }, { pod: 'web-1' }] });
    expect(asked.map(([, , event]) => event)).toEqual(['event/prod/2026-11-23/id-w', 'event/prod/2026-11-23/id-w']);
  });

  test('telling the same again changes nothing', async () => {
    const { tell, put } = scene();
    await tell([EXEC]);
    await tell([EXEC]);

    expect(put[1]).toEqual(put[0]);
  });

  test('an alarm that has no time counts for now', async () => {
    const { tell, added, asked } = scene();
    const { timeMs, ...timeless } = EXEC;
    await tell([timeless]);

    expect(added[0]).toMatchObject({ day: '2026-11-23', atMs: Date.parse(NOW) });
    expect(asked[0]?.[1]).toBe(Date.parse(NOW));
  });

  test.each<[EventSettings['minSeverity'], Detected['severity'], number]>([
    ['high', 'medium', 0],
    ['high', 'high', 1],
    ['high', 'critical', 1],
    ['info', 'low', 1],
  ])('from %s up an alarm that is %s makes %d messages, and is asked about all the same', async (minSeverity, severity, count) => {
    const { tell, put, asked } = scene({ minSeverity });
    await tell([{ ...EXEC, severity }]);

    expect(put).toHaveLength(count);
    expect(asked).toEqual([['f1', EXEC.timeMs, count === 0 ? undefined : 'event/prod/2026-11-23/id-g']]);
  });

  test('what is critical has room left when everything else has none', async () => {
    const { tell, added } = scene();
    await tell([EXEC, { ...EXEC, group: 'c', severity: 'critical' }]);

    const [usual, critical] = added;
    expect(critical?.limit).toBeGreaterThan(usual?.limit ?? Infinity);
    expect(usual?.minute).toBe(Date.parse(NOW) / 60_000);
  });

  test('what finds no room is counted in one message of its day, most first, and asked about without one', async () => {
    const { tell, put, asked } = scene({ untold: ['g', 'h'] });
    await tell([EXEC, { ...EXEC, group: 'h', fingerprint: 'f2' }]);

    expect(put.map(({ id, data, revision }) => [id, data, revision])).toEqual([
      ['events-untold/prod/2026-11-23', { cluster: 'prod', detections: [{ title: 'audit/other', count: 5 }, { title: 'Somebody ran a command in a pod', count: 2 }] }, 7],
    ]);
    expect(asked.map(([, , event]) => event)).toEqual([undefined, undefined]);
  });

  test('whom nobody can ask may be frozen from the channel', async () => {
    const { tell, put } = scene({ forChannel: true });
    await tell([EXEC]);

    expect(shown(put[0]).freeze).toBe('oidc:ann@corp.example');
  });

  test('an alarm that nobody caused names nobody', async () => {
    const { tell, put } = scene({ forChannel: true });
    await tell([{ ...EXEC, actor: null, object: null }]);

    for (const key of ['user', 'person', 'object', 'freeze']) expect(shown(put[0])).not.toHaveProperty(key);
  });

  test('names and commands as long as a request are cut', async () => {
    const { tell, put } = scene();
    const long = 'x'.repeat(5000);
    await tell([{ ...EXEC, message: long, command: [long], actor: { user: long, groups: [], address: long, userAgent: long } }]);

    const { user = '', alarms } = shown(put[0]);
    const { message = '', address = '', userAgent = '', command = '' } = alarms[0] ?? {};
    for (const text of [user, message, address, userAgent, command]) expect(text.length).toBeLessThanOrEqual(600);
  });

  test('a detection that is not known any more is named by its id', async () => {
    const { tell, put } = scene();
    await tell([{ ...EXEC, detection: 'audit/gone' }]);

    expect(shown(put[0])).toMatchObject({ title: 'audit/gone', fix: '' });
  });

  test('what is over is the same message, and counts once', async () => {
    const { tell, put, added } = scene();
    await tell([EXEC]);
    await tell([{ ...EXEC, overMs: Date.parse('2026-11-23T08:30:00.000Z') }]);

    expect(added).toHaveLength(1);
    expect(put.map(({ id }) => id)).toEqual([put[0]?.id, put[0]?.id]);
    expect(put.map((message) => [shown(message).count, shown(message).over])).toEqual([[1, undefined], [1, '2026-11-23T08:30:00.000Z']]);
  });
});
