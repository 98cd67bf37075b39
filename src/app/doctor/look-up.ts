import type { UsergroupsUsersListResponse, UsersInfoResponse } from '@slack/web-api';
import type { SlackClients } from '#src/slack/clients.ts';
import { reasonOf } from './slack-reason.ts';

export type Found =
  /** Whoever the id stands for; `problem` says why nobody counts. */
  | { readonly people: readonly string[]; readonly problem?: string }
  /** Why nobody can tell. */
  | { readonly unknown: string }
  /** The scope for it is missing, which is told elsewhere. */
  | { readonly notAllowed: true };

/** The people behind the id of a person or a user group; each is asked for once. */
export type LookUp = (id: string) => Promise<Found>;

export function createLookUp({ interactive }: SlackClients, scopes: readonly string[] | undefined): LookUp {
  const known = new Map<string, Promise<Found>>();
  const ask = async (id: string): Promise<Found> => {
    const isGroup = id.startsWith('S');
    if (scopes?.includes(isGroup ? 'usergroups:read' : 'users:read') === false) return { notAllowed: true };
    try {
      return isGroup ? groupFound(await interactive.usergroups.users.list({ usergroup: id })) : personFound(id, await interactive.users.info({ user: id }));
    } catch (error) {
      return { unknown: reasonOf(error) };
    }
  };
  return (id) => {
    const found = known.get(id) ?? ask(id);
    known.set(id, found);
    return found;
  };
}

function groupFound({ users = [] }: UsergroupsUsersListResponse): Found {
  return users.length === 0 ? { people: [], problem: 'nobody is in that group' } : { people: users };
}

function personFound(id: string, { user }: UsersInfoResponse): Found {
  if (user?.deleted) return { people: [], problem: 'the account is deactivated' };
  if (user?.is_bot) return { people: [], problem: 'is a bot, and bots have no role' };
  return user?.is_restricted || user?.is_ultra_restricted ? { people: [], problem: 'is a guest, and guests have no role' } : { people: [id] };
}
