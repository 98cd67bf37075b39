import { nextTs, nowSeconds, type Backend } from './backend.ts';
import { Impossible } from './impossible.ts';

export interface User {
  readonly id: string;
  readonly teamId: string;
  /** What follows an `@`. */
  readonly handle: string;
  realName: string;
  email: string | undefined;
  timeZone: string;
  deleted: boolean;
  isOwner: boolean;
  /** A guest, of several channels or, with `isUltraRestricted`, of one. */
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isInvited: boolean;
  readonly isBot: boolean;
  /** Of another workspace, seen in a shared channel. */
  readonly isStranger: boolean;
  status: string;
  /** Seconds. */
  updated: number;
}

/** Speaks for Slack itself, and is listed like a person. */
export const SLACKBOT = 'USLACKBOT';

export type UserChanges = Partial<Pick<User, 'realName' | 'email' | 'timeZone' | 'deleted' | 'isOwner' | 'isRestricted' | 'isUltraRestricted' | 'status'>>;

export function userOf(backend: Backend, id: unknown): User | undefined {
  return typeof id === 'string' ? backend.users.get(id) : undefined;
}

/** By id, or by handle, which is what tests and people type. */
export function personNamed(backend: Backend, idOrHandle: string): User {
  const found = backend.users.get(idOrHandle) ?? [...backend.users.values()].find(({ handle }) => handle === idOrHandle);
  if (found === undefined) throw new Impossible(`The sandbox workspace has no person ${idOrHandle}.`);
  return found;
}

/** What Slack counts as a person or bot of this workspace. */
export function isMemberOfTeam(backend: Backend, user: User): boolean {
  return user.teamId === backend.team.id;
}

export function changeUser(backend: Backend, user: User, changes: UserChanges): void {
  Object.assign(user, changes);
  user.updated = nowSeconds(backend);
  backend.changes.tell({ about: 'people' });
  backend.emit({ type: 'user_change', user: userJson(backend, user), cache_ts: user.updated, event_ts: nextTs(backend) });
}

export function addUser(backend: Backend, user: User): void {
  backend.users.set(user.id, user);
  backend.changes.tell({ about: 'people' });
  backend.emit({ type: 'team_join', user: userJson(backend, user), cache_ts: user.updated, event_ts: nextTs(backend) });
}

/** A person as the Web API shows one; the address only to apps with the scope for it. */
export function userJson(backend: Backend, user: User): Record<string, unknown> {
  const common = { id: user.id, team_id: user.teamId, name: user.handle, deleted: user.deleted, updated: user.updated };
  const profile = {
    real_name: user.realName,
    real_name_normalized: user.realName,
    display_name: user.handle,
    display_name_normalized: user.handle,
    status_text: user.status,
    status_emoji: '',
    team: user.teamId,
    ...(user.email !== undefined && backend.app.scopes.has('users:read.email') && { email: user.email }),
  };
  const flags = { is_bot: user.isBot && user.id !== SLACKBOT, is_app_user: false, ...(user.isStranger && { is_stranger: true }) };
  if (user.deleted) return { ...common, profile, ...flags };
  return {
    ...common,
    real_name: user.realName,
    tz: user.timeZone,
    profile,
    ...flags,
    is_admin: user.isOwner,
    is_owner: user.isOwner,
    is_primary_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    ...(user.isInvited && { is_invited_user: true }),
    ...(user.isBot && user.id === backend.app.botUserId && { profile: { ...profile, bot_id: backend.app.botId, api_app_id: backend.app.id } }),
  };
}
