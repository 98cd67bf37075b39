import type { Access, Caller, Grant, Permission, Role } from '#src/model/access.ts';
import { LookUpFailed, type Directory } from '#src/model/directory.ts';
import type { Log } from '#src/model/log.ts';
import { isOneOf, notLookedUp, outsiderReason, refused } from './people.ts';

/** Roles that include each role. */
const INCLUDED_IN: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ['viewer', 'operator', 'approver', 'admin'],
  operator: ['operator', 'admin'],
  approver: ['approver', 'admin'],
  admin: ['admin'],
};

/** While nobody has configured roles, every full member may look and scan, which changes nothing in a cluster. */
const WITHOUT_CONFIGURATION: readonly Grant[] = [{ role: 'operator', who: '*', clusters: undefined }];

export interface AccessOptions {
  /** Undefined when nobody has configured any role. */
  readonly grants: readonly Grant[] | undefined;
  readonly directory: Directory;
  /** The workspace that the bot is installed in. */
  readonly teamId: string;
  /** Externally shared channels in which the bot answers all the same. */
  readonly sharedChannels: readonly string[];
  readonly log: Log;
}

/** Rights by Slack user id and user group, looked up anew each time. */
export function createAccess({ grants = WITHOUT_CONFIGURATION, directory, teamId, sharedChannels, log }: AccessOptions): Access {
  const decide = async (caller: Caller, role: Role, cluster: string | undefined): Promise<Permission> => {
    const person = await directory.person(caller.userId);
    const outsider = await outsiderReason(person, caller, { directory, teamId, sharedChannels });
    if (outsider !== undefined) return refused(outsider);
    const fitting = grants.filter((grant) => INCLUDED_IN[role].includes(grant.role) && (cluster === undefined || (grant.clusters?.includes(cluster) ?? true)));
    if (await isOneOf(person, fitting.map(({ who }) => who), directory)) return { allowed: true };
    return refused(`This needs the role ${role}${cluster === undefined ? '' : ` for ${cluster}`}, which you do not have.`, fitting.map(({ who }) => who));
  };
  return {
    async may(caller, role, cluster) {
      try {
        return await decide(caller, role, cluster);
      } catch (error) {
        if (!(error instanceof LookUpFailed)) throw error;
        return notLookedUp(caller, error, log);
      }
    },
  };
}
