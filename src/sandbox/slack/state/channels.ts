import { nextTs, nowSeconds, type Backend } from './backend.ts';
import type { User } from './people.ts';
import { Impossible } from './impossible.ts';

export type ChannelKind = 'public' | 'private' | 'im' | 'mpim';

export interface Channel {
  readonly id: string;
  /** Without `#`; empty for a direct message. */
  name: string;
  readonly kind: ChannelKind;
  readonly created: number;
  readonly creator: string;
  isArchived: boolean;
  /** Workspaces it is shared with; the app's own is not among them. */
  sharedWith: readonly string[];
  /** Workspaces that were invited and have not accepted yet. */
  pendingSharedWith: readonly string[];
  readonly members: Set<string>;
  /** The other person of a direct message with the app. */
  readonly partner?: string;
}

/** By id, or by name with or without `#`. */
export function channelNamed(backend: Backend, idOrName: string): Channel {
  const found = findChannel(backend, idOrName);
  if (found === undefined) throw new Impossible(`The sandbox workspace has no channel ${idOrName}.`);
  return found;
}

export function findChannel(backend: Backend, idOrName: unknown): Channel | undefined {
  if (typeof idOrName !== 'string') return undefined;
  const byId = backend.channels.get(idOrName);
  if (byId !== undefined) return byId;
  const name = idOrName.replace(/^#/, '');
  return name === '' ? undefined : [...backend.channels.values()].find((channel) => channel.name === name);
}

/** Direct messages and private channels are unknown to whoever is not in them. */
export function isVisibleTo(channel: Channel, userId: string): boolean {
  return channel.kind === 'public' || channel.members.has(userId);
}

/** The app's direct message with a person; made when it is first needed. */
export function directMessageWith(backend: Backend, userId: string): Channel {
  const known = [...backend.channels.values()].find(({ kind, partner }) => kind === 'im' && partner === userId);
  if (known !== undefined) return known;
  const channel: Channel = {
    id: backend.newId('D'),
    name: '',
    kind: 'im',
    created: nowSeconds(backend),
    creator: userId,
    isArchived: false,
    sharedWith: [],
    pendingSharedWith: [],
    members: new Set([userId, backend.app.botUserId]),
    partner: userId,
  };
  backend.channels.set(channel.id, channel);
  backend.changes.tell({ about: 'channels' });
  return channel;
}

export function join(backend: Backend, channel: Channel, user: User, inviter?: string): void {
  if (channel.members.has(user.id)) return;
  channel.members.add(user.id);
  backend.changes.tell({ about: 'channels' });
  if (!channel.members.has(backend.app.botUserId)) return;
  backend.emit(
    {
      type: 'member_joined_channel',
      user: user.id,
      channel: channel.id,
      channel_type: channel.kind === 'private' ? 'G' : 'C',
      team: user.teamId,
      ...(inviter !== undefined && { inviter }),
      event_ts: nextTs(backend),
    },
    { channel },
  );
}

export function leave(backend: Backend, channel: Channel, userId: string): void {
  channel.members.delete(userId);
  backend.changes.tell({ about: 'channels' });
}

export function share(backend: Backend, channel: Channel, teamId: string): void {
  channel.sharedWith = [...new Set([...channel.sharedWith, teamId])];
  channel.pendingSharedWith = channel.pendingSharedWith.filter((pending) => pending !== teamId);
  backend.changes.tell({ about: 'channels' });
  if (channel.members.has(backend.app.botUserId)) {
    backend.emit({ type: 'channel_shared', connected_team_id: teamId, channel: channel.id, event_ts: nextTs(backend) }, { channel });
  }
}

export function channelJson(backend: Backend, channel: Channel): Record<string, unknown> {
  const common = { id: channel.id, created: channel.created, is_archived: channel.isArchived, is_org_shared: false, context_team_id: backend.team.id };
  if (channel.kind === 'im') return { ...common, is_im: true, user: channel.partner, is_user_deleted: backend.users.get(channel.partner ?? '')?.deleted ?? false };
  const shared = channel.sharedWith.length > 0;
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_general: channel.name === 'general',
    is_member: channel.members.has(backend.app.botUserId),
    is_shared: shared,
    is_ext_shared: shared,
    is_pending_ext_shared: channel.pendingSharedWith.length > 0,
    pending_shared: channel.pendingSharedWith,
    pending_connected_team_ids: channel.pendingSharedWith,
    shared_team_ids: [backend.team.id, ...channel.sharedWith],
    ...(shared && { connected_team_ids: channel.sharedWith }),
    creator: channel.creator,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.size,
    unlinked: 0,
  };
}
