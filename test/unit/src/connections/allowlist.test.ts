import { describe, expect, test } from '@jest/globals';
import { allowedAddresses, allowedBy, decisionBy, placesFor, remoteProblem } from '#src/connections/allowlist.ts';
import type { AllowEntry, Remote } from '#src/model/connection.ts';
import { formatSet } from '#src/network/addresses.ts';
import { aConnection, CHECKOUT, connectionSettings } from '#test/build/connections.ts';

const NOW = new Date('2026-11-24T10:00:00.000Z');
const SETTINGS = connectionSettings({ groups: new Map([['office', ['198.51.100.0/24', '2001:db8:1::/48']]]) });
const BORNE = new Map([['app', 'checkout'], ['tier', 'front'], ['canary', '']]);
const ENTRY: AllowEntry = { id: 'r1', direction: 'egress', remote: 'api.stripe.com', owner: 'Ann', reason: 'payment provider' };

async function isAllowed(entry: Partial<AllowEntry>, remote: Remote = { kind: 'name', name: 'api.stripe.com' }, addresses: readonly string[] = []): Promise<boolean> {
  const connection = { ...aConnection({ key: { remote } }), addresses };
  return (await allowedBy(connection, [{ ...ENTRY, ...entry }], SETTINGS, NOW, () => Promise.resolve(BORNE))) !== undefined;
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
    ['labels that its pods bear', { labels: { tier: 'front', app: 'checkout' } }, true],
    ['a label without a value that its pods bear', { labels: { canary: '' } }, true],
    ['labels of which its pods bear one', { labels: { app: 'checkout', team: 'pay' } }, false],
    ['a label with another value', { labels: { app: 'cart' } }, false],
    ['a label that is also a name of every object', { labels: { constructor: '' } }, false],
    ['its labels in another namespace', { namespace: 'blog', labels: { app: 'checkout' } }, false],
    ['its port', { port: 443 }, true],
    ['another port', { port: 80 }, false],
    ['another cluster', { cluster: 'dev' }, false],
    ['the other direction', { direction: 'ingress' }, false],
    ['a time that has not ended', { until: '2026-11-24T10:00:00.001Z' }, true],
    ['a time that has ended', { until: '2026-11-24T10:00:00.000Z' }, false],
  ])('an entry for %s', async (_, entry, expected) => {
    expect(await isAllowed(entry)).toBe(expected);
  });

  test('what entries are for is told of those for the workload that have not ended, on whatever port', () => {
    const entry = (id: string, given: Partial<AllowEntry> = {}): AllowEntry => ({ ...ENTRY, id, ...given });
    const entries = [entry('name', { port: 8443 }), entry('under', { remote: '*.amazonaws.com' }), entry('range', { remote: '203.0.113.0/24' }), entry('group', { remote: 'office' }), entry('other', { namespace: 'shop', workload: 'cart' }), entry('in', { direction: 'ingress' }), entry('over', { until: '2026-11-24T10:00:00.000Z' }), entry('labelled', { remote: '192.0.2.1', labels: { tier: 'pay' } }), entry('otherwise labelled', { labels: { tier: 'web' } })];

    expect(placesFor({ ...CHECKOUT, labels: new Map([['tier', 'pay']]) }, entries, SETTINGS, NOW).map(({ entry: { id }, ranges, names }) => [id, ranges, names])).toEqual([
      ['name', [], ['api.stripe.com']],
      ['under', [], ['*.amazonaws.com']],
      ['range', ['203.0.113.0/24'], []],
      ['group', ['198.51.100.0/24', '2001:db8:1::/48'], []],
      ['labelled', ['192.0.2.1'], []],
    ]);
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
  ])('%s for the address %s', async (remote, address, expected) => {
    expect(await isAllowed({ remote }, { kind: 'address', address })).toBe(expected);
  });

  test.each<readonly [string, Partial<AllowEntry>, readonly string[]]>([
    ['a range', { remote: '203.0.113.0/24' }, ['203.0.113.0/24']],
    ['an address', { remote: '203.0.113.7' }, ['203.0.113.7/32']],
    ['a group of ranges', { remote: 'office' }, ['198.51.100.0/24', '2001:db8:1::/48']],
    ['a name, which has none', {}, []],
    ['labels that the pods bear', { remote: '203.0.113.7', labels: { app: 'checkout' } }, ['203.0.113.7/32']],
    ['labels that they do not bear', { remote: '203.0.113.7', labels: { app: 'cart' } }, []],
    ['another port', { remote: '203.0.113.7', port: 80 }, []],
    ['a time that has ended', { remote: '203.0.113.7', until: '2026-11-24T10:00:00.000Z' }, []],
  ])('the addresses of an entry for %s', (_, entry, expected) => {
    expect(formatSet(allowedAddresses({ ...CHECKOUT, labels: BORNE }, [{ ...ENTRY, ...entry }], SETTINGS, NOW))).toEqual(expected);
  });

  describe('labels', () => {
    const LABELLED: AllowEntry = { ...ENTRY, id: 'r2', labels: { app: 'checkout' } };
    const found = async (entries: readonly AllowEntry[], borne: ReadonlyMap<string, string> | undefined) => {
      const asked: string[] = [];
      const entry = await allowedBy(aConnection(), entries, SETTINGS, NOW, ({ name }) => Promise.resolve(borne).finally(() => asked.push(name)));
      return { id: entry?.id, asked };
    };

    test('that are not known are covered by no entry that is for labels', async () => {
      expect(await found([LABELLED], undefined)).toEqual({ id: undefined, asked: ['checkout'] });
    });

    test('are asked for only where they decide', async () => {
      expect(await found([LABELLED, ENTRY], BORNE)).toEqual({ id: 'r1', asked: [] });
      expect(await found([{ ...LABELLED, port: 80 }, { ...LABELLED, until: '2026-11-24T10:00:00.000Z' }, { ...LABELLED, remote: 'stripe.com' }], BORNE)).toEqual({ id: undefined, asked: [] });
      expect(await found([{ ...LABELLED, id: 'r0', labels: { app: 'cart' } }, LABELLED], BORNE)).toEqual({ id: 'r2', asked: ['checkout'] });
    });

    test('stand in the decision of whoever made the entry', () => {
      expect(decisionBy(LABELLED, NOW)).toEqual({ by: 'Ann', at: NOW.toISOString(), reason: 'payment provider', labels: { app: 'checkout' } });
      expect(decisionBy(ENTRY, NOW)).toEqual({ by: 'Ann', at: NOW.toISOString(), reason: 'payment provider' });
    });
  });

  test('a list as long as that of a provider is read once', async () => {
    const ranges = Array.from({ length: 10_000 }, (_, index) => `100.${Math.floor(index / 100)}.${2 * (index % 100)}.0/24`);
    const settings = connectionSettings({ groups: new Map([['cloud', ranges]]) });
    const asked = Array.from({ length: 2000 }, (_, index) => aConnection({ key: { remote: { kind: 'address', address: `100.7.${index % 200}.7` } } }));

    const allowed = (await Promise.all(asked.map((connection) => allowedBy(connection, [{ ...ENTRY, remote: 'cloud' }], settings, NOW, () => Promise.resolve(BORNE))))).filter((entry) => entry !== undefined);

    expect(allowed).toHaveLength(1000);
  });

  test('an entry for labels has no addresses where these are not known', () => {
    expect(allowedAddresses({ ...CHECKOUT, labels: undefined }, [{ ...ENTRY, remote: '203.0.113.7', labels: { app: 'checkout' } }], SETTINGS, NOW)).toEqual([]);
  });

  test('a name is covered by its name alone, wherever it leads', async () => {
    expect(await isAllowed({ remote: '203.0.113.0/24' }, { kind: 'name', name: 'cdn.example.com' }, ['203.0.113.7'])).toBe(false);
  });

  test.each(['api.stripe.com', '*.amazonaws.com', '203.0.113.0/24', '203.0.113.7', '2001:db8::/32', 'office', '_dmarc.example.com', 'xn--bcher-kva.example'])('takes %s', (text) => {
    expect(remoteProblem(text, SETTINGS.groups)).toBeUndefined();
  });

  test.each(['', '*', '*.com', 'a..b.com', 'https://api.stripe.com', 'api.stripe.com:443', '*.*.com', '-a.example.com', '203.0.113.0/33'])('does not take "%s"', (text) => {
    expect(remoteProblem(text, SETTINGS.groups)).toEqual(expect.any(String));
  });
});
