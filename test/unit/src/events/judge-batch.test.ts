import { describe, expect, test } from '@jest/globals';
import { createBatchJudge, type JudgedBatch } from '#src/events/judge-batch.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';

const TIME = '2026-08-21T09:14:03Z';
const FALCO = { uuid: 'f-1', rule: 'Contact', priority: 'Error', output: 'x', time: TIME, output_fields: { 'evt.type': 'connect', 'fd.name': '10.0.0.7:40000->203.0.113.9:443', 'container.id': '3ad7b26ded6d', 'k8s.pod.name': null, 'evt.res': 'EINPROGRESS' } };
const HUBBLE = { flow: { uuid: 'h-1', time: TIME, verdict: 'FORWARDED', IP: { source: '10.0.0.7', destination: '203.0.113.9' }, l4: { TCP: { destination_port: 443 } }, source: { namespace: 'shop', pod_name: 'web-1' }, destination: { identity: 2, labels: ['reserved:world'] } } };
const CALICO = { action: 'Allow', source_name: 'web-*', source_namespace: 'shop', dest_name: 'pub', dest_namespace: '-', protocol: 'tcp', dest_port: 443, reporter: 'Src' };
const FLOW = { id: 'c-1', time: TIME, source: { namespace: 'shop', pod: 'web-1' }, destination: { address: '203.0.113.9', port: 443 }, protocol: 'tcp' };
const SYSDIG = { id: 's-1', severity: 3, content: { ruleName: 'Contact', output: 'x', fields: FALCO.output_fields }, labels: { 'kubernetes.namespace.name': 'shop', 'kubernetes.pod.name': 'web-1' } };

/** A minute after the events. */
const CAME_AT_MS = Date.parse(TIME) + 60_000;

function begin(): (feed: Feed, text: string | undefined) => JudgedBatch {
  const judge = createBatchJudge({
    cluster: 'prod',
    detections,
    settings: NO_DETECTION_SETTINGS,
    onFault(_detection, error) {
      throw error;
    },
  });
  return (feed, text) => judge({ feed, text, cameAtMs: CAME_AT_MS });
}

describe('src/events/judge-batch.ts', () => {
  test.each<[Feed, object]>([['hubble', HUBBLE], ['falco', FALCO], ['sysdig', SYSDIG], ['calico', CALICO], ['flows', FLOW]])('a batch of %s tells its connections', (feed, event) => {
    const { flows, events, malformed } = begin()(feed, JSON.stringify(event));

    expect({ events, malformed }).toEqual({ events: 1, malformed: [] });
    expect(flows).toMatchObject([{ seenBy: feed, destination: { port: 443, outside: true } }]);
  });

  test('a connection of Falco whose pod is not known keeps its container to find it by', () => {
    expect(begin()('falco', JSON.stringify(FALCO)).flows).toMatchObject([{ attempt: true, verdict: 'other', source: { pod: undefined, containerId: '3ad7b26ded6d', address: '10.0.0.7' } }]);
  });

  test.each<[string, object]>([
    ['of which nobody knows who began', { 'fd.rip': '203.0.113.9', 'fd.rport': 443 }],
    ['about a file', { 'fd.name': '/etc/shadow' }],
  ])('an alert %s tells no connection and is an alert', (_name, output_fields) => {
    const { flows, alarms } = begin()('falco', JSON.stringify({ ...FALCO, output_fields }));

    expect(flows).toEqual([]);
    expect(alarms).toMatchObject([{ detection: 'connections/falco-alert' }]);
  });

  test('an alert says what the process runs, without credentials', () => {
    const [alarm] = begin()('falco', JSON.stringify({ ...FALCO, output_fields: { ...FALCO.output_fields, 'proc.cmdline': 'mysqldump -uroot -phunter2 shop' } })).alarms;

    expect(alarm).toMatchObject({ detection: 'connections/falco-alert', command: ['mysqldump', '-uroot', '-p•••', 'shop'] });
    expect(begin()('falco', JSON.stringify(FALCO)).alarms[0]).not.toHaveProperty('command');
  });

  test('the alert of Sysdig is judged as one of Falco', () => {
    expect(begin()('sysdig', JSON.stringify(SYSDIG)).alarms).toMatchObject([{ detection: 'connections/falco-alert' }]);
  });

  test('what is sent again with the same id counts once', () => {
    const judge = begin();
    const lines = [HUBBLE, HUBBLE, { lost_events: { num_events_lost: '12' } }, { node_status: {} }].map((line) => JSON.stringify(line)).join('\n');

    expect(judge('hubble', lines)).toMatchObject({ events: 1, lost: 12 });
    expect(judge('hubble', lines)).toMatchObject({ events: 0, flows: [], lost: 12 });
  });

  test('a broken line spoils no other, and what was too large is lost', () => {
    expect(begin()('flows', `${JSON.stringify(FLOW)}\n{"id":\n`)).toMatchObject({ events: 1, malformed: [expect.any(String)] });
    expect(begin()('flows', undefined)).toMatchObject({ events: 0, lost: 1 });
    expect(begin()('flows', 'no')).toMatchObject({ malformed: ['no JSON'] });
  });

  describe('an event whose clock is wrong', () => {
    const REFUSED = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', stage: 'ResponseComplete', verb: 'get', user: { username: 'jo@corp.example' }, sourceIPs: ['203.0.113.9'], objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' }, responseStatus: { code: 403 } };
    const refused = (count: number, time: string) => JSON.stringify(Array.from({ length: count }, (_, index) => ({ ...REFUSED, auditID: `${time} ${index}`, requestReceivedTimestamp: time })));

    test.each([
      ['9999-12-31T23:59:59Z', CAME_AT_MS],
      ['2026-08-22T09:14:03Z', CAME_AT_MS],
      ['2026-08-21T09:15:33Z', CAME_AT_MS + 30_000],
      ['2025-08-21T09:14:03Z', Date.parse('2025-08-21T09:14:03Z')],
    ])('counts as of when it came where that is in the future: %s', (time, ms) => {
      const { activity, alarms } = begin()('audit', JSON.stringify({ ...REFUSED, auditID: 'a-1', requestReceivedTimestamp: time, objectRef: { ...REFUSED.objectRef, resource: 'pods', subresource: 'exec' }, verb: 'create', responseStatus: { code: 101 } }));

      expect(activity.users.get('jo@corp.example')).toMatchObject({ ms });
      expect(alarms).toContainEqual(expect.objectContaining({ detection: 'audit/pod-exec', timeMs: ms }));
    });

    test('does not hide a burst that follows', () => {
      const judge = begin();
      judge('audit', refused(1, '9999-12-31T23:59:59Z'));

      expect(judge('audit', refused(101, TIME)).alarms.map(({ detection }) => detection)).toContain('connections/api-denied-burst');
    });
  });
});
