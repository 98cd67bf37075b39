/** How Slack reaches the app. */
export type ManifestMode = { readonly mode: 'socket' } | { readonly mode: 'http'; readonly requestUrl: string };

/** Each method of the Web API that the bot calls with its bot token, with the scope it needs there; `none` needs just the token. */
export const METHOD_SCOPES = {
  'api.test': 'none',
  'auth.test': 'none',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.info': 'channels:read',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'users.list': 'users:read',
  'views.open': 'none',
  'views.publish': 'none',
  'views.push': 'none',
  'views.update': 'none',
} as const;

/** Without these the bot cannot do its work. `groups:read` is `channels:read` for private channels. */
export const REQUIRED_SCOPES = ['channels:read', 'chat:write', 'commands', 'groups:read', 'users:read'] as const;

/** Without one of these a feature is off; the sentence says which. */
export const OPTIONAL_SCOPES = {
  'files:write': 'Long lists are not attached as files: the scope files:write is missing',
  'usergroups:read': 'User groups hold no role: the scope usergroups:read is missing',
  'users:read.email': 'People in Slack are not known by their e-mail addresses: the scope users:read.email is missing',
} as const;

/** Events that the bot listens to. */
export const BOT_EVENTS = ['app_home_opened', 'channel_shared', 'subteam_members_changed', 'user_change'] as const;

export const COMMAND = '/k8ssec';

/** Shortcuts in Slack's own menu, which need no channel. The callback id is what would be typed after the command. */
export const SHORTCUTS = [{ name: 'Request access', type: 'global', callback_id: 'access request', description: 'Ask for rights in a cluster for a limited time' }] as const;

export function isShortcut(callbackId: string): boolean {
  return SHORTCUTS.some(({ callback_id: known }) => known === callbackId);
}

interface RequestUrl {
  readonly request_url?: string;
}

export interface SlackManifest {
  readonly _metadata: { readonly major_version: number; readonly minor_version: number };
  readonly display_information: { readonly name: string; readonly description: string; readonly long_description: string; readonly background_color: string };
  readonly features: {
    readonly app_home: { readonly home_tab_enabled: boolean; readonly messages_tab_enabled: boolean; readonly messages_tab_read_only_enabled: boolean };
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly shortcuts: readonly { readonly name: string; readonly type: 'global'; readonly callback_id: string; readonly description: string }[];
    readonly slash_commands: readonly { readonly command: string; readonly description: string; readonly usage_hint: string; readonly should_escape: boolean; readonly url?: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[]; readonly bot_optional: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: RequestUrl & { readonly bot_events: readonly string[] };
    readonly interactivity: RequestUrl & { readonly is_enabled: boolean };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

/** The manifest of the Slack app, from which `https://api.slack.com/apps?new_app=1` makes one. */
export function slackManifest(mode: ManifestMode): SlackManifest {
  const url = mode.mode === 'http' ? { url: mode.requestUrl } : {};
  const requestUrl = mode.mode === 'http' ? { request_url: mode.requestUrl } : {};
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'k8ssec',
      description: 'Scans Kubernetes clusters and tells this workspace what is not safe.',
      long_description:
        'k8ssec scans Kubernetes clusters on a schedule and when somebody asks, posts what is new, worse and fixed to the channels that care, and explains each finding and how to fix it. Type /k8ssec help to see what can be asked. It reads no messages: the only texts that reach it are its own commands and the buttons of its own messages.',
      background_color: '#1d3557',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'k8ssec', always_online: true },
      shortcuts: SHORTCUTS,
      slash_commands: [
        { command: COMMAND, description: 'Scan a cluster, or ask about its findings', usage_hint: 'scan [cluster] | findings | explain | status | help', should_escape: true, ...url },
      ],
    },
    oauth_config: { scopes: { bot: [...REQUIRED_SCOPES, ...Object.keys(OPTIONAL_SCOPES)].sort(), bot_optional: Object.keys(OPTIONAL_SCOPES) } },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: [...BOT_EVENTS] },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: false,
      socket_mode_enabled: mode.mode === 'socket',
      token_rotation_enabled: false,
    },
  };
}

/** The features that are off because a scope was not granted, as sentences. */
export function missingFeatures(granted: readonly string[]): readonly string[] {
  return Object.entries(OPTIONAL_SCOPES).flatMap(([scope, text]) => (granted.includes(scope) ? [] : [text]));
}
