import { describe, expect, test } from '@jest/globals';
import { SourceFailed, type Person } from '#src/model/people.ts';
import { distinct, momentOf, wholeList } from '#src/people/sources/support/list.ts';

function person(id: string, more: Partial<Person> = {}): Person {
  return { id, name: id, emails: [`${id}@example.com`], logins: [id], kind: 'person', state: 'active', evidence: 'status: x', ...more };
}

describe('src/people/sources/support/list.ts', () => {
  test.each<[Person['state'], Person['state'], Person['state']]>([
    ['active', 'departed', 'active'],
    ['departed', 'active', 'active'],
    ['departed', 'suspended', 'suspended'],
    ['suspended', 'active', 'active'],
    ['suspended', 'departed', 'suspended'],
  ])('an account read as %s and as %s is %s', (first, second, state) => {
    const { people } = wholeList('Vendor', [person('a', { state: first }), person('b'), person('a', { state: second })], true);

    expect(people.map(({ id, state: read }) => [id, read])).toEqual([['a', state], ['b', 'active']]);
  });

  test('an address that somebody else has now is not that of who left', () => {
    const gone = person('old', { state: 'departed', emails: ['Sam@example.com', 'old@example.com'], logins: ['sam'] });
    const { people } = wholeList('Vendor', [gone, person('new', { emails: ['sam@example.com'], logins: ['SAM'] })], true);

    expect(people[0]).toMatchObject({ id: 'old', emails: ['old@example.com'], logins: [] });
    expect(people[1]).toMatchObject({ id: 'new', emails: ['sam@example.com'] });
  });

  test.each([[[]], [[person('a', { state: 'departed' })]]])('a list of nobody is a failure', (people) => {
    expect(() => wholeList('Vendor', people, true)).toThrow(new SourceFailed('empty', 'Vendor answered that there is nobody'));
  });

  test('names are cleaned of blanks, gaps and repeats', () => {
    expect(distinct([' A@b.c ', 'a@B.c', '', null, undefined, '  ', 'd'])).toEqual(['A@b.c', 'd']);
  });

  test.each([
    ['2026-11-23T09:00:00+01:00', '2026-11-23T08:00:00.000Z'],
    ['1970-01-01T00:00:00.000Z', undefined],
    ['0001-01-01T00:00:00Z', undefined],
    ['never', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('the moment of %s', (text, moment) => {
    expect(momentOf(text)).toBe(moment);
  });
});
