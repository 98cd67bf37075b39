import { describe, expect, test } from '@jest/globals';
import { letsIn, rangesWith, rangesWithout, type Standing } from '#src/enforcement/source-ranges.ts';
import { parseRange, union, type AddressSet } from '#src/network/addresses.ts';

const OFFICE = '198.51.100.0/24';

function set(...texts: readonly string[]): AddressSet {
  return union(texts.map((text) => parseRange(text) ?? []));
}

function standing(ranges: readonly string[], families: Standing['families'] = [4, 6]): Standing {
  return { name: 'Service shop/web', ranges, families };
}

/** `internet` stands for everybody. */
function without(ranges: readonly string[], denied: readonly string[], kept: readonly string[] = [], families?: Standing['families']) {
  const everybody = denied.includes('internet');
  return rangesWithout(standing(ranges, families), { addresses: set(...denied.filter((text) => text !== 'internet')), everybody }, set(...kept));
}

interface Case {
  readonly ranges: readonly string[];
  readonly denied: readonly string[];
  readonly kept?: readonly string[];
  readonly families?: Standing['families'];
  readonly becomes: readonly string[];
}

/** Hosts of the documentation's networks, as many as are wanted, none beside another. */
function hosts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `192.0.2.${index * 2}`);
}

describe('src/enforcement/source-ranges.ts', () => {
  test.each<[string, Case]>([
    ['an open Service is limited to what is kept', { ranges: [], denied: ['203.0.113.9'], kept: [OFFICE, '192.0.2.4'], becomes: ['192.0.2.4/32', OFFICE] }],
    ['everybody is kept out but whoever is named', { ranges: [], denied: ['internet'], kept: [OFFICE], becomes: [OFFICE] }],
    ['a host of IPv6 is a /128', { ranges: [], denied: ['internet'], kept: ['2001:db8::7'], becomes: ['2001:db8::7/128'] }],
    ['IPv4 that is written as IPv6 is IPv4', { ranges: [], denied: ['::ffff:203.0.113.9'], kept: ['::ffff:192.0.2.4'], becomes: ['192.0.2.4/32'] }],
    ['a family that the Service lacks is left out', { ranges: [], denied: ['203.0.113.9'], kept: [OFFICE, '2001:db8::7'], families: [4], becomes: [OFFICE] }],
    ['neighbours are one range', { ranges: [], denied: ['203.0.113.9'], kept: ['192.0.2.4', '192.0.2.5'], becomes: ['192.0.2.4/31'] }],
    ['what is denied is left out of a range that is kept', { ranges: [], denied: ['198.51.100.1'], kept: ['198.51.100.0/30'], becomes: ['198.51.100.0/32', '198.51.100.2/31'] }],
    ['0.0.0.0/0 lets in everybody, and is put in order like an open Service', { ranges: ['0.0.0.0/0'], denied: ['203.0.113.9'], kept: [OFFICE, '2001:db8::7'], becomes: [OFFICE] }],
    ['so do its halves', { ranges: ['0.0.0.0/1', '128.0.0.0/1'], denied: ['internet'], kept: [OFFICE], becomes: [OFFICE] }],
    ['a family that is limited already stays as it is beside', { ranges: ['0.0.0.0/0', '2001:db8::/32'], denied: ['203.0.113.9'], kept: [OFFICE], becomes: ['2001:db8::/32', OFFICE] }],
    ['a range that is denied goes, and the others stay as they are written', { ranges: [' 10.0.0.0/8 ', '172.16.5.1/12', '203.0.113.9/32'], denied: ['203.0.113.9'], kept: [OFFICE], becomes: [' 10.0.0.0/8 ', '172.16.5.1/12'] }],
    ['a range is cut up where that gives few', { ranges: ['203.0.113.0/30', OFFICE], denied: ['203.0.113.1'], becomes: ['203.0.113.0/32', '203.0.113.2/31', OFFICE] }],
    ['a range with blanks is cut up as well', { ranges: [' 203.0.113.0/30 '], denied: ['203.0.113.1'], becomes: ['203.0.113.0/32', '203.0.113.2/31'] }],
    ['a /24 without one address is eight ranges, which is few', { ranges: ['203.0.113.0/24'], denied: ['203.0.113.0'], becomes: ['203.0.113.1/32', '203.0.113.2/31', '203.0.113.4/30', '203.0.113.8/29', '203.0.113.16/28', '203.0.113.32/27', '203.0.113.64/26', '203.0.113.128/25'] }],
    ['every range that it is in goes', { ranges: ['203.0.113.8/31', '203.0.113.9/32', OFFICE], denied: ['203.0.113.9'], becomes: ['203.0.113.8/32', OFFICE] }],
  ])('%s', (_, { ranges, denied, kept, families, becomes }) => {
    const limited = without(ranges, denied, kept, families);

    expect(limited).toMatchObject({ ranges: becomes });
    expect('ranges' in limited && denied.every((text) => text === 'internet' || !letsIn(limited, set(text)))).toBe(true);
  });

  test.each<[string, readonly string[], readonly string[], readonly string[], string]>([
    ['nobody would be left of an open Service', [], ['internet'], [], 'Nobody would be left in the source ranges of Service shop/web, and an empty list lets in everybody. Put on the allowlist first who is to come in.'],
    ['nobody would be left of a limited one', ['203.0.113.9/32'], ['203.0.113.0/24'], [OFFICE], 'Nobody would be left in the source ranges of Service shop/web, and an empty list lets in everybody. Put on the allowlist first who is to come in.'],
    ['a range would be cut into too many', ['10.0.0.0/8'], ['10.1.2.3'], [], '10.1.2.3/32 is in 10.0.0.0/8, which Service shop/web lets in as a whole. To leave it out would take 24 ranges in place of that one: write the ranges that are needed instead.'],
    ['what is kept would be cut into too many', [], ['10.1.2.3'], ['10.0.0.0/8'], '10.1.2.3/32 is in a range that Service shop/web is to let in, and to leave it out would take 24 ranges.'],
    ['all addresses are to be kept', [], ['203.0.113.9'], ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2', '::/0'], '203.0.113.9/32 is in a range that Service shop/web is to let in, and to leave it out would take 33 ranges.'],
    ['everybody is denied and everybody is to be kept', [], ['internet'], ['0.0.0.0/0'], 'What may come in by Service shop/web is every address, so that nobody would be kept out.'],
    ['there would be more ranges than load balancers take', [], ['203.0.113.9'], hosts(51), 'Service shop/web would have 51 source ranges, which are more than load balancers take. Allow wider ranges (/k8ssec allow … --ingress), or filter in the workload.'],
    ['a range with bits of a host would have to go', ['203.0.113.9/24', OFFICE], ['203.0.113.0/24'], [], '"203.0.113.9/24" among the source ranges of Service shop/web would have to go, and newer API servers would refuse it when that is undone. Write 203.0.113.0/24 there first.'],
    ['IPv4 written as IPv6 would have to go', ['::ffff:203.0.113.0/120', OFFICE], ['203.0.113.0/24'], [], 'Write 203.0.113.0/24 there first.'],
    ['somebody has written what is no CIDR', [OFFICE, 'office'], ['203.0.113.9'], [], '"office" among the source ranges of Service shop/web is no CIDR, so nobody knows whom it lets in. Put that right first.'],
    ['somebody has written an address alone', ['203.0.113.9'], ['203.0.113.9'], [], '"203.0.113.9" among the source ranges of Service shop/web is no CIDR, so nobody knows whom it lets in. Put that right first.'],
  ])('refuses when %s', (_, ranges, denied, kept, message) => {
    expect(() => without(ranges, denied, kept)).toThrow(message);
  });

  test.each<[string, readonly string[], readonly string[], Standing['families'], string]>([
    ['does not let it in', [OFFICE], ['203.0.113.9'], [4], 'Service shop/web does not let it in as it is: its source ranges are 198.51.100.0/24.'],
    ['does not let it in by a range that stands there twice', [OFFICE, OFFICE], ['203.0.113.9'], [4], 'Service shop/web does not let it in as it is: its source ranges are 198.51.100.0/24, 198.51.100.0/24.'],
    ['has no address of that family', [], ['2001:db8::7'], [4], 'Service shop/web has no address of IPv6, so nobody who is denied comes in by it.'],
    ['was limited by somebody who meant these ranges', [OFFICE], ['internet'], [4], 'Service shop/web is limited already by ranges that somebody has written, and nobody can tell which of them are denied. Take them out there: 198.51.100.0/24.'],
  ])('leaves a Service alone that %s', (_, ranges, denied, families, spared) => {
    expect(without(ranges, denied, [OFFICE], families)).toEqual({ spared });
  });

  test('says what is cut up, and whether everybody was let in', () => {
    expect(without(['203.0.113.0/30'], ['203.0.113.1'])).toMatchObject({ wasOpen: false, cuts: ['203.0.113.0/30 is cut up into 2 ranges without 203.0.113.1/32'] });
    expect(without([], ['203.0.113.1'], [OFFICE])).toMatchObject({ wasOpen: true, cuts: [] });
  });

  test.each<[string, readonly string[], readonly string[], readonly string[] | undefined]>([
    ['adds a source that is left out', [OFFICE], ['203.0.113.9'], [OFFICE, '203.0.113.9/32']],
    ['adds only what is missing of a range', ['198.51.100.0/25'], [OFFICE], ['198.51.100.0/25', '198.51.100.128/25']],
    ['leaves ranges as they are written', [' 10.0.0.0/8 '], ['::ffff:192.0.2.4'], [' 10.0.0.0/8 ', '192.0.2.4/32']],
    ['has nothing to add where it is let in', [' 10.9.9.9/8 '], ['10.1.2.3'], undefined],
    ['never limits a Service that is open', [], ['203.0.113.9'], undefined],
    ['never limits one that lets in everybody by a range', ['0.0.0.0/0'], ['203.0.113.9'], undefined],
    ['adds no family that the Service lacks', [OFFICE], ['2001:db8::7'], undefined],
  ])('%s', (_, ranges, wanted, becomes) => {
    expect(rangesWith(standing(ranges, [4]), set(...wanted))).toEqual(becomes && { ranges: becomes });
  });

  test('adds no more than load balancers take', () => {
    expect(rangesWith(standing(hosts(50).map((host) => `${host}/32`)), set('203.0.113.9'))).toEqual({ refused: expect.stringContaining('would have 51 source ranges') as unknown });
  });
});
