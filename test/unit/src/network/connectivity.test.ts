import { describe, expect, test } from '@jest/globals';
import type { Kind } from '#src/model/kinds.ts';
import type { RawObject } from '#src/model/raw.ts';
import { addNetworkObject, createNetworkObjects } from '#src/network/collect.ts';
import { networkMap } from '#src/network/connectivity.ts';

const A = pod('a', { app: 'a' });
const B = pod('b', { app: 'b' }, { ports: [{ name: 'web', containerPort: 8080 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }, { name: 'sig', containerPort: 9000, protocol: 'SCTP' }] });
const ELSEWHERE = pod('c', { app: 'c' }, {}, 'pay');

/** What may reach pod b, as `from ports`. Outgoing connections of b are open in all cases. */
type Case = readonly [name: string, policies: readonly RawObject[], reaches: readonly string[]];

const OPEN_OUTSIDE = 'external all';

const INGRESS: readonly Case[] = [
  ['no policy', [], [OPEN_OUTSIDE, 'shop/a all', 'pay/c all']],
  ['a policy of another namespace', [policy({ podSelector: {} }, 'pay')], [OPEN_OUTSIDE, 'shop/a all', 'pay/c all']],
  ['a policy for other pods', [policy({ podSelector: { matchLabels: { app: 'a' } } })], [OPEN_OUTSIDE, 'shop/a all', 'pay/c all']],
  ['a policy without rules', [toB({})], []],
  ['an empty list of rules', [toB({ ingress: [] })], []],
  ['a rule without anything', [toB({ ingress: [{}] })], [OPEN_OUTSIDE, 'shop/a all', 'pay/c all']],
  ['an empty list of peers', [toB({ ingress: [{ from: [] }] })], [OPEN_OUTSIDE, 'shop/a all', 'pay/c all']],
  ['a peer without fields, which is nobody', [toB({ ingress: [{ from: [{}] }] })], []],
  ['an egress policy alone', [toB({ policyTypes: ['Egress'] })], [OPEN_OUTSIDE, 'shop/a all', 'pay/c all']],
  ['pods of its own namespace', [toB({ ingress: [{ from: [{ podSelector: {} }] }] })], ['shop/a all']],
  ['all namespaces', [toB({ ingress: [{ from: [{ namespaceSelector: {} }] }] })], ['shop/a all', 'pay/c all']],
  ['a namespace by the label that every one has', [toB({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } } }] }] })], ['pay/c all']],
  ['a namespace by its own label', [toB({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'pay' } } }] }] })], ['pay/c all']],
  ['namespace and pod in one item: both', [toB({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'pay' } }, podSelector: { matchLabels: { app: 'a' } } }] }] })], []],
  ['namespace and pod in two items: either', [toB({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'pay' } } }, { podSelector: { matchLabels: { app: 'a' } } }] }] })], ['shop/a all', 'pay/c all']],
  ['an expression', [toB({ ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] } }] }] })], []],
  ['a port', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] })], ['shop/a TCP/80']],
  ['a range of ports', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80, endPort: 90 }] }] })], ['shop/a TCP/80-90']],
  ['a protocol without port', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: 'UDP' }] }] })], ['shop/a UDP/1-65535']],
  ['SCTP', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: 'SCTP', port: 9000 }] }] })], ['shop/a SCTP/9000']],
  ['a named port', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'web' }] }] })], ['shop/a TCP/8080']],
  ['a named port that it does not have', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'admin' }] }] })], []],
  ['a named port of another protocol', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'dns' }] }] })], []],
  ['a port of an unknown protocol', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: 'ICMP', port: 1 }] }] })], []],
  ['policies that add up', [toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] }), toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 443 }] }] }), policy({ podSelector: {} })], ['shop/a TCP/80,TCP/443']],
  ['addresses, which are no pods', [toB({ ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })], ['external all 0.0.0.0/0']],
  ['addresses with exceptions', [toB({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.10.0.0/16'] } }], ports: [{ port: 80 }] }] })], ['external TCP/80 10.0.0.0-10.9.255.255,10.11.0.0-10.255.255.255']],
  ['an exception that another rule allows', [toB({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.10.0.0/16'] } }, { ipBlock: { cidr: '10.10.0.0/16' } }] }] })], ['external all 10.0.0.0/8']],
  ['addresses of IPv6', [toB({ ingress: [{ from: [{ ipBlock: { cidr: '2001:db8::/32' } }] }] })], ['external all 2001:db8::/32']],
  ['different ports for parts of a range', [toB({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80 }] }, { from: [{ ipBlock: { cidr: '10.1.0.0/16' } }], ports: [{ port: 22 }] }] })], ['external TCP/80 10.0.0.0/16,10.2.0.0-10.255.255.255', 'external TCP/22,TCP/80 10.1.0.0/16']],
  ['a block that is none', [toB({ ingress: [{ from: [{ ipBlock: { cidr: 'everywhere' } }] }] })], []],
];

describe('src/network/connectivity.ts', () => {
  test.each(INGRESS)('knows who reaches a pod with %s', (_, policies, reaches) => {
    const edges = edgesOf([A, B, ELSEWHERE, ...policies]).filter(({ to }) => to === 'shop/b[Pod]');

    expect(edges.map(({ from, ports, ranges }) => [from.replace('[Pod]', ''), ports.join(','), ...(ranges === undefined || ranges.length > 1 && ranges[1] === '::/0' ? [] : [ranges.join(',')])].join(' ')).sort()).toEqual([...reaches].sort());
  });

  test('closes both directions where policyTypes says so, and egress by itself only for a rule', () => {
    const closed = edgesOf([A, B, toB({ policyTypes: ['Ingress', 'Egress'] })]);
    const silent = edgesOf([A, B, toB({ egress: [] })]);
    const named = edgesOf([A, B, toB({ egress: [{ to: [{ podSelector: {} }], ports: [{ port: 80 }] }] })]);

    expect(closed.filter(({ from }) => from === 'shop/b[Pod]')).toEqual([]);
    expect(silent.filter(({ from }) => from === 'shop/b[Pod]').map(({ to }) => to)).toEqual(['external', 'shop/a[Pod]']);
    expect(named.filter(({ from }) => from === 'shop/b[Pod]')).toEqual([{ from: 'shop/b[Pod]', to: 'shop/a[Pod]', ports: ['TCP/80'] }]);
  });

  test('lets through only what both ends allow, with names of the pod that is reached', () => {
    const edges = edgesOf([A, B, policy({ podSelector: { matchLabels: { app: 'a' } }, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'web' }, { port: 9999 }] }] }), toB({ ingress: [{ ports: [{ port: 8080, endPort: 8090 }] }] })]);

    expect(edges.filter(({ from, to }) => from === 'shop/a[Pod]' && to === 'shop/b[Pod]')).toEqual([{ from: 'shop/a[Pod]', to: 'shop/b[Pod]', ports: ['TCP/8080'] }]);
  });

  test('takes a pod in the network of its node for one that no policy knows', () => {
    const host = pod('host', { app: 'b' }, { hostNetwork: true });
    const edges = edgesOf([A, B, host, policy({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })]);

    expect(edges.filter(({ to }) => to === 'shop/host[Pod]').map(({ from }) => from)).toEqual(['shop/a[Pod]', 'shop/b[Pod]', 'external']);
    expect(edges.filter(({ from }) => from === 'shop/host[Pod]').map(({ to }) => to)).toEqual(['external']);
  });

  test('shows pods of one name as one workload, with the edges of all of them and none to itself', () => {
    const edges = edgesOf([pod('set', { app: 'x' }), pod('set', { app: 'y' }), A, policy({ podSelector: { matchLabels: { app: 'x' } } })]);

    expect(edges.filter(({ to }) => to === 'shop/set[Pod]').map(({ from }) => from)).toEqual(['shop/a[Pod]', 'external']);
  });

  test('lets the ingress controller in where an Ingress sends to, on the port of the pod, as far as policies let a stranger in', () => {
    const service = object('Service', 'web', { selector: { app: 'b' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }, { name: 'other', port: 81, targetPort: 7000 }] });
    const ingress = object('Ingress', 'web', { rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { name: 'http' } } } }] } }] });
    const controller = { from: 'ingress-controller', to: 'shop/b[Pod]', ports: ['TCP/8080'] };

    expect(edgesOf([A, B, service, ingress]).filter(({ from }) => from === 'ingress-controller')).toEqual([controller]);
    expect(edgesOf([A, B, service, ingress, toB({ ingress: [{ from: [{ namespaceSelector: {} }] }] })]).filter(({ from }) => from === 'ingress-controller')).toEqual([controller]);
    expect(edgesOf([A, B, service, ingress, toB({ ingress: [{ from: [{ podSelector: {} }, { ipBlock: { cidr: '0.0.0.0/0' } }] }] })]).filter(({ from }) => from === 'ingress-controller')).toEqual([]);
  });

  test('names workloads without any edge', () => {
    const { workloads, edges } = mapOf([A, policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })]);

    expect(workloads).toEqual(['shop/a[Pod]']);
    expect([...edges()]).toEqual([]);
  });

  test('tells whom no policy selects, and leaves out only edges between two of these', () => {
    const { free, edges, ruledEdges } = mapOf([A, B, ELSEWHERE, policy({ podSelector: { matchLabels: { app: 'b' } }, ingress: [{ from: [{ podSelector: {} }] }] })]);
    const isSaid = ({ from, to }: { readonly from: string; readonly to: string }): boolean => free.egress.has(from) && free.ingress.has(to);

    expect([...free.ingress]).toEqual(['pay/c[Pod]', 'shop/a[Pod]']);
    expect([...free.egress]).toEqual(['pay/c[Pod]', 'shop/a[Pod]', 'shop/b[Pod]']);
    expect([...ruledEdges()].flat()).toEqual([...edges()].filter((edge) => !isSaid(edge)));
    expect([...edges()].filter(isSaid).length).toBeGreaterThan(0);
  });

  describe('with policies of administrators', () => {
    const deny = admin('AdminNetworkPolicy', 1, [{ action: 'Deny', from: [{ namespaces: {} }], ports: [{ portNumber: { protocol: 'TCP', port: 22 } }] }]);
    const allow = admin('AdminNetworkPolicy', 0, [{ action: 'Allow', from: [{ pods: { podSelector: { matchLabels: { app: 'a' } } } }], ports: [{ portRange: { protocol: 'TCP', start: 20, end: 30 } }] }]);
    const pass = admin('AdminNetworkPolicy', 0, [{ action: 'Pass', from: [{ namespaces: { matchLabels: { team: 'pay' } } }] }]);
    const baseline = admin('BaselineAdminNetworkPolicy', 0, [{ action: 'Deny', from: [{ namespaces: {} }] }]);

    test.each<[string, readonly RawObject[], readonly string[]]>([
      ['denies before NetworkPolicies are asked', [deny, toB({ ingress: [{}] })], ['TCP/1-21,TCP/23-65535,UDP/1-65535,SCTP/1-65535']],
      ['allows before they are asked, and the smaller priority first', [deny, allow, toB({})], ['TCP/20-30']],
      ['passes on what a later one would deny', [deny, pass, toB({ ingress: [{ from: [{ namespaceSelector: {} }] }] })], ['TCP/1-21,TCP/23-65535,UDP/1-65535,SCTP/1-65535']],
      ['denies at the end where no NetworkPolicy selects', [baseline], []],
      ['does not ask the baseline where one does', [baseline, toB({ ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] })], ['TCP/80']],
      ['opens a named port of any protocol', [admin('AdminNetworkPolicy', 0, [{ action: 'Allow', from: [{ namespaces: {} }], ports: [{ namedPort: 'dns' }] }]), toB({})], ['UDP/53']],
    ])('%s', (_, policies, ports) => {
      const edges = edgesOf([A, B, ...policies]).filter(({ from, to }) => from === 'shop/a[Pod]' && to === 'shop/b[Pod]');

      expect(edges.map((edge) => edge.ports.join(','))).toEqual(ports);
    });

    test('denies networks outside, and nobody by the name of a domain', () => {
      const out = { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: 'out' }, spec: { priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/1'] }, { domainNames: ['x.example'] }] }] } };

      expect(edgesOf([A, out]).filter(({ to }) => to === 'external')).toEqual([{ from: 'shop/a[Pod]', to: 'external', ports: ['all'], ranges: ['128.0.0.0/1', '::/0'] }]);
    });
  });
});

function mapOf(objects: readonly RawObject[]) {
  const network = createNetworkObjects();
  network.namespaces.set('pay', new Map([['team', 'pay']]));
  for (const one of objects) {
    const { kind, metadata } = one as { readonly kind: Kind; readonly metadata: { readonly name: string; readonly namespace?: string } };
    addNetworkObject(network, kind, one, { kind, ...metadata });
  }
  return networkMap(network);
}

function edgesOf(objects: readonly RawObject[]) {
  return [...mapOf(objects).edges()];
}

function pod(name: string, labels: Readonly<Record<string, string>>, { ports = [], ...spec }: { readonly ports?: readonly object[]; readonly hostNetwork?: boolean } = {}, namespace = 'shop'): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { ...spec, containers: [{ name: 'main', ports }] } };
}

function object(kind: string, name: string, spec: object): RawObject {
  return { apiVersion: kind === 'Service' ? 'v1' : 'networking.k8s.io/v1', kind, metadata: { name, namespace: 'shop' }, spec };
}

function policy(spec: object, namespace = 'shop'): RawObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'policy', namespace }, spec };
}

function toB(spec: object): RawObject {
  return policy({ podSelector: { matchLabels: { app: 'b' } }, ...spec });
}

/** About pod b. */
function admin(kind: string, priority: number, ingress: readonly object[]): RawObject {
  return { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind, metadata: { name: 'admin' }, spec: { priority, subject: { pods: { podSelector: { matchLabels: { app: 'b' } } } }, ingress } };
}
