import { describe, expect, test } from '@jest/globals';
import { withFolder } from '#test/build/files.ts';
import { createSink, runCli, type FakeWorld } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { CHECKS, flags, monitored, privileged } from '../samples/checks.ts';
import { configMap, pod } from '../samples/manifests.ts';

async function textOf(files: Readonly<Record<string, string>>, flags: readonly string[] = [], world: FakeWorld = {}): Promise<string> {
  return withFolder(files, async (folder) => {
    const { stdout } = await runCli(['scan', folder, '--format', 'text', ...flags], { checks: CHECKS, ...world });
    return stdout.replaceAll(`${folder}/`, '');
  });
}

describe('src/cli/output/text.ts', () => {
  test('groups findings by severity and object, and its numbers add up', async () => {
    const files = { 'a.yaml': `${configMap('flags', { alpha: 'x', beta: 'x' })}---\n${pod()}`, 'b.yaml': `${configMap('more', { beta: 'x' })}---\na: [\n` };

    expect(await textOf(files)).toBe(
      [
        'CRITICAL (1)',
        '',
        '  Pod shop/api',
        '    Container main runs privileged',
        '      a.yaml:14  workload/privileged',
        '',
        'HIGH (1)',
        '',
        '  ConfigMap flags',
        '    alpha is on',
        '      a.yaml:5  node/flag:alpha',
        '',
        'LOW (2)',
        '',
        '  ConfigMap flags',
        '    beta is on',
        '      a.yaml:5  node/flag:beta',
        '',
        '  ConfigMap more',
        '    beta is on',
        '      b.yaml:5  node/flag:beta',
        '',
        'Unreadable (1)',
        '',
        '  b.yaml, document 2: line 8: bad indentation',
        '',
        'Not evaluated (1)',
        '',
        '  no allowed registries are configured: iac/registry',
        '',
        '4 findings (1 critical, 1 high, 2 low). 3 checks judged 3 objects in 2 files for',
        'Kubernetes v1.37.',
        'Not judged: 1 document could not be read; 1 check could not be evaluated, or',
        'only in part. See above.',
        '',
      ].join('\n'),
    );
  });

  test('says how much was looked at when nothing was found', async () => {
    expect(await textOf({ 'a.yaml': pod({ privileged: false }) }, [], { checks: [privileged] })).toBe('Nothing found. 1 check judged 1 object in 1 file for Kubernetes v1.37.\n');
  });

  test('no object is not nothing found', async () => {
    expect(await textOf({ 'a.yaml': 'a: 1\n' }, [], { checks: [privileged] })).toBe('Nothing was judged: there was no object in 1 file.\n');
  });

  test('says what lacked evidence', async () => {
    expect(await textOf({ 'a.yaml': pod({ privileged: false }) }, [], { checks: [privileged, monitored] })).toContain(
      'Undecided (1)\n\n  connections/monitored: 1 object, the files may not be the whole cluster\n\n',
    );
  });

  test('lists files on demand', async () => {
    expect(await textOf({ 'a.yaml': pod(), 'b.yaml': '' }, ['--list-files'])).toContain('Files (2)\n\n  a.yaml: 1 object\n  b.yaml: 0 objects\n\n');
  });

  test('is as wide as the terminal, and at most 120 columns', async () => {
    for (const columns of [40, 80, 500]) {
      const stdout = createSink({ isTTY: true, columns });
      const text = await textOf({ 'a.yaml': configMap('a', { message: 'word '.repeat(200) }) }, [], { stdout, env: { NO_COLOR: '1' } });
      const longest = Math.max(...text.split('\n').map((line) => line.length));

      expect(longest).toBeLessThanOrEqual(Math.min(columns, 120));
      expect(longest).toBeGreaterThan(Math.min(columns, 120) - 10);
    }
  });

  test('text is what a terminal gets without asking, in colour', async () => {
    const stdout = createSink({ isTTY: true });

    await withFolder({ 'a.yaml': pod() }, (folder) => runCli(['scan', folder], { checks: [privileged], stdout }));

    expect(stdout.text()).toMatch(/^\u001b\[.*CRITICAL \(1\)/);
  });

  test('nothing of a manifest reaches the terminal raw', async () => {
    const text = await textOf({ 'a.yaml': configMap('"\\e[2J\\u202ea"', { message: '\u001b]0;title\u0007\r\n\u009b' }) });

    expect(text).toContain('ConfigMap \\x1b[2J\\u{202e}a');
    expect(text).toContain('\\x1b]0;title\\x07\\x0d\\x0a\\x9b');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('cuts very long messages', async () => {
    expect((await textOf({ 'a.yaml': configMap('a', { message: 'x'.repeat(10_000) }) })).length).toBeLessThan(3000);
  });

  test('counts checks with items once', async () => {
    expect(await textOf({ 'a.yaml': configMap('a', {}) }, [], { checks: [flags] })).toContain('1 check judged 1 object');
  });

  test('of clusters names the cluster of each finding and gap', async () => {
    const prod = sourceOf([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { beta: 'x' } }], { unlisted: { Pod: 'no permission to list pods' } });

    const { stdout } = await runCli(['scan', '--context', 'prod', '--format', 'text'], { checks: [privileged, flags], sources: { prod } });

    expect(stdout).toContain('    beta is on\n      prod  node/flag:beta\n');
    expect(stdout).toContain('Not evaluated (1)\n\n  prod, no permission to list pods (only Pod): workload/privileged\n');
    expect(stdout).toContain('1 finding (1 low). 2 checks judged 1 object in 1 cluster for Kubernetes v1.37.\n');
  });

  test('a cluster that cannot be read is not nothing found', async () => {
    const { stdout } = await runCli(['scan', '--context', 'gone', '--format', 'text'], { checks: [privileged], sources: { gone: 'the API server refuses connections' } });

    expect(stdout).toBe('Nothing was judged: no cluster could be read.\n');
  });
});
