import { describe, expect, test } from '@jest/globals';
import { closes, droppedBy, simulate } from '#src/enforcement/simulate.ts';
import type { Entry } from '#src/enforcement/entry.ts';
import type { Target } from '#src/enforcement/target.ts';
import type { RawObject } from '#src/model/raw.ts';
import { connectionSettings } from '#test/build/connections.ts';
import { CLUSTER, seen, WORKLOAD } from '#test/build/enforcement.ts';
import { INSTALLATION } from '#test/build/installation.ts';

const TARGET: Target = { cluster: CLUSTER, workload: WORKLOAD, installation: INSTALLATION, selector: {}, count: 2, others: [], pods: { ref: WORKLOAD, namespace: 'shop', labels: new Map(), hostNetwork: false, ports: [], replicas: 2 } };
const ONE: Entry = { direction: 'egress', cidrs: ['203.0.113.9/32'], protocol: 'TCP', port: 443 };
const named = (name: string, cidrs: readonly string[] = ONE.cidrs): Entry => ({ ...ONE, cidrs, name });
const WEB = { toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] };

const cilium = (...egress: readonly RawObject[]): RawObject => ({ apiVersion: 'cilium.io/v2', spec: { endpointSelector: {}, egress } });
const calico = (...egress: readonly RawObject[]): RawObject => ({ apiVersion: 'projectcalico.org/v3', spec: { types: ['Egress'], egress } });
const plain = (...egress: readonly RawObject[]): RawObject => ({ apiVersion: 'networking.k8s.io/v1', metadata: { namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress } });
const NETS = (...nets: readonly string[]) => ({ action: 'Allow', protocol: 'TCP', destination: { nets, ports: [443] } });
const INSIDE = { toEntities: ['cluster'] };

describe('src/enforcement/simulate', () => {
  test.each<readonly [string, RawObject, Entry, boolean]>([
    ['a name that is let through, whatever its address', cilium({ toFQDNs: [{ matchName: 'api.stripe.com' }], ...WEB }), named('api.stripe.com'), false],
    ['the same without a known address', cilium({ toFQDNs: [{ matchName: 'api.stripe.com' }], ...WEB }), named('api.stripe.com', []), false],
    ['the same on another port', cilium({ toFQDNs: [{ matchName: 'api.stripe.com' }], ...WEB }), { ...named('api.stripe.com'), port: 80 }, true],
    ['another name', cilium({ toFQDNs: [{ matchName: 'api.stripe.com' }], ...WEB }), named('stripe.com'), true],
    ['an address whose name is not known', cilium({ toFQDNs: [{ matchName: 'api.stripe.com' }], ...WEB }), ONE, true],
    ['a star of one part', cilium({ toFQDNs: [{ matchPattern: '*.amazonaws.com' }] }), named('s3.amazonaws.com'), false],
    ['a star that would have to cross a dot', cilium({ toFQDNs: [{ matchPattern: '*.amazonaws.com' }] }), named('s3.eu.amazonaws.com'), true],
    ['a star below another domain that ends alike', cilium({ toFQDNs: [{ matchPattern: '*.aws.com' }] }), named('x.evilaws.com'), true],
    ['a dot of a pattern, which is no other letter', cilium({ toFQDNs: [{ matchPattern: '*.aws.com' }] }), named('x.awsxcom'), true],
    ['an address that is let through', cilium({ toCIDRSet: [{ cidr: '203.0.113.0/24' }], ...WEB }), ONE, false],
    ['a name by its address', cilium({ toCIDRSet: [{ cidr: '203.0.113.0/24' }] }), named('api.stripe.com'), false],
    ['an address beside it', cilium({ toCIDRSet: [{ cidr: '203.0.113.8/32' }], ...WEB }), ONE, true],
    ['what only pods of the cluster may have', cilium(INSIDE, { toEndpoints: [{}], ...WEB }), ONE, true],
    ['a port that is open to everywhere', cilium(INSIDE, WEB), ONE, false],
    ['what is denied as well as let through', { apiVersion: 'cilium.io/v2', spec: { egress: [{ toCIDRSet: [{ cidr: '203.0.113.0/24' }] }], egressDeny: [{ toCIDRSet: [{ cidr: '203.0.113.9/32' }], ...WEB }] } }, ONE, true],
    ['what a policy that only denies says nothing of', { apiVersion: 'cilium.io/v2', spec: { egressDeny: [{ toCIDRSet: [{ cidr: '203.0.113.8/32' }], ...WEB }] } }, ONE, false],
    ['an address that Calico lets through', calico(NETS('203.0.113.0/24')), ONE, false],
    ['another protocol there', calico(NETS('203.0.113.0/24')), { ...ONE, protocol: 'UDP' }, true],
    ['another port there', calico(NETS('203.0.113.0/24')), { ...ONE, port: 80 }, true],
    ['every port of a range', calico({ action: 'Allow', destination: { nets: ['203.0.113.0/24'] } }), ONE, false],
    ['what Calico keeps for pods', calico({ action: 'Allow', destination: { namespaceSelector: 'all()' } }), ONE, true],
    ['what Calico passes on', calico({ action: 'Pass' }, NETS('192.0.2.0/24')), ONE, false],
    ['what Calico denies before it lets it through', calico({ action: 'Deny', protocol: 'TCP', destination: { nets: ['203.0.113.9/32'], ports: [443] } }, NETS('203.0.113.0/24')), ONE, true],
    ['what comes in where only the way out is closed', calico(NETS('192.0.2.0/24')), { ...ONE, direction: 'ingress' }, false],
    ['a name without addresses, which no plain policy lets through', plain({ to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }), named('api.stripe.com', []), true],
    ['a name by its address in a plain policy', plain({ to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }), named('api.stripe.com'), false],
  ])('%s', (_, body, entry, dropped) => {
    expect(droppedBy(body, TARGET)(entry)).toBe(dropped);
  });

  test.each<readonly [string, RawObject, boolean]>([
    ['a policy that lets through', cilium(INSIDE), true],
    ['one that only denies', { apiVersion: 'cilium.io/v2', spec: { egressDeny: [{}] } }, false],
    ['one of Calico that lets through', calico(NETS('192.0.2.0/24')), true],
    ['one of Calico that denies and passes the rest on', calico({ action: 'Deny' }, { action: 'Pass' }), false],
    ['what was opened in one of Calico that passes the rest on', calico({ action: 'Deny' }, { action: 'Pass' }, NETS('192.0.2.0/24')), false],
  ])('whether %s closes the direction', (_, body, expected) => {
    expect([closes(body, 'egress'), closes(body, 'ingress')]).toEqual([expected, false]);
  });

  test('what nothing is known of is dropped only where the rest is closed', () => {
    const lost = seen('lost', { count: 3, key: { remote: { kind: 'group', name: 'internet' } } });
    const played = (body: RawObject) => simulate(body, [lost], TARGET, connectionSettings()).droppedCount;

    expect([played(cilium(INSIDE)), played(plain()), played({ apiVersion: 'cilium.io/v2', spec: { egressDeny: [] } })]).toEqual([3, 3, 0]);
  });
});
