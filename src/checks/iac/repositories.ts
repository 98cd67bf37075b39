import type { RepositoryFacts } from '#src/facts/repository-settings.ts';
import type { CheckContext, ClusterProblem, NotEvaluated, Source, Subject, Undecided } from '#src/model/check.ts';
import { whyUnseen, type RepositorySettings, type SettingsPart } from '#src/model/repository-settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Credentials older than this many days count as stale. */
export const OLD_DAYS = 180;
/** A deploy key that nobody has used for this many days is not needed. */
export const UNUSED_DAYS = 90;

type Outcome = ClusterProblem | NotEvaluated | Undecided;

/** Judges each repository by itself. What could not be seen of one of several leaves the check evaluated for the others. */
export function* eachRepository(all: readonly RepositoryFacts[], judge: (repository: RepositoryFacts) => Iterable<Outcome>): Iterable<Outcome> {
  if (all.length === 0) yield { notEvaluated: 'no settings of a repository were read' };
  for (const repository of all) {
    for (const outcome of judge(repository)) {
      const missed = 'notEvaluated' in outcome ? outcome.notEvaluated : 'undecided' in outcome ? outcome.undecided : undefined;
      yield missed !== undefined && all.length > 1 ? { undecided: `${repository.settings.name}: ${missed}` } : outcome;
    }
  }
}

export function unseen(settings: RepositorySettings, part: SettingsPart, item?: string): NotEvaluated {
  return { notEvaluated: whyUnseen(settings, part), ...(item !== undefined && { item }) };
}

/** Something that belongs to a repository, such as a key; `id` is what stays the same when it is renamed. */
export function belonging({ subject, settings }: RepositoryFacts, kind: string, name: string, id = name): Subject {
  return { ...subject, ref: { kind, name: `${settings.name}/${name}` }, identity: { kind, name: `${settings.name}/${id}` } };
}

/** Whole days since a moment, counted from when the settings were read; undefined for what is no moment. */
export function daysSince(moment: string | undefined, { readAt }: RepositorySettings, { now }: CheckContext): number | undefined {
  const at = Date.parse(moment ?? '');
  const read = Date.parse(readAt ?? '');
  return Number.isNaN(at) ? undefined : Math.floor(((Number.isNaN(read) ? now.getTime() : read) - at) / DAY_MS);
}

export function github(title: string, path: string): Source {
  return { title: `GitHub documentation: ${title}`, url: `https://docs.github.com/en/${path}` };
}

export function gitlab(title: string, path: string): Source {
  return { title: `GitLab documentation: ${title}`, url: `https://docs.gitlab.com/${path}` };
}
