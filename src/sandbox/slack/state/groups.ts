import { nextTs, nowSeconds, type Backend } from './backend.ts';
import { Impossible } from './impossible.ts';

/** A user group, such as `@sec-approvers`. */
export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** Ids of people. */
  members: readonly string[];
  /** Seconds; 0 as long as it is in use. */
  deletedAt: number;
  updated: number;
}

export function groupNamed(backend: Backend, idOrHandle: string): UserGroup {
  const found = backend.groups.get(idOrHandle) ?? [...backend.groups.values()].find(({ handle }) => handle === idOrHandle);
  if (found === undefined) throw new Impossible(`The sandbox workspace has no user group ${idOrHandle}.`);
  return found;
}

export function setMembers(backend: Backend, group: UserGroup, members: readonly string[]): void {
  const added = members.filter((id) => !group.members.includes(id));
  const removed = group.members.filter((id) => !members.includes(id));
  const before = group.updated;
  group.members = members;
  group.updated = nowSeconds(backend);
  backend.changes.tell({ about: 'people' });
  backend.emit({
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: backend.team.id,
    date_previous_update: before,
    date_update: group.updated,
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: nextTs(backend),
  });
}

export function groupJson(backend: Backend, group: UserGroup, withUsers: boolean): Record<string, unknown> {
  return {
    id: group.id,
    team_id: backend.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: group.updated,
    date_update: group.updated,
    date_delete: group.deletedAt,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: '',
    user_count: group.members.length,
    ...(withUsers && { users: group.members }),
  };
}
