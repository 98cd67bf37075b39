import { z } from 'zod';
import type { CheckContext } from '#src/model/check.ts';
import { ClusterUnreachable, type OpenCluster } from '#src/model/clusters.ts';
import { areaOf } from '#src/model/finding.ts';
import { defineJob, HandBack, Permanent, type JobRun } from '#src/model/job.ts';
import { nearest } from '#src/model/nearest.ts';
import { textAt } from '#src/model/raw.ts';
import { newReference } from '#src/model/reference.ts';
import type { ScanScope } from '#src/model/scan-record.ts';
import type { ScanProgress, ScanResult } from '#src/model/scan-result.ts';
import type { ScanPatch, ScanRun } from '#src/model/scan-runs.ts';
import type { Services } from '#src/model/services.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { formatVersion } from '#src/model/version.ts';
import { readKnownUsers } from '#src/people/known-users.ts';
import { compare } from '#src/scan/compare.ts';
import { SSH_CHECK, sshAnswersOf } from '#src/scan/ssh-answers.ts';
import { scan as scanObjects } from '#src/scan/scan.ts';
import { gapsByReason, summarize } from '#src/scan/summarize.ts';
import { announceScan } from './support/announce-scan.ts';
import { aboutCluster, publishScan, type ScanSurroundings } from './support/publish-scan.ts';

/** How often a running scan looks whether it was canceled and brings its message up to date. */
const STEP_MS = 1000;
/** Named when nothing at all could be read. */
const REASONS = 2;

/** Scans one cluster, compares with what was known of it and brings the scan's message and thread to the result. */
export const job = defineJob({
  name: 'scan-cluster',
  summary: 'Scan one cluster, post what changed, and tell at once what the internet has come to reach.',
  payload: z.strictObject({ scan: z.string() }),
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 'scan',
  repeat: 'Each beginning takes a new run number; an earlier run that still goes on cannot store anything. What is posted is named after the scan.',
  async run({ scan: id }, services, jobRun) {
    const run = await services.scanRuns.begin(id);
    if (run !== undefined) await workOn(run, services, jobRun);
    await announceScan(id, services);
  },
  async onGivenUp({ scan: id }, services, reason) {
    const run = await services.scanRuns.begin(id);
    await run?.end({ state: 'failed', endedAt: services.clock.now().toISOString(), failure: { reason, reference: newReference() } });
    await announceScan(id, services);
  },
});

/** The scan was canceled, or another worker has taken it over: there is nothing left to do. */
class Superseded extends Error {}

async function workOn(run: ScanRun, services: Services, { signal, last }: JobRun): Promise<void> {
  const watch = watchRun(run, services, aboutCluster(await services.scans.state(run.scan.cluster)));
  try {
    await scanAndStore(run, services, watch, AbortSignal.any([signal, watch.signal]));
  } catch (error) {
    if (watch.signal.aborted) return;
    if (signal.aborted && signal.reason instanceof HandBack) await handBack(watch, services, signal.reason);
    else await recordFailure(run, watch, services, { error, isTooLong: signal.aborted, last });
  } finally {
    watch.end();
  }
}

async function scanAndStore(run: ScanRun, services: Services, watch: Watch, signal: AbortSignal): Promise<void> {
  const { clock, clusters, scans, log } = services;
  const startedAt = clock.now();
  const { id, cluster, scope, runs, setback } = run.scan;
  const interrupted = runs > 1 && setback === undefined ? { setback: { at: startedAt.toISOString(), reason: 'the worker stopped' } } : {};
  await watch.report({ state: 'running', startedAt: startedAt.toISOString(), ...interrupted });
  const checks = services.checks.filter((check) => scope.areas?.includes(areaOf(check.id)) ?? true);
  const source = await clusters.open(cluster, signal);
  const version = formatVersion(source.version);
  const onFault = (unit: string, error: unknown): void => log.error({ unit, error }, 'a check failed on an object');
  let result: ScanResult;
  try {
    await requireNamespace(source, scope, signal);
    const context = await contextOf(cluster, source, checks, services, signal);
    result = await scanObjects({ source, checks, context, signal, report: watch.progress, onFault });
  } finally {
    source.close();
  }
  if (result.objects === 0 && result.notEvaluated.length > 0) throw new ClusterUnreachable(`nothing in it could be read: ${someReasons(result)}`);
  const known = await scans.state(cluster);
  const now = clock.now();
  const { state, outcome, comparedWith } = compare(known, result, { id, cluster, scope, version, startedAt, now, knownChecks: new Set(services.checks.map((check) => check.id)) });
  const summary = summarize(outcome, result, { checks, version, comparedWith });
  signal.throwIfAborted();
  await run.end({ state: 'done', endedAt: now.toISOString(), summary }, state);
}

/** With what the API server does not know, as far as the checks ask for it. */
async function contextOf(cluster: string, source: OpenCluster, checks: Services['checks'], { clock, clusters, people, activity, accessSettings }: Services, signal: AbortSignal): Promise<CheckContext> {
  const now = clock.now();
  const sshAnswers = checks.some(({ id }) => id === SSH_CHECK) ? await sshAnswersOf(source, signal) : undefined;
  const hasAccess = checks.some(({ id }) => areaOf(id) === 'access');
  const users = hasAccess ? await readKnownUsers(cluster, { people, activity, settings: accessSettings, now }) : undefined;
  const uses = hasAccess ? await activity.usesOf(cluster) : undefined;
  return { version: source.version, settings: clusters.settings, now, ...(sshAnswers !== undefined && { sshAnswers }), ...(users !== undefined && { users }), ...(uses !== undefined && { uses }) };
}

function someReasons({ notEvaluated }: ScanResult): string {
  const reasons = gapsByReason(notEvaluated).map(({ reason }) => reason);
  const more = reasons.length - REASONS;
  return `${reasons.slice(0, REASONS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A misspelt namespace would pass for one without findings. @throws {Permanent} */
async function requireNamespace(source: ObjectSource, { namespace }: ScanScope, signal: AbortSignal): Promise<void> {
  if (namespace === undefined) return;
  const names: string[] = [];
  try {
    for await (const page of source.list('Namespace', signal)) names.push(...page.map(({ object }) => textAt(object, 'metadata', 'name') ?? ''));
  } catch (error) {
    // Nobody knows whether it is there.
    if (error instanceof NotListed) return;
    throw error;
  }
  if (names.includes(namespace)) return;
  const near = nearest(namespace, names);
  throw new Permanent(`there is no namespace "${namespace}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}

interface Watch {
  /** Aborted when the run can change nothing any more. */
  readonly signal: AbortSignal;
  /** Stores a step and shows it. @throws {Superseded} */
  readonly report: (patch: ScanPatch) => Promise<void>;
  readonly progress: (progress: ScanProgress) => void;
  readonly end: () => void;
}

/** Passes progress on and notices within a second that the scan was canceled or taken over. */
function watchRun(run: ScanRun, services: Services, surroundings: ScanSurroundings): Watch {
  const abort = new AbortController();
  let latest: ScanProgress | undefined;
  let isWorking = false;
  const report = async (patch: ScanPatch): Promise<void> => {
    const scan = await run.report(patch);
    if (scan === undefined) abort.abort(new Superseded());
    abort.signal.throwIfAborted();
    if (scan !== undefined) await publishScan(scan, services, surroundings);
  };
  const step = async () => {
    if (isWorking || abort.signal.aborted) return;
    isWorking = true;
    try {
      await report(latest === undefined ? {} : { progress: latest });
    } catch (error) {
      if (!(error instanceof Superseded)) services.log.warn({ scan: run.scan.id, error }, 'the progress of a scan could not be stored');
    } finally {
      isWorking = false;
    }
  };
  const timer = setInterval(() => void step(), STEP_MS);
  return {
    signal: abort.signal,
    report,
    progress: (progress) => void (latest = progress),
    end: () => clearInterval(timer),
  };
}

async function handBack(watch: Watch, { clock }: Services, reason: HandBack): Promise<never> {
  await watch.report({ state: 'queued', setback: { at: clock.now().toISOString(), reason: 'the bot was stopped' } });
  throw reason;
}

interface Failure {
  readonly error: unknown;
  readonly isTooLong: boolean;
  readonly last: boolean;
}

/** A further attempt is worth making unless it would end alike; the last failure is the scan's end. */
async function recordFailure(run: ScanRun, watch: Watch, { clock, log }: Services, { error, isTooLong, last }: Failure): Promise<void> {
  const at = clock.now().toISOString();
  const isKnown = error instanceof ClusterUnreachable || error instanceof Permanent;
  const reason = isTooLong ? 'it took longer than a scan may' : isKnown ? error.message : 'the bot has a fault';
  if (!last && !isTooLong && !(error instanceof Permanent)) {
    await watch.report({ state: 'queued', setback: { at, reason } });
    throw error;
  }
  const reference = newReference();
  log.error({ scan: run.scan.id, cluster: run.scan.cluster, reference, error }, 'a scan failed');
  await run.end({ state: 'failed', endedAt: at, failure: { reason, reference } });
}
