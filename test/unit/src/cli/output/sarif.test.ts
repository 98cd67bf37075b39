import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { artifactLocation } from '#src/cli/output/sarif.ts';
import { withFolder } from '#test/build/files.ts';
import { runCli, type FakeWorld } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { CHECKS, crashing, flags, monitored, privileged } from '../samples/checks.ts';
import { configMap, pod } from '../samples/manifests.ts';

interface Notice {
  readonly message: { readonly text: string };
  readonly descriptor: { readonly id: string };
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly properties: object }[] } };
  readonly invocations: readonly [{ readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly Notice[] }];
  readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number; readonly message: { readonly text: string } }[];
}

const ajv = new Ajv({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const isSarif = ajv.compile(JSON.parse(readFileSync(new URL('../../../../fixtures/sarif-2.1.0.schema.json', import.meta.url), 'utf8')) as object);

function read(stdout: string): Run {
  const log = JSON.parse(stdout) as { readonly runs: readonly [Run] };
  isSarif(log);
  expect(isSarif.errors).toBeNull();
  return log.runs[0];
}

async function scan(files: Readonly<Record<string, string>>, argv: readonly string[] = [], world: FakeWorld = {}): Promise<Run> {
  return withFolder(files, async (folder) => {
    const { stdout } = await runCli(['scan', folder, '--format', 'sarif', ...argv], { checks: CHECKS, ...world });
    return read(stdout.replaceAll(`file://${folder}/`, 'file:///folder/'));
  });
}

describe('src/cli/output/sarif.ts', () => {
  test('the schema refuses what is no SARIF', () => {
    expect(isSarif({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  test('has a result with its place, rule and fingerprint', async () => {
    const { results, tool } = await scan({ 'a.yaml': `${configMap('c', {})}---\n${pod()}` });

    expect(results).toEqual([
      {
        ruleId: 'workload/privileged',
        ruleIndex: 4,
        level: 'error',
        message: { text: 'Container main runs privileged' },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'file:///folder/a.yaml' }, region: { startLine: 14 } },
            logicalLocations: [{ name: 'api', fullyQualifiedName: 'Pod/shop/api', kind: 'resource' }],
          },
        ],
        partialFingerprints: { 'k8ssec/v1': expect.stringMatching(/^[0-9a-f]{20}$/) as unknown },
        properties: {
          severity: 'critical',
          'security-severity': '9.5',
          object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'api' },
          container: 'main',
          path: 'spec.containers[0].securityContext.privileged',
        },
      },
    ]);
    expect(tool.driver.rules[4]?.id).toBe('workload/privileged');
  });

  test('has a rule for each check and item, with help, tags and a score', async () => {
    const { tool } = await scan({ 'a.yaml': pod() });

    expect(tool.driver.rules.map(({ id }) => id)).toEqual(['audit/echo', 'iac/registry', 'node/flag:alpha', 'node/flag:beta', 'workload/privileged']);
    expect(tool.driver.rules[2]).toEqual({
      id: 'node/flag:alpha',
      shortDescription: { text: 'Alpha is off' },
      fullDescription: { text: 'Something goes wrong otherwise.' },
      help: {
        text: 'Something goes wrong otherwise.\n\nDo something.\n\nSource: A standard, 1.2',
        markdown: 'Something goes wrong otherwise.\n\n**Do something.**\n\nSource: [A standard, 1.2](https://standard.example/1.2)',
      },
      helpUri: 'https://standard.example/1.2',
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['security', 'kubernetes', 'node', 'tip-5'], 'security-severity': '8.0' },
    });
  });

  test('results of a check with items lead to the rule of the item', async () => {
    const { results, tool } = await scan({ 'a.yaml': configMap('a', { alpha: 'x', beta: 'x' }) });

    expect(results.map(({ ruleId, ruleIndex }) => [ruleId, tool.driver.rules[ruleIndex]?.id])).toEqual([
      ['node/flag:alpha', 'node/flag:alpha'],
      ['node/flag:beta', 'node/flag:beta'],
    ]);
  });

  test('tells what could not be read, evaluated or decided', async () => {
    const { invocations } = await scan({ 'a.yaml': `${pod()}---\na: [\n`, 'b.yaml': '\0' }, [], { checks: [...CHECKS, monitored] });

    expect(invocations[0].executionSuccessful).toBe(true);
    expect(invocations[0].toolExecutionNotifications.map(({ descriptor, message }) => [descriptor.id, message.text])).toEqual([
      ['unreadable', 'document 2: line 11: bad indentation'],
      ['unreadable', 'is binary, not text'],
      ['not-evaluated', 'iac/registry was not evaluated: no allowed registries are configured'],
      ['undecided', 'connections/monitored could not decide on one object: the files may not be the whole cluster'],
    ]);
  });

  test('is no success when a check failed or nothing could be read', async () => {
    const crash = { 'a.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\ncrash: {}\n' };

    expect((await scan(crash, [], { checks: [crashing] })).invocations[0].executionSuccessful).toBe(false);
    expect((await scan({ 'a.yaml': 'a: [\n' })).invocations[0].executionSuccessful).toBe(false);
  });

  test('lists files as artifacts on demand', async () => {
    expect(await scan({ 'a.yaml': pod() }, ['--list-files'])).toMatchObject({ artifacts: [{ location: { uri: 'file:///folder/a.yaml' }, roles: ['analysisTarget'], properties: { objects: 1 } }] });
    expect(await scan({ 'a.yaml': pod() })).not.toHaveProperty('artifacts');
  });

  test('of a cluster names objects, as there are no files', async () => {
    const prod = sourceOf([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'x' }, data: { beta: 'x' } }], { unlisted: { Pod: 'no permission to list pods' } });

    const { results, invocations } = read((await runCli(['scan', '--context', 'prod', '--format', 'sarif'], { checks: [flags, privileged], sources: { prod } })).stdout);

    expect(results).toMatchObject([{ level: 'note', locations: [{ logicalLocations: [{ fullyQualifiedName: 'prod/ConfigMap/x/a' }] }] }]);
    expect(invocations[0].toolExecutionNotifications).toMatchObject([{ message: { text: 'prod: workload/privileged was not evaluated for Pod: no permission to list pods' } }]);
  });

  test('hostile names and messages stay what they are and become no link', async () => {
    const message = '[click](https://evil.example) \u001b[31m \u202e';
    const { results } = await scan({ 'a [b](c)#?%.yaml': configMap('"]]>"', { message }) });

    expect(results[0]?.message.text).toBe('[click] (https://evil.example) \u001b[31m \u202e');
  });

  test.each([
    ['app/deploy.yaml', { uri: 'app/deploy.yaml', uriBaseId: '%SRCROOT%' }],
    ['../a b/ü#?.yaml', { uri: '../a%20b/%C3%BC%23%3F.yaml', uriBaseId: '%SRCROOT%' }],
    ['c:evil.yaml', { uri: 'c%3Aevil.yaml', uriBaseId: '%SRCROOT%' }],
    ['/tmp/a b.yaml', { uri: 'file:///tmp/a%20b.yaml' }],
  ])('the file %s has a location of its own', (file, location) => {
    expect(artifactLocation(file)).toEqual(location);
  });
});
