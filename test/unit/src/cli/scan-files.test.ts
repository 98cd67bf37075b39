import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { check as noScanInPipeline } from '#src/checks/iac/no-scan-in-pipeline/check.ts';
import { Interrupted } from '#src/cli/world.ts';
import { withFolder } from '#test/build/files.ts';
import { runCli, type CliOutcome, type FakeWorld } from '#test/fakes/cli-world.ts';
import { CHECKS, crashing, monitored, needsSettings, privileged } from './samples/checks.ts';
import { configMap, pod } from './samples/manifests.ts';

/** Scans a folder with these files; names in the result are those below it. */
async function scan(files: Readonly<Record<string, string>>, flags: readonly string[] = [], world: FakeWorld = {}): Promise<CliOutcome> {
  return withFolder(files, async (folder) => {
    const outcome = await runCli(['scan', folder, ...flags], { checks: CHECKS, ...world });
    const shorten = (text: string) => text.replaceAll(`${folder}/`, '');
    return { ...outcome, stdout: shorten(outcome.stdout), stderr: shorten(outcome.stderr), records: () => JSON.parse(shorten(JSON.stringify(outcome.records()))) as Record<string, unknown>[] };
  });
}

function types(outcome: CliOutcome): readonly unknown[] {
  return outcome.records().map(({ type }) => type);
}

function terraformPod(privileged: string): string {
  return `resource "kubernetes_pod_v1" "api" {
  metadata {
    name = "api"
  }
  spec {
    container {
      name = "main"
      security_context {
        privileged = ${privileged}
      }
    }
  }
}
`;
}

describe('src/cli/scan-files.ts', () => {
  test('judges what Terraform makes, and says where it is written and by what address', async () => {
    const outcome = await scan({ 'a.tf': terraformPod('true') }, ['--list-files']);

    expect(outcome.records().slice(0, 2)).toEqual([
      { type: 'file', file: 'a.tf', objects: 1 },
      {
        type: 'finding',
        file: 'a.tf',
        line: 9,
        check: 'workload/privileged',
        severity: 'critical',
        object: { apiVersion: 'v1', kind: 'Pod', name: 'api', address: 'kubernetes_pod_v1.api' },
        container: 'main',
        path: 'spec.containers[0].securityContext.privileged',
        message: 'Container main runs privileged',
        fingerprint: expect.stringMatching(/^[0-9a-f]{20}$/) as unknown,
      },
    ]);
  });

  test.each([
    [[], 1],
    [['--isolate', 'file'], 0],
  ])('the files of a folder explain each other, unless %j', async (flags, status) => {
    const outcome = await scan({ 'a.tf': terraformPod('var.privileged'), 'variables.tf': 'variable "privileged" {\n  default = true\n}\n' }, flags);

    expect(outcome.status).toBe(status);
    expect(outcome.records().at(-1)).toMatchObject({ files: 2, objects: 2, findings: status, undecided: status === 1 ? [] : [{ check: 'workload/privileged', count: 1 }] });
  });

  test('reads a plan in UTF-16, as the shell of Windows writes it', async () => {
    const values = { metadata: [{ name: 'api' }], spec: [{ container: [{ name: 'main', security_context: [{ privileged: true }] }] }] };
    const plan = { format_version: '1.2', terraform_version: '1.9.0', planned_values: { root_module: { resources: [{ address: 'kubernetes_pod.api', mode: 'managed', type: 'kubernetes_pod', name: 'api', values }] } } };

    await withFolder({}, async (folder) => {
      await writeFile(join(folder, 'plan.json'), Buffer.from(`\uFEFF${JSON.stringify(plan, null, 1)}`, 'utf16le'));
      const outcome = await runCli(['scan', folder], { checks: CHECKS });

      expect(outcome.records()[0]).toMatchObject({ check: 'workload/privileged', line: 25, document: 1, object: { address: 'kubernetes_pod.api' } });
    });
  });

  test('prints a finding with its place, and sums up', async () => {
    const outcome = await scan({ 'app/pod.yaml': `${configMap('a', {})}---\n${pod()}` });

    expect(outcome).toMatchObject({ status: 1, stderr: '' });
    expect(outcome.records()).toEqual([
      {
        type: 'finding',
        file: 'app/pod.yaml',
        line: 14,
        document: 2,
        check: 'workload/privileged',
        severity: 'critical',
        object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'api' },
        container: 'main',
        path: 'spec.containers[0].securityContext.privileged',
        message: 'Container main runs privileged',
        fingerprint: expect.stringMatching(/^[0-9a-f]{20}$/) as unknown,
      },
      {
        type: 'summary',
        files: 1,
        objects: 2,
        unreadable: 0,
        checks: ['audit/echo', 'node/flag:alpha', 'node/flag:beta', 'workload/privileged'],
        notEvaluated: [{ check: 'iac/registry', reason: 'no allowed registries are configured' }],
        undecided: [],
        findings: 1,
        kubernetesVersion: 'v1.37',
      },
    ]);
  });

  test('prints the fields of a line in the order of the contract', async () => {
    const { stdout } = await scan({ 'a.yaml': configMap('a', { alpha: 'x' }) });

    expect(stdout).toMatch(/^\{"type":"finding","file":"a\.yaml","line":5,"document":1,"check":"node\/flag","item":"alpha","severity":"high","object":/);
  });

  test('lists files only when asked, and files of other things without an error', async () => {
    const files = { 'a.yaml': pod({ privileged: false }), 'values.yaml': 'replicas: 2\n', 'package.json': '{"name":"x"}', 'empty.yml': '' };

    expect(types(await scan(files))).toEqual(['summary']);
    expect((await scan(files, ['--list-files'])).records()).toMatchObject([
      { type: 'file', file: 'a.yaml', objects: 1 },
      { type: 'file', file: 'empty.yml', objects: 0 },
      { type: 'file', file: 'package.json', objects: 0 },
      { type: 'file', file: 'values.yaml', objects: 0 },
      { type: 'summary', files: 4, objects: 1 },
    ]);
  });

  test('counts objects of kinds that no check reads', async () => {
    expect((await scan({ 'a.yaml': 'apiVersion: example.com/v1\nkind: Widget\n' })).records()).toMatchObject([{ type: 'summary', objects: 1 }]);
  });

  describe('what cannot be read', () => {
    test('is printed with number and reason, and hides nothing else', async () => {
      const outcome = await scan({ 'a.yaml': `a: [\n---\n${pod()}---\nx: {{ .Values.x }}\n` });

      expect(outcome.status).toBe(1);
      expect(outcome.records().slice(0, 2)).toEqual([
        { type: 'unreadable', file: 'a.yaml', document: 1, reason: 'line 2: bad indentation' },
        { type: 'unreadable', file: 'a.yaml', document: 3, reason: 'template, render it first' },
      ]);
      expect(outcome.records().at(-1)).toMatchObject({ files: 1, objects: 1, unreadable: 2, findings: 1 });
    });

    test('does not change the exit status while something else can be judged', async () => {
      expect((await scan({ 'a.yaml': 'a: [\n', 'b.yaml': pod({ privileged: false }) })).status).toBe(0);
    });

    test('has exit status 2 when it is everything', async () => {
      const outcome = await scan({ 'a.yaml': 'a: [\n', 'b.json': '{"a"' });

      expect(outcome).toMatchObject({ status: 2, stderr: 'k8ssec: Nothing under the given paths could be read.\n' });
      expect(types(outcome)).toEqual(['unreadable', 'unreadable', 'summary']);
    });

    test('has exit status 2 when there is no file at all', async () => {
      expect(await scan({ 'README.md': '' })).toMatchObject({ status: 2, stderr: 'k8ssec: There is no YAML, JSON or Terraform file under the given paths.\n' });
    });

    test('no object at all is no pass without a word', async () => {
      expect(await scan({ 'values.yaml': 'a: 1\n' })).toMatchObject({ status: 0, stderr: 'k8ssec: The files hold no Kubernetes objects and no Terraform, so there was nothing to judge.\n' });
    });

    test('a file that is no text is unreadable as a whole', async () => {
      expect((await scan({ 'a.yaml': '\u007fELF\0\0', 'b.yaml': pod() }, ['--list-files'])).records().slice(0, 2)).toEqual([
        { type: 'unreadable', file: 'a.yaml', reason: 'is binary, not text' },
        { type: 'file', file: 'b.yaml', objects: 1 },
      ]);
    });

    test('a state file of Terraform is told about', async () => {
      const outcome = await scan({ 'c.yaml': pod({ privileged: false }), 'state.json': '{"version":4,"terraform_version":"1.9.0","resources":[]}' });

      expect(outcome).toMatchObject({ status: 0, stderr: 'k8ssec: Terraform in this file was not judged: state.json.\n' });
    });

    test('an object that Terraform makes of what is not known is told about', async () => {
      const text = 'variable "given" {}\nresource "kubectl_manifest" "api" {\n  yaml_body = templatefile("api.tftpl", {})\n}\nresource "kubernetes_manifest" "web" {\n  manifest = var.given\n}\n';

      expect(await scan({ 'a.tf': text }, ['--list-files'])).toMatchObject({ status: 0 });
      expect((await scan({ 'a.tf': text }, ['--list-files'])).records().slice(0, 3)).toEqual([
        { type: 'unreadable', file: 'a.tf', reason: 'line 3: what kubectl_manifest.api makes is only known when the file is applied' },
        { type: 'unreadable', file: 'a.tf', reason: 'line 6: what kubernetes_manifest.web makes is only known when the file is applied' },
        { type: 'file', file: 'a.tf', objects: 3 },
      ]);
    });

    test('one broken Terraform file hides no other', async () => {
      const outcome = await scan({ 'a.tf': 'resource "a" {\n x = \n}\n', 'b.tf': terraformPod('true') });

      expect(outcome.status).toBe(1);
      expect(outcome.records().slice(0, 2)).toMatchObject([{ type: 'unreadable', file: 'a.tf', reason: 'line 2: invalid expression' }, { type: 'finding', file: 'b.tf' }]);
    });

    test('links that lead out are told about', async () => {
      await withFolder({ 'in/a.yaml': pod({ privileged: false }), 'out/b.yaml': pod() }, async (folder) => {
        await symlink('../out/b.yaml', join(folder, 'in/b.yaml'));

        const outcome = await runCli(['scan', join(folder, 'in')], { checks: CHECKS });

        expect(outcome).toMatchObject({ status: 0, stderr: `k8ssec: Links that lead out of their folder were not followed: ${join(folder, 'in/b.yaml')}.\n` });
      });
    });
  });

  describe('what one cluster is', () => {
    const OWNED = 'apiVersion: v1\nkind: Pod\nmetadata: { name: api-1, namespace: shop, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: api, controller: true }] }\nspec:\n  containers: [{ name: main, securityContext: { privileged: true } }]\n';
    const OWNER = 'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: { name: api, namespace: shop }\nspec: { template: { spec: { containers: [{ name: main }] } } }\n';

    test('all files together, unless told otherwise', async () => {
      const files = { 'pod.yaml': OWNED, 'set.yaml': OWNER };

      expect(types(await scan(files))).toEqual(['summary']);
      expect(types(await scan(files, ['--isolate', 'file']))).toEqual(['finding', 'summary']);
    });

    test('an object in two files is judged as one, and that is said', async () => {
      const files = { 'prod/a.yaml': pod(), 'test/a.yaml': pod() };

      const together = await scan(files);

      expect(types(together)).toEqual(['finding', 'summary']);
      expect(together.stderr).toBe('k8ssec: 1 object is in more than one file and judged as one: Pod shop/api. With --isolate file every file is a cluster of its own.\n');
      expect(types(await scan(files, ['--isolate', 'file']))).toEqual(['finding', 'finding', 'summary']);
    });

    test('findings come in the order of files, documents and lines either way', async () => {
      const files = { 'b.yaml': pod({ name: 'b' }), 'a/z.yaml': pod({ name: 'z' }), 'a.yaml': `${pod({ name: 'x' })}---\n${configMap('c', { beta: 'x', alpha: 'x' })}` };
      const order = ['a.yaml workload/privileged', 'a.yaml node/flag alpha', 'a.yaml node/flag beta', 'a/z.yaml workload/privileged', 'b.yaml workload/privileged'];

      for (const isolate of ['none', 'file']) {
        const findings = (await scan(files, ['--isolate', isolate])).records().filter(({ type }) => type === 'finding');
        expect(findings.map(({ file, check, item }) => [file, check, item].filter(Boolean).join(' '))).toEqual(order);
      }
    });

    test('with each file on its own a check ran when it ran for one, and lists what ran nowhere', async () => {
      const [summary] = (await scan({ 'a.yaml': pod({ privileged: false }), 'b.yaml': configMap('b', {}) }, ['--isolate', 'file'])).records();

      expect(summary).toMatchObject({ checks: ['audit/echo', 'node/flag:alpha', 'node/flag:beta', 'workload/privileged'], notEvaluated: [{ check: 'iac/registry' }] });
    });

    test('files are never taken for a whole cluster', async () => {
      const outcome = await scan({ 'a.yaml': pod({ privileged: false }), 'b.yaml': configMap('b', {}) }, ['--isolate', 'file'], { checks: [monitored] });

      expect(outcome.records()).toMatchObject([{ type: 'summary', findings: 0, undecided: [{ check: 'connections/monitored', reason: 'the files may not be the whole cluster', count: 2 }] }]);
    });
  });

  test('standard input is a file with a name of its own', async () => {
    const stdin = pod();

    expect((await runCli(['scan', '-'], { checks: CHECKS, stdin })).records()).toMatchObject([{ file: 'stdin', line: 8 }, { files: 1 }]);
    expect((await runCli(['scan', '-', '--input-name', 'main.tf'], { checks: CHECKS, stdin: terraformPod('true') })).records()).toMatchObject([{ file: 'main.tf', line: 9 }, { files: 1 }]);
    expect((await runCli(['scan', '-', '--input-name', 'rendered.yaml', '--isolate', 'file'], { checks: CHECKS, stdin })).records()).toMatchObject([{ file: 'rendered.yaml' }, { files: 1 }]);
  });

  test.each([
    ['critical', 1],
    ['info', 1],
    ['never', 0],
  ])('a critical finding with --fail-on %s is exit status %i', async (level, status) => {
    expect((await scan({ 'a.yaml': pod() }, ['--fail-on', level])).status).toBe(status);
  });

  test.each([
    [[], 0],
    [['--fail-on', 'info'], 1],
  ] as const)('a finding for information with %j is exit status %i', async (flags, status) => {
    expect((await scan({ 'a.yaml': configMap('a', { message: 'Hello' }) }, flags)).status).toBe(status);
  });

  test.each([
    [['--checks', 'workload/privileged'], ['workload/privileged']],
    [['--checks', 'workload/root-on-node'], ['workload/privileged']],
    [['--checks', 'node/*,audit/echo'], ['audit/echo', 'node/flag:alpha', 'node/flag:beta']],
    [['--checks', 'audit/echo', '--checks', 'workload/*'], ['audit/echo', 'workload/privileged']],
    [['--skip', 'node/*,iac/registry'], ['audit/echo', 'workload/privileged']],
    [['--checks', 'node/*,audit/*', '--skip', 'audit/echo'], ['node/flag:alpha', 'node/flag:beta']],
  ])('%j chooses the checks', async (flags, checks) => {
    expect((await scan({ 'a.yaml': pod() }, flags)).records().at(-1)).toMatchObject({ checks });
  });

  test('judges by the rules of another version on demand', async () => {
    expect((await scan({ 'a.yaml': pod() }, ['--kubernetes-version', '1.29.4'])).records().at(-1)).toMatchObject({ kubernetesVersion: 'v1.29' });
  });

  test('says when a version is newer than what it knows', async () => {
    expect((await scan({ 'a.yaml': pod() }, ['--kubernetes-version', 'v1.99'])).stderr).toBe('k8ssec: Kubernetes v1.99 is newer than what is known here; it is judged like v1.37.\n');
  });

  test('takes what concerns checks from the configuration file of the bot', async () => {
    const config = 'timeZone: Europe/Paris\nchecks:\n  allowedRegistries: [registry.example]\n';
    await withFolder({ 'a.yaml': pod(), 'k8ssec.yml': config }, async (folder) => {
      const outcome = await runCli(['scan', join(folder, 'a.yaml'), '--config', join(folder, 'k8ssec.yml')], { checks: [needsSettings] });

      expect(outcome.records()).toMatchObject([{ check: 'iac/registry', message: 'Allowed is only registry.example' }, { notEvaluated: [] }]);
    });
  });

  test('faults of the configuration file are wrong use, all of them at once', async () => {
    await withFolder({ 'a.yaml': pod(), 'k8ssec.yml': 'checks: { allowedRegistris: [x] }\nchanel: C1\n' }, async (folder) => {
      const outcome = await runCli(['scan', join(folder, 'a.yaml'), '--config', join(folder, 'k8ssec.yml')], { checks: [needsSettings] });

      expect(outcome).toMatchObject({ status: 2, stdout: '' });
      expect(outcome.stderr).toMatch(/allowedRegistris: is no option\. Did you mean allowedRegistries\?/);
      expect(outcome.stderr).toMatch(/chanel: is no option\. Did you mean channel\?/);
      expect(outcome.stderr.split('\n').filter(Boolean).every((line) => line.startsWith('k8ssec: '))).toBe(true);
    });
  });

  describe('a check that fails on an object', () => {
    const files = { 'a.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\ncrash: {}\n', 'b.yaml': pod() };

    test('never lets the result pass for clean', async () => {
      const outcome = await scan(files, [], { checks: [crashing] });

      expect(outcome.status).toBe(2);
      expect(outcome.records()).toMatchObject([{ notEvaluated: [{ check: 'access/crashing', reason: 'the check itself failed on an object', partial: true }] }]);
    });

    test('takes nothing away from what others found', async () => {
      expect((await scan(files, [], { checks: [crashing, privileged] })).status).toBe(1);
    });

    test('is told about without what it read', async () => {
      const { stderr } = await scan(files, [], { checks: [crashing] });

      expect(stderr).toMatch(/^k8ssec: the check access\/crashing failed on an object, which is a fault of k8ssec: SyntaxError at /);
      expect(stderr).not.toContain('hunter2');
    });
  });

  test('looks for a scanner in all pipelines of a checkout together, and in none alone', async () => {
    const workflow = (command: string) => `on: pull_request\njobs: { a: { steps: [{ run: '${command}' }] } }\n`;
    const scanned = (files: Readonly<Record<string, string>>, flags: readonly string[] = []) => scan({ 'a.yaml': pod(), ...files }, flags, { checks: [noScanInPipeline] });
    const build = { '.github/workflows/build.yaml': workflow('make') };

    expect((await scanned(build)).records()[0]).toMatchObject({ type: 'finding', file: '.github/workflows/build.yaml', line: 1, check: 'iac/no-scan-in-pipeline' });
    expect(types(await scanned({ ...build, '.github/workflows/scan.yaml': workflow('k8ssec scan .') }))).toEqual(['summary']);
    expect(types(await scanned(build, ['--isolate', 'file']))).toEqual(['summary']);
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Interrupted('SIGINT'));

    expect(await scan({ 'a.yaml': pod() }, [], { signal: stop.signal })).toMatchObject({ status: 130, stdout: '', stderr: '' });
  });
});
