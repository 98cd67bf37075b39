import { describe, expect, test } from '@jest/globals';
import { nextLink } from '#src/people/sources/support/link.ts';

describe('src/people/sources/support/link.ts', () => {
  test.each<[string, string | undefined]>([
    ['<https://a.example/users?after=1>; rel="next"', 'https://a.example/users?after=1'],
    ['<https://a.example/1>; rel="self", <https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['<https://a.example/?a=1,2;3>; rel="next", <https://a.example/9>; rel="last"', 'https://a.example/?a=1,2;3'],
    ['<https://a.example/2>; title="a, b; rel=\\"next"; rel=next', undefined],
    ['<https://a.example/2>; rel=next', 'https://a.example/2'],
    ['<https://a.example/2>;REL="prev Next"', 'https://a.example/2'],
    ['<https://a.example/1>; rel="prev"', undefined],
    ['<https://a.example/1>; rel="nextish"', undefined],
    ['<https://a.example/1>', undefined],
    ['nonsense', undefined],
    ['', undefined],
  ])('in %s', (link, next) => {
    expect(nextLink({ headers: new Headers({ link }) })).toBe(next);
  });

  test('without the header there is no next page', () => {
    expect(nextLink({ headers: new Headers() })).toBeUndefined();
  });
});
