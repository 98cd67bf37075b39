import type { Caller } from './access.ts';
import type { ObjectRef, Severity } from './finding.ts';
import type { Actor } from './request.ts';

/** How a question may stand. `unanswered` is a question whose time is over; a late answer still counts. */
export const QUESTION_STATES = ['asked', 'confirmed', 'denied', 'unanswered'] as const;
export type QuestionState = (typeof QUESTION_STATES)[number];

/** What somebody did in a cluster, of which they are asked whether it was them. */
export interface AskedDeed {
  readonly cluster: string;
  readonly production: boolean;
  /** Id of the detection, its title and how bad the alarm is. */
  readonly detection: string;
  readonly title: string;
  readonly severity: Severity;
  /** Kubernetes user name of whoever acted. */
  readonly user: string;
  /** As the API server saw them at that time. */
  readonly groups: readonly string[];
  readonly object?: ObjectRef;
  /** Whose pod `object` is, where that is known. */
  readonly workload?: ObjectRef;
  /** ISO 8601 */
  readonly at: string;
  /** The last of the addresses, the only one that the API server saw itself. */
  readonly address?: string;
  /** Chosen by the client. */
  readonly userAgent?: string;
  readonly command?: string;
}

/** A question to a person about a deed, as it is stored. Every message about it is rendered from this. */
export interface Question {
  /** Same for the same alarm. */
  readonly id: string;
  readonly deed: AskedDeed;
  /** Slack user id of whoever is asked, the only one who can answer. */
  readonly person: string;
  /** Channel in which the event is told. */
  readonly channel: string;
  /** Id of the message about the event; absent where it is told in none. */
  readonly event?: string;
  readonly askedAt: string;
  /** Without an answer by then it goes to the channel. */
  readonly dueAt: string;
  readonly state: QuestionState;
  readonly answer?: { readonly by: Actor; readonly at: string; readonly ticket?: string };
  /** Why it stays listed although it was confirmed. */
  readonly staysListed: readonly string[];
  /** The channel was told of it besides the event. */
  readonly alarmed?: true;
  /** Id of the request that locks the access of whoever denied it, and why it does not. */
  readonly request?: string;
  readonly problem?: string;
  /** Grows with every change. */
  readonly version: number;
}

/** Somebody has said that it was not them, and their access was neither locked nor could it be. */
export function isToBeLocked({ state, request, problem }: Question): boolean {
  return state === 'denied' && request === undefined && problem === undefined;
}

/** What messages about the event say of a question. */
export type QuestionStanding = Pick<Question, 'id' | 'person' | 'state' | 'answer' | 'staysListed' | 'request' | 'problem'>;

export function standingOf({ id, person, state, answer, staysListed, request, problem }: Question): QuestionStanding {
  return { id, person, state, staysListed, ...(answer && { answer }), ...(request !== undefined && { request }), ...(problem !== undefined && { problem }) };
}

/** What keeps people from being asked too often. */
export interface AskLimits {
  /** Names the person, cluster, user and workload, of which one question is open at a time. */
  readonly topic: string;
  /** Names cluster, user, workload, detection and network: not asked again for a while after a yes. */
  readonly pattern: string;
}

export type NewQuestion = Pick<Question, 'deed' | 'person' | 'channel' | 'event'> & {
  /** Of the alarm. */
  readonly fingerprint: string;
};

export type AnswerOutcome = { readonly taken: Question } | { readonly refused: string };

/** Questions to people about what was done in their name. Each answer has one winner, whatever the number of clicks and replicas. */
export interface Questions {
  /** Undefined when they were asked about the same a moment ago, or have confirmed the same lately. A repeat changes nothing. */
  readonly ask: (question: NewQuestion) => Promise<Question | undefined>;
  readonly get: (id: string) => Promise<Question | undefined>;
  readonly answer: (id: string, answer: { readonly verdict: 'yes' | 'no'; readonly ticket?: string }, by: Caller) => Promise<AnswerOutcome>;
  /** Takes the own access of whoever denied it, in their name; safe to repeat. What cannot be done just now is thrown, and tried again later. */
  readonly lock: (id: string, by: Caller, signal: AbortSignal) => Promise<Question | undefined>;
  /** Ends questions whose time is over, and tells and logs what a dead process did not. */
  readonly tend: (signal: AbortSignal) => Promise<void>;
}

/** Stores questions. Times are milliseconds since 1970. */
export interface QuestionStore {
  /** The stored one of that id; undefined when a limit keeps it from being asked. */
  readonly create: (question: Question, limits: AskLimits) => Promise<Question | undefined>;
  readonly get: (id: string) => Promise<Question | undefined>;
  /** Stores the next version. False when another one was quicker. */
  readonly write: (question: Question) => Promise<boolean>;
  /** What was said of this version; when it is looked at again, unless it has changed meanwhile. */
  readonly settle: (question: Pick<Question, 'id' | 'version'>, dueAtMs: number | undefined) => Promise<void>;
  readonly due: (nowMs: number) => Promise<readonly string[]>;
  readonly forget: (id: string) => Promise<void>;
  /** The same is not asked for a while. */
  readonly mute: (pattern: string) => Promise<void>;
}
