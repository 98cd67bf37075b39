import { UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { Services } from '#src/model/services.ts';
import { createMatcher, type Matcher } from '#src/people/match.ts';
import { isSure } from '#src/people/person-access.ts';

/** Longer than the API server of a healthy cluster needs for all that is read. */
const READ_TIMEOUT_MS = 120_000;

/** People, and whose user names are. */
export interface Who {
  readonly people: readonly KnownPerson[];
  readonly matcher: Matcher;
}

export async function whoIsWho({ people, accessSettings }: Services): Promise<Who> {
  const all = await people.all();
  return { people: all, matcher: createMatcher(all, accessSettings) };
}

/** The person of that id, address, login, name or user name of a cluster; undefined when there is none or there are several. */
export function findPerson(word: string, { people, matcher }: Who): KnownPerson | undefined {
  const wanted = word.toLowerCase();
  const byId = people.find(({ id }) => id === word);
  if (byId !== undefined) return byId;
  const called = people.filter(({ emails, logins, name }) => [...emails, ...logins, name].some((known) => known.toLowerCase() === wanted));
  if (called.length > 0) return called.length === 1 ? called[0] : undefined;
  const match = matcher(word);
  return isSure(match) ? match.person : undefined;
}

/** @throws {UsageError} when there is no such person, or there are several. */
export function namedPerson(word: string, who: Who): KnownPerson {
  const found = findPerson(word, who);
  if (found !== undefined) return found;
  if (who.people.length === 0) throw new UsageError('Nobody is known: no source of people has answered yet. Configure people.sources.');
  const names = who.people.flatMap(({ emails }) => emails.slice(0, 1));
  throw new UsageError(`"${word}" is no person that a source of people knows, or several are called so.${didYouMean(word, names)} Give an e-mail address.`);
}

export function readingSignal(): AbortSignal {
  return AbortSignal.timeout(READ_TIMEOUT_MS);
}
