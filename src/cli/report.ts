import { writeFile } from 'node:fs/promises';
import type { Check } from '#src/model/check.ts';
import { UsageError, type Arguments } from '#src/model/command.ts';
import { FRAMEWORKS, REPORTED, type ReportedId } from '#src/model/frameworks/frameworks.ts';
import type { FrameworkReport, ReportedFinding } from '#src/model/frameworks/report.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { assess, type Judged } from '#src/report/assess.ts';
import { reportFile } from '#src/report/file.ts';
import { createFaultNotes } from './fault-notes.ts';
import { choice, REPORT_FORMATS } from './flags.ts';
import { createNotes, type Notes } from './notes.ts';
import { createStyle } from './output/style.ts';
import type { FindingRecord, ScanRecord } from './records.ts';
import { scanClusters, SomeUnread } from './scan-clusters.ts';
import { NothingReadable, scanFiles, type ScanNeeds } from './scan-files.ts';
import { noteVersion, readVersion } from './scan.ts';
import { readTarget } from './target.ts';
import { OutputFailed, print, type World } from './world.ts';

type Format = (typeof REPORT_FORMATS)[number];

const WIDEST = 120;

/** `k8ssec report`: 0 when everything was looked at that a report can be made of, 2 when something could not be read. */
export async function report(args: Arguments, world: World): Promise<number> {
  const { stdout } = world;
  const { output } = args.options;
  const format = choice(args, 'format', REPORT_FORMATS) ?? formatOf(output) ?? (stdout.isTTY === true && output === undefined ? 'text' : 'json');
  if (format === 'pdf' && output === undefined) throw new UsageError('A PDF is written to a file: give --output FILE.');
  const framework = choice(args, 'framework', REPORTED) ?? 'cis';
  const notes = createNotes(world, args.switches.has('quiet'));
  const checks = await world.checks();
  const gathered = await gather(args, world, checks, notes);
  notes.clear();
  const reports = reportsOf(framework, gathered, checks, world.clock.now().toISOString());
  if (reports.length > 0) await write(await rendered(reports, format, world, output), output, world);
  if (gathered.problem === undefined) return 0;
  notes.note(gathered.problem);
  return 2;
}

/** The format that a file name ends with. */
function formatOf(output: string | undefined): Format | undefined {
  return REPORT_FORMATS.find((format) => output?.endsWith(`.${format}`));
}

/** What a scan gave out. */
interface Gathered {
  readonly results: ReadonlyMap<string | undefined, ScanResult>;
  readonly findings: readonly FindingRecord[];
  /** Of Kubernetes, by cluster; under undefined that of the files. */
  readonly versions: ReadonlyMap<string | undefined, string>;
  readonly unreadable: number;
  /** What could not be looked at at all, or failed. */
  readonly problem: string | undefined;
}

async function gather(args: Arguments, world: World, checks: readonly Check[], notes: Notes): Promise<Gathered> {
  const faults = createFaultNotes(notes);
  const results = new Map<string | undefined, ScanResult>();
  const findings: FindingRecord[] = [];
  const versions = new Map<string | undefined, string>();
  let unreadable = 0;
  let problem: string | undefined;
  const needs = { checks, notes, faults, signal: world.signal, onResult: (result: ScanResult, cluster?: string) => results.set(cluster, result) };
  try {
    for await (const record of await records(args, world, needs)) {
      if (record.type === 'finding') findings.push(record);
      else if (record.type === 'unreadable') unreadable += 1;
      else if (record.type === 'cluster') versions.set(record.cluster, record.version);
      else if (record.type === 'summary' && record.clusters === undefined && record.kubernetesVersion !== undefined) versions.set(undefined, record.kubernetesVersion);
    }
  } catch (error) {
    if (!(error instanceof NothingReadable || error instanceof SomeUnread)) throw error;
    // The files are one cluster, of which nothing is known then; of several clusters the others are.
    if (error instanceof NothingReadable) results.clear();
    problem = error.message;
  }
  if (problem === undefined && faults.any()) problem = 'Some checks failed, which is a fault of k8ssec; what they answer is not evaluated.';
  return { results, findings, versions, unreadable, problem };
}

/** One report for the files together, or one for each cluster. */
function reportsOf(framework: ReportedId, { results, findings, versions, unreadable }: Gathered, checks: readonly Check[], at: string): readonly FrameworkReport[] {
  return [...results].map(([cluster, { checks: ran, notEvaluated: gaps, undecided, objects, kinds }]) => {
    const mine = findings.filter((finding) => finding.cluster === cluster).map(reportedFinding);
    const judged: Judged = { checks, ran, gaps, undecided, findings: mine, ...(cluster === undefined && { kinds }) };
    return assess(FRAMEWORKS[framework], judged, { ...(cluster !== undefined && { cluster }), at, kubernetesVersion: versions.get(cluster) ?? 'unknown', objects, unreadable });
  });
}

async function records(args: Arguments, world: World, needs: Omit<ScanNeeds, 'context'>): Promise<AsyncIterable<ScanRecord>> {
  const target = readTarget(args, 'report');
  const version = readVersion(args.options['kubernetes-version']);
  noteVersion(version, needs.notes);
  const settings = args.options.config === undefined ? NO_SETTINGS : (await import('#src/config/load.ts')).loadCheckSettings(args.options.config);
  const context = { version: version ?? NEWEST_KNOWN, settings, now: world.clock.now() };
  if ('paths' in target) return scanFiles(target, { ...needs, context, stdin: world.stdin, searchPath: world.env.PATH });
  return scanClusters({ ...target, version }, { ...needs, context, clusters: await world.clusters(target.contexts, target.kubeconfig, settings) });
}

function reportedFinding({ file, line, ...finding }: FindingRecord): ReportedFinding {
  return { ...finding, ...(file !== undefined && { place: line === undefined ? file : `${file}:${line}` }) };
}

async function rendered(reports: readonly FrameworkReport[], format: Format, { stdout, env }: World, output: string | undefined): Promise<string | Uint8Array> {
  if (format !== 'text') return reportFile(reports, format);
  const { frameworkReportText } = await import('./output/framework.ts');
  // A file is not a terminal.
  const style = createStyle(output === undefined ? stdout : { write: stdout.write }, env);
  return reports.map((one) => frameworkReportText(one, style, Math.min(stdout.columns ?? 80, WIDEST))).join('\n');
}

async function write(content: string | Uint8Array, output: string | undefined, { stdout }: World): Promise<void> {
  if (output === undefined) {
    if (typeof content === 'string') await print(stdout, content);
    return;
  }
  try {
    await writeFile(output, content);
  } catch (error) {
    throw new OutputFailed(`${output} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { cause: error });
  }
}
