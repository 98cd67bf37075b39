import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findFiles, type FoundFiles } from '#src/iac/files.ts';
import { withFolder } from '#test/build/files.ts';

const isRoot = process.getuid?.() === 0;

/** Found files of a folder, by name below it. */
async function find(files: Readonly<Record<string, string>>, { paths = [''], prepare }: { paths?: readonly string[]; prepare?: (folder: string) => Promise<void> } = {}): Promise<FoundFiles> {
  return withFolder(files, async (folder) => {
    await prepare?.(folder);
    const found = await findFiles(paths.map((path) => join(folder, path)));
    const below = (name: string) => name.slice(folder.length + 1);
    return {
      files: found.files.map((file) => ({ ...file, name: below(file.name), path: below(file.path) })),
      unreadable: found.unreadable.map((entry) => ({ ...entry, name: below(entry.name) })),
      missing: found.missing.map(below),
      linksLeft: found.linksLeft.map(below),
    };
  });
}

function names({ files }: FoundFiles): readonly string[] {
  return files.map(({ name }) => name);
}

describe('src/iac/files.ts', () => {
  test('finds manifests and Terraform to the bottom of a folder, and nothing else', async () => {
    const found = await find({ 'a.yaml': '', 'b.YML': '', 'c.json': '', 'd/e/f.yaml': '', 'g.tf': '', 'h.tf.json': '', 'README.md': '', 'values.yaml.bak': '' });

    expect(found.files.map(({ name, format }) => [name, format])).toEqual([
      ['a.yaml', 'manifest'],
      ['b.YML', 'manifest'],
      ['c.json', 'manifest'],
      ['d/e/f.yaml', 'manifest'],
      ['g.tf', 'terraform'],
      ['h.tf.json', 'terraform'],
    ]);
  });

  test('visits files in byte order of their whole paths', async () => {
    const found = await find({ 'a/x.yaml': '', 'a-b/x.yaml': '', 'a.yaml': '', 'B.yaml': '', 'é.yaml': '', 'z.yaml': '' });

    expect(names(found)).toEqual(['B.yaml', 'a-b/x.yaml', 'a.yaml', 'a/x.yaml', 'z.yaml', 'é.yaml']);
  });

  test('skips hidden entries, unless they are given themselves', async () => {
    const files = { '.a.yaml': '', '.git/b.yaml': '', 'c.yaml': '' };

    expect(names(await find(files))).toEqual(['c.yaml']);
    expect(names(await find(files, { paths: ['.a.yaml', '.git'] }))).toEqual(['.a.yaml', '.git/b.yaml']);
  });

  test('a folder of pipelines that cannot be listed is unreadable, and one that is not there is none', async () => {
    const prepare = async (folder: string) => {
      await mkdir(join(folder, '.github'));
      await symlink('workflows', join(folder, '.github/workflows'));
    };

    expect((await find({ 'a.yaml': '' }, { prepare })).unreadable).toEqual([{ name: '.github/workflows', reason: 'this folder cannot be listed' }]);
    expect((await find({ 'a.yaml': '' })).unreadable).toEqual([]);
  });

  test('finds pipelines where code hosts run them, below a given folder', async () => {
    const files = { '.gitlab-ci.yml': '', '.github/workflows/a.yaml': '', '.github/workflows/old/b.yaml': '', '.github/workflows/c.txt': '', '.github/dependabot.yml': '', 'sub/.gitlab-ci.yml': '', 'd.yaml': '' };
    const pipelines = (found: FoundFiles) => found.files.filter(({ format }) => format === 'pipeline').map(({ name, pipeline }) => [name, pipeline]);

    expect(pipelines(await find(files))).toEqual([['.github/workflows/a.yaml', '.github/workflows/a.yaml'], ['.gitlab-ci.yml', '.gitlab-ci.yml']]);
    expect(pipelines(await find(files, { paths: ['sub'] }))).toEqual([['sub/.gitlab-ci.yml', '.gitlab-ci.yml']]);
    expect(pipelines(await find({ 'a.yaml': '' }, { prepare: (folder) => symlink(join(folder, 'a.yaml'), join(folder, '.gitlab-ci.yml')) }))).toEqual([]);
  });

  test('takes a file that is given itself for a manifest whatever its name', async () => {
    expect((await find({ 'pod.txt': '' }, { paths: ['pod.txt'] })).files).toMatchObject([{ name: 'pod.txt', format: 'manifest' }]);
  });

  test('has a file once, however often it is reached', async () => {
    expect(names(await find({ 'a/b.yaml': '' }, { paths: ['', 'a', 'a/b.yaml', 'a/../a'] }))).toEqual(['a/b.yaml']);
  });

  test('says which given paths are not there', async () => {
    expect(await find({}, { paths: ['none', ''] })).toMatchObject({ files: [], missing: ['none'] });
  });

  test('names files as given, below the working directory without a dot', async () => {
    await withFolder({ 'a/b.yaml': '' }, async (folder) => {
      const path = relative(process.cwd(), folder);

      expect((await findFiles([`./${path}//a/`])).files.map(({ name }) => name)).toEqual([`${path}/a/b.yaml`]);
    });
  });

  describe('links', () => {
    test('within the folder are followed, and a file keeps its own name', async () => {
      const prepare = async (folder: string) => {
        await symlink('z.yaml', join(folder, 'a.yaml'));
        await symlink('.hidden/b.yaml', join(folder, 'b.yaml'));
        await symlink('.hidden', join(folder, 'c'));
      };

      expect(names(await find({ 'z.yaml': '', '.hidden/b.yaml': '', '.hidden/d.yaml': '' }, { prepare }))).toEqual(['b.yaml', 'c/d.yaml', 'z.yaml']);
    });

    test('out of the folder are left and told about', async () => {
      const prepare = async (folder: string) => {
        await symlink('../out', join(folder, 'in/folder'));
        await symlink('../out/a.yaml', join(folder, 'in/a.yaml'));
        await symlink('../out/README.md', join(folder, 'in/README.md'));
      };

      const found = await find({ 'in/b.yaml': '', 'out/a.yaml': '', 'out/README.md': '' }, { paths: ['in'], prepare });

      expect(names(found)).toEqual(['in/b.yaml']);
      expect(found.linksLeft.toSorted()).toEqual(['in/a.yaml', 'in/folder']);
    });

    test('that lead in a circle end', async () => {
      const prepare = async (folder: string) => {
        await symlink('..', join(folder, 'a/up'));
        await symlink('self', join(folder, 'self'));
      };

      expect(names(await find({ 'a/b.yaml': '' }, { prepare }))).toEqual(['a/b.yaml']);
    });

    test('to nothing are unreadable', async () => {
      const found = await find({}, { prepare: (folder) => symlink('nothing', join(folder, 'a.yaml')) });

      expect(found.unreadable).toEqual([{ name: 'a.yaml', reason: 'a link that leads nowhere' }]);
    });

    test('that are given themselves are followed anywhere', async () => {
      const prepare = async (folder: string) => {
        await mkdir(join(folder, 'in'));
        await symlink('../out', join(folder, 'in/link'));
      };

      expect(names(await find({ 'out/a.yaml': '' }, { paths: ['in/link'], prepare }))).toEqual(['in/link/a.yaml']);
    });
  });

  (isRoot ? test.skip : test)('a folder that may not be listed is unreadable', async () => {
    const found = await find({ 'a.yaml': '', 'closed/b.yaml': '' }, { prepare: (folder) => chmod(join(folder, 'closed'), 0) });

    expect(names(found)).toEqual(['a.yaml']);
    expect(found.unreadable).toEqual([{ name: 'closed', reason: 'this folder cannot be listed' }]);
  });
});
