import { describe, expect, test } from '@jest/globals';
import { createBatchJudge, type BatchJudge } from '#src/events/judge-batch.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';

const TIME = '2026-08-21T09:14:03Z';
const FALCO = { uuid: 'f-1', rule: 'Contact', priority: 'Error', output: 'x', time: TIME, output_fields: { 'evt.type': 'connect', 'fd.name': '10.0.0.7:40000->203.0.113.9:443', 'container.id': '3ad7b26ded6d', 'k8s.pod.name': null, 'evt.res': 'EINPROGRESS' } };
const HUBBLE = { flow: { uuid: 'h-1', time: TIME, verdict: 'FORWARDED', IP: { source: '10.0.0.7', destination: '203.0.113.9' }, l4: { TCP: { destination_port: 443 } }, source: { namespace: 'shop', pod_name: 'web-1' }, destination: { identity: 2, labels: ['reserved:world'] } } };
const CALICO = { action: 'Allow', source_name: 'web-*', source_namespace: 'shop', dest_name: 'pub', dest_namespace: '-', protocol: 'tcp', dest_port: 443, reporter: 'Src' };
const FLOW = { id: 'c-1', time: TIME, source: { namespace: 'shop', pod: 'web-1' }, destination: { address: '203.0.113.9', port: 443 }, protocol: 'tcp' };
const SYSDIG = { id: 's-1', severity: 3, content: { ruleName: 'Contact', output: 'x', fields: FALCO.output_fields }, labels: { 'kubernetes.namespace.name': 'shop', 'kubernetes.pod.name': 'web-1' } };

function begin(): BatchJudge {
  return createBatchJudge({
    cluster: 'prod',
    detections,
    settings: NO_DETECTION_SETTINGS,
    onFault(_detection, error) {
      throw error;
    },
  });
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
});
