import { describe, expect, test } from '@jest/globals';
import { calicoDenying, ciliumDenying, deniedBy } from '#src/enforcement/deny-rules.ts';
import { cidrsOf, type Entry } from '#src/enforcement/entry.ts';
import type { Target } from '#src/enforcement/target.ts';
import type { RawObject } from '#src/model/raw.ts';
import { parseCalicoSelector } from '#src/network/calico-selector.ts';
import { CLUSTER, WORKLOAD } from '#test/build/enforcement.ts';

const SELECTOR = { matchLabels: { app: 'checkout' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }, { key: 'old', operator: 'DoesNotExist' }, { key: 'zone', operator: 'NotIn', values: ['x'] }] };
const TARGET: Target = { cluster: CLUSTER, workload: WORKLOAD, selector: SELECTOR, count: 2, others: [], pods: { ref: WORKLOAD, namespace: 'shop', labels: new Map([['app', 'checkout']]), hostNetwork: false, ports: [], replicas: 2 } };
const ONE: Entry = { direction: 'egress', cidrs: ['203.0.113.9/32'], protocol: 'TCP', port: 443 };
const TWO: Entry = { direction: 'egress', cidrs: ['198.51.100.7/32', '2001:db8::7/128'], protocol: 'UDP', port: 53 };
const INCOMING: Entry = { ...ONE, direction: 'ingress' };
const CLOSED = { orders: [], open: [] };

describe('src/enforcement/entry.ts', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a host of IPv4 is a /32', ['203.0.113.9'], ['203.0.113.9/32']],
    ['a host of IPv6 is a /128', ['2001:db8::9'], ['2001:db8::9/128']],
    ['IPv4 written as IPv6 is IPv4', ['::ffff:203.0.113.9'], ['203.0.113.9/32']],
    ['a range stays one', ['10.0.0.0/8'], ['10.0.0.0/8']],
    ['each stands once and in order', ['2001:db8::9', '203.0.113.9', '192.0.2.1', '203.0.113.9'], ['192.0.2.1/32', '203.0.113.9/32', '2001:db8::9/128']],
    ['what is no address is left out', ['example.com'], []],
  ])('%s', (_, texts, cidrs) => {
    expect(cidrsOf(texts)).toEqual(cidrs);
  });
});

describe('src/enforcement/deny-rules.ts', () => {
  test.each<[string, RawObject]>([
    ['no list of denials', { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }],
    ['an empty list', { endpointSelector: {}, egressDeny: [], egress: [{ toEntities: ['cluster'] }] }],
    ['two denials', ciliumDenying(undefined, [TWO, INCOMING], TARGET)],
  ])('adds a denial to a policy of Cilium with %s once, and keeps every other field', (_, spec) => {
    const once = ciliumDenying(spec, [ONE], TARGET);

    const { egressDeny, ...others } = once;
    const { egressDeny: before = [], ...same } = spec;
    expect(others).toEqual(same);
    expect(egressDeny).toEqual([...(before as readonly unknown[]), { toCIDRSet: [{ cidr: '203.0.113.9/32' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }]);
    expect(ciliumDenying(once, [ONE], TARGET)).toEqual(once);
  });

  test('adds a denial to a policy of Calico once, before what lets the rest through, and keeps every rule', () => {
    const first = calicoDenying(undefined, [ONE], TARGET, { orders: [1000, 50], open: ['egress'] });
    const second = calicoDenying(first, [TWO], TARGET, CLOSED);

    expect(first).toMatchObject({ order: 49, types: ['Egress'] });
    expect(second).toEqual({
      ...first,
      egress: [
        { action: 'Deny', protocol: 'TCP', destination: { nets: ['203.0.113.9/32'], ports: [443] } },
        { action: 'Deny', protocol: 'UDP', destination: { nets: ['198.51.100.7/32'], ports: [53] } },
        { action: 'Deny', protocol: 'UDP', destination: { nets: ['2001:db8::7/128'], ports: [53] } },
        { action: 'Pass' },
      ],
    });
    expect(calicoDenying(second, [ONE, TWO], TARGET, CLOSED)).toEqual(second);
  });

  test('lets nothing through that another policy of Calico or Kubernetes closes', () => {
    expect(calicoDenying(undefined, [ONE], TARGET, CLOSED)).toMatchObject({ egress: [{ action: 'Deny' }] });
    expect(JSON.stringify(calicoDenying(undefined, [ONE], TARGET, CLOSED))).not.toContain('Pass');
  });

  test('chooses in the language of Calico the same pods', () => {
    const { selector } = calicoDenying(undefined, [ONE], TARGET, CLOSED);
    const chooses = parseCalicoSelector(String(selector));

    expect(selector).toBe("app == 'checkout' && tier in {'a', 'b'} && !has(old) && zone not in {'x'}");
    expect(chooses?.(new Map([['app', 'checkout'], ['tier', 'b']]))).toBe(true);
    expect(chooses?.(new Map([['app', 'checkout'], ['tier', 'b'], ['zone', 'x']]))).toBe(false);
  });

  test('denies what comes in by the address it comes from', () => {
    expect(ciliumDenying(undefined, [INCOMING], TARGET)).toMatchObject({ ingressDeny: [{ fromCIDRSet: [{ cidr: '203.0.113.9/32' }] }] });
    expect(calicoDenying(undefined, [INCOMING], TARGET, CLOSED)).toMatchObject({ ingress: [{ source: { nets: ['203.0.113.9/32'] }, destination: { ports: [443] } }] });
  });

  test.each<[string, RawObject]>([
    ['Cilium', ciliumDenying(undefined, [ONE, INCOMING], TARGET)],
    ['Calico', calicoDenying(undefined, [ONE, INCOMING], TARGET, CLOSED)],
  ])('reads what it wrote for %s', (_, spec) => {
    expect(deniedBy(spec)).toEqual([ONE, INCOMING]);
  });
});
