import type { InstalledApp } from '../app-config.ts';
import type { EventContext, SlackEvent } from '../state/backend.ts';

/** One of these scopes is needed to hear of an event; events that are not listed need none. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  app_mention: ['app_mentions:read'],
  channel_shared: ['channels:read', 'groups:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  subteam_members_changed: ['usergroups:read'],
  team_join: ['users:read'],
  user_change: ['users:read'],
};

/** The one scope that counts when the event is about a channel of that kind. */
const OF_CHANNEL = { public: 'channels:read', private: 'groups:read', im: 'im:read', mpim: 'mpim:read' } as const;

/** Whether the app subscribed to an event and may hear of it. */
export function isHeard(app: InstalledApp, event: SlackEvent, { channel, subscription = event.type }: EventContext): boolean {
  if (!app.events.has(subscription)) return false;
  const needed = NEEDED[subscription];
  if (needed === undefined) return true;
  const counts = channel !== undefined && needed.includes('channels:read') ? [OF_CHANNEL[channel.kind]] : needed;
  return counts.some((scope) => app.scopes.has(scope));
}
