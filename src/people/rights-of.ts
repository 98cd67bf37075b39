import { byDanger, describePath, type AccessMap, type AccessPath, type BindingPath } from './access-path.ts';
import { builtInGroupsOf, MASTERS } from './who-can.ts';

/** One thing that a user has, in words. */
export interface HeldRight {
  /** `edit in shop (RoleBinding shop/devs), by group devs`. */
  readonly text: string;
  readonly rank: number;
  /** Undefined for members of `system:masters`, who need none. */
  readonly path: AccessPath | undefined;
}

export interface RightsOfUser {
  /** The most dangerous first. */
  readonly rights: readonly HeldRight[];
  /** Harmless bindings that everybody has who signs in, which are not among the rights. */
  readonly everybodys: number;
}

const MASTERS_RANK = -1;

/** Everything that a user may do, by every path. Without `groups` those count that the cluster shows, and the built-in ones. */
export function rightsOf(map: AccessMap, user: string, groups: readonly string[] = [...map.seenGroups(user).map(({ group }) => group), ...builtInGroupsOf(user)]): RightsOfUser {
  const unique = [...new Set(groups)];
  const byGroup = unique.flatMap((group) => map.groups.get(group) ?? []);
  const harmless = byGroup.filter(isEverybodys);
  const paths = [...(map.users.get(user) ?? []), ...byGroup.filter((path) => !isEverybodys(path))].toSorted(byDanger);
  const masters: readonly HeldRight[] = unique.includes(MASTERS) ? [{ text: `everything in the whole cluster, by group ${MASTERS}`, rank: MASTERS_RANK, path: undefined }] : [];
  return { rights: [...masters, ...paths.map((path) => ({ text: describePath(path), rank: path.rank, path }))], everybodys: harmless.length };
}

function isEverybodys({ principal, rights }: BindingPath): boolean {
  return principal.name.startsWith('system:') && rights.severity === undefined;
}
