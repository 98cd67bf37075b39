import type { Backend } from '../state/backend.ts';
import type { Channel } from '../state/channels.ts';
import type { Message } from '../state/messages.ts';
import { isMemberOfTeam, type User } from '../state/people.ts';

/** Members; and of public channels every full member of the workspace. */
export function canSee(backend: Backend, channel: Channel, user: User): boolean {
  if (channel.members.has(user.id)) return true;
  return channel.kind === 'public' && isMemberOfTeam(backend, user) && !user.isRestricted;
}

/** Why a person can type nothing in a channel; undefined when they can. */
export function writingBarrier(backend: Backend, channel: Channel, user: User): string | undefined {
  if (!channel.members.has(user.id)) return `You are not in #${channel.name}.`;
  if (channel.isArchived) return `#${channel.name} is archived.`;
  if (channel.kind === 'im' && (!backend.app.messagesTab || backend.app.messagesReadOnly)) return 'Sending messages to this app has been turned off.';
  return undefined;
}

/** All that a person sees of a channel, oldest first: replies and what only they see included. */
export function messagesSeenBy(backend: Backend, channel: Channel, user: User): readonly Message[] {
  if (!canSee(backend, channel, user)) return [];
  return (backend.messages.get(channel.id) ?? []).filter(({ visibleTo }) => visibleTo === undefined || visibleTo === user.id);
}

/** Whether a message stands in the channel itself, and not only in a thread. */
export function standsInChannel({ threadTs, isBroadcast }: Message): boolean {
  return threadTs === undefined || isBroadcast;
}
