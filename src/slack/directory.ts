import type { WebClient } from '@slack/web-api';
import type { Clock } from '#src/model/clock.ts';
import { LookUpFailed, type Directory, type SlackPerson } from '#src/model/directory.ts';
import { slackFailure } from './failure.ts';

const FRESH_MS = 60_000;

export interface CachedDirectory extends Directory {
  /** Asks anew the next time. */
  readonly forgetPerson: (userId: string) => void;
  readonly forgetGroup: (groupId: string) => void;
  readonly forgetChannel: (channelId: string) => void;
}

/** Slack's own directory, each answer kept for a minute. */
export function createDirectory(client: WebClient, clock: Clock): CachedDirectory {
  const people = createCache(clock, (id) => lookUpPerson(client, id));
  const groups = createCache(clock, (id) => lookUpGroup(client, id));
  const channels = createCache(clock, (id) => lookUpShared(client, id));
  return {
    person: people.get,
    groupMembers: groups.get,
    isShared: channels.get,
    forgetPerson: people.forget,
    forgetGroup: groups.forget,
    forgetChannel: channels.forget,
  };
}

interface Cache<T> {
  readonly get: (id: string) => Promise<T>;
  readonly forget: (id: string) => void;
}

/** Look-ups under way are shared; one that was begun before `forget` answers those who wait for it, and nobody else. */
function createCache<T>(clock: Clock, lookUp: (id: string) => Promise<T>): Cache<T> {
  const known = new Map<string, { readonly value: Promise<T>; readonly at: number }>();
  return {
    get(id) {
      const now = clock.now().getTime();
      for (const [other, { at }] of known) if (now - at >= FRESH_MS) known.delete(other);
      const cached = known.get(id);
      if (cached !== undefined) return cached.value;
      const value = lookUp(id).catch((error: unknown) => {
        if (known.get(id)?.value === value) known.delete(id);
        throw new LookUpFailed(reasonOf(error), { cause: error });
      });
      known.set(id, { value, at: now });
      return value;
    },
    forget: (id) => void known.delete(id),
  };
}

async function lookUpPerson(client: WebClient, id: string): Promise<SlackPerson> {
  const { user } = await client.users.info({ user: id });
  if (user?.id !== id) throw new LookUpFailed('Slack answered without the person');
  return {
    id,
    name: [user.profile?.display_name, user.real_name, user.name].find(Boolean) ?? id,
    teamId: user.team_id ?? user.profile?.team ?? '',
    deactivated: user.deleted ?? false,
    bot: (user.is_bot ?? false) || id === 'USLACKBOT',
    guest: (user.is_restricted ?? false) || (user.is_ultra_restricted ?? false),
    stranger: user.is_stranger ?? false,
  };
}

async function lookUpGroup(client: WebClient, id: string): Promise<ReadonlySet<string>> {
  const { users } = await client.usergroups.users.list({ usergroup: id });
  if (users === undefined) throw new LookUpFailed('Slack answered without the members of the group');
  return new Set(users);
}

/** A private channel that the bot is not in is not known to it; nothing can be posted there either. */
async function lookUpShared(client: WebClient, id: string): Promise<boolean> {
  try {
    const { channel } = await client.conversations.info({ channel: id });
    return (channel?.is_ext_shared ?? false) || (channel?.is_pending_ext_shared ?? false);
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind === 'refused' && failure.code === 'channel_not_found') return false;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof LookUpFailed) return error.message;
  const failure = slackFailure(error);
  return failure.kind === 'refused' ? `Slack refused: ${failure.code}` : failure.kind === 'unavailable' ? failure.reason : 'Slack did not answer';
}
