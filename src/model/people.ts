import type { z } from 'zod';
import type { Clock } from './clock.ts';

/** A person as one system knows them. */
export interface Person {
  /** Lasting id in that system. */
  readonly id: string;
  /** For people to read. */
  readonly name: string;
  /** As that system writes them; the first is the one in use. */
  readonly emails: readonly string[];
  /** Further names that belong to this person alone: a login, a user name, an ARN. */
  readonly logins: readonly string[];
  readonly kind: 'person' | 'guest' | 'bot';
  /** `suspended` may come back; `departed` is positive evidence of having left. */
  readonly state: 'active' | 'suspended' | 'departed';
  /** The raw field that tells the state: `status: DEPROVISIONED`. */
  readonly evidence: string;
  /** When the state began, ISO 8601; absent where the system does not tell. */
  readonly since?: string;
  /** Last login to that system, ISO 8601. Shown, never sufficient for a decision. */
  readonly lastLogin?: string;
  /** Id or e-mail of who leads this person. */
  readonly manager?: string;
}

/** What a system answered, whole. */
export interface PeopleList {
  readonly people: readonly Person[];
  /** Whether somebody who left stays in the list with that state. Where not, absence from a whole list is the evidence. */
  readonly listsDeparted: boolean;
  /** When what it answered from was written, ISO 8601, where that is not the moment of asking: the last change of a file. */
  readonly writtenAt?: string;
}

export type SourceFault =
  /** 401: the token is wrong or has ended. */
  | 'refused'
  /** 403: it lacks a right, which the message names. */
  | 'forbidden'
  /** 429, and waiting did not help. */
  | 'busy'
  /** No connection, a timeout, or 5xx. */
  | 'unreachable'
  /** The answer cannot be understood or stopped in the middle. */
  | 'garbled'
  /** It answered that there is nobody. */
  | 'empty';

/** People could not be listed, so nothing may be concluded. The message is for people and holds no secret and no address. */
export class SourceFailed extends Error {
  readonly fault: SourceFault;
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined;

  constructor(fault: SourceFault, message: string, { status, ...options }: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.fault = fault;
    this.status = status;
  }
}

/** A system that knows who belongs to the organisation. */
export interface PeopleSource {
  /** As configured; unique. */
  readonly name: string;
  /** Name of the unit that made it: `okta`. */
  readonly type: string;
  readonly authority: Authority;
  /** The whole list, all pages. @throws {SourceFailed} */
  readonly list: (signal: AbortSignal) => Promise<PeopleList>;
  /**
   * One person by their id, where the system can be asked for one at little cost; undefined when it answers that it has nobody of that id.
   *
   * @throws {SourceFailed} when it does not answer, which says nothing about the person
   */
  readonly find?: (id: string, signal: AbortSignal) => Promise<Person | undefined>;
}

/** Who is believed when systems disagree, from most to least. */
export const AUTHORITIES = ['staff-file', 'identity-provider', 'chat', 'code-host'] as const;
export type Authority = (typeof AUTHORITIES)[number];

/** Where a secret is read, anew each time: it may have been changed. */
export type SecretRef = { readonly env: string } | { readonly file: string };

/** A member of the Slack workspace, with what a source reads of one. */
export interface SlackMember {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly deactivated: boolean;
  readonly bot: boolean;
  readonly guest: boolean;
  /** Of another workspace or organisation, seen in a channel shared with it. */
  readonly stranger: boolean;
}

/** The workspace, read with the bot's own token. */
export interface SlackWorkspace {
  /** The whole member list. @throws {SourceFailed} */
  readonly all: (signal: AbortSignal) => Promise<SlackMembers>;
  /** One member; undefined when Slack knows nobody of that id. @throws {SourceFailed} */
  readonly one: (id: string, signal: AbortSignal) => Promise<SlackMember | undefined>;
}

export interface SlackMembers {
  /** Whether Slack shows the bot e-mail addresses. */
  readonly showsEmails: boolean;
  readonly members: readonly SlackMember[];
}

/** What a source may use of the world. */
export interface SourceDeps {
  readonly clock: Clock;
  /** @throws {SourceFailed} that names the variable or file. */
  readonly secret: (ref: SecretRef) => Promise<string>;
  /** Waits as long, and throws the signal's reason when that comes first. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Absent where there is no Slack. */
  readonly slackMembers?: SlackWorkspace;
}

/** One kind of system that people can be listed from. */
export interface PeopleSourceType<Settings = unknown> {
  /** As `type` says it in the configuration. */
  readonly name: string;
  /** The system's own name. */
  readonly title: string;
  readonly authority: Authority;
  /** The least rights it needs, with the names that the system uses. */
  readonly rights: string;
  /** What to know about its answers, for the documentation: what proves a departure, what does not. */
  readonly notes: readonly string[];
  /** Of the entry in the configuration, without `type` and `name`. */
  readonly settings: z.ZodType<Settings>;
  /** A working entry without secrets, for the documentation and tests. */
  readonly example: Readonly<Record<string, unknown>>;
  // A method, so that types with different settings fit into one list; the settings are parsed before it is called.
  create(settings: Settings, name: string, deps: SourceDeps): PeopleSource;
}

export function definePeopleSource<Settings>(type: PeopleSourceType<Settings>): PeopleSourceType<Settings> {
  return type;
}
