import { describe, expect, test } from '@jest/globals';
import { createDetector, ownedBy, type Detected } from '#src/events/detect.ts';
import { createAuditReader } from '#src/events/sources/audit/read.ts';
import type { AuditEvent } from '#src/model/audit-event.ts';
import type { FalcoAlert } from '#src/model/falco-alert.ts';
import { defineDetection, defineStatefulDetection, NO_DETECTION_SETTINGS, type Detection } from '#src/model/detection.ts';

const API = { kind: 'Deployment', namespace: 'shop', name: 'api' };
const ALERT: FalcoAlert = { id: 'f-1', timeMs: 0, rule: 'r', priority: 'error', output: '', source: undefined, tags: [], hostname: undefined, pod: undefined, containerId: undefined, container: undefined, command: undefined, user: undefined, connection: undefined, fields: {} };
const ABOUT = { title: 'Something happened', severity: 'high', tips: [8], why: 'It may be bad.', fix: 'Ask.', sources: [] } as const;

function eventOf(changes: object = {}): AuditEvent {
  const [reading] = createAuditReader().read({
    auditID: 'a-1',
    verb: 'create',
    user: { username: 'jo@corp.example', groups: ['dev'] },
    sourceIPs: ['198.51.100.1', '203.0.113.9'],
    userAgent: 'kubectl',
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'api-0', apiVersion: 'v1' },
    responseStatus: { code: 101 },
    requestReceivedTimestamp: '2026-08-21T09:14:03Z',
    ...changes,
  });
  if (reading === undefined || !('event' in reading)) throw new Error('no event');
  return reading.event;
}

function detector(detections: readonly Detection[], cluster = 'prod', faults: string[] = []) {
  return createDetector({ detections, context: { settings: NO_DETECTION_SETTINGS }, cluster, onFault: (id) => faults.push(id) });
}

const shell = defineDetection({
  ...ABOUT,
  id: 'audit/shell',
  audit: {
    resources: ['pods/exec'],
    verbs: ['create'],
    *judge() {
      yield { message: 'A shell', command: ['sh'] };
    },
  },
});

function told(event: AuditEvent, cluster = 'prod'): Detected | undefined {
  return detector([shell], cluster).judge('audit', event).find((judgement): judgement is Detected => 'message' in judgement);
}

describe('src/events/detect.ts', () => {
  test('a detection is shown only requests with one of the signs it names', () => {
    const seen: (number | undefined)[] = [];
    const refusals = defineDetection({
      ...ABOUT,
      id: 'audit/refusals',
      audit: {
        when: ['refused', 'throttled'],
        *judge({ code }) {
          seen.push(code);
          yield { message: 'Refused' };
        },
      },
    });
    const { judge } = detector([refusals]);
    for (const code of [200, 403, 404, 429]) judge('audit', eventOf({ responseStatus: { code } }));
    expect(seen).toEqual([403, 429]);
  });

  test('an alarm says who, where, what and whether it was allowed', () => {
    expect(told(eventOf())).toEqual({
      detection: 'audit/shell',
      severity: 'high',
      timeMs: Date.UTC(2026, 7, 21, 9, 14, 3),
      actor: { user: 'jo@corp.example', groups: ['dev'], address: '203.0.113.9', userAgent: 'kubectl' },
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'api-0' },
      outcome: 'allowed',
      command: ['sh'],
      message: 'A shell',
      group: expect.any(String) as unknown,
      anyPodGroup: expect.any(String) as unknown,
      fingerprint: expect.stringMatching(/^[0-9a-f]{20}$/) as unknown,
    });
  });

  test.each<[string, object, boolean, boolean]>([
    ['the same event again', {}, true, true],
    ['the same by another request', { auditID: 'a-2' }, true, false],
    ['another user', { user: { username: 'kim' } }, false, false],
    ['another object', { objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'api-1', apiVersion: 'v1' } }, false, false],
  ])('%s', (_name, changes, sameGroup, sameFingerprint) => {
    const [a, b] = [told(eventOf()), told(eventOf(changes))];

    expect({ sameGroup: a?.group === b?.group, sameFingerprint: a?.fingerprint === b?.fingerprint }).toEqual({ sameGroup, sameFingerprint });
  });

  test('of two pods of one workload the group of the owner is the same, and each event keeps its own group and fingerprint', () => {
    const events = ['api-0', 'api-1'].map((name) => told(eventOf({ objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name, apiVersion: 'v1' } })));
    const owned = events.map((alarm) => alarm && ownedBy(alarm, API));

    expect(owned[0]?.owner).toMatchObject({ workload: API });
    expect(owned[1]?.owner).toEqual(owned[0]?.owner);
    expect(owned.map((alarm) => [alarm?.group, alarm?.fingerprint])).toEqual(events.map((alarm) => [alarm?.group, alarm?.fingerprint]));
    expect(owned[0]?.group).not.toBe(owned[1]?.group);
  });

  test.each<readonly [string, object, string, typeof API]>([
    ['another user', { user: { username: 'kim' } }, 'prod', API],
    ['another cluster', {}, 'dev', API],
    ['another workload', {}, 'prod', { ...API, name: 'web' }],
    ['the same name in another namespace', {}, 'prod', { ...API, namespace: 'bank' }],
  ])('%s makes another group of the owner', (_name, changes, cluster, workload) => {
    const [alarm, other] = [told(eventOf()), told(eventOf(changes), cluster)];

    expect(other && ownedBy(other, workload).owner?.group).not.toBe(alarm && ownedBy(alarm, API).owner?.group);
  });

  test('what is about no pod has no owner', () => {
    const granted = defineDetection({
      ...ABOUT,
      id: 'audit/granted',
      audit: {
        *judge() {
          yield { message: 'Granted', object: { kind: 'ClusterRoleBinding', name: 'ops' } };
        },
      },
    });
    const [alarm] = detector([granted]).judge('audit', eventOf());
    if (alarm === undefined || !('message' in alarm)) throw new Error('nothing was told');

    expect(ownedBy(alarm, API)).not.toHaveProperty('owner');
  });

  test('containers that no pod is known of are told apart, and are one for the workload of their pods', () => {
    const strange = defineDetection({
      ...ABOUT,
      id: 'connections/strange',
      falco: {
        *judge({ rule }) {
          yield { message: 'Strange', group: [rule] };
        },
      },
    });
    const { judge } = detector([strange]);
    const [a, b] = ['ab', 'cd'].map((id) => judge('falco', { ...ALERT, containerId: id.repeat(6) })[0] as Detected);

    expect(a?.group).not.toBe(b?.group);
    expect(a && ownedBy(a, API).owner).toEqual(b && ownedBy(b, API).owner);
  });

  test('what happens in another cluster is something else', () => {
    expect(told(eventOf(), 'dev')?.group).not.toBe(told(eventOf())?.group);
    expect(told(eventOf(), 'dev')?.fingerprint).not.toBe(told(eventOf())?.fingerprint);
  });

  test.each([
    ['another verb', { verb: 'delete' }],
    ['another resource', { objectRef: { resource: 'pods', namespace: 'shop', name: 'exec', apiVersion: 'v1' } }],
    ['a resource of the same name in another group', { objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'api-0', apiGroup: 'metrics.example.com', apiVersion: 'v1' } }],
    ['no object', { objectRef: undefined, requestURI: '/healthz' }],
  ])('a detection is not shown %s', (_name, changes) => {
    expect(told(eventOf(changes))).toBeUndefined();
  });

  test('severity is the alarm’s, else the item’s, else the detection’s', () => {
    const graded = defineDetection({
      ...ABOUT,
      id: 'audit/graded',
      items: { a: { title: 'A', severity: 'low' }, b: { title: 'B' } },
      audit: {
        *judge() {
          yield { item: 'a', message: 'A' };
          yield { item: 'b', message: 'B' };
          yield { item: 'b', severity: 'critical', message: 'C' };
        },
      },
    });

    expect(detector([graded]).judge('audit', eventOf()).map((one) => ('message' in one ? one.severity : one.reason))).toEqual(['low', 'high', 'critical']);
  });

  test('a detection that fails is reported, and the others go on', () => {
    const broken = defineDetection({
      ...ABOUT,
      id: 'audit/broken',
      audit: {
        *judge() {
          throw new Error('oh');
        },
      },
    });
    const faults: string[] = [];

    const judgements = detector([broken, shell], 'prod', faults).judge('audit', eventOf());

    expect(judgements.map(({ detection }) => detection)).toEqual(['audit/shell']);
    expect(faults).toEqual(['audit/broken']);
  });

  test('state is of one detector', () => {
    const counting = defineStatefulDetection({
      ...ABOUT,
      id: 'audit/counting',
      keeps: 'a number',
      start: () => ({ seen: 0 }),
      audit: {
        *judge(_event, _context, state) {
          state.seen += 1;
          yield { message: String(state.seen) };
        },
      },
    });
    const messages = (one: ReturnType<typeof detector>) => one.judge('audit', eventOf()).map((judgement) => ('message' in judgement ? judgement.message : ''));
    const first = detector([counting]);

    expect([messages(first), messages(first), messages(detector([counting]))]).toEqual([['1'], ['2'], ['1']]);
  });
});
