import { describe, expect, test } from '@jest/globals';
import { parseHubble } from '#src/events/sources/hubble/parse.ts';
import type { Flow } from '#src/model/flow.ts';

const FLOW = {
  time: '2026-08-21T09:14:03.123456789Z',
  uuid: 'f-1',
  verdict: 'FORWARDED',
  IP: { source: '10.0.0.7', destination: '203.0.113.9', ipVersion: 'IPv4' },
  l4: { TCP: { source_port: 40000, destination_port: 443, flags: { SYN: true } } },
  source: { ID: 1, identity: 4711, namespace: 'shop', labels: ['k8s:app=web'], pod_name: 'web-1', workloads: [{ name: 'web', kind: 'Deployment' }] },
  destination: { identity: 2, labels: ['reserved:world'] },
  destination_names: ['API.Example.'],
  Type: 'L3_L4',
  is_reply: false,
  traffic_direction: 'EGRESS',
};

function flowOf(changes: object = {}): Flow {
  const reading = parseHubble({ flow: { ...FLOW, ...changes }, node_name: 'worker-1', time: FLOW.time });
  if (!('event' in reading)) throw new Error('no flow');
  return reading.event;
}

describe('src/events/sources/hubble/parse.ts', () => {
  test('a flow says who asked whom', () => {
    expect(flowOf()).toEqual({
      seenBy: 'hubble',
      id: 'f-1',
      timeMs: Date.UTC(2026, 7, 21, 9, 14, 3, 123),
      verdict: 'forwarded',
      source: { pod: { namespace: 'shop', name: 'web-1' }, workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, address: '10.0.0.7', port: 40000, outside: false, names: [] },
      destination: { pod: undefined, workload: undefined, address: '203.0.113.9', port: 443, outside: true, names: ['api.example'] },
      protocol: 'tcp',
      reply: false,
      connections: 1,
      reset: false,
      droppedByPolicy: false,
      dns: undefined,
      node: 'worker-1',
    });
  });

  test('older versions print the flow itself', () => {
    expect(parseHubble({ ...FLOW, node_name: 'worker-1' })).toEqual({ event: flowOf() });
  });

  test.each<[string, object, boolean | undefined]>([
    ['the world', { labels: ['reserved:world-ipv6'] }, true],
    ['the world behind an address of the cluster', { identity: 2, labels: ['reserved:world'] }, true],
    ['the world without labels', { identity: 9 }, true],
    ['the API server, which is both', { identity: 7, labels: ['reserved:kube-apiserver', 'reserved:world'] }, false],
    ['a range that a policy names, with its labels hidden', { identity: 16_777_217, labels: ['k8s:hidden'] }, true],
    ['a node of another cluster', { identity: 33_554_433, labels: ['reserved:remote-node'] }, false],
    ['a node', { identity: 1, labels: ['reserved:host'] }, false],
    ['a pod', { identity: 4712, labels: ['k8s:app=db'] }, false],
    ['a pod whose identity is not known yet', { identity: 0, namespace: 'shop', pod_name: 'db-0' }, false],
    ['what Cilium does not know', { identity: 0, labels: ['reserved:unknown'] }, undefined],
    ['what Cilium says nothing of', {}, undefined],
  ])('knows whether it is outside: %s', (_name, destination, outside) => {
    expect(flowOf({ destination }).destination.outside).toBe(outside);
  });

  test.each([
    ['an answer', { is_reply: true }, { reply: true }],
    ['one of which nobody knows', { is_reply: undefined }, { reply: undefined }],
    ['a reset', { l4: { TCP: { source_port: 1, destination_port: 2, flags: { RST: true, ACK: true } } } }, { reset: true }],
    ['a drop by a policy', { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED' }, { verdict: 'dropped', droppedByPolicy: true, attempt: true }],
    ['another drop', { verdict: 'DROPPED', drop_reason_desc: 'CT_MAP_INSERTION_FAILED' }, { verdict: 'dropped', droppedByPolicy: false }],
    ['what policies would drop if they were not only tried', { verdict: 'AUDIT' }, { verdict: 'forwarded', attempt: undefined, droppedByPolicy: false }],
    ['a pod whose name a mask of fields leaves out', { source: { identity: 4711, namespace: 'shop' } }, { source: { pod: undefined, workload: undefined, isNamelessPod: true, outside: false } }],
    ['a verdict that is none', { verdict: 'constructor' }, { verdict: 'other' }],
    ['ICMP', { l4: { ICMPv4: { type: 3 } } }, { protocol: 'icmp' }],
    ['a question for a name', { l7: { type: 'REQUEST', dns: { query: 'Evil.Example.', qtypes: ['A'] } } }, { dns: { name: 'evil.example', code: undefined, addresses: [] } }],
    ['a name that does not exist', { l7: { type: 'RESPONSE', dns: { query: 'evil.example.', rcode: 3 } } }, { dns: { name: 'evil.example', code: 3, addresses: [] } }],
    ['an answer with addresses', { l7: { type: 'RESPONSE', dns: { query: 'api.example.', ips: ['203.0.113.9'], rcode: 0 } } }, { dns: { name: 'api.example', code: 0, addresses: ['203.0.113.9'] } }],
  ])('reads %s', (_name, changes, expected) => {
    expect(flowOf(changes)).toMatchObject(expected);
  });

  test('tells what got lost, with numbers of 64 bits as text', () => {
    expect(parseHubble({ lost_events: { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: '1204' }, node_name: 'worker-1', time: '2026-08-21T09:14:03Z' })).toEqual({
      lost: { lost: 1204, timeMs: Date.UTC(2026, 7, 21, 9, 14, 3), node: 'worker-1' },
    });
    expect(parseHubble({ lost_events: {} })).toMatchObject({ lost: { lost: 1 } });
  });

  test('lines about Hubble itself are none', () => {
    expect(parseHubble({ node_status: { state_change: 'NODE_CONNECTED' } })).toEqual({ skipped: 'other' });
    expect(parseHubble({ hello: 1 })).toEqual({ malformed: 'no flow' });
    expect(parseHubble('x')).toEqual({ malformed: 'not an object' });
  });
});
