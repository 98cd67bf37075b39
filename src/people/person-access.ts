import type { KnownPerson } from '#src/model/people-view.ts';
import type { AccessMap, AccessPath } from './access-path.ts';
import { peopleOf, type Match, type Matcher } from './match.ts';
import { disowningOf } from './rulings.ts';

/** A user of a cluster, whose it is, and every path of theirs. */
export interface NamedAccess {
  readonly user: string;
  readonly match: Match;
  readonly paths: readonly AccessPath[];
}

/** What one person has in one cluster, by the names that are theirs or may be. */
export interface PersonAccess {
  readonly map: AccessMap;
  readonly names: readonly NamedAccess[];
}

/** Whose every user of a cluster is. */
export function ownedAccess(map: AccessMap, matcher: Matcher): readonly NamedAccess[] {
  return [...map.users].map(([user, paths]) => ({ user, match: matchOf(user, arnsOf(paths), matcher), paths }));
}

/** Names that are the person's, may be theirs, or may be theirs or somebody else's. */
export function accessOfPerson(person: Pick<KnownPerson, 'id'>, map: AccessMap, matcher: Matcher): PersonAccess {
  return { map, names: ownedAccess(map, matcher).filter(({ match }) => peopleOf(match).some((other) => other.id === person.id)) };
}

export function isSure({ certainty }: Match): boolean {
  return certainty === 'exact' || certainty === 'confirmed';
}

/** A user of the cloud may be known by the cloud's name alone, whatever the cluster calls it; but not as somebody whose it is not, as approvers have said. */
export function matchOf(user: string, arns: readonly string[], matcher: Matcher): Match {
  const match = matcher(user);
  if (match.certainty !== 'none' || match.isNobodys) return match;
  return arns.map(matcher).find((byCloud) => isSure(byCloud) && peopleOf(byCloud).every((person) => disowningOf(person, user) === undefined)) ?? match;
}

function arnsOf(paths: readonly AccessPath[]): readonly string[] {
  return paths.flatMap((path) => (path.type === 'cloud-user' ? [path.entry.arn] : []));
}
