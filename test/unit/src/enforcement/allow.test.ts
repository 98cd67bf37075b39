import { describe, expect, test } from '@jest/globals';
import { specOf as composedSpec, withoutParts, type Composition, type Part } from '#src/actions/composition.ts';
import { composed, compositionOf, INSTALLATION_LABEL, MANAGED_BY } from '#src/actions/own-objects.ts';
import { allowPlan, allowStays, type AllowPlan } from '#src/enforcement/allow.ts';
import { ownAddress } from '#src/enforcement/own-policy.ts';
import type { Connection } from '#src/model/connection.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { connectionSettings } from '#test/build/connections.ts';
import { CLUSTER, seen, WORKLOAD } from '#test/build/enforcement.ts';
import { INSTALLATION } from '#test/build/installation.ts';

const PLACE = { cluster: CLUSTER, workload: WORKLOAD, installation: INSTALLATION };
const RULE = (cidr: string) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port: 443 }] });
const KEPT = RULE('198.51.100.7/32');
const CLOSED = { podSelector: { matchLabels: { app: 'checkout' } }, policyTypes: ['Egress'], egress: [KEPT] };
const OFFICE = new Map([['office', ['192.0.2.0/28', '192.0.2.64/28']]]);
const closing = (direction: 'egress' | 'ingress', types: string): readonly Part[] => [
  { request: 'r22222', what: direction, field: 'policyTypes', add: [types] },
  { request: 'r22222', what: '192.0.2.200:443', field: direction, remove: [RULE('192.0.2.200/32')] },
];
const ISOLATED: Composition = { constants: { podSelector: CLOSED.podSelector }, ground: { egress: [KEPT] }, parts: [...closing('egress', 'Egress')] };

function isolation(made: Composition): RawObject {
  const { apiVersion, kind, name, namespace } = ownAddress('network-policy', PLACE);
  return composed({ apiVersion, kind, metadata: { name, namespace, labels: { ...MANAGED_BY, [INSTALLATION_LABEL]: INSTALLATION } } }, made);
}

function planned(found: readonly Connection[], made: Composition = ISOLATED, denied: readonly Connection[] = []): AllowPlan {
  return allowPlan({ place: PLACE, settings: connectionSettings({ cluster: CLUSTER, groups: OFFICE }), found, denied, own: new Map([['network-policy', isolation(made)]]) });
}

/** As it is while this was opened for another request. */
function openedFor(part: Partial<Part>): Composition {
  return { ...ISOLATED, parts: [...ISOLATED.parts, { request: 'r33333', what: '203.0.113.9:443', field: 'egress', opens: [RULE('203.0.113.9/32')], ...part }] };
}

function specOf({ open }: AllowPlan): RawObject | undefined {
  return open?.change.type === 'replace' ? objectAt(open.change.body, 'spec') : undefined;
}

const to = (address: string, given: Partial<Connection['key']> = {}) => seen(address, { key: { remote: { kind: 'address', address }, ...given } });

describe('src/enforcement/allow.ts', () => {
  test.each<readonly [string, Connection, readonly RawObject[]]>([
    ['a host of IPv4', to('203.0.113.9'), [RULE('203.0.113.9/32')]],
    ['a host of IPv6', to('2001:db8::9'), [RULE('2001:db8::9/128')]],
    ['another port of what passes', to('198.51.100.7', { port: 8443 }), [{ ...KEPT, ports: [{ protocol: 'TCP', port: 8443 }] }]],
    ['another protocol of what passes', to('198.51.100.7', { protocol: 'udp' }), [{ ...KEPT, ports: [{ protocol: 'UDP', port: 443 }] }]],
    ['the addresses of a name that do not pass yet', seen('cdn', { addresses: ['198.51.100.7', '198.51.100.8'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } }), [RULE('198.51.100.8/32')]],
    ['a group of ranges', seen('office', { key: { remote: { kind: 'group', name: 'office' } } }), [RULE('192.0.2.0/28'), RULE('192.0.2.64/28')]],
  ])('one rule for each address is added for %s', (_, connection, rules) => {
    expect(specOf(planned([connection]))).toEqual({ ...CLOSED, egress: [KEPT, ...rules] });
  });

  test('a group with more ranges than a policy names stays closed, and the others are opened', () => {
    const ranges = Array.from({ length: 501 }, (_, index) => `198.18.${Math.floor(index / 100)}.${2 * (index % 100)}/32`);
    const scene = { place: PLACE, settings: connectionSettings({ cluster: CLUSTER, groups: new Map([['cloud', ranges]]) }), denied: [], own: new Map([['network-policy' as const, isolation(ISOLATED)]]) };

    const plan = allowPlan({ ...scene, found: [seen('cloud', { key: { remote: { kind: 'group', name: 'cloud' } } }), to('203.0.113.9')] });

    expect(plan.open?.connections.map(({ id }) => id)).toEqual(['203.0.113.9']);
    expect(plan.closed).toMatchObject([{ connections: [{ id: 'cloud' }], by: expect.stringMatching(/, which cannot be opened for it: cloud has 501 ranges, and a policy names 500 at most$/) as unknown }]);
  });

  test('what comes in is let in from its source', () => {
    const plan = planned([to('203.0.113.9', { direction: 'ingress', port: 8443 })], { ...ISOLATED, parts: [...ISOLATED.parts, ...closing('ingress', 'Ingress')] });

    expect(plan.open?.change.text).toBe('NetworkPolicy shop/checkout: 203.0.113.9 to port 8443 is let through');
    expect(specOf(plan)).toEqual({ ...CLOSED, policyTypes: ['Egress', 'Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.9/32' } }], ports: [{ protocol: 'TCP', port: 8443 }] }] });
  });

  test.each<readonly [string, Connection]>([
    ['what passes already', to('198.51.100.7')],
    ['the direction that is not closed', to('203.0.113.9', { direction: 'ingress' })],
    ['a name without addresses in the direction that is not closed', seen('nameless', { addresses: [], key: { direction: 'ingress', remote: { kind: 'name', name: 'api.example.com' } } })],
  ])('nothing is changed for %s', (_, connection) => {
    expect(planned([connection])).toEqual({ closed: [] });
  });

  test('two that share an address become one rule', () => {
    const name = seen('cdn', { addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } });

    expect(specOf(planned([to('203.0.113.9'), name]))?.egress).toHaveLength(2);
  });

  test('only what was denied at the same address, port and protocol is let through with it', () => {
    const denied = [to('203.0.113.9'), to('203.0.113.9', { port: 80 }), to('203.0.113.10')].map((one) => ({ ...one, state: 'denied' as const }));
    const plan = planned([seen('cdn', { addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } })], ISOLATED, denied);

    expect(plan.open?.besides).toEqual([denied[0]]);
    expect(allowStays(plan, 'egress')).toEqual(['203.0.113.9:443 was denied, has the same address, and is let through with it.', 'Only addresses that were seen are let through; a name that gets others is blocked again.']);
  });

  const UNTIL = '2026-11-26T09:00:00.000Z';
  test.each<readonly [string, Partial<Part>]>([
    ['for 24 hours', { until: UNTIL }],
    ['for good under another name', { what: 'api.example.com:443' }],
  ])('what passes only by what was opened %s gets a rule of its own', (_, part) => {
    const plan = planned([to('203.0.113.9')], openedFor(part));

    expect(plan.open).toMatchObject({ connections: [{ id: '203.0.113.9' }], blocked: [] });
    expect(allowStays(plan, 'egress')).toEqual(['203.0.113.9:443 passes now as long as what was opened for another request, and gets a rule of its own.']);
    const body = plan.open?.change.type === 'replace' ? plan.open.change.body : {};
    const left = withoutParts(compositionOf(body) ?? ISOLATED, ({ request }) => request === 'r33333');
    expect(left && composedSpec(left)).toEqual({ ...CLOSED, egress: [KEPT, RULE('203.0.113.9/32')] });
  });

  test('what was opened for good under the same name is not opened again', () => {
    expect(planned([to('203.0.113.9')], openedFor({}))).toEqual({ closed: [] });
  });

  test.each<readonly [string, (object: RawObject) => RawObject, RegExp]>([
    ['another bot has made', (object) => ({ ...object, metadata: { ...objectAt(object, 'metadata'), labels: { ...MANAGED_BY, [INSTALLATION_LABEL]: 'staging' } } }), /belongs to another bot \(k8ssec\.io\/installation: staging\)/],
    ['an older version has made', (object) => ({ ...object, metadata: { ...objectAt(object, 'metadata'), labels: MANAGED_BY, annotations: {} } }), /does not say what it is made of, because an older version/],
  ])('nothing is changed about a policy that %s, and it is told what blocks', (_, made, by) => {
    const plan = allowPlan({ place: PLACE, settings: connectionSettings({ cluster: CLUSTER }), found: [to('203.0.113.9')], denied: [], own: new Map([['network-policy', made(isolation(ISOLATED))]]) });

    expect(plan).toMatchObject({ closed: [{ connections: [{ id: '203.0.113.9' }], by: expect.stringMatching(by) as unknown }] });
    expect(plan.open).toBeUndefined();
  });
});
