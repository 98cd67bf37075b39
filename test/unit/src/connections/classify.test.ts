import { describe, expect, test } from '@jest/globals';
import { clusterRanges, createClassifier, type Place } from '#src/connections/classify.ts';
import type { RawObject } from '#src/model/raw.ts';

const NODES = [
  { metadata: { name: 'node-1' }, spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24', 'fd00:10:244::/64'] }, status: { addresses: [{ type: 'InternalIP', address: '192.168.1.10' }, { type: 'ExternalIP', address: '198.51.100.4' }, { type: 'Hostname', address: 'node-1' }] } },
  { metadata: { name: 'node-2' }, spec: { podCIDR: '10.244.1.0/24' } },
];
const SERVICES = [{ spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00:10:96::1'] } }, { spec: { clusterIP: 'None', clusterIPs: ['None'] } }];
const cluster = clusterRanges({ nodes: NODES, services: SERVICES, serviceRanges: [], configured: [], pods: [] });
const classify = createClassifier({ cluster, corporate: ['10.200.0.0/16', '203.0.113.128/25', '10.244.0.0/16'], groups: new Map([['bank', ['203.0.113.0/28', '2001:db8:1::/48']]]) });

function podAt({ address, node }: { readonly address: string; readonly node: string }): RawObject {
  return { spec: { nodeName: node }, status: { podIPs: [{ ip: address }] } };
}

describe('src/connections/classify.ts', () => {
  test.each<readonly [address: string, place: Place]>([
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['169.254.42.42', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['127.0.0.1', 'local'],
    ['::1', 'local'],
    ['169.254.7.7', 'local'],
    ['fe80::1', 'local'],
    ['224.0.0.1', 'local'],
    ['ff02::1', 'local'],
    ['255.255.255.255', 'local'],
    ['0.0.0.0', 'local'],
    ['10.244.0.7', 'cluster'],
    ['::ffff:10.244.1.7', 'cluster'],
    ['fd00:10:244::7', 'cluster'],
    ['10.96.0.1', 'cluster'],
    ['fd00:10:96::1', 'cluster'],
    ['192.168.1.10', 'cluster'],
    ['198.51.100.4', 'cluster'],
    ['10.244.2.7', 'corporate'],
    ['10.200.1.1', 'corporate'],
    ['203.0.113.200', 'corporate'],
    ['10.96.0.2', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.11', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['203.0.113.9', 'public'],
    ['2606:4700::1111', 'public'],
  ])('%s is %s', (address, place) => {
    expect(classify(address)?.place).toBe(place);
    // The second answer is remembered.
    expect(classify(address)?.place).toBe(place);
  });

  test('an address that a service may be given is in the cluster', () => {
    const ranges = clusterRanges({ nodes: NODES, services: SERVICES, serviceRanges: [{ spec: { cidrs: ['10.96.0.0/16', 'fd00:10:96::/112'] } }], configured: [], pods: [] });
    const placed = createClassifier({ cluster: ranges, corporate: [], groups: new Map() });

    expect(['10.96.0.2', 'fd00:10:96::2', '10.97.0.2'].map((address) => placed(address)?.place)).toEqual(['cluster', 'cluster', 'private']);
  });

  test.each(['', 'api.example', '10.0.0.0/8', '1.2.3', '999.1.1.1'])('"%s" is no address', (text) => {
    expect(classify(text)).toBeUndefined();
  });

  test.each([['::FFFF:203.0.113.9', '203.0.113.9'], ['2001:DB8:1:0:0:0:0:9', '2001:db8:1::9']])('%s is written as %s', (text, address) => {
    expect(classify(text)).toMatchObject({ address, group: 'bank' });
  });

  test.each<readonly [string, readonly string[], { readonly address: string; readonly node: string }, string | undefined]>([
    ['in a range of the nodes', [], { address: '10.244.1.7', node: 'node-2' }, undefined],
    ['in a range of the nodes, of IPv6', [], { address: 'fd00:10:244::7', node: 'node-1' }, undefined],
    ['in none', [], { address: '192.168.7.7', node: 'node-2' }, '192.168.7.7'],
    ['in none, of IPv6', [], { address: 'fd00:10:245::7', node: 'node-2' }, 'fd00:10:245::7'],
    ['on the internet', [], { address: '203.0.113.7', node: 'node-2' }, '203.0.113.7'],
    ['in a range of the configuration', ['192.168.0.0/16'], { address: '192.168.7.7', node: 'node-2' }, undefined],
    ['in none, not even of the configuration', ['192.168.0.0/20'], { address: '192.168.77.7', node: 'node-2' }, '192.168.77.7'],
    ['in none, on a node that is gone or new', [], { address: '192.168.7.7', node: 'node-3' }, undefined],
  ])('a pod has an address %s', (_, configured, pod, stray) => {
    const ranges = clusterRanges({ nodes: NODES, services: [], serviceRanges: [], configured, pods: [{ address: '10.244.0.7', node: 'node-1' }, pod].map(podAt) });
    expect([ranges.stray, ranges.arePodsKnown]).toEqual([stray, stray === undefined]);
  });

  test.each<readonly [string, Parameters<typeof clusterRanges>[0], boolean]>([
    ['every node has one', { nodes: NODES, services: [], serviceRanges: [], configured: [], pods: [] }, true],
    ['a node has none', { nodes: [...NODES, { spec: {} }], services: [], serviceRanges: [], configured: [], pods: [] }, false],
    ['no node is known', { nodes: [], services: SERVICES, serviceRanges: [], configured: [], pods: [] }, false],
    ['the configuration names them', { nodes: [{ spec: {} }], services: [], serviceRanges: [], configured: ['10.0.0.0/16'], pods: [] }, true],
  ])('the ranges of pods: %s', (_, objects, isKnown) => {
    expect(clusterRanges(objects).arePodsKnown).toBe(isKnown);
  });
});
