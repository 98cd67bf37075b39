import type { Clock } from '#src/model/clock.ts';
import type { PeopleSnapshot, PeopleStore, SourceTrouble, StoredPerson } from '#src/model/people-store.ts';
import { SourceFailed, type PeopleList, type PeopleSource, type Person } from '#src/model/people.ts';

export const DEFAULT_SHRINK_LIMIT_PERCENT = 10;

export interface SyncSettings {
  /** Of those who belonged according to the last whole answer, more than this share missing is not believed. */
  readonly shrinkLimitPercent: number;
}

export type SyncResult =
  | {
      readonly kind: 'ok';
      readonly snapshot: PeopleSnapshot;
      /** Departed in this answer or by their absence from it, and not before. */
      readonly departed: readonly StoredPerson[];
      /** Belong again. */
      readonly returned: readonly StoredPerson[];
    }
  /** No answer, half a one, or one that cannot be understood. What was known before stays. */
  | { readonly kind: 'failed'; readonly snapshot: PeopleSnapshot; readonly trouble: SourceTrouble }
  /** A whole answer in which too many are missing, or that knows nobody. What was known before stays. */
  | { readonly kind: 'shrunken'; readonly snapshot: PeopleSnapshot; readonly trouble: SourceTrouble };

/**
 * Asks a source and remembers what it answered.
 *
 * Only a `SourceFailed` is a result; what else goes wrong, the end by `signal` included, is thrown and nothing is remembered.
 * Undefined when another run was faster: what that one wrote counts.
 */
export async function syncSource(source: PeopleSource, store: PeopleStore, settings: SyncSettings, clock: Clock, signal: AbortSignal): Promise<SyncResult | undefined> {
  const previous = await store.get(source.name);
  const answer = await source.list(signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof SourceFailed) return error;
    throw error;
  });
  const result = compareWithLast(source, previous, answer, clock.now(), settings);
  return (await store.put(result.snapshot, previous)) ? result : undefined;
}

/** What an answer means after all that was known before. */
export function compareWithLast(
  source: Pick<PeopleSource, 'name' | 'type' | 'authority'>,
  previous: PeopleSnapshot | undefined,
  answer: PeopleList | SourceFailed,
  now: Date,
  settings: SyncSettings,
): SyncResult {
  // An entry that keeps its name and becomes another system begins anew: ids of one say nothing in the other.
  const known = previous?.type === source.type ? previous : undefined;
  const base = { ...(known ?? { people: [] }), source: source.name, type: source.type, authority: source.authority, askedAt: now.toISOString() };
  if (answer instanceof SourceFailed) {
    const trouble = troubleOf(answer.fault, answer.message, known, now);
    return { kind: answer.fault === 'empty' ? 'shrunken' : 'failed', snapshot: { ...base, trouble }, trouble };
  }
  const doubt = doubtAbout(answer, known, settings);
  if (doubt !== undefined) {
    const trouble = troubleOf(doubt.fault, doubt.message, known, now);
    return { kind: doubt.fault === 'garbled' ? 'failed' : 'shrunken', snapshot: { ...base, trouble }, trouble };
  }
  return believed(base, known, answer, now);
}

type Base = Pick<PeopleSnapshot, 'source' | 'type' | 'authority' | 'askedAt'>;

function believed({ source, type, authority, askedAt }: Base, known: PeopleSnapshot | undefined, answer: PeopleList, now: Date): SyncResult {
  const before = new Map(known?.people.map((person) => [person.id, person]));
  const listed = new Set(answer.people.map(({ id }) => id));
  const gone = [...before.values()].filter(({ id }) => !listed.has(id)).flatMap((person) => leftOut(person, answer.listsDeparted, known, now));
  const people: readonly StoredPerson[] = [...answer.people, ...gone];
  const whole = {
    at: askedAt,
    count: answer.people.length,
    ...(known?.whole !== undefined && { change: answer.people.length - known.whole.count }),
    ...(answer.writtenAt !== undefined && { writtenAt: answer.writtenAt }),
  };
  return {
    kind: 'ok',
    snapshot: { source, type, authority, people, askedAt, whole },
    departed: people.filter((person) => !belongs(person) && before.get(person.id)?.state !== 'departed'),
    returned: people.filter((person) => belongs(person) && before.get(person.id)?.state === 'departed'),
  };
}

/** What becomes of somebody whom a whole answer does not list. A departure once told or seen stays; nothing else is kept without evidence. */
function leftOut(person: StoredPerson, listsDeparted: boolean, known: PeopleSnapshot | undefined, now: Date): readonly StoredPerson[] {
  if (person.absent) return [person];
  if (!belongs(person)) {
    const lastTold = person.lastTold ?? known?.whole?.at;
    return [{ ...person, ...(lastTold !== undefined && { lastTold }) }];
  }
  if (listsDeparted) return [];
  const at = now.toISOString();
  return [{ ...person, state: 'departed', evidence: `absent from the complete list of ${at.slice(0, 10)}`, since: at, absent: true }];
}

interface Doubt {
  readonly fault: 'empty' | 'garbled' | 'shrunken';
  readonly message: string;
}

/** Why a whole answer is not to be believed. Who is missing counts, so that newcomers or new ids do not hide it. */
function doubtAbout({ people }: PeopleList, known: PeopleSnapshot | undefined, { shrinkLimitPercent }: SyncSettings): Doubt | undefined {
  const listed = new Set(people.map(({ id }) => id));
  if (listed.size < people.length) return { fault: 'garbled', message: 'the list names somebody twice, so others may be missing from it' };
  if (!people.some(isHere)) return { fault: 'empty', message: 'the list holds nobody who belongs' };
  const before = known?.people.filter(isHere) ?? [];
  const missing = before.filter(({ id }) => !listed.has(id)).length;
  if (missing * 100 <= shrinkLimitPercent * before.length) return undefined;
  const share = Math.floor((missing * 1000) / before.length) / 10;
  return { fault: 'shrunken', message: `${missing} of ${before.length} people (${share} %) are missing from the list, more than the ${shrinkLimitPercent} % of shrinkLimitPercent; raise it if they have really left` };
}

/** Trouble lasts from its beginning, also while its kind changes. */
function troubleOf(fault: SourceTrouble['fault'], message: string, known: PeopleSnapshot | undefined, now: Date): SourceTrouble {
  return { fault, message, since: known?.trouble?.since ?? now.toISOString() };
}

function belongs({ state }: Person): boolean {
  return state !== 'departed';
}

function isHere(person: Person): boolean {
  return belongs(person) && person.kind !== 'bot';
}
