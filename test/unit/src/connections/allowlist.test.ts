import { describe, expect, test } from '@jest/globals';
import { allowedAddresses, allowedBy, remoteProblem } from '#src/connections/allowlist.ts';
import type { AllowEntry, Remote } from '#src/model/connection.ts';
import { formatSet } from '#src/network/addresses.ts';
import { aConnection, CHECKOUT, connectionSettings } from '#test/build/connections.ts';

const NOW = new Date('2026-11-24T10:00:00.000Z');
const SETTINGS = connectionSettings({ groups: new Map([['office', ['198.51.100.0/24', '2001:db8:1::/48']]]) });
const ENTRY: AllowEntry = { id: 'r1', direction: 'egress', remote: 'api.stripe.com', owner: 'Ann', reason: 'payment provider' };

function isAllowed(entry: Partial<AllowEntry>, remote: Remote = { kind: 'name', name: 'api.stripe.com' }, addresses: readonly string[] = []): boolean {
  const connection = { ...aConnection({ key: { remote } }), addresses };
  return allowedBy(connection, [{ ...ENTRY, ...entry }], SETTINGS, NOW) !== undefined;
}

describe('src/connections/allowlist', () => {
  test.each<readonly [what: string, entry: Partial<AllowEntry>, expected: boolean]>([
    ['its name', {}, true],
    ['another name', { remote: 'stripe.com' }, false],
    ['a name below a wildcard', { remote: '*.stripe.com' }, true],
    ['a wildcard of another domain that ends alike', { remote: '*.ripe.com' }, false],
    ['its namespace', { namespace: 'shop' }, true],
    ['another namespace', { namespace: 'blog' }, false],
    ['its workload', { namespace: 'shop', workload: 'checkout' }, true],
    ['another workload', { namespace: 'shop', workload: 'cart' }, false],
    ['its port', { port: 443 }, true],
    ['another port', { port: 80 }, false],
    ['another cluster', { cluster: 'dev' }, false],
    ['the other direction', { direction: 'ingress' }, false],
    ['a time that has not ended', { until: '2026-11-24T10:00:00.001Z' }, true],
    ['a time that has ended', { until: '2026-11-24T10:00:00.000Z' }, false],
  ])('an entry for %s', (_, entry, expected) => {
    expect(isAllowed(entry)).toBe(expected);
  });

  test.each<readonly [remote: string, address: string, expected: boolean]>([
    ['203.0.113.0/24', '203.0.113.7', true],
    ['203.0.113.0/24', '203.0.114.7', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['office', '198.51.100.9', true],
    ['office', '2001:db8:1::9', true],
    ['office', '2001:db8:2::9', false],
    ['*.stripe.com', '203.0.113.7', false],
  ])('%s for the address %s', (remote, address, expected) => {
    expect(isAllowed({ remote }, { kind: 'address', address })).toBe(expected);
  });

  test.each<readonly [string, Partial<AllowEntry>, readonly string[]]>([
    ['a range', { remote: '203.0.113.0/24' }, ['203.0.113.0/24']],
    ['an address', { remote: '203.0.113.7' }, ['203.0.113.7/32']],
    ['a group of ranges', { remote: 'office' }, ['198.51.100.0/24', '2001:db8:1::/48']],
    ['a name, which has none', {}, []],
    ['another port', { remote: '203.0.113.7', port: 80 }, []],
    ['a time that has ended', { remote: '203.0.113.7', until: '2026-11-24T10:00:00.000Z' }, []],
  ])('the addresses of an entry for %s', (_, entry, expected) => {
    expect(formatSet(allowedAddresses(CHECKOUT, [{ ...ENTRY, ...entry }], SETTINGS, NOW))).toEqual(expected);
  });

  test('a name is covered by its name alone, wherever it leads', () => {
    expect(isAllowed({ remote: '203.0.113.0/24' }, { kind: 'name', name: 'cdn.example.com' }, ['203.0.113.7'])).toBe(false);
  });

  test.each(['api.stripe.com', '*.amazonaws.com', '203.0.113.0/24', '203.0.113.7', '2001:db8::/32', 'office', '_dmarc.example.com', 'xn--bcher-kva.example'])('takes %s', (text) => {
    expect(remoteProblem(text, SETTINGS.groups)).toBeUndefined();
  });

  test.each(['', '*', '*.com', 'a..b.com', 'https://api.stripe.com', 'api.stripe.com:443', '*.*.com', '-a.example.com', '203.0.113.0/33'])('does not take "%s"', (text) => {
    expect(remoteProblem(text, SETTINGS.groups)).toEqual(expect.any(String));
  });
});
