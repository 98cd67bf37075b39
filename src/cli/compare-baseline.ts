import { posix, sep } from 'node:path';
import { changeOf, type Baseline, type BaselineEntry, type KeyOf } from './baseline.ts';
import { checkId, type BaselineCounts, type ScanRecord, type SummaryRecord } from './records.ts';
import type { FileTarget } from './scan-files.ts';
import type { ContextTarget } from './target.ts';

/** What a scan was able to see, as it becomes known. */
interface Seen {
  readonly keys: Set<string>;
  readonly files: Set<string>;
  readonly unreadable: Set<string>;
  readonly clusters: Set<string>;
}

/**
 * Marks each finding with how it stands to the baseline, and counts in the summary what became of the others.
 *
 * One that is not there any more is fixed only where the scan was able to see it.
 */
export async function* compareWithBaseline(records: AsyncIterable<ScanRecord>, baseline: Baseline, keyOf: KeyOf, target: FileTarget | ContextTarget): AsyncGenerator<ScanRecord> {
  const seen: Seen = { keys: new Set(), files: new Set(), unreadable: new Set(), clusters: new Set() };
  const counts = { new: 0, worse: 0, known: 0 };
  for await (const record of records) {
    if (record.type === 'summary') {
      yield { ...record, baseline: { ...counts, ...restCounts(baseline, seen, record, target) } };
      continue;
    }
    if (record.type === 'file') seen.files.add(record.file);
    if (record.type === 'unreadable') seen.unreadable.add(record.file);
    if (record.type === 'cluster') seen.clusters.add(record.cluster);
    if (record.type === 'suppressed') seen.keys.add(keyOf(record));
    if (record.type !== 'finding') {
      yield record;
      continue;
    }
    const key = keyOf(record);
    seen.keys.add(key);
    const change = changeOf(record.severity, baseline.get(key));
    counts[change] += 1;
    yield { ...record, change };
  }
}

function restCounts(baseline: Baseline, seen: Seen, summary: SummaryRecord, target: FileTarget | ContextTarget): Pick<BaselineCounts, 'fixed' | 'notSeen'> {
  const gone = [...baseline].filter(([key]) => !seen.keys.has(key));
  const fixed = gone.filter(([, entry]) => wasJudged(entry, summary) && wasRead(entry, seen, target)).length;
  return { fixed, notSeen: gone.length - fixed };
}

/** The check ran and left nothing open. */
function wasJudged(entry: BaselineEntry, { checks, notEvaluated, undecided }: SummaryRecord): boolean {
  const isHere = (other: { readonly cluster?: string }) => other.cluster === undefined || other.cluster === entry.cluster;
  const missed = notEvaluated.some((gap) => gap.check === entry.check && (gap.item === undefined || gap.item === entry.item) && isHere(gap));
  return checks.includes(checkId(entry)) && !missed && !undecided.some((open) => open.check === entry.check && isHere(open));
}

function wasRead({ file, cluster, object }: BaselineEntry, seen: Seen, target: FileTarget | ContextTarget): boolean {
  if ('contexts' in target) return cluster !== undefined && seen.clusters.has(cluster) && (target.namespace === undefined || object?.namespace === target.namespace);
  if (cluster !== undefined) return false;
  if (file === undefined) return seen.unreadable.size === 0;
  if (seen.unreadable.has(file)) return false;
  // A file that is not there any more has nothing open, as long as it would have been looked at.
  return seen.files.has(file) || target.paths.some((path) => isBelow(file, posix.normalize(path.replaceAll(sep, '/')).replace(/(?<=.)\/$/, '')));
}

function isBelow(file: string, folder: string): boolean {
  if (folder === '.') return !file.startsWith('/') && !file.startsWith('../');
  return file.startsWith(`${folder}/`) || (folder === '/' && file.startsWith('/'));
}
