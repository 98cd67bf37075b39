import { describe, expect, test } from '@jest/globals';
import { groupProblem, readRangeList } from '#src/connections/range-list.ts';

/** As Amazon and Google publish them. */
const AMAZON = { syncToken: '1', prefixes: [{ ip_prefix: '198.51.100.0/25', region: 'eu-west-1', service: 'S3' }], ipv6_prefixes: [{ ipv6_prefix: '2001:db8:1::/48', region: 'eu-west-1', service: 'S3' }] };
const GOOGLE = { syncToken: '1', prefixes: [{ ipv4Prefix: '198.51.100.0/25', service: 'Google Cloud' }, { ipv6Prefix: '2001:db8:1::/48', service: 'Google Cloud' }] };

describe('src/connections/range-list.ts', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['lines', '203.0.113.0/24\n198.51.100.7\n2001:db8::/32', ['198.51.100.7/32', '203.0.113.0/24', '2001:db8::/32']],
    ['lines of Windows, with a last one', '203.0.113.0/24\r\n198.51.100.0/24\r\n', ['198.51.100.0/24', '203.0.113.0/24']],
    ['comments, blanks and empty lines', '# bank\n\n  203.0.113.0/24   # Frankfurt\n\t\n', ['203.0.113.0/24']],
    ['ranges that touch or repeat', '203.0.113.0/25\n203.0.113.128/25\n203.0.113.7', ['203.0.113.0/24']],
    ['IPv4 that is written as IPv6', '::ffff:203.0.113.0/120', ['203.0.113.0/24']],
    ['a list of JSON', '\n["203.0.113.0/24", "198.51.100.7"]', ['198.51.100.7/32', '203.0.113.0/24']],
    ['what Amazon publishes', JSON.stringify(AMAZON, null, 2), ['198.51.100.0/25', '2001:db8:1::/48']],
    ['what Google publishes', JSON.stringify(GOOGLE), ['198.51.100.0/25', '2001:db8:1::/48']],
  ])('reads %s', (_, content, ranges) => {
    expect(readRangeList(content)).toEqual({ ranges });
  });

  test.each<readonly [string, string, readonly string[]]>([
    ['nothing', '# only a comment\n', ['names no range; take the group away if it is not needed']],
    ['an empty list', '[]', ['names no range; take the group away if it is not needed']],
    ['a name', '203.0.113.0/24\n\napi.stripe.com\n300.1.1.1', ['line 3 is neither a CIDR nor an address, such as 203.0.113.0/24', 'line 4 is neither a CIDR nor an address, such as 203.0.113.0/24']],
    ['two in one line', '203.0.113.0/24 198.51.100.0/24', ['line 1 is neither a CIDR nor an address, such as 203.0.113.0/24']],
    ['a number in JSON', '["203.0.113.0/24", 7]', ['entry 2 is neither a CIDR nor an address, such as 203.0.113.0/24']],
    ['an entry of a provider without a range', JSON.stringify({ ...AMAZON, prefixes: [...AMAZON.prefixes, { region: 'eu-west-1' }] }), ['prefixes[1] is neither a CIDR nor an address, such as 203.0.113.0/24']],
    ['half a document', '{ "prefixes": [', ['begins like JSON and is none; write it anew']],
    ['another document', '{ "hooks": ["203.0.113.0/24"] }', ['is JSON of another shape than a list of texts, or `prefixes` as Amazon and Google publish them; write a list of the ranges that are needed']],
    ['everybody in two halves', '0.0.0.0/1\n128.0.0.0/1', ['covers every address, so that the group tells nobody apart; name what is meant']],
  ])('says what is wrong with %s', (_, content, problems) => {
    expect(readRangeList(content)).toEqual({ problems });
  });

  test('tells the first of many places that are wrong, and how many there are', () => {
    const list = readRangeList('x\n'.repeat(25));

    expect(list).toMatchObject({ problems: expect.arrayContaining(['line 10 is neither a CIDR nor an address, such as 203.0.113.0/24', 'and so it is in 15 more places']) as unknown });
    expect('problems' in list && list.problems).toHaveLength(11);
  });

  test('does not take more than anybody publishes', () => {
    expect(readRangeList('203.0.113.7\n'.repeat(100_001))).toEqual({ problems: ['has 100,001 ranges, and at most 100,000 are read; leave out those that are not needed'] });
  });

  test('ranges of the configuration itself may not be everybody either', () => {
    expect([groupProblem(['203.0.113.0/24']), groupProblem(['::/0'])]).toEqual([undefined, 'covers every address, so that the group tells nobody apart; name what is meant']);
  });
});
