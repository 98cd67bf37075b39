import type { Access, Caller, Grant, Permission, Role } from '#src/model/access.ts';
import { LookUpFailed, type Directory, type SlackPerson } from '#src/model/directory.ts';
import type { Log } from '#src/model/log.ts';

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
  const holdsOne = async (fitting: readonly Grant[], { id }: SlackPerson): Promise<boolean> => {
    if (fitting.some(({ who }) => who === '*' || who === id)) return true;
    for (const { who } of fitting) if (who.startsWith('S') && (await directory.groupMembers(who)).has(id)) return true;
    return false;
  };
  const decide = async (caller: Caller, role: Role, cluster: string | undefined): Promise<Permission> => {
    const person = await directory.person(caller.userId);
    const outsider = outsiderReason(person, teamId);
    if (outsider !== undefined) return refused(outsider);
    if (isChannel(caller.channelId) && !sharedChannels.includes(caller.channelId) && (await directory.isShared(caller.channelId))) {
      return refused('This channel is shared with another organisation, so nothing about clusters is said here.');
    }
    const fitting = grants.filter((grant) => INCLUDED_IN[role].includes(grant.role) && (cluster === undefined || (grant.clusters?.includes(cluster) ?? true)));
    if (await holdsOne(fitting, person)) return { allowed: true };
    return refused(`This needs the role ${role}${cluster === undefined ? '' : ` for ${cluster}`}, which you do not have.`, fitting);
  };
  return {
    async may(caller, role, cluster) {
      try {
        return await decide(caller, role, cluster);
      } catch (error) {
        if (!(error instanceof LookUpFailed)) throw error;
        log.warn({ user: caller.userId, error }, 'rights could not be looked up');
        return refused('Your rights could not be looked up in Slack just now, so nothing was done. Try again in a minute.');
      }
    },
  };
}

/** Why this person can have no role at all. */
function outsiderReason(person: SlackPerson, teamId: string): string | undefined {
  if (person.deactivated) return 'This account is deactivated.';
  if (person.bot) return 'Bots have no role here.';
  if (person.stranger || person.teamId !== teamId) return 'People of other organisations have no role here.';
  if (person.guest) return 'Guests have no role here.';
  return undefined;
}

function refused(reason: string, holders: readonly Grant[] = []): Permission {
  return { allowed: false, reason, ask: [...new Set(holders.map(({ who }) => who))].filter((who) => who !== '*').slice(0, 5) };
}

/** Direct messages (D…) are between two; a Home tab has no channel. */
function isChannel(channelId: string): boolean {
  return /^[CG]/.test(channelId);
}
