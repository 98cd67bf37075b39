import { describe, expect, test } from '@jest/globals';
import type { Kind } from '#src/model/kinds.ts';
import type { RawObject } from '#src/model/raw.ts';
import { parseRange } from '#src/network/addresses.ts';
import { parseAdminPolicy } from '#src/network/admin-policy.ts';
import { addNetworkObject, createNetworkObjects, readInPart } from '#src/network/collect.ts';
import { networkMap } from '#src/network/connectivity.ts';
import { hasPort, parsePorts } from '#src/network/ports.ts';
import { connects, randomWorld, type End } from '#test/build/policy-model.ts';
import { seededRandom } from '#test/build/rights-world.ts';

const A = pod('a', {});
const B = pod('b', { ports: [{ name: 'web', containerPort: 8080 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }] });
const ALL_PODS = { namespaces: {} };
const FROM_A = { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'a' } } } };
const CLOSED = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'closed', namespace: 'shop' }, spec: { podSelector: { matchLabels: { app: 'b' } } } };
const tcp = (number: number) => ({ tcp: { destinationPort: { number } } });
const REST_OF_22 = 'TCP/1-21,TCP/23-65535,UDP/1-65535,SCTP/1-65535';

describe('src/network/admin-policy.ts', () => {
  test.each<[string, readonly RawObject[], string]>([
    ['denies before NetworkPolicies are asked', [cnp(1, [{ action: 'Deny', from: [ALL_PODS], protocols: [tcp(22)] }]), { ...CLOSED, spec: { ...CLOSED.spec, ingress: [{}] } }], REST_OF_22],
    ['accepts before they are asked', [cnp(1, [{ action: 'Accept', from: [FROM_A], protocols: [tcp(80)] }]), CLOSED], 'TCP/80'],
    ['asks the smaller priority first', [cnp(2, [{ action: 'Deny', from: [ALL_PODS] }]), cnp(1, [{ action: 'Accept', from: [ALL_PODS], protocols: [tcp(22)] }])], 'TCP/22'],
    ['asks rules in their order', [cnp(1, [{ action: 'Accept', from: [FROM_A], protocols: [tcp(80)] }, { action: 'Deny', from: [ALL_PODS] }])], 'TCP/80'],
    ['asks the one with the first name of two with the same priority', [cnp(1, [{ action: 'Deny', from: [ALL_PODS] }], { name: 'b' }), cnp(1, [{ action: 'Accept', from: [ALL_PODS], protocols: [tcp(22)] }], { name: 'a' })], 'TCP/22'],
    ['passes over the rest of its tier', [cnp(1, [{ action: 'Pass', from: [FROM_A], protocols: [tcp(80)] }]), cnp(2, [{ action: 'Deny', from: [ALL_PODS] }])], 'TCP/80'],
    ['passes on to NetworkPolicies', [cnp(1, [{ action: 'Pass', from: [ALL_PODS] }]), cnp(2, [{ action: 'Accept', from: [ALL_PODS] }]), CLOSED], ''],
    ['passes on to the baseline', [cnp(1, [{ action: 'Pass', from: [ALL_PODS] }]), cnp(9, [{ action: 'Deny', from: [ALL_PODS] }], { tier: 'Baseline' })], ''],
    ['denies as a baseline where no NetworkPolicy selects', [cnp(0, [{ action: 'Deny', from: [ALL_PODS], protocols: [tcp(22)] }], { tier: 'Baseline' })], REST_OF_22],
    ['is not asked as a baseline where one does', [cnp(0, [{ action: 'Accept', from: [ALL_PODS] }], { tier: 'Baseline' }), CLOSED], ''],
    ['passes over the rest of the baseline, which leaves it open', [cnp(0, [{ action: 'Pass', from: [FROM_A], protocols: [tcp(80)] }], { tier: 'Baseline' }), cnp(1, [{ action: 'Deny', from: [ALL_PODS] }], { tier: 'Baseline' })], 'TCP/80'],
    ['takes a range of ports', [cnp(1, [{ action: 'Accept', from: [ALL_PODS], protocols: [{ udp: { destinationPort: { range: { start: 53, end: 60 } } } }, { sctp: { destinationPort: { number: 9 } } }] }]), CLOSED], 'UDP/53-60,SCTP/9'],
    ['takes a named port with the protocol that the pod has it', [cnp(1, [{ action: 'Accept', from: [ALL_PODS], protocols: [{ destinationNamedPort: 'dns' }, { destinationNamedPort: 'web' }, { destinationNamedPort: 'none' }] }]), CLOSED], 'TCP/8080,UDP/53'],
    ['takes ports as the first releases had them', [cnp(1, [{ action: 'Accept', from: [ALL_PODS], ports: [{ portNumber: { protocol: 'TCP', port: 80 } }, { portRange: { protocol: 'UDP', start: 1, end: 2 } }, { namedPort: 'web' }] }]), CLOSED], 'TCP/80,TCP/8080,UDP/1-2'],
    ['is about the pods of its subject alone', [cnp(1, [{ action: 'Deny', from: [ALL_PODS] }], { subject: { pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } }, podSelector: {} } } })], 'all'],
    ['is about all pods with an empty subject', [cnp(1, [{ action: 'Deny', from: [FROM_A] }], { subject: ALL_PODS })], ''],
    ['does not know a pod in the network of its node as a peer', [cnp(1, [{ action: 'Accept', from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'host' } } } }] }, { action: 'Deny', from: [ALL_PODS] }])], ''],
  ])('%s', (_, policies, ports) => {
    expect(portsBetween([A, B, ...policies], 'a', 'b')).toBe(ports);
  });

  test.each<[string, readonly object[], Readonly<Record<'pod' | 'host', string>>, readonly string[], boolean]>([
    ['all pods', [ALL_PODS], { pod: '', host: 'all' }, ['0.0.0.0/0', '::/0'], false],
    ['all nodes', [{ nodes: {} }], { pod: 'all', host: '' }, ['0.0.0.0/0', '::/0'], false],
    ['some nodes, of which nobody knows here what is on them', [{ nodes: { matchLabels: { zone: 'a' } } }], { pod: 'all', host: 'all' }, ['0.0.0.0/0', '::/0'], true],
    ['all addresses, pods among them', [{ networks: ['0.0.0.0/0'] }], { pod: '', host: '' }, ['::/0'], false],
    ['addresses of IPv6', [{ networks: ['2000::/3'] }], { pod: 'all', host: 'all' }, ['0.0.0.0/0', '::/3', '4000::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'], false],
    ['private addresses, which pods may have', [{ networks: ['10.0.0.0/8'] }], { pod: 'all', host: 'all' }, ['0.0.0.0-9.255.255.255', '11.0.0.0-255.255.255.255', '::/0'], true],
  ])('denies outgoing connections to %s', (_, to, reached, outside, inPart) => {
    const policy = cnp(1, [], { egress: [{ action: 'Deny', to }], subject: { pods: { podSelector: { matchLabels: { app: 'a' } } } } });
    const objects = [A, B, pod('host', { hostNetwork: true }), policy];

    expect({ pod: portsBetween(objects, 'a', 'b'), host: portsBetween(objects, 'a', 'host') }).toEqual(reached);
    expect(edgesOf(objects).find(({ from, to: end }) => from === 'shop/a[Pod]' && end === 'external')?.ranges).toEqual(outside);
    expect(parseAdminPolicy(policy).inPart).toBe(inPart);
  });

  test('selects no pod in the network of its node', () => {
    expect(portsBetween([A, pod('host', { hostNetwork: true }), cnp(1, [{ action: 'Deny', from: [ALL_PODS] }], { subject: ALL_PODS })], 'a', 'host')).toBe('all');
  });

  test.each<[string, RawObject, readonly string[]]>([
    ['an unknown action', cnp(1, [{ action: 'Reject', from: [ALL_PODS] }]), ['spec.ingress[0].action']],
    ['the action of the policies before it', cnp(1, [{ action: 'Allow', from: [ALL_PODS] }]), ['spec.ingress[0].action']],
    ['an unknown tier', cnp(1, [], { tier: 'Custom' }), ['spec.tier']],
    ['no tier', cnp(1, [], { tier: undefined }), ['spec.tier']],
    ['a priority that is none', cnp(1001, []), ['spec.priority']],
    ['an unknown field', cnp(1, [], { appliedTo: {} }), ['spec.appliedTo']],
    ['an unknown subject', cnp(1, [], { subject: { serviceAccounts: {} } }), ['spec.subject']],
    ['no subject', cnp(1, [], { subject: undefined }), ['spec.subject']],
    ['an unknown sort of selector', cnp(1, [], { subject: { namespaces: { sameLabels: ['team'] } } }), ['spec.subject']],
    ['an unknown operator', cnp(1, [{ action: 'Deny', from: [{ namespaces: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } }] }]), ['spec.ingress[0].from[0]']],
    ['an unknown field of a rule', cnp(1, [{ action: 'Deny', from: [ALL_PODS], when: {} }]), ['spec.ingress[0].when']],
    ['a rule without peers', cnp(1, [{ action: 'Deny', from: [] }]), ['spec.ingress[0].from']],
    ['a peer without fields', cnp(1, [{ action: 'Deny', from: [{}] }]), ['spec.ingress[0].from[0]']],
    ['a peer with two', cnp(1, [{ action: 'Deny', from: [{ ...ALL_PODS, ...FROM_A }] }]), ['spec.ingress[0].from[0]']],
    ['networks that come in', cnp(1, [{ action: 'Deny', from: [{ networks: ['10.0.0.0/8'] }] }]), ['spec.ingress[0].from[0]']],
    ['a protocol without a port', cnp(1, [{ action: 'Deny', from: [ALL_PODS], protocols: [tcp(80), { tcp: {} }] }]), ['spec.ingress[0].protocols[1]']],
    ['an unknown protocol', cnp(1, [{ action: 'Deny', from: [ALL_PODS], protocols: [{ icmp: {} }] }]), ['spec.ingress[0].protocols[0]']],
    ['a port that is none', cnp(1, [{ action: 'Deny', from: [ALL_PODS], protocols: [tcp(70000)] }]), ['spec.ingress[0].protocols[0]']],
    ['ports in two forms', cnp(1, [{ action: 'Deny', from: [ALL_PODS], protocols: [tcp(80)], ports: [{ namedPort: 'web' }] }]), ['spec.ingress[0].protocols']],
    ['ports of ClusterNetworkPolicy in an AdminNetworkPolicy', { ...cnp(1, [{ action: 'Deny', from: [ALL_PODS], protocols: [tcp(80)] }], { tier: undefined }), kind: 'AdminNetworkPolicy' }, ['spec.ingress[0].protocols']],
    ['a baseline that passes on', { ...cnp(1, [{ action: 'Pass', from: [ALL_PODS] }], { tier: undefined }), kind: 'BaselineAdminNetworkPolicy' }, ['spec.ingress[0].action']],
  ])('names %s as not understood, and takes it neither for a yes nor for a no', (_, policy, places) => {
    expect(parseAdminPolicy(policy).unclear.ingress).toEqual(places);
    expect(portsBetween([A, B, { ...policy, metadata: { name: 'odd' } }], 'a', 'b')).toMatch(/^(all|TCP\/1-79.*)$/);
    expect(readInPart({ adminPolicies: [parseAdminPolicy(policy)] })).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['a network that is none', { networks: ['10.0.0.0/8', '10.0.0.1'] }],
    ['an empty list of networks', { networks: [] }],
    ['domains that are denied', { domainNames: ['example.com'] }],
    ['an unknown sort of peer', { services: {} }],
  ])('names %s as not understood in an outgoing rule', (_, peer) => {
    const { unclear, egress } = parseAdminPolicy(cnp(1, [], { egress: [{ action: 'Deny', to: [ALL_PODS, peer] }] }));

    expect(unclear).toEqual({ ingress: [], egress: ['spec.egress[0].to[1]'] });
    expect(egress.map(({ peers }) => peers?.length)).toEqual([1]);
  });

  test('lets out to domains, whose addresses nobody knows', () => {
    const policy = parseAdminPolicy(cnp(1, [], { egress: [{ action: 'Accept', to: [{ domainNames: ['*.example.com'] }] }] }));

    expect(policy).toMatchObject({ unclear: { egress: [] }, inPart: true, egress: [{ action: 'Allow', peers: [{ domains: ['*.example.com'] }] }] });
  });

  test('agrees with a simple model on random clusters', () => {
    const random = seededRandom(20261125);
    const seen = { open: 0, closed: 0 };
    for (let round = 0; round < 150; round += 1) {
      const world = randomWorld(random);
      const edges = edgesOf(world.objects);
      for (const from of world.ends) {
        for (const to of world.ends) {
          if (from === to || (isOutside(from) && isOutside(to))) continue;
          const found = edges.filter((edge) => edge.from === nameOf(from) && edge.to === nameOf(to) && holds(edge.ranges, from, to));
          for (const { protocol, port } of world.probes) {
            const open = found.some(({ ports }) => hasPort(parsePorts(ports), protocol, port));
            const wanted = connects(world, from, to, protocol, port);
            if (open !== wanted) throw new Error(`round ${round}: ${nameOf(from)} to ${nameOf(to)} ${protocol}/${port} is ${open ? 'open' : 'closed'}:\n${JSON.stringify(world, null, 1)}`);
            seen[open ? 'open' : 'closed'] += 1;
          }
        }
      }
    }
    expect(Math.min(seen.open, seen.closed)).toBeGreaterThan(1000);
  });
});

function isOutside(end: End): end is string {
  return typeof end === 'string';
}

function nameOf(end: End): string {
  return isOutside(end) ? 'external' : `${end.namespace}/${end.name}[Pod]`;
}

function holds(ranges: readonly string[] | undefined, ...ends: readonly End[]): boolean {
  const address = parseRange(ends.find(isOutside) ?? '')?.[0];
  if (address === undefined) return true;
  return (ranges ?? []).some((text) => {
    const [start = '', end = start] = text.split('-');
    const last = parseRange(end)?.[0]?.last ?? -1n;
    return parseRange(start)?.some(({ family, first }) => family === address.family && first <= address.first && address.last <= last) === true;
  });
}

function edgesOf(objects: readonly RawObject[]) {
  const network = createNetworkObjects();
  for (const one of objects) {
    const { kind, metadata } = one as { readonly kind: Kind; readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object } };
    addNetworkObject(network, kind, one, { kind, name: metadata.name, ...(metadata.namespace !== undefined && { namespace: metadata.namespace }) });
  }
  return [...networkMap(network).edges()];
}

function portsBetween(objects: readonly RawObject[], from: string, to: string): string {
  return edgesOf(objects).find((edge) => edge.from === `shop/${from}[Pod]` && edge.to === `shop/${to}[Pod]`)?.ports.join(',') ?? '';
}

function pod(name: string, { ports = [], ...spec }: { readonly ports?: readonly object[]; readonly hostNetwork?: boolean }): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels: { app: name } }, spec: { ...spec, containers: [{ name: 'main', ports }] } };
}

/** About pod b, in the first tier, unless the fields say otherwise. */
function cnp(priority: number, ingress: readonly object[], { name = 'admin', ...fields }: Readonly<Record<string, unknown>> = {}): RawObject {
  const spec = { tier: 'Admin', priority, subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'b' } } } }, ingress, ...fields };
  return { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name }, spec: Object.fromEntries(Object.entries<unknown>(spec).filter(([, value]) => value !== undefined)) };
}
