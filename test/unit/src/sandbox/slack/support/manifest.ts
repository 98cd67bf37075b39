import type { AppManifest } from '#src/sandbox/slack/app-config.ts';

export const EVENTS = ['app_home_opened', 'app_mention', 'member_joined_channel', 'user_change', 'team_join', 'subteam_members_changed', 'channel_shared', 'app_uninstalled', 'tokens_revoked', 'message.im'];

const SCOPES = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'im:read', 'im:write', 'im:history', 'app_mentions:read', 'channels:join'];

/** An app that may do all that the stand-in knows, less what is left out. */
export function manifestOf({ without = [], withScopes = [], events = EVENTS }: { readonly without?: readonly string[]; readonly withScopes?: readonly string[]; readonly events?: readonly string[] } = {}): AppManifest {
  return {
    display_information: { name: 'k8ssec' },
    features: {
      bot_user: { display_name: 'k8ssec' },
      slash_commands: [
        { command: '/k8ssec', description: 'Ask k8ssec', usage_hint: 'scan [cluster] | help', should_escape: true },
        { command: '/raw', description: 'Takes the text as it is' },
      ],
      shortcuts: [
        { name: 'Request access', callback_id: 'request-access', description: 'Ask for access', type: 'global' },
        { name: 'Explain', callback_id: 'explain', description: 'Explain a message', type: 'message' },
      ],
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    },
    oauth_config: { scopes: { bot: [...SCOPES, ...withScopes].filter((scope) => !without.includes(scope)), bot_optional: ['users:read.email', 'usergroups:read', 'files:write'].filter((scope) => !without.includes(scope)) } },
    settings: { event_subscriptions: { bot_events: events }, interactivity: { is_enabled: true }, socket_mode_enabled: true },
  };
}
