import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locate, type Located } from '#src/node-files/locate.ts';
import { withFolder } from '#test/build/files.ts';
import { withoutRoot } from '#test/build/without-root.ts';

/** Of a node with these links, each with what it says. */
function located(path: string, links: Readonly<Record<string, string>> = {}): Promise<Located> {
  return withFolder({ 'outside/secret': '', 'node/etc/real/file': '', 'node/etc/other': '' }, async (folder) => {
    for (const [place, target] of Object.entries(links)) await symlink(target.replace('OUTSIDE', join(folder, 'outside')), join(folder, 'node', place));
    return locate(join(folder, 'node'), path);
  });
}

describe('src/node-files/locate.ts', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['a file', '/etc/real/file', {}, '/etc/real/file'],
    ['a folder', '/etc/real', {}, '/etc/real'],
    ['the root', '/', {}, '/'],
    ['a path with dots', '/etc/./real/../other', {}, '/etc/other'],
    ['a link beside it', '/etc/link', { 'etc/link': 'other' }, '/etc/other'],
    ['a link from the root of the node', '/etc/link', { 'etc/link': '/etc/real/file' }, '/etc/real/file'],
    ['a link on the way', '/etc/link/file', { 'etc/link': 'real' }, '/etc/real/file'],
    ['a link to a link', '/etc/a', { 'etc/a': './b', 'etc/b': '/etc/other' }, '/etc/other'],
    ['a link above the root, which stays at it', '/etc/link', { 'etc/link': '../../../../etc/other' }, '/etc/other'],
    ['a link to the root, and on from there', '/etc/link/etc/other', { 'etc/link': '/' }, '/etc/other'],
  ])('follows %s', async (_, path, links, real) => {
    expect(await located(path, links)).toMatchObject({ state: 'seen', real });
  });

  test.each([['/etc/none'], ['/etc/none/file'], ['/etc/other/below-a-file'], ['/etc/link/none'], ['/etc/link/../none']])('%s is absent', async (path) => {
    expect(await located(path, { 'etc/link': 'real' })).toEqual({ state: 'absent' });
  });

  test.each<[string, Record<string, string>, string]>([
    ['a link out of the node', { 'etc/link': 'OUTSIDE/secret' }, 'a link leads to what is not there, or not mounted'],
    ['a link up and out of the node', { 'etc/link': '../../outside/secret' }, 'a link leads to what is not there, or not mounted'],
    ['a link to itself', { 'etc/link': 'link' }, 'too many links on the way'],
    ['links in a round', { 'etc/link': '/etc/back', 'etc/back': 'link' }, 'too many links on the way'],
  ])('does not follow %s', async (_, links, reason) => {
    expect(await located('/etc/link', links)).toEqual({ state: 'unseen', reason });
  });

  test.each([[40, 'seen'], [41, 'unseen']])('%d links in a row: %s', async (count, state) => {
    const links = Object.fromEntries(Array.from({ length: count }, (_, index) => [`etc/${index}`, index === 0 ? 'other' : String(index - 1)]));

    expect(await located(`/etc/${count - 1}`, links)).toMatchObject({ state });
  });

  test('what is behind a closed folder is not taken for absent', async () => {
    await withFolder({}, async (root) => {
      await mkdir(join(root, 'etc'));
      await chmod(root, 0o755);
      await chmod(join(root, 'etc'), 0o600);

      expect(await withoutRoot(() => locate(root, '/etc/none'))).toEqual({ state: 'unseen', reason: 'no permission to look there' });
    });
  });
});
