/** The parts of a Slack app manifest that decide how Slack behaves towards the app. */
export interface AppManifest {
  readonly display_information: { readonly name: string };
  readonly features: {
    readonly bot_user: { readonly display_name: string };
    readonly slash_commands?: readonly SlashCommandConfig[];
    readonly shortcuts?: readonly ShortcutConfig[];
    readonly app_home?: { readonly home_tab_enabled?: boolean; readonly messages_tab_enabled?: boolean; readonly messages_tab_read_only_enabled?: boolean };
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[]; readonly bot_optional?: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions?: { readonly bot_events?: readonly string[]; readonly request_url?: string };
    readonly interactivity?: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly socket_mode_enabled?: boolean;
  };
}

export interface SlashCommandConfig {
  /** With its slash. */
  readonly command: string;
  readonly description: string;
  readonly usage_hint?: string;
  readonly should_escape?: boolean;
}

export interface ShortcutConfig {
  readonly name: string;
  readonly callback_id: string;
  readonly description: string;
  readonly type: 'global' | 'message';
}

/** The app as installed; tests change what an administrator could change. */
export interface InstalledApp {
  readonly id: string;
  readonly name: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly commands: readonly SlashCommandConfig[];
  readonly shortcuts: readonly ShortcutConfig[];
  readonly events: ReadonlySet<string>;
  readonly isInteractive: boolean;
  readonly homeTab: boolean;
  scopes: ReadonlySet<string>;
  /** Off, no direct message reaches anybody. */
  messagesTab: boolean;
  /** People cannot write in the app's direct messages. */
  readonly messagesReadOnly: boolean;
  installed: boolean;
}

/** `optionalScopes: false` installs it as if the person had granted none of them. */
export function installedApp(manifest: AppManifest, ids: { readonly app: string; readonly bot: string; readonly botUser: string }, optionalScopes = true): InstalledApp {
  const { features, oauth_config: oauth, settings, display_information: info } = manifest;
  const { bot_optional: optional = [] } = oauth.scopes;
  return {
    id: ids.app,
    name: info.name,
    botId: ids.bot,
    botUserId: ids.botUser,
    commands: features.slash_commands ?? [],
    shortcuts: features.shortcuts ?? [],
    events: new Set(settings.event_subscriptions?.bot_events ?? []),
    isInteractive: settings.interactivity?.is_enabled ?? false,
    homeTab: features.app_home?.home_tab_enabled ?? false,
    scopes: new Set(optionalScopes ? [...oauth.scopes.bot, ...optional] : oauth.scopes.bot.filter((scope) => !optional.includes(scope))),
    messagesTab: features.app_home?.messages_tab_enabled ?? false,
    messagesReadOnly: features.app_home?.messages_tab_read_only_enabled ?? false,
    installed: true,
  };
}
