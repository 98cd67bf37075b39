import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { withFolder } from '#test/build/files.ts';
import { runCli, type CliOutcome } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { CHECKS } from './samples/checks.ts';
import { configMap, pod } from './samples/manifests.ts';

const BOTH = { 'a.yaml': pod(), 'b.yaml': pod({ name: 'web' }) };

/** Scans twice: some files to make the baseline, and then what has become of them. */
async function scanTwice(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, { make = [], flags = [], format = 'jsonl' }: { readonly make?: readonly string[]; readonly flags?: readonly string[]; readonly format?: string } = {}): Promise<CliOutcome> {
  return withFolder({ ...before, 'baseline.txt': '' }, async (folder) => {
    const path = join(folder, 'baseline.txt');
    await writeFile(path, (await runCli(['scan', folder, '--format', format, ...make], { checks: CHECKS })).stdout);
    for (const name of Object.keys(before)) await writeFile(join(folder, name), after[name] ?? '');
    for (const [name, text] of Object.entries(after)) await writeFile(join(folder, name), text);
    return runCli(['scan', folder, '--baseline', path, ...flags], { checks: CHECKS });
  });
}

async function scanAgainst(baseline: string, flags: readonly string[] = []): Promise<CliOutcome> {
  return withFolder({ ...BOTH, 'baseline.txt': baseline }, async (folder) => {
    const outcome = await runCli(['scan', folder, '--baseline', join(folder, 'baseline.txt'), ...flags], { checks: CHECKS });
    return { ...outcome, stderr: outcome.stderr.replaceAll(`${folder}/`, '') };
  });
}

function counts(outcome: CliOutcome): unknown {
  return outcome.records().at(-1)?.baseline;
}

describe('src/cli/baseline.ts', () => {
  test.each(['jsonl', 'json'])('what an earlier scan found does not count (%s)', async (format) => {
    const outcome = await scanTwice(BOTH, BOTH, { format });

    expect(outcome.status).toBe(0);
    expect(outcome.records().map(({ change }) => change)).toEqual(['known', 'known', undefined]);
    expect(counts(outcome)).toEqual({ new: 0, worse: 0, known: 2, fixed: 0, notSeen: 0 });
  });

  test('only what is new counts', async () => {
    const outcome = await scanTwice({ 'a.yaml': pod() }, BOTH);

    expect(outcome.status).toBe(1);
    expect(outcome.records()).toMatchObject([{ change: 'known' }, { change: 'new', object: { name: 'web' } }, { baseline: { new: 1, known: 1 } }]);
  });

  test('a finding that was milder then is worse, and counts', async () => {
    const { stdout } = await withFolder(BOTH, (folder) => runCli(['scan', folder], { checks: CHECKS }));

    const outcome = await scanAgainst(stdout.replaceAll('"severity":"critical"', '"severity":"low"'));

    expect(outcome.status).toBe(1);
    expect(counts(outcome)).toMatchObject({ worse: 2, known: 0 });
  });

  test('a file that moved keeps its findings known', async () => {
    expect(await scanTwice({ 'a.yaml': pod() }, { 'b.yaml': pod() })).toMatchObject({ status: 0 });
  });

  test('where each file is a cluster, a finding of another file is new', async () => {
    const flags = ['--isolate', 'file'];

    expect(counts(await scanTwice({ 'a.yaml': pod() }, { 'b.yaml': pod() }, { make: flags, flags }))).toEqual({ new: 1, worse: 0, known: 0, fixed: 1, notSeen: 0 });
  });

  test('a list that somebody wrote needs only fingerprint, check and severity', async () => {
    const first = await withFolder(BOTH, (folder) => runCli(['scan', folder], { checks: CHECKS }));
    const written = first.records().filter(({ type }) => type === 'finding').map(({ fingerprint, check, severity }) => ({ fingerprint, check, severity }));

    expect(await scanAgainst(JSON.stringify({ findings: written }))).toMatchObject({ status: 0 });
  });

  test.each([
    ['', 'it is empty; not even a scan that finds nothing prints nothing'],
    ['findings:\n  - x\n', 'line 1 is no record of a scan'],
    ['{"type":"summary"}\n{"type":"finding","check":"a/b"}\n', 'line 2 has no valid fingerprint'],
    ['{"findings":[{"fingerprint":"a","check":"a/b","severity":"bad"}]}', 'findings[0] has no valid severity'],
    ['{"findings":["a"]}', 'findings[0] has no valid fields'],
    ['{"results":[]}', 'it has no list of findings'],
    ['{"version":"2.1.0","runs":[]}', 'it is SARIF; a baseline is printed with --format json or jsonl'],
  ])('refuses what is no baseline, and says why (%j)', async (text, reason) => {
    expect(await scanAgainst(text)).toMatchObject({ status: 2, stdout: '', stderr: `k8ssec: The baseline baseline.txt cannot be used: ${reason}.\n` });
  });

  test('refuses a baseline that is not there', async () => {
    expect(await withFolder(BOTH, (folder) => runCli(['scan', folder, '--baseline', 'no-such-file.json'], { checks: CHECKS }))).toMatchObject({ status: 2, stderr: 'k8ssec: There is no baseline no-such-file.json.\n' });
  });
});

describe('src/cli/compare-baseline.ts', () => {
  test.each([
    ['its object was mended', { 'a.yaml': pod(), 'b.yaml': pod({ name: 'web', privileged: false }) }, [], { fixed: 1, notSeen: 0 }],
    ['its object has gone', { 'a.yaml': pod(), 'b.yaml': '' }, [], { fixed: 1, notSeen: 0 }],
    ['its file cannot be read any more', { 'a.yaml': pod(), 'b.yaml': 'a: [\n' }, [], { fixed: 0, notSeen: 1 }],
    ['its check does not run', { 'a.yaml': pod(), 'b.yaml': '' }, ['--skip', 'workload/privileged'], { fixed: 0, notSeen: 2 }],
  ])('a finding counts as fixed only where it could be seen: %s', async (_, after, flags, expected) => {
    expect(counts(await scanTwice(BOTH, after, { flags }))).toMatchObject(expected);
  });

  test('a finding outside the scanned folder is out of sight', async () => {
    const files = { 'one/a.yaml': pod(), 'two/b.yaml': pod({ name: 'web' }), 'baseline.txt': '' };
    const outcome = await withFolder(files, async (folder) => {
      await writeFile(join(folder, 'baseline.txt'), (await runCli(['scan', folder], { checks: CHECKS })).stdout);
      return runCli(['scan', join(folder, 'one'), '--baseline', join(folder, 'baseline.txt')], { checks: CHECKS });
    });

    expect(counts(outcome)).toEqual({ new: 0, worse: 0, known: 1, fixed: 0, notSeen: 1 });
  });

  test('a finding that a comment leaves out is neither new nor fixed', async () => {
    expect(counts(await scanTwice(BOTH, { ...BOTH, 'b.yaml': `# k8ssec:ignore workload/privileged reason="x"\n${pod({ name: 'web' })}` }))).toEqual({ new: 0, worse: 0, known: 1, fixed: 0, notSeen: 0 });
  });

  test('findings of a cluster that cannot be reached are out of sight', async () => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { alpha: 'x' } };
    const sources = { here: sourceOf([map]), there: sourceOf([map]) };
    const outcome = await withFolder({ 'baseline.txt': '' }, async (folder) => {
      const path = join(folder, 'baseline.txt');
      await writeFile(path, (await runCli(['scan', '--context', 'here,there'], { checks: CHECKS, sources })).stdout);
      return runCli(['scan', '--context', 'here,there', '--baseline', path], { checks: CHECKS, sources: { ...sources, there: 'it does not answer' } });
    });

    expect(counts(outcome)).toMatchObject({ new: 0, known: 1, fixed: 0, notSeen: 1 });
  });

  test('text shows only what is new, and counts the rest', async () => {
    const { stdout } = await scanTwice({ 'a.yaml': pod() }, { ...BOTH, 'a.yaml': configMap('a', {}), 'c.yaml': pod() }, { flags: ['--format', 'text'] });

    expect(stdout).toContain('Pod shop/web');
    expect(stdout).not.toContain('Pod shop/api');
    expect(stdout).toContain('Against the baseline: 1 new, 1 known and not shown, 0 fixed.');
  });

  test('SARIF says how each result stands to the baseline', async () => {
    const log = JSON.parse((await scanTwice({ 'a.yaml': pod() }, BOTH, { flags: ['--format', 'sarif'] })).stdout) as { readonly runs: readonly { readonly results: readonly object[] }[] };

    expect(log.runs[0]?.results).toMatchObject([{ baselineState: 'unchanged' }, { baselineState: 'new' }]);
  });
});
