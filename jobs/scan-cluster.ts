import { z } from 'zod';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { areaOf } from '#src/model/finding.ts';
import { defineJob, HandBack } from '#src/model/job.ts';
import { newReference } from '#src/model/reference.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import type { ScanProgress } from '#src/model/scan-result.ts';
import type { ScanRun, Stop } from '#src/model/scan-runs.ts';
import type { Services } from '#src/model/services.ts';
import { formatVersion } from '#src/model/version.ts';
import { compare } from '#src/scan/compare.ts';
import { scan as scanObjects } from '#src/scan/scan.ts';
import { summarize } from '#src/scan/summarize.ts';
import { announceScan } from './support/announce-scan.ts';
import { publishScan } from './support/publish-scan.ts';

/** How often a running scan looks whether it was canceled and brings its message up to date. */
const STEP_MS = 1000;

/** Scans one cluster, compares with what was known of it and brings the scan's message and thread to the result. */
export const job = defineJob({
  name: 'scan-cluster',
  summary: 'Scan one cluster and post what changed.',
  payload: z.strictObject({ scan: z.string() }),
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 'scan',
  repeat: 'Each beginning takes a new run number; an earlier run that still goes on cannot store anything. What is posted is named after the scan.',
  async run({ scan: id }, services, { signal, last }) {
    const run = await services.scanRuns.begin(id);
    if (run === undefined) return announceScan(id, services);
    const watch = watchRun(run, services);
    try {
      await scanAndStore(run, services, AbortSignal.any([signal, watch.signal]), watch.progress);
    } catch (error) {
      const stop = watch.stopped();
      if (stop === 'superseded') return;
      if (stop !== undefined) await run.end({ state: 'canceled', endedAt: services.clock.now().toISOString() });
      else await recordFailure(run, services, signal.aborted ? signal.reason : error, last);
    } finally {
      watch.end();
    }
    await announceScan(id, services);
  },
  async onGivenUp({ scan: id }, services, reason) {
    const run = await services.scanRuns.begin(id);
    await run?.end({ state: 'failed', endedAt: services.clock.now().toISOString(), failure: { reason, reference: newReference() } });
    await announceScan(id, services);
  },
});

async function scanAndStore(run: ScanRun, services: Services, signal: AbortSignal, onProgress: (progress: ScanProgress) => void): Promise<void> {
  const { clock, clusters, scans, log } = services;
  const startedAt = clock.now();
  const { id, cluster, scope, runs, setback } = run.scan;
  const interrupted = runs > 1 && setback === undefined ? { setback: { at: startedAt.toISOString(), reason: 'the worker stopped' } } : {};
  const { scan, stop } = await run.report({ state: 'running', startedAt: startedAt.toISOString(), ...interrupted });
  if (stop !== undefined) throw new Error('stopped before it began');
  await publishScan(scan, services);
  const checks = services.checks.filter((check) => scope.areas?.includes(areaOf(check.id)) ?? true);
  const source = await clusters.open(cluster, signal);
  const version = formatVersion(source.version);
  const result = await scanObjects({
    source,
    checks,
    context: { version: source.version, settings: clusters.settings, now: startedAt },
    signal,
    report: onProgress,
    onFault: (unit, error) => log.error({ unit, error }, 'a check failed on an object'),
  }).finally(source.close);
  const known = await scans.state(cluster);
  const now = clock.now();
  const { state, outcome, comparedWith } = compare(known, result, { id, cluster, scope, version, startedAt, now, knownChecks: new Set(services.checks.map((check) => check.id)) });
  const summary = summarize(outcome, result, { checks, version, comparedWith });
  signal.throwIfAborted();
  await run.end({ state: 'done', endedAt: now.toISOString(), summary }, state);
}

/** Passes progress on and notices within a second that the scan was canceled or taken over. */
function watchRun(run: ScanRun, services: Services) {
  const abort = new AbortController();
  let latest: ScanProgress | undefined;
  let stop: Stop | undefined;
  let working = false;
  const step = async () => {
    if (working || stop !== undefined) return;
    working = true;
    try {
      const reported = await run.report(latest === undefined ? {} : { progress: latest });
      stop = reported.stop;
      if (stop !== undefined) abort.abort();
      else if (latest !== undefined) await publishScan(reported.scan, services);
    } catch (error) {
      services.log.warn({ scan: run.scan.id, error }, 'the progress of a scan could not be stored');
    } finally {
      working = false;
    }
  };
  const timer = setInterval(() => void step(), STEP_MS);
  return {
    signal: abort.signal,
    progress: (progress: ScanProgress) => {
      latest = progress;
    },
    stopped: () => stop,
    end: () => clearInterval(timer),
  };
}

/** A further attempt is worth making unless the scan took too long; the last failure is the scan's end. */
async function recordFailure(run: ScanRun, { clock, log }: Services, error: unknown, last: boolean): Promise<void> {
  const at = clock.now().toISOString();
  if (error instanceof HandBack) {
    await run.report({ state: 'queued', setback: { at, reason: 'the bot was stopped' } });
    throw error;
  }
  const tooLong = error instanceof DOMException && error.name === 'TimeoutError';
  const reason = tooLong ? 'it took longer than a scan may' : error instanceof ClusterUnreachable ? error.message : 'of a fault in the bot';
  if (!last && !tooLong) {
    await run.report({ state: 'queued', setback: { at, reason } });
    throw error;
  }
  const reference = newReference();
  log.error({ scan: run.scan.id, cluster: run.scan.cluster, reference, error }, 'a scan failed');
  await run.end({ state: 'failed', endedAt: at, failure: { reason, reference } } satisfies Partial<ScanRecord>);
}
