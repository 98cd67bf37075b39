import { describe, expect, test } from '@jest/globals';
import { checks } from '#src/checks/index.gen.ts';
import { withFolder } from '#test/build/files.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { runCli, type CliOutcome } from '#test/fakes/cli-world.ts';
import { CHECKS } from './samples/checks.ts';
import { pod } from './samples/manifests.ts';

const ASK = '# k8ssec:ignore workload/privileged reason="needs the device"';
const TERRAFORM = (comment: string) => `${comment}\nresource "kubernetes_pod_v1" "api" {\n  metadata {\n    name = "api"\n  }\n  spec {\n    container {\n      name = "main"\n      security_context {\n        privileged = true\n      }\n    }\n  }\n}\n`;

async function scan(files: Readonly<Record<string, string>>, flags: readonly string[] = []): Promise<CliOutcome> {
  return withFolder(files, async (folder) => {
    const outcome = await runCli(['scan', folder, ...flags], { checks: CHECKS, clock: createMovedClock('2026-11-23T08:00:00Z') });
    const shorten = (text: string) => text.replaceAll(`${folder}/`, '');
    return { ...outcome, stdout: shorten(outcome.stdout), stderr: shorten(outcome.stderr) };
  });
}

describe('src/iac/suppress.ts', () => {
  test.each([
    ['above its object', { 'a.yaml': `${ASK}\n${pod()}` }],
    ['above its object after the start of a document', { 'a.yaml': `---\n${ASK} until=2026-11-23\n${pod()}` }],
    ['at the end of its line', { 'a.yaml': pod().replace('privileged: true', `privileged: true ${ASK}`) }],
    ['above its line', { 'a.yaml': pod().replace('        privileged', `        ${ASK}\n        privileged`) }],
    ['above the resource of Terraform', { 'a.tf': TERRAFORM(ASK) }],
  ])('a comment %s leaves a finding out, and it is listed', async (_, files) => {
    const outcome = await scan(files);

    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.records()).toMatchObject([{ type: 'suppressed', check: 'workload/privileged', suppression: { reason: 'needs the device' } }, { type: 'summary', findings: 0, suppressed: 1 }]);
  });

  test.each([
    ['another object', `${pod({ name: 'other', privileged: false })}---\n${pod()}`.replace('apiVersion', `${ASK}\napiVersion`)],
    ['another line', pod().replace('containers:', `containers: ${ASK}`)],
    ['another check', `${ASK.replace('workload/privileged', 'node/flag')}\n${pod()}`],
    ['a text', `${pod()}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: |\n    ${ASK}\n    more\n`],
  ])('a comment at %s leaves nothing out', async (_, text) => {
    const outcome = await scan({ 'a.yaml': text });

    expect(outcome).toMatchObject({ status: 1, stderr: '' });
    expect(outcome.records().at(-1)).toMatchObject({ findings: 1 });
    expect(outcome.records().at(-1)).not.toHaveProperty('suppressed');
  });

  test.each([
    ['it gives no reason', '# k8ssec:ignore workload/privileged'],
    ['it ended on 2026-11-22', `${ASK} until=2026-11-22`],
    ['there is no check of this name', ASK.replace('privileged', 'privilege')],
  ])('a comment does not hold, and says so: %s', async (reason, comment) => {
    const outcome = await scan({ 'a.yaml': `${comment}\n${pod()}` });

    expect(outcome).toMatchObject({ status: 1, stderr: `k8ssec: a.yaml:1: k8ssec:ignore does not hold: ${reason}.\n` });
    expect(outcome.records().at(-1)).toMatchObject({ findings: 1, unheeded: [{ line: 1, reason }] });
  });

  test('json lists them apart from the findings', async () => {
    const outcome = await scan({ 'a.yaml': `${ASK}\n${pod()}` }, ['--format', 'json']);

    expect(JSON.parse(outcome.stdout)).toMatchObject({ findings: [], suppressed: [{ file: 'a.yaml', line: 9, suppression: { line: 1, reason: 'needs the device' } }] });
  });

  test('text counts them', async () => {
    expect((await scan({ 'a.yaml': `${ASK}\n${pod()}` }, ['--format', 'text'])).stdout).toContain('1 finding left out by comments.');
  });

  test('SARIF carries them as suppressed in the source', async () => {
    const log = JSON.parse((await scan({ 'a.yaml': `${ASK}\n${pod()}` }, ['--format', 'sarif'])).stdout) as { readonly runs: readonly { readonly results: readonly object[] }[] };

    expect(log.runs[0]?.results).toMatchObject([{ ruleId: 'workload/privileged', suppressions: [{ kind: 'inSource', justification: 'needs the device' }] }]);
  });

  test('a report on a framework heeds no comment', async () => {
    const outcome = await withFolder({ 'a.yaml': `${ASK}\n${pod()}` }, (folder) => runCli(['report', folder, '--framework', 'pss', '--format', 'json'], { checks }));

    expect(outcome.stdout).toMatch(/"id": "baseline: Privileged Containers",[^{]*"state": "failed"/);
  });
});
