import type { Backend } from '../state/backend.ts';
import { groupJson } from '../state/groups.ts';
import { userJson, userOf } from '../state/people.ts';
import { ApiError } from './api-error.ts';
import { flagArg, requiredArg, textArg, type Arguments } from './arguments.ts';
import { pageOf, pagingJson } from './paging.ts';

export function usersInfo(backend: Backend, args: Arguments): object {
  const user = userOf(backend, requiredArg(args, 'user'));
  if (user === undefined) throw new ApiError('user_not_found');
  return { user: userJson(backend, user) };
}

/** Everybody, the deactivated included; without a limit only in a workspace that is small enough. */
export function usersList(backend: Backend, args: Arguments): object {
  const users = [...backend.users.values()];
  if (textArg(args, 'limit') === undefined && users.length > backend.behaviour.limitRequiredAbove) throw new ApiError('limit_required');
  const page = pageOf(args, users, users.length);
  return { members: page.items.map((user) => userJson(backend, user)), cache_ts: Math.floor(backend.clock.nowMs() / 1000), ...pagingJson(page) };
}

/** Deactivated people cannot be found, like people who never existed. */
export function lookupByEmail(backend: Backend, args: Arguments): object {
  const email = requiredArg(args, 'email').toLowerCase();
  const user = [...backend.users.values()].find((candidate) => candidate.email?.toLowerCase() === email && !candidate.deleted && candidate.teamId === backend.team.id);
  if (user === undefined) throw new ApiError('users_not_found');
  return { user: userJson(backend, user) };
}

export function usergroupsList(backend: Backend, args: Arguments): object {
  const groups = [...backend.groups.values()].filter(({ deletedAt }) => deletedAt === 0 || flagArg(args, 'include_disabled') === true);
  return { usergroups: groups.map((group) => groupJson(backend, group, flagArg(args, 'include_users') ?? false)) };
}

export function usergroupMembers(backend: Backend, args: Arguments): object {
  const group = backend.groups.get(requiredArg(args, 'usergroup'));
  if (group === undefined) throw new ApiError('no_such_subteam');
  if (group.deletedAt !== 0 && flagArg(args, 'include_disabled') !== true) throw new ApiError('subteam_disabled');
  return { users: group.members };
}
