import type { RateOptions } from '../api/rate-limits.ts';
import type { Tokens } from '../api/tokens.ts';
import type { HttpMode } from '../delivery/http-mode.ts';
import type { SocketMode } from '../delivery/socket-mode.ts';
import { nextTs, type Backend, type Behaviour } from '../state/backend.ts';
import type { SandboxClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { createWorkspaceControl, type WorkspaceControl } from './workspace.ts';

/** What Slack, its administrators and the network can do to the app, on demand. */
export interface SandboxControl {
  readonly clock: SandboxClock;
  /** By name of the Web API method, `response_url`, `upload` or `file`; `*` is all of them. */
  readonly faults: Faults;
  /** Can be changed at any time. */
  readonly rates: RateOptions;
  /** Can be changed at any time. */
  readonly behaviour: Behaviour;
  readonly app: AppControl;
  readonly workspace: WorkspaceControl;
  /** @throws in HTTP mode. */
  readonly sockets: () => SocketMode;
  /** @throws in Socket Mode. */
  readonly http: () => HttpMode & { readonly useRequestUrl: (url: string) => void };
}

export interface AppControl {
  /** The bot token counts no more. */
  readonly revokeBotToken: () => void;
  /** New sockets are refused with this error, such as `invalid_auth`. Open ones stay. */
  readonly refuseAppToken: (error: string) => void;
  readonly restoreTokens: () => void;
  readonly setScopes: (scopes: readonly string[]) => void;
  /** Off, no direct message reaches anybody. */
  readonly setMessagesTab: (enabled: boolean) => void;
  readonly uninstall: () => void;
}

export interface ControlDeps {
  readonly backend: Backend;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly rates: RateOptions;
  readonly sockets: SocketMode | undefined;
  readonly http: HttpMode | undefined;
  readonly useRequestUrl: (url: string) => void;
}

export function createControl({ backend, tokens, faults, rates, sockets, http, useRequestUrl }: ControlDeps): SandboxControl {
  return {
    clock: backend.clock,
    faults,
    rates,
    behaviour: backend.behaviour,
    app: createAppControl(backend, tokens),
    workspace: createWorkspaceControl(backend),
    sockets() {
      if (sockets === undefined) throw new Error('The stand-in runs in HTTP mode, so there are no sockets.');
      return sockets;
    },
    http() {
      if (http === undefined) throw new Error('The stand-in runs in Socket Mode, so it sends no requests.');
      return { ...http, useRequestUrl };
    },
  };
}

function createAppControl(backend: Backend, tokens: Tokens): AppControl {
  const { app, changes } = backend;
  return {
    revokeBotToken() {
      tokens.botRevoked = true;
      backend.emit({ type: 'tokens_revoked', tokens: { oauth: [], bot: [app.botUserId] }, event_ts: nextTs(backend) });
    },
    refuseAppToken: (error) => void (tokens.appRefused = error),
    restoreTokens() {
      tokens.botRevoked = false;
      tokens.appRefused = undefined;
    },
    setScopes: (scopes) => void (app.scopes = new Set(scopes)),
    setMessagesTab(enabled) {
      app.messagesTab = enabled;
      changes.tell({ about: 'channels' });
    },
    uninstall() {
      app.installed = false;
      tokens.botRevoked = true;
      backend.emit({ type: 'app_uninstalled', event_ts: nextTs(backend) });
      changes.tell({ about: 'people' });
    },
  };
}
