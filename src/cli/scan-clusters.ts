import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { textAt } from '#src/model/raw.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { formatVersion, type KubernetesVersion } from '#src/model/version.ts';
import { byUrgency, inScope } from '#src/scan/compare.ts';
import { scan } from '#src/scan/scan.ts';
import { amount, listed } from './output/words.ts';
import { findingRecord, type ScanRecord } from './records.ts';
import type { ScanNeeds } from './scan-files.ts';
import { createTotals, summaryRecord } from './totals.ts';

export interface ClusterTarget {
  readonly contexts: readonly string[];
  /** Only findings of this namespace are given out; all objects are read all the same. */
  readonly namespace: string | undefined;
  /** Undefined for the version that each cluster tells. */
  readonly version: KubernetesVersion | undefined;
}

export interface ClusterNeeds extends ScanNeeds {
  readonly clusters: Clusters;
}

/** Some of the clusters could not be read; the others were. One line for each. */
export class SomeUnread extends Error {}

const NAMED_REASONS = 5;

/** Judges running clusters one after the other. @throws {SomeUnread} after the summary. */
export async function* scanClusters(target: ClusterTarget, needs: ClusterNeeds): AsyncGenerator<ScanRecord> {
  const totals = createTotals();
  const versions = new Set<string>();
  const unread: string[] = [];
  let objects = 0;
  let findings = 0;
  for (const context of target.contexts) {
    try {
      const { version, result } = await scanCluster(context, target, needs);
      if (result.objects === 0 && result.notEvaluated.length > 0) throw new ClusterUnreachable(`nothing in it could be read: ${reasons(result)}`);
      versions.add(version);
      totals.add(result, context);
      needs.onResult?.(result, context);
      objects += result.objects;
      const mine = result.findings.filter(inScope(target.namespace === undefined ? {} : { namespace: target.namespace }));
      findings += mine.length;
      yield* mine.toSorted(byUrgency).map((finding) => findingRecord(finding, { cluster: context }));
      yield { type: 'cluster', cluster: context, version, objects: result.objects };
      if (result.notEvaluated.length > 0) needs.notes.note(`${context}: ${gapNote(result)}`);
    } catch (error) {
      if (!(error instanceof ClusterUnreachable)) throw error;
      unread.push(`${context}: ${error.message}`);
    }
  }
  const [version] = versions;
  const clusters = target.contexts.length - unread.length;
  yield summaryRecord(totals, { files: 0, clusters, objects, unreadable: 0, findings, ...(version !== undefined && versions.size === 1 && { kubernetesVersion: version }) });
  if (unread.length > 0) throw new SomeUnread(unread.join('\n'));
}

async function scanCluster(name: string, target: ClusterTarget, { checks, context, clusters, notes, faults, signal }: ClusterNeeds) {
  const cluster = await clusters.open(name, signal);
  try {
    if (target.namespace !== undefined) await requireNamespace(cluster, target.namespace, signal);
    const version = target.version ?? cluster.version;
    const report = ({ kind, objects }: { readonly kind: string; readonly objects: number }) => notes.progress(`${name}: reading ${kind}, ${objects} objects so far`);
    const result = await scan({ source: cluster, checks, context: { ...context, version }, signal, report, onFault: faults.report });
    return { version: formatVersion(version), result };
  } finally {
    cluster.close();
  }
}

/** A misspelled namespace would otherwise pass for a healthy one. Where namespaces cannot be listed, nothing can be said. */
async function requireNamespace(cluster: ObjectSource, wanted: string, signal: AbortSignal): Promise<void> {
  const names: string[] = [];
  try {
    for await (const page of cluster.list('Namespace', signal)) names.push(...page.map(({ object }) => textAt(object, 'metadata', 'name') ?? ''));
  } catch (error) {
    if (error instanceof NotListed) return;
    throw error;
  }
  if (!names.includes(wanted)) throw new ClusterUnreachable(`it has no namespace ${wanted}.${didYouMean(wanted, names)}`);
}

function gapNote(result: ScanResult): string {
  const checks = new Set(result.notEvaluated.map(({ check }) => check)).size;
  return `${amount(checks, 'check')} could not be evaluated, or only in part: ${reasons(result)}`;
}

function reasons({ notEvaluated }: ScanResult): string {
  return listed([...new Set(notEvaluated.map(({ reason }) => reason))], NAMED_REASONS);
}
