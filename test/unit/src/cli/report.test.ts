import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { defineContainerCheck } from '#src/model/check.ts';
import type { FrameworkReport } from '#src/model/frameworks/report.ts';
import { booleanAt, type RawObject } from '#src/model/raw.ts';
import { cis, pss } from '#src/model/references.ts';
import { withFolder } from '#test/build/files.ts';
import { createSink, runCli, type CliOutcome, type FakeWorld } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { crashing } from './samples/checks.ts';
import { pod } from './samples/manifests.ts';

const privileged = defineContainerCheck({
  id: 'workload/privileged',
  title: 'No container runs privileged',
  severity: 'critical',
  tips: [5],
  why: 'Because.',
  fix: 'Mend it.',
  sources: [cis('5.2.2'), pss('baseline', 'Privileged Containers')],
  *judge(container) {
    if (booleanAt(container.raw, 'securityContext', 'privileged') === true) yield { path: ['securityContext', 'privileged'], message: `Container ${container.name} runs privileged` };
  },
});

const rawPod = (name: string, isPrivileged: boolean): RawObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec: { containers: [{ name: 'main', securityContext: { privileged: isPrivileged } }] } });

async function report(files: Readonly<Record<string, string>>, flags: readonly string[] = [], world: FakeWorld = {}): Promise<CliOutcome> {
  return withFolder(files, async (folder) => {
    const outcome = await runCli(['report', folder, ...flags], { checks: [privileged], ...world });
    return { ...outcome, stdout: outcome.stdout.replaceAll(`${folder}/`, '') };
  });
}

function reportsIn({ stdout }: CliOutcome): readonly FrameworkReport[] {
  return (JSON.parse(stdout) as { readonly reports: readonly FrameworkReport[] }).reports;
}

function control(one: FrameworkReport | undefined, id: string) {
  return one?.sections.flatMap(({ controls }) => controls).find((candidate) => candidate.id === id);
}

describe('src/cli/report.ts', () => {
  test('as JSON says of each control how it stands, and the sums of it', async () => {
    const outcome = await report({ 'a.yaml': pod() });
    const [one, ...others] = reportsIn(outcome);

    expect([outcome.status, outcome.stderr, others]).toEqual([0, '', []]);
    expect(one).toMatchObject({
      framework: { id: 'cis', title: 'CIS Kubernetes Benchmark', version: 'v1.12' },
      subject: { objects: 1, unreadable: 0 },
      tally: { passed: 0, failed: 1, notEvaluated: 0, notCovered: 130, score: 0, coverage: 0 },
    });
    expect(control(one, '5.2.2')).toEqual({
      id: '5.2.2',
      title: 'No privileged containers',
      state: 'failed',
      reasons: [],
      checks: ['workload/privileged'],
      findings: 1,
      worst: 'critical',
      examples: [{ check: 'workload/privileged', severity: 'critical', object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'api' }, container: 'main', message: 'Container main runs privileged', place: 'a.yaml:8' }],
    });
    expect(control(one, '1.1.1')).toMatchObject({ state: 'not-covered', checks: [] });
  });

  test.each([
    ['pss', 19],
    ['cis', 131],
    ['nsa', 26],
  ])('of %s has every control', async (framework, count) => {
    const [one] = reportsIn(await report({ 'a.yaml': pod() }, ['--framework', framework]));

    expect(one?.sections.flatMap(({ controls }) => controls)).toHaveLength(count);
  });

  test('never passes what the files hold nothing of', async () => {
    const [one] = reportsIn(await report({ 'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n' }));

    expect(one?.tally).not.toHaveProperty('score');
    expect(control(one, '5.2.2')).toMatchObject({ state: 'not-evaluated', reasons: ['the files hold nothing that it judges'] });
  });

  test('says how much could not be read', async () => {
    const [one] = reportsIn(await report({ 'a.yaml': pod({ privileged: false }), 'b.yaml': '{{ template }}: [' }));

    expect(one?.subject.unreadable).toBe(1);
    expect(control(one, '5.2.2')).toMatchObject({ state: 'passed' });
  });

  test('on a terminal is text, with score and coverage together', async () => {
    const { stdout } = await report({ 'a.yaml': pod() }, ['--framework', 'pss'], { stdout: createSink({ isTTY: true, columns: 200 }), env: { NO_COLOR: '1' } });

    expect(stdout).toMatch(/^Pod Security Standards v1\.37\nScore 0 % \(0 of 1 evaluated controls passed\), coverage 5 % \(1 of 19 controls evaluated\)\n1 object of files, Kubernetes v1\.\d+, as of /);
    expect(stdout).toContain('  FAIL  baseline: Privileged Containers  No container runs privileged: failed: 1 finding, worst critical\n        critical Pod shop/api: Container main runs privileged (a.yaml:8)\n');
    expect(stdout).toContain('  -     baseline: Seccomp  The seccomp profile is not switched off: not covered by any check\n');
  });

  test.each([
    ['report.html', /^<!doctype html>/],
    ['report.pdf', /^%PDF-/],
    ['report.json', /^\{\n {2}"reports"/],
    ['report.text', /^CIS Kubernetes Benchmark v1\.12\n/],
  ])('writes %s as its name ends, and prints nothing', async (name, beginning) => {
    await withFolder({ 'in/a.yaml': pod() }, async (folder) => {
      const outcome = await runCli(['report', join(folder, 'in'), '--output', join(folder, name)], { checks: [privileged], stdout: createSink({ isTTY: true }) });

      expect(outcome).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(await readFile(join(folder, name), 'latin1')).toMatch(beginning);
    });
  });

  test('shows hostile names as text', async () => {
    const name = '"<script>alert(1)</script>"';

    const { stdout } = await report({ 'a.yaml': pod({ name }) }, ['--format', 'html']);

    expect(stdout).toContain('Pod shop/&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(stdout).not.toContain('<script');
  });

  test('is one for each cluster, and the whole of a cluster is judged', async () => {
    const sources = { prod: sourceOf([rawPod('a', true)], { complete: true, version: { minor: 34 } }), test: sourceOf([], { complete: true }) };

    const outcome = await runCli(['report', '--context', 'prod,test'], { checks: [privileged], sources });

    expect(outcome).toMatchObject({ status: 0 });
    expect(reportsIn(outcome).map((one) => [one.subject.cluster, control(one, '5.2.2')?.state])).toEqual([
      ['prod', 'failed'],
      ['test', 'passed'],
    ]);
    expect(reportsIn(outcome)[0]?.subject.kubernetesVersion).toBe('v1.34');
  });

  test('of a cluster that forbids to look passes nothing', async () => {
    const sources = { prod: sourceOf([rawPod('a', false)], { complete: true, unlisted: { Deployment: 'no permission to list deployments' } }) };

    const [one] = reportsIn(await runCli(['report', '--context', 'prod'], { checks: [privileged], sources }));

    expect(control(one, '5.2.2')).toMatchObject({ state: 'not-evaluated', reasons: ['no permission to list deployments'] });
  });

  test('of some clusters says which could not be reached, and reports on the others', async () => {
    const outcome = await runCli(['report', '--context', 'prod,gone'], { checks: [privileged], sources: { prod: sourceOf([rawPod('a', false)], { complete: true }), gone: 'it does not answer' } });

    expect(reportsIn(outcome).map(({ subject }) => subject.cluster)).toEqual(['prod']);
    expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining('gone: it does not answer') as unknown });
  });

  test('is none when nothing could be read', async () => {
    expect(await report({ 'a.yaml': '{{ template }}: [' })).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Nothing under the given paths could be read.') as unknown });
  });

  test('is made, but not successful, when a check failed', async () => {
    const outcome = await report({ 'a.yaml': pod(), 'b.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\ncrash: {}\n' }, [], { checks: [privileged, crashing] });

    expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining('which is a fault of k8ssec') as unknown });
    expect(control(reportsIn(outcome)[0], '5.2.2')).toMatchObject({ state: 'failed' });
  });

  test.each([
    [['--framework', 'iso'], 'Known: pss, cis, nsa.'],
    [['--format', 'pdf'], 'A PDF is written to a file: give --output FILE.'],
    [['--namespace', 'shop'], '--namespace'],
  ])('refuses %j', async (flags, message) => {
    expect(await report({ 'a.yaml': pod() }, flags)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) as unknown });
  });

  test('says when the file cannot be written', async () => {
    const outcome = await report({ 'a.yaml': pod() }, ['--output', '/nowhere/at/all/report.json']);

    expect(outcome).toMatchObject({ status: 3, stderr: expect.stringContaining('/nowhere/at/all/report.json could not be written (ENOENT).') as unknown });
  });
});
