import type { KnownPerson } from '#src/model/people-view.ts';
import type { CodeHost } from '#src/model/repositories.ts';
import { HOST_TITLES } from './host.ts';
import type { Departed } from './settings.ts';

/** Who has left, by login at a code host. `sources` are the names of the sources of people that list that code host. */
export function departedAt(host: CodeHost, sources: readonly string[], people: readonly KnownPerson[]): Departed {
  if (sources.length === 0) return `who has left is not known by login: no source of people lists ${HOST_TITLES[host]}`;
  const left = people.filter(({ state }) => state === 'departed');
  return new Map(
    left.flatMap(({ testimonies }) => {
      const proof = testimonies.find(({ person }) => person.state === 'departed');
      const text = proof === undefined ? 'departed' : `${proof.source}: ${proof.person.evidence}`;
      // Another system may have given the same login to somebody else.
      return testimonies.filter(({ source }) => sources.includes(source)).flatMap(({ person }) => person.logins.map((login) => [login.toLowerCase(), text] as const));
    }),
  );
}
