import { dayOf } from '#src/model/day.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { AccessAsked, Ruling } from '#src/model/rulings.ts';
import { normalized } from './name-forms.ts';

/** Nothing is proposed because approvers keep the access, or did not want it taken away lately. It can be asked for all the same. */
export class AccessKept extends NothingToPropose {}

type Ruled = Pick<KnownPerson, 'rulings'>;
type Standing = Pick<KnownPerson, 'state' | 'rulings'>;
type Path = AccessAsked['paths'][number];

/** The further on, the more speaks for taking access away. */
const GONE: readonly KnownPerson['state'][] = ['active', 'conflict', 'suspended', 'departed'];

/** Each person with what was said of their access, also where another system is believed more since and has given them another id. */
export function withRulings(people: readonly KnownPerson[], rulings: readonly Ruling[]): readonly KnownPerson[] {
  const byPerson = Map.groupBy(rulings, ({ about }) => about.person);
  if (byPerson.size === 0) return people;
  return people.map((person) => {
    const ids = new Set([person.id, ...person.testimonies.map(({ source, person: { id } }) => `${source}/${id}`)]);
    const found = [...ids].flatMap((id) => byPerson.get(id) ?? []);
    return found.length === 0 ? person : { ...person, rulings: found };
  });
}

/**
 * The ruling because of which nobody is to be asked to take these paths away today; of several the one that ends first.
 *
 * It covers what was looked at: somebody who is gone further since, another path, and one that has become more dangerous are news.
 */
export function keepingOf(person: Standing, paths: readonly Path[], now: Date): Ruling | undefined {
  const holding = holdingOf(person, now);
  const covers = ({ about }: Ruling, { key, rank }: Path): boolean => about.paths.some((known) => known.key === key && known.rank <= rank);
  if (paths.length === 0 || !paths.every((path) => holding.some((ruling) => covers(ruling, path)))) return undefined;
  return holding.filter((ruling) => paths.some((path) => covers(ruling, path))).sort((a, b) => compare(untilOf(a), untilOf(b)))[0];
}

/** The rulings by which approvers keep somebody's access today, the one that ends first before the others. */
export function keepings(person: Standing, now: Date): readonly Ruling[] {
  return holdingOf(person, now).filter(({ says }) => says.type === 'keep').sort((a, b) => compare(untilOf(a), untilOf(b)));
}

/** What was last said of any of these paths, whether it holds or not. */
export function lastSaid({ rulings = [] }: Ruled, paths: readonly Pick<Path, 'key'>[]): Ruling | undefined {
  const keys = new Set(paths.map(({ key }) => key));
  return rulings.filter(({ says, about }) => says.type !== 'not-theirs' && about.paths.some(({ key }) => keys.has(key))).sort((a, b) => compare(b.at, a.at))[0];
}

/** The ruling by which a user name is not the person's. */
export function disowningOf({ rulings = [] }: Ruled, user: string): Ruling | undefined {
  return rulings.find(({ says }) => says.type === 'not-theirs' && says.users.some((name) => normalized(name) === normalized(user)));
}

/** `kept until 2027-02-01, said Bo on 2026-11-23 (r7k2m9): “on leave”`, without a full stop. What may be long, and be cut, comes last. */
export function rulingText({ says, by, at, reason, request, about }: Ruling): string {
  const said = `said ${by} on ${at.slice(0, 10)} (${request})`;
  const why = reason === undefined ? '' : `: “${reason}”`;
  switch (says.type) {
    case 'keep':
      return `kept until ${says.until}, ${said}${why}`;
    case 'pause':
      return `not to be taken away, ${said}, asked again after ${says.until}${why}`;
    case 'not-theirs':
      return `not the account of ${about.called}, ${said}${why}`;
  }
}

/** What was said of access and holds today. It does not of somebody who is gone further since. */
function holdingOf({ state, rulings = [] }: Standing, now: Date): readonly Ruling[] {
  const today = dayOf(now);
  return rulings.filter(({ says, about }) => says.type !== 'not-theirs' && says.until >= today && GONE.indexOf(state) <= GONE.indexOf(about.state));
}

function untilOf({ says }: Ruling): string {
  return says.type === 'not-theirs' ? '' : says.until;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
