import type { Caller, Permission } from '#src/model/access.ts';
import type { Directory, LookUpFailed, SlackPerson } from '#src/model/directory.ts';
import type { Log } from '#src/model/log.ts';

export interface Surroundings {
  readonly directory: Directory;
  /** The workspace that the bot is installed in. */
  readonly teamId: string;
  /** Externally shared channels in which the bot answers all the same. */
  readonly sharedChannels: readonly string[];
}

type Refusal = Extract<Permission, { readonly allowed: false }>;

/** Named to be asked; more would be noise. */
const ASKED = 5;

/** Why nobody of this kind, or in this channel, is let do anything. @throws {LookUpFailed} */
export async function outsiderReason(person: SlackPerson, { channelId }: Pick<Caller, 'channelId'>, { directory, teamId, sharedChannels }: Surroundings): Promise<string | undefined> {
  const reason = personalReason(person, teamId);
  if (reason !== undefined) return reason;
  if (!isChannel(channelId) || sharedChannels.includes(channelId) || !(await directory.isShared(channelId))) return undefined;
  return 'This channel is shared with another organisation, so nothing about clusters is said here.';
}

/** Why this person can have no role at all. */
export function personalReason(person: SlackPerson, teamId: string): string | undefined {
  if (person.deactivated) return 'This account is deactivated.';
  if (person.bot) return 'Bots have no role here.';
  if (person.stranger || person.teamId !== teamId) return 'People of other organisations have no role here.';
  if (person.guest) return 'Guests have no role here.';
  return undefined;
}

/** Whether somebody is named by one of these user ids, user group ids or `*`. @throws {LookUpFailed} */
export async function isOneOf({ id }: Pick<SlackPerson, 'id'>, named: readonly string[], directory: Directory): Promise<boolean> {
  if (named.includes('*') || named.includes(id)) return true;
  for (const who of named) if (who.startsWith('S') && (await directory.groupMembers(who)).has(id)) return true;
  return false;
}

export function refused(reason: string, holders: readonly string[] = []): Refusal {
  return { allowed: false, reason, ask: [...new Set(holders)].filter((who) => who !== '*').slice(0, ASKED) };
}

/** Nothing is concluded from a look-up that failed. */
export function notLookedUp({ userId }: Caller, error: LookUpFailed, log: Log): Refusal {
  log.warn({ user: userId, error }, 'rights could not be looked up');
  return refused('Your rights could not be looked up in Slack just now, so nothing was done. Try again in a minute.');
}

/** Direct messages (D…) are between two; a Home tab has no channel. */
function isChannel(channelId: string): boolean {
  return /^[CG]/.test(channelId);
}
