import type { Check } from '#src/model/check.ts';
import { UsageError, type Arguments } from '#src/model/command.ts';
import { compareSeverity, type Severity } from '#src/model/finding.ts';
import { NO_SETTINGS, type CheckSettings } from '#src/model/settings.ts';
import { formatVersion, NEWEST_KNOWN, parseVersion, type KubernetesVersion } from '#src/model/version.ts';
import { knownIds } from '#src/iac/suppress.ts';
import { keyOfFindings } from './baseline.ts';
import { compareWithBaseline } from './compare-baseline.ts';
import { createFaultNotes, type FaultNotes } from './fault-notes.ts';
import { choice, FAIL_LEVELS, list, SCAN_FORMATS } from './flags.ts';
import { createNotes, type Notes } from './notes.ts';
import { jsonReport } from './output/json.ts';
import { jsonlReport } from './output/jsonl.ts';
import type { Report } from './output/report.ts';
import { createStyle } from './output/style.ts';
import type { ScanRecord } from './records.ts';
import { scanClusters, SomeUnread } from './scan-clusters.ts';
import { NothingReadable, scanFiles, type FileTarget, type ScanNeeds } from './scan-files.ts';
import { selectChecks } from './select-checks.ts';
import { readTarget, type ContextTarget } from './target.ts';
import { print, type World } from './world.ts';

/** What a scan was asked for. */
interface ScanRequest {
  readonly target: FileTarget | ContextTarget;
  readonly format: (typeof SCAN_FORMATS)[number];
  readonly listFiles: boolean;
  readonly checks: readonly Check[];
  readonly knownChecks: ReadonlyMap<string, string>;
  /** The file with findings that do not count. */
  readonly baseline: string | undefined;
  readonly settings: CheckSettings;
  readonly version: KubernetesVersion | undefined;
  readonly failOn: Severity | 'never';
  readonly quiet: boolean;
}

const WIDEST = 120;

/** `k8ssec scan`: 0 when nothing at or above `--fail-on` was found, 1 when something was, 2 when something could not be looked at at all. */
export async function scan(args: Arguments, world: World): Promise<number> {
  const request = await readRequest(args, world);
  const notes = createNotes(world, request.quiet);
  const faults = createFaultNotes(notes);
  noteVersion(request.version, notes);
  const failing = createFailing(request.failOn);
  let problem: Error | undefined;
  const report = await createReport(request, world, () => problem === undefined && !faults.any());
  try {
    for await (const record of await records(request, world, { notes, faults })) {
      failing.add(record);
      if (request.format === 'jsonl') notes.clear();
      await report.add(record);
    }
  } catch (error) {
    if (!(error instanceof NothingReadable || error instanceof SomeUnread)) throw error;
    problem = error;
  } finally {
    notes.clear();
  }
  await report.end();
  if (problem !== undefined) {
    notes.note(problem.message);
    return 2;
  }
  // A check that failed has not judged everything, so the result must not pass for clean.
  return failing.any() ? 1 : faults.any() ? 2 : 0;
}

async function readRequest(args: Arguments, world: World): Promise<ScanRequest> {
  const { options, switches } = args;
  const version = readVersion(options['kubernetes-version']);
  const format = choice(args, 'format', SCAN_FORMATS) ?? (world.stdout.isTTY === true ? 'text' : 'jsonl');
  const failOn = choice(args, 'fail-on', FAIL_LEVELS) ?? 'low';
  const target = readTarget(args, 'scan');
  const all = await world.checks();
  const checks = selectChecks(all, { only: list(args, 'checks'), skip: list(args, 'skip') });
  const settings = options.config === undefined ? NO_SETTINGS : (await import('#src/config/load.ts')).loadCheckSettings(options.config);
  const knownChecks = knownIds(all);
  return { target, format, listFiles: switches.has('list-files'), checks, knownChecks, baseline: options.baseline, settings, version, failOn, quiet: switches.has('quiet') };
}

export function readVersion(text: string | undefined): KubernetesVersion | undefined {
  const version = text === undefined ? undefined : parseVersion(text);
  if (text !== undefined && version === undefined) throw new UsageError(`--kubernetes-version cannot be "${text}". It is given as ${formatVersion(NEWEST_KNOWN)}.`);
  return version;
}

export function noteVersion(version: KubernetesVersion | undefined, notes: Notes): void {
  if (version === undefined || version.minor <= NEWEST_KNOWN.minor) return;
  notes.note(`Kubernetes ${formatVersion(version)} is newer than what is known here; it is judged like ${formatVersion(NEWEST_KNOWN)}.`);
}

async function records(request: ScanRequest, world: World, told: { readonly notes: Notes; readonly faults: FaultNotes }): Promise<AsyncIterable<ScanRecord>> {
  const { baseline: path, target } = request;
  if (path === undefined) return scanRecords(request, world, told);
  const keyOf = keyOfFindings('paths' in target ? target.isolate : 'none');
  const { readBaseline } = await import('./read-baseline.ts');
  return compareWithBaseline(await scanRecords(request, world, told), await readBaseline(path, keyOf), keyOf, target);
}

async function scanRecords(request: ScanRequest, world: World, { notes, faults }: { readonly notes: Notes; readonly faults: FaultNotes }): Promise<AsyncIterable<ScanRecord>> {
  const { target, checks, settings, version = NEWEST_KNOWN } = request;
  const needs: ScanNeeds = { checks, context: { version, settings, now: world.clock.now() }, notes, faults, signal: world.signal };
  if ('paths' in target) return scanFiles(target, { ...needs, stdin: world.stdin, searchPath: world.env.PATH, knownChecks: request.knownChecks });
  return scanClusters({ ...target, version: request.version }, { ...needs, clusters: await world.clusters(target.contexts, target.kubeconfig, settings) });
}

async function createReport({ format, listFiles, checks }: ScanRequest, { stdout, env, version }: World, successful: () => boolean): Promise<Report> {
  const write = (text: string) => (text === '' ? Promise.resolve() : print(stdout, text));
  switch (format) {
    case 'jsonl':
      return jsonlReport(write, { listFiles });
    case 'json':
      return jsonReport(write);
    case 'text':
      return (await import('./output/text.ts')).textReport(write, { style: createStyle(stdout, env), width: Math.min(stdout.columns ?? 80, WIDEST), listFiles });
    case 'sarif':
      return (await import('./output/sarif.ts')).sarifReport(write, { checks, version, listFiles, successful });
  }
}

/** Whether a finding at or above a severity went by that the baseline does not have. */
function createFailing(failOn: Severity | 'never'): { readonly add: (record: ScanRecord) => void; readonly any: () => boolean } {
  let any = false;
  return {
    add(record) {
      any ||= record.type === 'finding' && record.change !== 'known' && failOn !== 'never' && compareSeverity(record.severity, failOn) <= 0;
    },
    any: () => any,
  };
}
