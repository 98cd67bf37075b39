import { describe, expect, test } from '@jest/globals';
import { ALL_ADDRESSES, cidrsOfSet, classOf, contains, formatSet, intersect, isEverybody, networkOf, parseRange, publicPart, subtract, union, type AddressClass, type AddressSet } from '#src/network/addresses.ts';

describe('src/network/addresses.ts', () => {
  test.each<[string, AddressClass | undefined]>([
    ['203.0.113.9', 'public'],
    ['8.8.8.8', 'public'],
    ['2001:db8::1', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['169.254.42.42', 'metadata'],
    ['10.0.0.0/8', undefined],
    ['k8s.corp.example', undefined],
    ['', undefined],
  ])('tells what %s is', (address, expected) => {
    expect(classOf(address)).toBe(expected);
  });

  test.each<[string, readonly string[] | undefined]>([
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['10.1.2.3/8', ['10.0.0.0/8']],
    ['10.1.2.3', ['10.1.2.3/32']],
    ['::ffff:10.0.0.0/104', ['10.0.0.0/8']],
    ['2001:db8::/32', ['2001:db8::/32']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['::/0', ['::/0']],
    ['10.0.0.0/33', undefined],
    ['10.0.0/8', undefined],
    ['010.0.0.1', undefined],
    ['10.0.0.0/8/8', undefined],
    ['10.0.0.0/', undefined],
    ['fe80::1%eth0', undefined],
    ['::ffff:10.0.0.0/8', undefined],
    ['internet', undefined],
  ])('reads %s', (text, expected) => {
    const range = parseRange(text);

    expect(range === undefined ? undefined : formatSet(range)).toEqual(expected);
  });

  test('joins what overlaps or touches, and keeps families apart', () => {
    expect(formatSet(union(['10.0.1.0/24', '10.0.0.0/24', '10.0.0.128/25', 'fd00::/8', '192.0.2.1'].map(setOf)))).toEqual(['10.0.0.0/23', '192.0.2.1/32', 'fd00::/8']);
  });

  test('takes holes out, and says what is no CIDR as a range', () => {
    expect(formatSet(subtract(setOf('10.0.0.0/8'), setOf('10.10.0.0/16')))).toEqual(['10.0.0.0-10.9.255.255', '10.11.0.0-10.255.255.255']);
    expect(subtract(setOf('10.0.0.0/8'), setOf('0.0.0.0/0'))).toEqual([]);
    expect(formatSet(subtract(setOf('10.0.0.0/8'), setOf('::/0')))).toEqual(['10.0.0.0/8']);
  });

  test.each<[readonly string[], readonly string[]]>([
    [['10.0.0.0/8'], ['10.0.0.0/8']],
    [['0.0.0.0/0', '::/0'], ['0.0.0.0/0', '::/0']],
    [['192.0.2.1', '192.0.2.2', '192.0.2.3'], ['192.0.2.1/32', '192.0.2.2/31']],
    [['255.255.255.255'], ['255.255.255.255/32']],
    [['2001:db8::/33', '2001:db8:8000::/33'], ['2001:db8::/32']],
    [[], []],
  ])('writes %j in the fewest CIDRs', (texts, cidrs) => {
    expect(cidrsOfSet(union(texts.map((text) => parseRange(text) ?? [])))).toEqual(cidrs);
  });

  test('writes what is left of everything without one host', () => {
    const left = subtract(ALL_ADDRESSES, parseRange('203.0.113.9') ?? []);

    expect(cidrsOfSet(left)).toHaveLength(33);
    expect(union(cidrsOfSet(left).map((cidr) => parseRange(cidr) ?? []))).toEqual(left);
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))('is right about each address of two sets (%i)', (seed) => {
    const [a, b] = [someSet(seed), someSet(seed + 1000)];
    const within = (set: AddressSet) => Array.from({ length: 64 }, (_, last) => contains(set, setOf(`10.0.0.${last}`)));
    const [inA, inB] = [within(a), within(b)];

    expect(within(subtract(a, b))).toEqual(inA.map((is, index) => is && inB[index] !== true));
    expect(within(intersect(a, b))).toEqual(inA.map((is, index) => is && inB[index] === true));
    expect(contains(a, b)).toBe(inB.every((is, index) => !is || inA[index] === true));
    expect(union([subtract(a, b), intersect(a, b)])).toEqual(a);
  });

  test('compares long lists without going through one for each range of the other', () => {
    const every = (offset: number) => Array.from({ length: 20_000 }, (_, index) => setOf(`10.${Math.floor(index / 128)}.${2 * (index % 128) + offset}.0/24`));
    const [even, odd] = [union(every(0)), union(every(1))];

    expect([even.length, intersect(even, odd).length, subtract(even, odd).length]).toEqual([20_000, 0, 20_000]);
    expect([contains(even, even), contains(even, odd)]).toEqual([true, false]);
  });

  test('finds what two sets share', () => {
    expect(formatSet(intersect(setOf('10.0.0.0/8'), union([setOf('10.1.0.0/16'), setOf('192.0.2.0/24')])))).toEqual(['10.1.0.0/16']);
    expect(contains(setOf('10.0.0.0/8'), setOf('10.255.0.0/16'))).toBe(true);
    expect(contains(setOf('10.0.0.0/8'), setOf('10.0.0.0/7'))).toBe(false);
  });

  test.each<[string, readonly string[], boolean]>([
    ['all of IPv4', ['0.0.0.0/0'], true],
    ['all of IPv6', ['::/0'], true],
    ['two halves', ['128.0.0.0/1', '0.0.0.0/1'], true],
    ['one half', ['0.0.0.0/1'], false],
    ['halves of two families', ['0.0.0.0/1', '8000::/1'], false],
    ['nothing', [], false],
  ])('knows whether everybody is in %s', (_, cidrs, expected) => {
    expect(isEverybody(union(cidrs.map(setOf)))).toBe(expected);
  });

  test.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['::ffff:cb00:7109', '203.0.113.0/24'],
    ['2001:db8:1:2::7', '2001:db8:1::/48'],
    ['203.0.113.0/24', undefined],
    ['proxy', undefined],
  ])('%s belongs to the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test('leaves private networks out of what is public', () => {
    expect(publicPart(setOf('192.168.0.0/16'))).toEqual([]);
    expect(formatSet(publicPart(setOf('192.168.0.0/15')))).toEqual(['192.169.0.0/16']);
    expect(publicPart(setOf('fc00::/7'))).toEqual([]);
  });
});

function setOf(text: string): AddressSet {
  const set = parseRange(text);
  if (set === undefined) throw new Error(`${text} is no range`);
  return set;
}

/** Some ranges of 10.0.0.0/26, always the same for a seed. */
function someSet(seed: number): AddressSet {
  let state = seed * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
  return union(Array.from({ length: next(8) }, () => setOf(`10.0.0.${next(64)}/${28 + next(5)}`)));
}
