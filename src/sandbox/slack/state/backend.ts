import type { InstalledApp } from '../app-config.ts';
import type { Changes } from '../control/changes.ts';
import type { SandboxClock } from '../control/clock.ts';
import type { Channel } from './channels.ts';
import type { StoredFile } from './files.ts';
import type { UserGroup } from './groups.ts';
import type { Message } from './messages.ts';
import type { User } from './people.ts';
import type { ResponseUrl } from './response-urls.ts';
import type { Trigger } from './triggers.ts';
import type { StoredView } from './views.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** Switches for what differs between workspaces, plans and moods of Slack. */
export interface Behaviour {
  /** Seconds after which the workspace allows no more edits; endless by default. */
  editWindowSeconds: number;
  /** How long an uploaded picture cannot be shown yet. */
  fileReadyMs: number;
  /** `users.list` without a limit is refused in a larger workspace. */
  limitRequiredAbove: number;
}

/** All that Slack knows. The functions beside it read and change it; nothing in it survives a restart. */
export interface Backend {
  readonly team: Team;
  /** The other workspace of shared channels. */
  readonly otherTeam: Team;
  readonly app: InstalledApp;
  readonly users: Map<string, User>;
  readonly groups: Map<string, UserGroup>;
  readonly channels: Map<string, Channel>;
  /** By channel, oldest first, ephemeral ones included. */
  readonly messages: Map<string, Message[]>;
  readonly files: Map<string, StoredFile>;
  readonly views: Map<string, StoredView>;
  /** Ids of each person's open modals, the visible one last. */
  readonly stacks: Map<string, string[]>;
  /** Id of each person's Home. */
  readonly homes: Map<string, string>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly behaviour: Behaviour;
  readonly clock: SandboxClock;
  readonly changes: Changes;
  /** A new id with Slack's prefix for its kind. */
  readonly newId: (prefix: string) => string;
  /** Address of the stand-in, without a slash at its end. */
  readonly origin: () => string;
  /** Sends an event to the app, if it subscribed to it and has a scope for it. */
  readonly emit: (event: SlackEvent, about?: EventContext) => void;
  lastMicros: number;
}

export interface EventContext {
  readonly channel?: Channel;
  /** Name under which apps subscribe to it, when that is not its type: `message.im`. */
  readonly subscription?: string;
}

export interface SlackEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Unique and increasing, as message and event timestamps are. */
export function nextTs(backend: Backend): string {
  backend.lastMicros = Math.max(backend.clock.nowMs() * 1000, backend.lastMicros + 1);
  return `${Math.floor(backend.lastMicros / 1_000_000)}.${String(backend.lastMicros % 1_000_000).padStart(6, '0')}`;
}

export function nowSeconds(backend: Backend): number {
  return Math.floor(backend.clock.nowMs() / 1000);
}
