import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { withFolder } from '#test/build/files.ts';
import { printing, writeProgram } from '#test/build/programs.ts';
import { runCli, type CliOutcome } from '#test/fakes/cli-world.ts';
import { CHECKS } from './samples/checks.ts';
import { pod } from './samples/manifests.ts';

const CHART = { 'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', 'shop/templates/pod.yaml': '{{- if .Values.on }}\nmetadata: {{ .Values.name }\nkind: Pod\n' };
const OVERLAY = { 'prod/kustomization.yaml': 'resources: [../base/pod.yaml]', 'base/pod.yaml': pod() };

/** Scans a folder with these files, or one in it, where these programs of the shell are on the PATH. */
async function scan(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>>, flags: readonly string[] = [], scanned = ''): Promise<Pick<CliOutcome, 'status'> & { readonly records: readonly Record<string, unknown>[] }> {
  return withFolder(files, async (folder) =>
    withFolder({}, async (bin) => {
      for (const [name, script] of Object.entries(programs)) await writeProgram(bin, name, script);
      const { status, records } = await runCli(['scan', join(folder, scanned), ...flags], { checks: CHECKS, env: { PATH: bin } });
      return { status, records: JSON.parse(JSON.stringify(records()).replaceAll(`${folder}/`, '')) as Record<string, unknown>[] };
    }),
  );
}

function chartOf(manifest: string): string {
  return printing(`---\n# Source: shop/templates/pod.yaml\n${manifest}`);
}

describe('src/cli/scan-files.ts, charts and kustomizations', () => {
  test('a finding in a chart names the template, and the line on which that says the kind', async () => {
    const { status, records } = await scan(CHART, { helm: chartOf(pod()) }, ['--list-files']);

    expect(status).toBe(1);
    expect(records.filter(({ type }) => type === 'file')).toEqual([{ type: 'file', file: 'shop/Chart.yaml', objects: 0 }, { type: 'file', file: 'shop/templates/pod.yaml', objects: 1 }]);
    const [finding] = records.filter(({ type }) => type === 'finding');
    expect(finding).toMatchObject({ file: 'shop/templates/pod.yaml', check: 'workload/privileged', line: 3, object: { kind: 'Pod', name: 'api' } });
    expect(finding).not.toHaveProperty('document');
  });

  test('a finding keeps its fingerprint, whether its object was rendered or written', async () => {
    const fingerprints = async (files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>>) => (await scan(files, programs)).records.flatMap(({ fingerprint }) => fingerprint ?? []);

    const written = await fingerprints({ 'pod.yaml': pod() }, {});

    expect(written).toHaveLength(1);
    expect(await fingerprints(CHART, { helm: chartOf(pod()) })).toEqual(written);
    expect(await fingerprints(OVERLAY, { kustomize: printing(pod()) })).toEqual(written);
  });

  test('SARIF points to the template', async () => {
    const { stdout } = await withFolder(CHART, async (folder) =>
      withFolder({}, async (bin) => {
        await writeProgram(bin, 'helm', chartOf(pod()));
        return runCli(['scan', folder, '--format', 'sarif'], { checks: CHECKS, env: { PATH: bin } });
      }),
    );

    const { runs } = JSON.parse(stdout) as { readonly runs: readonly { readonly results: readonly { readonly locations: readonly unknown[] }[] }[] };
    expect(runs[0]?.results[0]?.locations).toMatchObject([{ physicalLocation: { artifactLocation: { uri: expect.stringMatching(/shop\/templates\/pod\.yaml$/) }, region: { startLine: 3 } } }]);
  });

  test('a comment that the template passes on leaves out a finding', async () => {
    const { status, records } = await scan(CHART, { helm: chartOf(`# k8ssec:ignore workload/privileged reason="needs the device"\n${pod()}`) });

    expect(status).toBe(0);
    expect(records).toMatchObject([{ type: 'suppressed', check: 'workload/privileged' }, { type: 'summary', findings: 0, suppressed: 1 }]);
  });

  test('a file that an overlay takes in is judged once, as the overlay makes it', async () => {
    const { records } = await scan(OVERLAY, { kustomize: printing(pod()) }, ['--list-files']);

    expect(records.filter(({ type }) => type === 'finding')).toMatchObject([{ file: 'prod/kustomization.yaml', line: 1, check: 'workload/privileged' }]);
    expect(records.at(-1)).toMatchObject({ files: 2, objects: 1, unreadable: 0 });
  });

  test.each([
    ['an overlay that alone is scanned is built with the base beside it in the repository', { '.git/HEAD': '' }, [{ type: 'finding', file: 'prod/kustomization.yaml', check: 'workload/privileged' }, { type: 'summary', objects: 1, unreadable: 0 }]],
    ['without a repository, what to scan instead is said', {}, [{ type: 'unreadable', file: 'prod/kustomization.yaml', reason: 'the kustomization is not built: it takes in ../base/pod.yaml, which leads out of the scanned folder and its git repository; scan the folder that holds both' }, { type: 'summary', objects: 0, unreadable: 1 }]],
  ])('%s', async (_, git, expected) => {
    const { records } = await scan({ ...OVERLAY, ...git }, { kustomize: printing(pod()) }, [], 'prod');

    expect(records).toMatchObject(expected);
  });

  test('what cannot be rendered is said, and judged as it is written', async () => {
    const { status, records } = await scan({ ...CHART, ...OVERLAY }, {});

    expect(status).toBe(1);
    expect(records).toMatchObject([
      { type: 'unreadable', file: 'shop/Chart.yaml', reason: 'the chart is not rendered: there is no helm on the PATH' },
      { type: 'unreadable', file: 'prod/kustomization.yaml', reason: 'the kustomization is not built: there is neither kustomize nor kubectl on the PATH' },
      { type: 'unreadable', file: 'shop/templates/pod.yaml', reason: 'template, render it first' },
      { type: 'finding', file: 'base/pod.yaml', line: 8 },
      { type: 'summary', unreadable: 3 },
    ]);
  });

  test.each(['scan', 'map'])('%s of nothing but a kustomization that could not be rendered is no success', async (command) => {
    const { status, stderr } = await withFolder(OVERLAY, async (folder) =>
      withFolder({}, async (bin) => {
        await writeProgram(bin, 'kustomize', 'exit 1');
        return runCli([command, join(folder, 'prod')], { checks: CHECKS, env: { PATH: bin } });
      }),
    );

    expect(status).toBe(2);
    expect(stderr).toMatch(/could be read/);
  });

  test('nothing is rendered where every file is judged alone', async () => {
    const { records } = await scan({ ...CHART, ...OVERLAY }, { helm: 'exit 1', kustomize: 'exit 1' }, ['--isolate', 'file']);

    expect(records.filter(({ type }) => type === 'unreadable')).toEqual([{ type: 'unreadable', file: 'shop/templates/pod.yaml', document: 1, reason: 'template, render it first' }]);
    expect(records.filter(({ type }) => type === 'finding')).toMatchObject([{ file: 'base/pod.yaml' }]);
  });

  test('what comes from a packed chart is found in the chart that takes it in', async () => {
    const { records } = await scan({ 'shop/Chart.yaml': CHART['shop/Chart.yaml'] }, { helm: printing(`---\n# Source: shop/charts/db/templates/pod.yaml\n${pod()}`) });

    expect(records).toMatchObject([{ type: 'finding', file: 'shop/Chart.yaml', line: 1 }, { type: 'summary', files: 1, objects: 1 }]);
  });
});
