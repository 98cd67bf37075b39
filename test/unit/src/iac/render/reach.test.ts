import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { boundaryOf } from '#src/iac/render/boundary.ts';
import { reachOf } from '#src/iac/render/reach.ts';
import { withFolder } from '#test/build/files.ts';

type Files = Readonly<Record<string, string>>;

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, annotations: { home: "https://example.com" } }\n';

/** Of the kustomization in `repo/app`, where `repo` is what is scanned, or this folder is. */
async function reach(files: Files, links: Files = {}, scanned = 'repo'): Promise<string | undefined> {
  return withFolder(files, async (folder) => {
    for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
    return reachOf(join(folder, 'repo/app'), await boundaryOf([join(folder, scanned)]), new AbortController().signal);
  });
}

function app(kustomization: string): Files {
  return { 'repo/app/kustomization.yaml': kustomization };
}

describe('src/iac/render/reach.ts', () => {
  test('lets a kustomization be built that takes in what is in the scanned folder', async () => {
    const files = {
      ...app('resources: [../base, a.yaml, made.yaml]\ngenerators: [gen.yaml]\npatches: [{ path: patch.yaml }, { patch: "- { op: add, path: /x, value: https://example.com }" }]\ncommonAnnotations: { home: "https://example.com" }\nconfigMapGenerator: [{ name: a, literals: ["URL=https://example.com"] }]\nnamespace: default\n'),
      'repo/app/a.yaml': CONFIG_MAP,
      'repo/app/patch.yaml': CONFIG_MAP,
      'repo/app/gen.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: x }\nfiles: [a.yaml]\n',
      'repo/base/kustomization.yml': 'resources: [../app, part]',
      'repo/base/part/Kustomization': 'namePrefix: a-',
    };

    expect(await reach(files, { 'repo/base/linked': '../app' })).toBeUndefined();
  });

  test.each([
    ['a resource of this machine', 'resources: ["http://127.0.0.1:8080/x.yaml"]', 'http://127.0.0.1:8080/x.yaml'],
    ['the address for instances of a cloud', 'resources: ["http://169.254.169.254/latest/meta-data"]', 'http://169.254.169.254/latest/meta-data'],
    ['large letters', 'Resources: ["HTTP://localhost/x"]', 'HTTP://localhost/x'],
    ['an escaped text', String.raw`resources: ["\x68ttp://localhost/x"]`, 'http://localhost/x'],
    ['a file of a generator', 'configMapGenerator: [{ name: a, files: ["k=https://localhost/x"] }]', 'https://localhost/x'],
    ['a secret of a generator', 'secretGenerator: [{ name: a, envs: ["http://[::1]/x"] }]', 'http://[::1]/x'],
    ['a patch', 'patches: [{ path: "http://localhost/x" }]', 'http://localhost/x'],
    ['a schema', 'openapi: { path: "http://localhost/x" }', 'http://localhost/x'],
    ['a plugin within a text', 'generators:\n  - |-\n    apiVersion: builtin\n    kind: ConfigMapGenerator\n    metadata: { name: x }\n    files: ["\\x68ttp://localhost/x"]', 'http://localhost/x'],
    ['a repository by HTTPS, without its password and query', 'resources: ["https://me:hunter2@git.example/base?ref=v1"]', 'https://git.example/base'],
    ['a repository as git writes it', 'resources: ["git@git.example:acme/base"]', 'git.example:acme/base'],
    ['a repository without a scheme', 'components: ["github.com/acme/base//part?ref=v1"]', 'github.com/acme/base//part'],
  ])('refuses %s', async (_, kustomization, shown) => {
    expect(await reach(app(kustomization))).toBe(`it takes in ${shown}, and nothing is fetched`);
  });

  test.each(['components', 'reſources'])('follows what is taken in as %s, in hidden folders too', async (field) => {
    expect(await reach({ ...app(`${field}: [../.base]`), 'repo/.base/kustomization.yaml': 'resources: ["http://localhost/x"]' })).toBe('it takes in http://localhost/x, and nothing is fetched');
  });

  test.each([
    ['a file with settings of plugins', { 'repo/app/gen.yaml': 'kind: X\n---\nfiles: ["http://localhost/x"]\n' }, 'it takes in http://localhost/x, and nothing is fetched'],
    ['settings that cannot be read', { 'repo/app/gen.yaml': 'a: {' }, 'its plugins in gen.yaml cannot be read'],
    ['settings out of another kustomization', { 'repo/app/gen.yaml/kustomization.yaml': '' }, 'its plugins come from another kustomization, gen.yaml, which is not followed'],
  ])('refuses %s', async (_, files, reason) => {
    expect(await reach({ ...app('transformers: [gen.yaml]'), ...files })).toBe(reason);
  });

  test.each([
    ['a base', 'resources: [../../other]', {}, '../../other'],
    ['a base behind a link', 'resources: [../linked]', { 'repo/linked': '../other' }, '../linked'],
    ['a file behind a link', 'resources: [x.yaml]', { 'repo/app/x.yaml': '../../other/kustomization.yaml' }, 'x.yaml'],
    ['a file of a generator', 'configMapGenerator: [{ name: a, files: ["k=/etc/hostname"] }]', {}, '/etc/hostname'],
    ['a kustomization that is itself a link', 'resources: [../base]', { 'repo/base/kustomization.yaml': '../../other/kustomization.yaml' }, 'kustomization.yaml'],
  ])('refuses %s outside of the scanned folder', async (_, kustomization, links, name) => {
    expect(await reach({ ...app(kustomization), 'other/kustomization.yaml': 'namePrefix: a-', 'repo/base/a.yaml': CONFIG_MAP }, links)).toBe(`it takes in ${name}, which leads out of the scanned folder and its git repository; scan the folder that holds both`);
  });

  test.each([
    ['lets a base be beside the scanned overlay in one repository', { 'repo/.git/HEAD': '' }, '../base', undefined],
    ['refuses a base outside of the repository', { 'repo/.git/HEAD': '' }, '../../other', '../../other'],
    ['refuses a base beside the scanned overlay where there is no repository', {}, '../base', '../base'],
  ])('%s', async (_, git, base, refused) => {
    const files = { ...app(`resources: [${base}]`), ...git, 'repo/base/kustomization.yaml': 'resources: [a.yaml]', 'repo/base/a.yaml': CONFIG_MAP, 'other/kustomization.yaml': 'namePrefix: a-' };

    expect(await reach(files, {}, 'repo/app')).toBe(refused === undefined ? undefined : `it takes in ${refused}, which leads out of the scanned folder and its git repository; scan the folder that holds both`);
  });

  test.each(['a: {', 'a: 1\n---\nresources: []', '- a'])('refuses a base whose kustomization kustomize may read otherwise: %j', async (text) => {
    expect(await reach({ ...app('resources: [../base]'), 'repo/base/kustomization.yaml': text })).toBe('kustomization.yaml of base is not the one document that kustomize takes');
  });
});
