import { describe, expect, test } from '@jest/globals';
import { lineUrl, parseTarget, targetText, type RepositoryTarget } from '#src/model/repositories.ts';

describe('src/model/repositories.ts', () => {
  test.each<[string, RepositoryTarget]>([
    ['acme/platform', { repository: 'acme/platform' }],
    ['acme/platform@v1.2', { repository: 'acme/platform', ref: 'v1.2' }],
    ['acme/platform@feature/a:deploy/prod', { repository: 'acme/platform', ref: 'feature/a', path: 'deploy/prod' }],
    ['acme/group/platform:a b/c.yaml', { repository: 'acme/group/platform', path: 'a b/c.yaml' }],
    ['acme/.github', { repository: 'acme/.github' }],
  ])('reads %s and writes it again', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
    expect(targetText(target)).toBe(text);
  });

  test('a slash at the end of a folder changes nothing', () => {
    expect(parseTarget('acme/platform:deploy/')).toEqual({ repository: 'acme/platform', path: 'deploy' });
  });

  test.each(['platform', '../platform', 'acme/../platform', 'acme//platform', 'https://github.com/acme/platform', 'acme/platform/', 'acme/plat form', ''])('%j names no repository', (text) => {
    expect(parseTarget(text)).toMatch(/names no repository/);
  });

  test.each(['', '../main', '-main', 'a b', 'a..b', '/main', 'main?x'])('%j is no ref', (ref) => {
    expect(parseTarget(`acme/platform@${ref}`)).toMatch(/is no branch, tag or commit/);
  });

  test.each(['', '/etc', '../a', 'a/../b', 'a//b', 'a\\b', 'a\nb'])('%j is no path', (path) => {
    expect(parseTarget(`acme/platform:${path}`)).toMatch(/is no path below the root/);
  });

  test.each([
    ['github', 'https://api.github.com', 'https://github.com/acme/p/blob/c0ffee/a%20b/%5Bx%5D.yaml#L7'],
    ['github', 'https://git.acme.example/api/v3', 'https://git.acme.example/acme/p/blob/c0ffee/a%20b/%5Bx%5D.yaml#L7'],
    ['gitlab', 'https://gitlab.com', 'https://gitlab.com/acme/p/-/blob/c0ffee/a%20b/%5Bx%5D.yaml#L7'],
  ] as const)('links to a line on %s at %s', (host, url, expected) => {
    expect(lineUrl({ name: 'acme/p', host, url }, 'c0ffee', { file: 'a b/[x].yaml', line: 7 })).toBe(expected);
  });
});
