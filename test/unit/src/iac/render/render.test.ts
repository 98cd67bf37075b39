import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findFiles } from '#src/iac/files.ts';
import { renderFiles } from '#src/iac/render/render.ts';
import { findTool } from '#src/iac/render/tool.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { withFolder } from '#test/build/files.ts';
import { printing, writeProgram } from '#test/build/programs.ts';

interface Outcome {
  /** Names of objects by the file whose place they take. */
  readonly objects: Readonly<Record<string, readonly unknown[]>>;
  readonly unread: readonly unknown[];
}

const CHART = 'apiVersion: v2\nname: web-shop\nversion: 1.0.0\n';

function pod(name: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;
}

/** Renders these files with these programs of the shell. */
async function rendered(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>>): Promise<Outcome> {
  return withFolder({}, async (bin) => {
    for (const [name, script] of Object.entries(programs)) await writeProgram(bin, name, script);
    return renderedWith(files, bin);
  });
}

async function renderedWith(files: Readonly<Record<string, string>>, searchPath: string, links: Readonly<Record<string, string>> = {}, scanned = ''): Promise<Outcome> {
  return withFolder(files, async (folder) => {
    for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
    const paths = [join(folder, scanned)];
    const found = await findFiles(paths);
    const { contents, unread } = await renderFiles(found.files, { paths, searchPath, version: NEWEST_KNOWN, signal: new AbortController().signal });
    const below = (name: string) => name.slice(folder.length + 1);
    return {
      objects: Object.fromEntries([...contents].map(([name, { objects }]) => [below(name), objects.map(({ object }) => (object.metadata as { name: string }).name)])),
      unread: unread.map(({ name, reason }) => `${below(name)}: ${reason}`),
    };
  });
}

function fails(complaint: string): string {
  return `${printing(complaint)} >&2; exit 1`;
}

const helm = await findTool(['helm'], process.env.PATH);
const kubectl = await findTool(['kubectl'], process.env.PATH);
/** Where a program is missing its tests are skipped, which the report shows. */
const testWithHelm = helm === undefined ? test.skip : test;
const testWithKubectl = kubectl === undefined ? test.skip : test;

describe('src/iac/render/render.ts', () => {
  test('puts what a chart makes in the place of the templates that make it', async () => {
    const output = `---\n# Source: web-shop/templates/a.yaml\n${pod('one')}---\n# Source: web-shop/charts/db/templates/b.yaml\n${pod('two')}---\n# Source: web-shop/templates/a.yaml\n${pod('three')}`;

    const { objects, unread } = await rendered(
      { 'shop/Chart.yaml': CHART, 'shop/templates/a.yaml': '{{ if .Values.a }}', 'shop/templates/off.yaml': '{{ if .Values.off }}', 'shop/crds/c.yaml': pod('c'), 'shop/charts/db/Chart.yaml': CHART, 'shop/charts/db/templates/b.yaml': '{{ x }}', 'templates/other.yaml': pod('other') },
      { helm: printing(output) },
    );

    expect(objects).toEqual({ 'shop/templates/a.yaml': ['one', 'three'], 'shop/charts/db/templates/b.yaml': ['two'], 'shop/templates/off.yaml': [] });
    expect(unread).toEqual([]);
  });

  test('renders each chart once, without those that belong to another', async () => {
    const script = 'echo "---"; echo "# Source: x/templates/a.yaml"; echo "{apiVersion: v1, kind: Pod, metadata: {name: p}}"';

    const { objects } = await rendered({ 'charts/a/Chart.yaml': CHART, 'charts/a/charts/sub/Chart.yaml': CHART, 'charts/a/charts/sub/charts/deep/Chart.yaml': CHART, 'charts/b/Chart.yaml': CHART }, { helm: script });

    expect(Object.keys(objects)).toEqual(['charts/a/Chart.yaml', 'charts/b/Chart.yaml']);
  });

  test('asks helm for the version that is judged', async () => {
    const { objects } = await rendered({ 'Chart.yaml': CHART }, { helm: 'echo "---"; echo "# Source: x/templates/a.yaml"; echo "{apiVersion: v1, kind: Pod, metadata: {name: $1$3=$4}}"' });

    expect(objects).toEqual({ 'Chart.yaml': [`template--kube-version=v1.${NEWEST_KNOWN.minor}`] });
  });

  test.each([
    ['dependencies that are not there', 'Error: An error occurred. found in Chart.yaml, but missing in charts/ directory: secret-db', 'charts that it depends on are not in its folder; helm dependency build puts them there'],
    ['a library', 'Error: library charts are not installable', 'a library chart makes nothing by itself'],
    ['a template that fails', 'Error: execution error at (web-shop/charts/db/templates/x.yaml:12:3): password hunter2 is weak', 'helm template fails in charts/db/templates/x.yaml, line 12'],
    ['a result that is no YAML', 'Error: YAML parse error on web-shop/templates/x.yaml: hunter2', 'helm template fails in templates/x.yaml'],
    ['anything else', 'Error: hunter2', 'helm template fails'],
  ])('leaves a chart as it is written for %s', async (_, complaint, reason) => {
    const { objects, unread } = await rendered({ 'shop/Chart.yaml': CHART, 'shop/templates/a.yaml': '{{ x }}' }, { helm: fails(complaint) });

    expect(objects).toEqual({});
    expect(unread).toEqual([`shop/Chart.yaml: the chart is not rendered: ${reason}`]);
  });

  test('says which programs are missing', async () => {
    const { objects, unread } = await rendered({ 'shop/Chart.yaml': CHART, 'app/kustomization.yaml': 'resources: [a.yaml]', 'app/a.yaml': pod('a') }, {});

    expect(objects).toEqual({});
    expect(unread).toEqual(['shop/Chart.yaml: the chart is not rendered: there is no helm on the PATH', 'app/kustomization.yaml: the kustomization is not built: there is neither kustomize nor kubectl on the PATH']);
  });

  test('puts what an overlay makes in the place of what it takes in', async () => {
    const { objects, unread } = await rendered(
      {
        'base/kustomization.yml': 'kind: Kustomization\nresources:\n  - a.yaml\n  - crd/\n',
        'base/a.yaml': pod('a'),
        'base/crd/Kustomization': 'resources: [c.yaml]',
        'base/crd/c.yaml': pod('c'),
        'base/not-taken.yaml': pod('left'),
        'prod/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: patch.yaml\n  - patch: "- op: remove"\n',
        'prod/patch.yaml': pod('a'),
      },
      { kubectl: `echo "{apiVersion: v1, kind: Pod, metadata: {name: $1-\${2##*/}}}"` },
    );

    expect(objects).toEqual({ 'base/kustomization.yml': [], 'base/a.yaml': [], 'base/crd/Kustomization': [], 'base/crd/c.yaml': [], 'prod/patch.yaml': [], 'prod/kustomization.yaml': ['kustomize-prod'] });
    expect(unread).toEqual([]);
  });

  test('prefers kustomize, builds every overlay of a base, and no component', async () => {
    const files = { 'base/kustomization.yaml': 'resources: []', 'dev/kustomization.yaml': 'resources: [../base]', 'prod/kustomization.yaml': 'bases: [../base/]', 'part/kustomization.yaml': 'kind: Component' };

    const { objects } = await rendered(files, { kustomize: 'echo "{apiVersion: v1, kind: Pod, metadata: {name: $1-${2##*/}}}"', kubectl: 'exit 1' });

    expect(objects).toEqual({ 'base/kustomization.yaml': [], 'dev/kustomization.yaml': ['build-dev'], 'prod/kustomization.yaml': ['build-prod'] });
  });

  test('takes what Flux calls a kustomization for none', async () => {
    const { objects, unread } = await rendered({ 'kustomization.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n' }, { kustomize: 'exit 1' });

    expect({ objects, unread }).toEqual({ objects: {}, unread: [] });
  });

  test('ends with kustomizations that take each other in', async () => {
    const { objects } = await rendered({ 'top/kustomization.yaml': 'resources: [../a]', 'a/kustomization.yaml': 'resources: [../b]', 'b/kustomization.yaml': 'resources: [../a]' }, { kustomize: 'echo ""' });

    expect(objects).toEqual({ 'a/kustomization.yaml': [], 'b/kustomization.yaml': [], 'top/kustomization.yaml': [] });
  });

  test.each([
    ['a base on the network', "Get 'https://git.example/base': connection refused", 'it takes in something from the network, which is not fetched'],
    ['a file from elsewhere', "security; file '/srv/shop/x.yaml' is not in or below '/srv/shop/app'", 'it takes in the file ../x.yaml from outside its folder, which kustomize does not allow'],
    ['a chart', 'trouble configuring: must specify --enable-helm', 'it renders charts of Helm, which is not done here'],
    ['anything else', 'hunter2', 'kustomize fails; kustomize build shows why'],
  ])('leaves the files of an overlay as they are written for %s', async (_, complaint, reason) => {
    const { objects, unread } = await rendered({ 'kustomization.yaml': 'resources: [a.yaml]', 'a.yaml': pod('a') }, { kustomize: fails(complaint) });

    expect(objects).toEqual({});
    expect(unread).toEqual([`kustomization.yaml: the kustomization is not built: ${reason}`]);
  });

  test('takes no name of a template that leads out of the chart', async () => {
    const { objects } = await rendered({ 'shop/Chart.yaml': CHART, 'a.yaml': pod('a') }, { helm: printing(`---\n# Source: web-shop/templates/../../a.yaml\n${pod('one')}`) });

    expect(objects).toEqual({ 'shop/Chart.yaml': ['one'] });
  });

  test('starts no program for what leads out of the folder', async () => {
    await withFolder({}, async (bin) => {
      for (const name of ['helm', 'kustomize']) await writeProgram(bin, name, `echo ran > ${bin}/ran`);

      const { unread } = await renderedWith({ 'shop/Chart.yaml': CHART, 'app/kustomization.yaml': 'resources: [a]' }, bin, { 'shop/x': '/etc/hostname', 'app/a': '/etc' });

      expect(unread).toEqual(['shop/Chart.yaml: the chart is not rendered: x is a link that leads out of the scanned folder and its git repository; scan the folder that holds both', 'app/kustomization.yaml: the kustomization is not built: it takes in a, which leads out of the scanned folder and its git repository; scan the folder that holds both']);
      expect(await findFiles([`${bin}/ran`])).toMatchObject({ missing: [`${bin}/ran`] });
    });
  });

  testWithHelm('has the real helm look up no name', async () => {
    const template = pod('"a{{ getHostByName "localhost" }}"');

    expect(await renderedWith({ 'Chart.yaml': CHART, 'templates/a.yaml': template }, dirname(helm?.path ?? ''))).toEqual({ objects: { 'templates/a.yaml': ['a'] }, unread: [] });
  });

  testWithHelm('renders a chart with the real helm, and one in it, with values of their own', async () => {
    const template = `{{- range .Values.names }}\n---\n${pod('"{{ $.Chart.Name }}-{{ . }}"')}{{- end }}\n`;
    const files = {
      'shop/Chart.yaml': CHART,
      'shop/values.yaml': 'names: [a, b]',
      'shop/templates/pods.yaml': template,
      'shop/templates/off.yaml': '{{ if .Values.off }}{{ end }}',
      'shop/charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
      'shop/charts/db/values.yaml': 'names: [c]',
      'shop/charts/db/templates/pods.yaml': template,
    };

    expect(await renderedWith(files, dirname(helm?.path ?? ''))).toEqual({
      objects: { 'shop/templates/pods.yaml': ['web-shop-a', 'web-shop-b'], 'shop/templates/off.yaml': [], 'shop/charts/db/templates/pods.yaml': ['db-c'] },
      unread: [],
    });
  });

  testWithHelm.each([
    ['shop/Chart.yaml', `${CHART}dependencies: [{ name: db, version: 1.x.x, repository: "https://charts.example" }]\n`, 'charts that it depends on are not in its folder; helm dependency build puts them there'],
    ['shop/Chart.yaml', `${CHART}type: library\n`, 'a library chart makes nothing by itself'],
    ['shop/templates/a.yaml', '\n{{ fail "hunter2" }}', 'helm template fails in templates/a.yaml, line 2'],
    ['shop/templates/a.yaml', 'a: hunter2: b', 'helm template fails in templates/a.yaml'],
  ])('understands why the real helm does not render a chart with %s of %j', async (name, content, reason) => {
    const { unread } = await renderedWith({ 'shop/Chart.yaml': CHART, 'shop/templates/b.yaml': pod('b'), [name]: content }, dirname(helm?.path ?? ''));

    expect(unread).toEqual([`shop/Chart.yaml: the chart is not rendered: ${reason}`]);
  });

  testWithKubectl('builds an overlay with the real kubectl', async () => {
    const files = { 'base/kustomization.yaml': 'resources: [a.yaml]', 'base/a.yaml': pod('a'), 'prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../base]' };

    expect(await renderedWith(files, dirname(kubectl?.path ?? ''))).toEqual({ objects: { 'base/kustomization.yaml': [], 'base/a.yaml': [], 'prod/kustomization.yaml': ['prod-a'] }, unread: [] });
  });

  testWithKubectl('builds an overlay that alone is scanned with the real kubectl, with the base beside it in the repository', async () => {
    const files = { '.git/HEAD': '', 'base/kustomization.yaml': 'resources: [a.yaml]', 'base/a.yaml': pod('a'), 'overlays/prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../../base]' };

    expect(await renderedWith(files, dirname(kubectl?.path ?? ''), {}, 'overlays/prod')).toEqual({ objects: { 'overlays/prod/kustomization.yaml': ['prod-a'] }, unread: [] });
  });

  testWithKubectl.each([
    ['configMapGenerator: [{ name: a, files: [../a.yaml] }]', 'it takes in the file ../a.yaml from outside its folder, which kustomize does not allow'],
    ['helmCharts: [{ name: db, repo: "https://charts.example" }]', 'it renders charts of Helm, which is not done here'],
  ])('understands why the real kubectl does not build %j', async (kustomization, reason) => {
    const { unread } = await renderedWith({ 'app/kustomization.yaml': kustomization, 'a.yaml': pod('a') }, dirname(kubectl?.path ?? ''));

    expect(unread).toEqual([`app/kustomization.yaml: the kustomization is not built: ${reason}`]);
  });
});
