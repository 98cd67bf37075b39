import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checks } from '#src/checks/index.gen.ts';
import { checkId, type SummaryRecord } from '#src/cli/records.ts';
import { controlsOf, FRAMEWORKS, REPORTED, type ReportedId } from '#src/model/frameworks/frameworks.ts';
import type { ControlState, FrameworkReport } from '#src/model/frameworks/report.ts';
import { KINDS } from '#src/model/kinds.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import { withFolder } from '#test/build/files.ts';
import { drawnOn } from '#test/build/pdf.ts';
import { runCli } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';

type Counts = Readonly<Record<Extract<ControlState, 'passed' | 'not-evaluated'>, number>>;

interface Reading {
  readonly counts: Counts;
  /** Everything in it, without line breaks. */
  readonly words: string;
}

const FORBIDDEN = 'no permission to list it';
const forbid = (kinds: readonly string[]) => Object.fromEntries(kinds.map((kind) => [kind, FORBIDDEN]));

/** What every cluster has. */
const NEW_CLUSTER = ['default', 'kube-system'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));

interface Cluster {
  readonly source: ObjectSource;
  /** Frameworks of which every control can be evaluated here, all the same. */
  readonly whole?: readonly ReportedId[];
}

const CLUSTERS: Readonly<Record<string, Cluster>> = {
  'that is empty': { source: sourceOf(NEW_CLUSTER, { complete: true }), whole: ['pss'] },
  'of which nothing but namespaces can be read': { source: sourceOf(NEW_CLUSTER, { complete: true, unlisted: forbid(Object.keys(KINDS).filter((kind) => kind !== 'Namespace')) }) },
  'of which all but pods can be read': { source: sourceOf(demoObjects(), { complete: true, unlisted: forbid(['Pod']) }) },
  'of which all but roles and namespaces can be read': { source: sourceOf(demoObjects(), { complete: true, unlisted: forbid(['Role', 'ClusterRole', 'Namespace']) }), whole: ['pss'] },
};

const READERS: Readonly<Record<string, (content: string) => Reading>> = {
  text: (content) => ({ counts: { passed: countOf(content, /^ {2}pass {2}/gm), 'not-evaluated': countOf(content, /^ {2}\? {5}/gm) }, words: oneLine(content) }),
  html: (content) => ({ counts: { passed: countOf(content, /<td class="passed">passed</g), 'not-evaluated': countOf(content, /<td class="not-evaluated">not evaluated</g) }, words: oneLine(content) }),
  pdf: (content) => {
    const lines = drawnOn(Buffer.from(content, 'latin1')).flat();
    return { counts: { passed: lines.filter((line) => line === 'passed').length, 'not-evaluated': lines.filter((line) => line === 'not evaluated').length }, words: lines.join(' ') };
  },
};

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

async function written(source: ObjectSource, framework: ReportedId, format: string): Promise<string> {
  return withFolder({}, async (folder) => {
    const file = join(folder, 'report');
    await runCli(['report', '--context', 'prod', '--framework', framework, '--format', format, '--output', file], { checks, sources: { prod: source } });
    return readFile(file, 'latin1');
  });
}

async function reportOf(source: ObjectSource, framework: ReportedId): Promise<FrameworkReport> {
  const { reports } = JSON.parse(await written(source, framework, 'json')) as { readonly reports: readonly [FrameworkReport] };
  return reports[0];
}

/** What the scan itself says of checks that could not look, or not everywhere. */
async function missedBy(source: ObjectSource): Promise<ReadonlySet<string>> {
  const { records } = await runCli(['scan', '--context', 'prod', '--format', 'jsonl'], { checks, sources: { prod: source } });
  const { notEvaluated, undecided } = records().at(-1) as unknown as SummaryRecord;
  return new Set([...notEvaluated, ...undecided].map(checkId));
}

const cases = REPORTED.flatMap((framework) => Object.entries(CLUSTERS).map(([name, { source, whole = [] }]) => ({ framework, name, source, isWhole: whole.includes(framework) })));

describe('src/cli/report.ts, what could not be looked at', () => {
  test.each(cases)('$framework passes no control of a cluster $name with a check that could not look', async ({ framework, source, isWhole }) => {
    const missed = await missedBy(source);
    const { sections } = await reportOf(source, framework);
    // Of these one check that could look is enough.
    const alternatives = new Set(controlsOf(FRAMEWORKS[framework]).flatMap(({ id, alternatives: any }) => (any === true ? [id] : [])));
    const touched = sections.flatMap(({ controls }) => controls).filter(({ id, checks: by }) => !alternatives.has(id) && by.some((check) => missed.has(check) || missed.has(check.split(':')[0] ?? '')));

    expect(touched.length === 0).toBe(isWhole);
    expect(touched.filter(({ state }) => state !== 'failed' && state !== 'not-evaluated').map(({ id, state }) => `${id} ${state}`)).toEqual([]);
    expect(touched.filter(({ reasons }) => reasons.length === 0).map(({ id }) => id)).toEqual([]);
  });

  test.each(cases.flatMap((one) => Object.keys(READERS).map((format) => ({ ...one, format }))))('$framework as $format shows and counts of a cluster $name what was not evaluated as such', async ({ framework, source, isWhole, format }) => {
    const { sections } = await reportOf(source, framework);
    const states = sections.flatMap(({ controls }) => controls.map(({ state }) => state));
    const number = (wanted: ControlState) => states.filter((state) => state === wanted).length;
    const [passed, failed, missed] = [number('passed'), number('failed'), number('not-evaluated')];
    const evaluated = passed + failed;

    const { counts, words } = READERS[format]?.(await written(source, framework, format)) ?? { counts: undefined, words: '' };

    expect(missed === 0).toBe(isWhole);
    expect(counts).toEqual({ passed, 'not-evaluated': missed });
    const score = evaluated === 0 ? 'No score, because no control was evaluated' : `Score ${Math.floor((100 * passed) / evaluated)} % (${passed} of ${evaluated} evaluated controls passed)`;
    expect(words).toContain(`${score}, coverage ${Math.floor((100 * evaluated) / states.length)} % (${evaluated} of ${states.length} controls evaluated)`);
  });

  test.each(['text', 'json', 'html', 'pdf'])('there is no report as %s on a cluster of which nothing can be read', async (format) => {
    await withFolder({}, async (folder) => {
      const sources = { prod: sourceOf([], { complete: true, unlisted: forbid(Object.keys(KINDS)) }) };

      const outcome = await runCli(['report', '--context', 'prod', '--format', format, '--output', join(folder, 'report')], { checks, sources });

      expect(outcome).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('prod: nothing in it could be read') as unknown });
      expect(await readdir(folder)).toEqual([]);
    });
  });
});
