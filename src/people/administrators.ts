import type { AccessSettings } from '#src/model/settings.ts';
import type { AccessMap, AccessPath, BindingPath } from './access-path.ts';
import type { NamedAccess } from './person-access.ts';
import { isHumanName, protectionOf } from './protection.ts';
import { MASTERS } from './who-can.ts';

/**
 * Whether somebody would still be administrator of the cluster without these paths.
 *
 * Services do not count, nor do people who have left or are suspended; names that nobody knows do, and so do names for emergencies.
 * Members of groups are not known, so that a group of administrators counts for nobody.
 */
export function keepsAdministrator(map: AccessMap, owned: readonly NamedAccess[], removed: ReadonlySet<string>, settings: AccessSettings): boolean {
  return owned.some(({ user, match, paths }) => {
    if (!isHumanName(user) || match.isNobodys || match.person?.kind === 'bot') return false;
    if (match.person !== undefined && match.person.state !== 'active' && match.person.state !== 'conflict') return false;
    if (isService(user, settings)) return false;
    return paths.some((path) => !removed.has(path.key) && makesAdministrator(path, map));
  });
}

/** Whether the path alone gives everything in the whole cluster. */
export function makesAdministrator(path: AccessPath, map: AccessMap): boolean {
  if (path.type === 'binding') return path.rights.isClusterAdmin;
  return path.type === 'cloud-user' && path.entry.groups.some((group) => group === MASTERS || (map.groups.get(group) ?? []).some(givesAll));
}

function givesAll({ rights }: BindingPath): boolean {
  return rights.isClusterAdmin;
}

function isService(user: string, { exempt, usernamePrefix }: AccessSettings): boolean {
  return protectionOf(user, undefined, { exempt, usernamePrefix, breakGlass: [] }) !== undefined;
}
