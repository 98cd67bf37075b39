import { describe, expect, test } from '@jest/globals';
import { MANAGED_BY, REQUEST_LABEL, withContentHash } from '#src/actions/own-objects.ts';
import { allowPlan, allowStays, type AllowPlan } from '#src/enforcement/allow.ts';
import { ownAddress } from '#src/enforcement/own-policy.ts';
import type { Connection } from '#src/model/connection.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { connectionSettings } from '#test/build/connections.ts';
import { CLUSTER, seen, WORKLOAD } from '#test/build/enforcement.ts';

const PLACE = { cluster: CLUSTER, workload: WORKLOAD };
const KEPT = { to: [{ ipBlock: { cidr: '198.51.100.7/32' } }], ports: [{ protocol: 'TCP', port: 443 }] };
const CLOSED = { podSelector: { matchLabels: { app: 'checkout' } }, policyTypes: ['Egress'], egress: [KEPT] };
const OFFICE = new Map([['office', ['192.0.2.0/28', '192.0.2.64/28']]]);

function isolation(spec: RawObject): RawObject {
  const { apiVersion, kind, name, namespace } = ownAddress('network-policy', PLACE);
  return withContentHash({ apiVersion, kind, metadata: { name, namespace, labels: { ...MANAGED_BY, [REQUEST_LABEL]: 'r22222' } }, spec });
}

function planned(found: readonly Connection[], spec: RawObject = CLOSED, denied: readonly Connection[] = []): AllowPlan {
  return allowPlan({ place: PLACE, settings: connectionSettings({ cluster: CLUSTER, groups: OFFICE }), found, denied, own: new Map([['network-policy', isolation(spec)]]) });
}

function specOf({ open }: AllowPlan): RawObject | undefined {
  return open?.change.type === 'replace' ? objectAt(open.change.body, 'spec') : undefined;
}

const to = (address: string, given: Partial<Connection['key']> = {}) => seen(address, { key: { remote: { kind: 'address', address }, ...given } });

describe('src/enforcement/allow.ts', () => {
  test.each<readonly [string, Connection, RawObject]>([
    ['a host of IPv4', to('203.0.113.9'), { to: [{ ipBlock: { cidr: '203.0.113.9/32' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
    ['a host of IPv6', to('2001:db8::9'), { to: [{ ipBlock: { cidr: '2001:db8::9/128' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
    ['another port of what passes', to('198.51.100.7', { port: 8443 }), { to: [{ ipBlock: { cidr: '198.51.100.7/32' } }], ports: [{ protocol: 'TCP', port: 8443 }] }],
    ['another protocol of what passes', to('198.51.100.7', { protocol: 'udp' }), { to: [{ ipBlock: { cidr: '198.51.100.7/32' } }], ports: [{ protocol: 'UDP', port: 443 }] }],
    ['the addresses of a name that do not pass yet', seen('cdn', { addresses: ['198.51.100.7', '198.51.100.8'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } }), { to: [{ ipBlock: { cidr: '198.51.100.8/32' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
    ['a group of ranges', seen('office', { key: { remote: { kind: 'group', name: 'office' } } }), { to: [{ ipBlock: { cidr: '192.0.2.0/28' } }, { ipBlock: { cidr: '192.0.2.64/28' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
  ])('one rule is added for %s', (_, connection, rule) => {
    expect(specOf(planned([connection]))).toEqual({ ...CLOSED, egress: [KEPT, rule] });
  });

  test('what comes in is let in from its source', () => {
    const spec = { ...CLOSED, policyTypes: ['Egress', 'Ingress'], ingress: [] };
    const plan = planned([to('203.0.113.9', { direction: 'ingress', port: 8443 })], spec);

    expect(plan.open?.change.text).toBe('NetworkPolicy shop/checkout: 203.0.113.9 to port 8443 is let through');
    expect(specOf(plan)).toEqual({ ...spec, ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.9/32' } }], ports: [{ protocol: 'TCP', port: 8443 }] }] });
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
    const plan = planned([seen('cdn', { addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } })], CLOSED, denied);

    expect(plan.open?.besides).toEqual([denied[0]]);
    expect(allowStays(plan, 'egress')).toEqual(['203.0.113.9:443 was denied, has the same address, and is let through with it.', 'Only addresses that were seen are let through; a name that gets others is blocked again.']);
  });
});
