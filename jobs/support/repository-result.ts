import { areaOf, objectKey } from '#src/model/finding.ts';
import { lineUrl, targetText, unseenMark, type CodeFinding, type CodePlace, type FindingPlace, type FirstOf, type Repository, type RepositoryResult, type RepositoryState, type RepositoryTarget } from '#src/model/repositories.ts';
import type { TrackedFinding } from '#src/model/scan-record.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { formatVersion, type KubernetesVersion } from '#src/model/version.ts';
import { byUrgency, compare } from '#src/scan/compare.ts';
import { countBySeverity, gapsByReason } from '#src/scan/summarize.ts';
import type { JudgedArchive } from './judge-archive.ts';

/** More lines than this are not read in a chat. */
const LISTED = 10;

export interface ResultFacts {
  readonly id: string;
  readonly repository: Repository;
  readonly target: RepositoryTarget;
  readonly version: KubernetesVersion;
  readonly startedAt: Date;
  readonly now: Date;
  readonly knownChecks: ReadonlySet<string>;
}

export interface JudgedRepository {
  readonly state: RepositoryState;
  readonly result: RepositoryResult;
  /** There is something to tell whoever did not ask. */
  readonly isNews: boolean;
}

/** Compares what a repository holds with what was known of it. */
export function repositoryResult(judged: JudgedArchive, before: RepositoryState | undefined, facts: ResultFacts): JudgedRepository {
  const { commit, files, objects, suppressed } = judged;
  const { id, target, version, startedAt, now, knownChecks } = facts;
  const { state, outcome, comparedWith } = compare(before?.state, withUnread(judged, before), { id, cluster: targetText(target), scope: {}, version: formatVersion(version), startedAt, now, knownChecks });
  const places = { ...before?.places, ...Object.fromEntries(judged.places) };
  const shown = (finding: TrackedFinding) => codeFinding(finding, judged.places.has(finding.fingerprint) ? commit : before?.commit, places[finding.fingerprint], facts);
  const isFresh = ({ fingerprint }: TrackedFinding) => outcome.fresh.has(fingerprint) || outcome.worse.has(fingerprint);
  const unseen = unseenMark(judged.unread, outcome.hidden.map(({ fingerprint }) => fingerprint));
  const fixed = outcome.fixed.filter(({ fingerprint }) => !suppressed.has(fingerprint));
  return {
    isNews: comparedWith === undefined || outcome.open.some(isFresh) || fixed.length > 0 || (unseen !== undefined && unseen !== before?.unseen),
    state: { state, ...(commit !== undefined && { commit }), ...(unseen !== undefined && { unseen }), places: Object.fromEntries(Object.entries(places).filter(([fingerprint]) => state.findings.some((finding) => finding.fingerprint === fingerprint))) },
    result: {
      ...(commit !== undefined && { commit }),
      ...(comparedWith !== undefined && { comparedWith }),
      open: countBySeverity(outcome.open),
      fresh: firstOf(outcome.open.filter(isFresh), shown),
      fixed: firstOf(fixed.toSorted(byUrgency), shown),
      still: firstOf(outcome.open.filter((finding) => !isFresh(finding)), shown),
      hidden: outcome.hidden.length,
      suppressed: suppressed.size,
      files,
      objects,
      unread: firstOf(judged.unread, ({ hides: _, ...place }) => ({ ...place, url: urlOf(place, commit, facts) })),
      gaps: gapsByReason(judged.result.notEvaluated).toSorted((a, b) => Number(isOfCode(b)) - Number(isOfCode(a))),
    },
  };
}

function firstOf<T, Shown>(all: readonly T[], shown: (one: T) => Shown): FirstOf<Shown> {
  return { count: all.length, shown: all.slice(0, LISTED).map(shown) };
}

/** What a repository can tell comes before what only a cluster can. */
function isOfCode({ checks }: RepositoryResult['gaps'][number]): boolean {
  return checks.some((check) => areaOf(check) === 'iac');
}

/** What was open in a file that could not be read now is out of sight, and not fixed. */
function withUnread({ result, unread }: JudgedArchive, before: RepositoryState | undefined): ScanResult {
  const hidden = new Set(unread.filter(({ hides }) => hides).map(({ file }) => file));
  const gone = (before?.state.findings ?? []).flatMap(({ fingerprint, check, object }) => {
    const place = before?.places[fingerprint];
    const file = place !== undefined && 'file' in place ? place.file : undefined;
    return file === undefined || !hidden.has(file) ? [] : [{ check, reason: `${file} could not be read`, count: 1, objects: new Set([objectKey(object)]) }];
  });
  return { ...result, undecided: [...result.undecided, ...gone] };
}

function codeFinding({ check, severity, object, message }: TrackedFinding, commit: string | undefined, place: FindingPlace | undefined, facts: ResultFacts): CodeFinding {
  return { check, severity, object, message, ...(place !== undefined && { place: 'page' in place ? place : { ...place, url: urlOf(place, commit, facts) } }) };
}

function urlOf(place: CodePlace, commit: string | undefined, { repository, target }: ResultFacts): string {
  return lineUrl(repository, commit ?? target.ref ?? 'HEAD', place);
}
