import { describe, expect, test } from '@jest/globals';
import { specOf, stamped, withParts, type Composition } from '#src/actions/composition.ts';
import { closingParts, groundOf, type BlockForm } from '#src/enforcement/block-form.ts';
import { calicoForm, ciliumForm, deniedBy, type CalicoNeighbors } from '#src/enforcement/deny-rules.ts';
import { cidrsOf, type Entry } from '#src/enforcement/entry.ts';
import type { Target } from '#src/enforcement/target.ts';
import { parseCalicoSelector } from '#src/network/calico-selector.ts';
import { CLUSTER, WORKLOAD } from '#test/build/enforcement.ts';
import { INSTALLATION } from '#test/build/installation.ts';

const SELECTOR = { matchLabels: { app: 'checkout' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }, { key: 'old', operator: 'DoesNotExist' }, { key: 'zone', operator: 'NotIn', values: ['x'] }] };
const TARGET: Target = { cluster: CLUSTER, workload: WORKLOAD, installation: INSTALLATION, selector: SELECTOR, count: 2, others: [], pods: { ref: WORKLOAD, namespace: 'shop', labels: new Map([['app', 'checkout']]), hostNetwork: false, ports: [], replicas: 2 } };
const ONE: Entry = { direction: 'egress', cidrs: ['203.0.113.9/32'], protocol: 'TCP', port: 443 };
const TWO: Entry = { direction: 'egress', cidrs: ['198.51.100.7/32', '2001:db8::7/128'], protocol: 'UDP', port: 53 };
const INCOMING: Entry = { ...ONE, direction: 'ingress' };
const CLOSED: CalicoNeighbors = { orders: [], open: [] };

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

/** What an object is made of that denies these, one after the other, each for a request of its own. */
function denying(formFor: (direction: Entry['direction']) => BlockForm, ...entries: readonly Entry[]): Composition {
  const made = entries.reduce<Composition | undefined>((own, entry, index) => {
    const form = formFor(entry.direction);
    const ground = groundOf(form, own);
    return stamped(withParts(ground, closingParts(form, entry.direction, [{ what: `${index}`, entry }], ground)), `r${index}`, undefined);
  }, undefined);
  if (made === undefined) throw new Error('nothing is denied');
  return made;
}

const cilium = (direction: Entry['direction']) => ciliumForm(TARGET, direction);
const calico = (neighbors: CalicoNeighbors) => (direction: Entry['direction']) => calicoForm(TARGET, direction, neighbors);

describe('src/enforcement/deny-rules.ts', () => {
  test('denies with rules of Cilium of their own, and closes nothing else', () => {
    expect(specOf(denying(cilium, ONE, TWO, ONE))).toEqual({
      endpointSelector: SELECTOR,
      enableDefaultDeny: { egress: false, ingress: false },
      egressDeny: [
        { toCIDRSet: [{ cidr: '203.0.113.9/32' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
        { toCIDRSet: [{ cidr: '198.51.100.7/32' }, { cidr: '2001:db8::7/128' }], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }] },
      ],
    });
  });

  test('denies with rules of Calico, before what lets the rest through', () => {
    expect(specOf(denying(calico({ orders: [1000, 50], open: ['egress'] }), ONE, TWO, ONE))).toMatchObject({
      order: 49,
      types: ['Egress'],
      egress: [
        { action: 'Deny', protocol: 'TCP', destination: { nets: ['203.0.113.9/32'], ports: [443] } },
        { action: 'Deny', protocol: 'UDP', destination: { nets: ['198.51.100.7/32'], ports: [53] } },
        { action: 'Deny', protocol: 'UDP', destination: { nets: ['2001:db8::7/128'], ports: [53] } },
        { action: 'Pass' },
      ],
    });
  });

  test('lets the rest through in each direction that nothing else closes under Calico, whichever came first', () => {
    const spec = specOf(denying(calico({ orders: [], open: ['ingress'] }), ONE, INCOMING));

    expect(spec).toMatchObject({ types: ['Egress', 'Ingress'], egress: [{ action: 'Deny' }], ingress: [{ action: 'Deny' }, { action: 'Pass' }] });
  });

  test('chooses in the language of Calico the same pods', () => {
    const { selector } = specOf(denying(calico(CLOSED), ONE));
    const chooses = parseCalicoSelector(String(selector));

    expect(selector).toBe("app == 'checkout' && tier in {'a', 'b'} && !has(old) && zone not in {'x'}");
    expect(chooses?.(new Map([['app', 'checkout'], ['tier', 'b']]))).toBe(true);
    expect(chooses?.(new Map([['app', 'checkout'], ['tier', 'b'], ['zone', 'x']]))).toBe(false);
  });

  test('denies what comes in by the address it comes from', () => {
    expect(specOf(denying(cilium, INCOMING))).toMatchObject({ ingressDeny: [{ fromCIDRSet: [{ cidr: '203.0.113.9/32' }] }] });
    expect(specOf(denying(calico(CLOSED), INCOMING))).toMatchObject({ ingress: [{ source: { nets: ['203.0.113.9/32'] }, destination: { ports: [443] } }] });
  });

  test.each<[string, Composition]>([
    ['Cilium', denying(cilium, ONE, INCOMING)],
    ['Calico', denying(calico(CLOSED), ONE, INCOMING)],
  ])('reads what it wrote for %s', (_, made) => {
    expect(deniedBy(specOf(made))).toEqual([ONE, INCOMING]);
  });
});
