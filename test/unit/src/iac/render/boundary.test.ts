import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { boundaryOf, breachIn } from '#src/iac/render/boundary.ts';
import { withFolder } from '#test/build/files.ts';

type Files = Readonly<Record<string, string>>;

const FILES: Files = { 'repo/shop/Chart.yaml': '', 'repo/shop/templates/a.yaml': '', 'repo/shared/b.yaml': '', 'other/secret.yaml': '' };

/** Of `repo/shop`, where `repo` is what is scanned. */
async function breach(links: Files, maxEntries?: number): Promise<string | undefined> {
  return withFolder(FILES, async (folder) => {
    for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
    return breachIn(join(folder, 'repo/shop'), await boundaryOf([join(folder, 'repo')]), maxEntries);
  });
}

describe('src/iac/render/boundary.ts', () => {
  test('lets links lead to what is scanned as well, in circles too, or nowhere', async () => {
    expect(await breach({ 'repo/shop/templates/shared': '../../shared', 'repo/shop/again': '.', 'repo/shop/lost': 'nowhere' })).toBeUndefined();
  });

  test.each([
    ['a file', { 'repo/shop/templates/x.yaml': '../../../other/secret.yaml' }, 'templates/x.yaml'],
    ['a hidden file', { 'repo/shop/.x': '/etc/hostname' }, '.x'],
    ['a folder', { 'repo/shop/files': '../../other' }, 'files'],
    ['a link to a link', { 'repo/shop/templates/shared': '../../shared', 'repo/shared/x': '/etc/hostname' }, 'templates/shared/x'],
  ])('names %s that leads out', async (_, links, name) => {
    expect(await breach(links)).toBe(`${name} is a link that leads out of the scanned folder and its git repository; scan the folder that holds both`);
  });

  test('gives up a folder of too many files', async () => {
    expect(await breach({}, 2)).toBe('its folder holds more than 2 files');
  });

  test.each([
    ['a folder', 'repo/.git/HEAD', ['repo/shop'], [true, true, false]],
    ['the file of a worktree', 'repo/.git', ['repo/shop/templates'], [true, true, false]],
    ['the scanned folder itself', 'repo/.git', ['repo'], [true, true, false]],
    ['that of a submodule', 'repo/shop/.git', ['repo/shop/templates'], [true, false, false]],
    ['a file that was given itself', 'repo/.git', ['repo/shared/b.yaml'], [true, true, false]],
    ['each of several folders', 'repo/.git', ['repo/shop', 'other'], [true, true, true]],
    ['none, for a folder that has one below it', 'repo/shop/templates/.git', ['repo/shop'], [true, false, false]],
  ])('takes the work tree of git that the scanned folder is in: %s', async (_, git, scanned, expected) => {
    await withFolder({ ...FILES, [git]: 'gitdir: elsewhere' }, async (folder) => {
      const { holds } = await boundaryOf(scanned.map((name) => join(folder, name)));

      expect(await Promise.all(['repo/shop/Chart.yaml', 'repo/shared/b.yaml', 'other/secret.yaml'].map((name) => holds(join(folder, name))))).toEqual(expected);
    });
  });

  test('takes the nearest of several repositories', async () => {
    await withFolder({ ...FILES, '.git/HEAD': '', 'repo/.git/HEAD': '' }, async (folder) => {
      const { holds } = await boundaryOf([join(folder, 'repo/shop')]);

      expect([await holds(join(folder, 'repo/shared')), await holds(join(folder, 'other'))]).toEqual([true, false]);
    });
  });

  test('takes the repository that a scanned link leads to, not that which it is in', async () => {
    await withFolder({ ...FILES, 'repo/.git': '', 'elsewhere/.git': '' }, async (folder) => {
      await symlink('../repo/shop', join(folder, 'elsewhere/link'));
      const { holds } = await boundaryOf([join(folder, 'elsewhere/link')]);

      expect([await holds(join(folder, 'repo/shared')), await holds(join(folder, 'elsewhere'))]).toEqual([true, false]);
    });
  });

  test('takes the folder of a file that was given itself', async () => {
    await withFolder(FILES, async (folder) => {
      const { holds } = await boundaryOf([join(folder, 'repo/shop/Chart.yaml'), join(folder, 'gone')]);

      expect([await holds(join(folder, 'repo/shop/templates/a.yaml')), await holds(join(folder, 'repo/shared')), await holds(join(folder, 'repo/shop/gone'))]).toEqual([true, false, undefined]);
    });
  });
});
