import type { Caller } from './access.ts';
import type { Actor } from './request.ts';

/** `closed`: the question does not arise any more. */
export const NEED_STATES = ['open', 'kept', 'given-up', 'unanswered', 'closed'] as const;
type NeedState = (typeof NEED_STATES)[number];

/** Access is kept for at most so long without being asked about again. */
export const KEPT_DAYS = 90;

/** What helps while approvers cannot be asked, for people. */
export const HINDRANCE_HELP = 'It is tried again by itself. Whoever looks after k8ssec can run “k8ssec doctor” to see what it lacks.';

/** One thing that happened to a question, in the order of happening; each becomes one entry of the decision log. */
export interface NeedStep {
  readonly at: string;
  readonly by: Actor;
  readonly what: 'asked' | 'reminded' | 'kept' | 'given-up' | 'unanswered' | 'closed' | 'removal-asked';
  readonly reason?: string;
}

interface NeedAnswer {
  readonly by: Actor;
  readonly at: string;
  readonly reason?: string;
  /** Last day on which the access is kept without a further question: `2027-02-01`, in UTC. */
  readonly until?: string;
}

/** What keeps approvers from being asked. */
interface NeedHindrance {
  /** For people, without a full stop. */
  readonly why: string;
  /** How often asking them has failed. */
  readonly tries: number;
  /** Not tried again before. ISO 8601 */
  readonly nextAt: string;
}

/** The question to a person who was not seen for long, whether they still need their access to a cluster. Every message about it is rendered from this. */
export interface NeedQuestion {
  /** Short enough to type: `n7k2m9`. */
  readonly id: string;
  /** Id of a KnownPerson. */
  readonly person: string;
  /** For people: `Bob Brown (bob@corp.example)`. */
  readonly called: string;
  readonly cluster: string;
  /** The most dangerous first; a few of `rightCount`. */
  readonly rights: readonly string[];
  readonly rightCount: number;
  /** Why they count as inactive, without a full stop. */
  readonly why: string;
  /** Slack user id of the person; absent where Slack does not know them. */
  readonly slackId?: string;
  /** Slack user ids of those who get a copy and may answer too. */
  readonly owners: readonly string[];
  readonly state: NeedState;
  readonly askedAt: string;
  /** Without an answer by then, approvers are asked. */
  readonly answerBy: string;
  /** Reminders that are due so far, at most two; after a long silence one may stand for both. */
  readonly reminders: number;
  readonly answer?: NeedAnswer;
  /** Why it was closed, without a full stop. */
  readonly closedWhy?: string;
  /** Id of the request to take the access away. */
  readonly request?: string;
  /** While approvers are to be asked and could not be. */
  readonly hindrance?: NeedHindrance;
  /** Grows with every change. */
  readonly version: number;
  readonly journal: readonly NeedStep[];
  /** Entries of the journal that the decision log has. */
  readonly logged: number;
  /** Version that every copy of its message was last brought to. */
  readonly published: number;
}

/** Questions, one for each person and cluster; each change of one has one winner. */
export interface NeedStore {
  readonly all: () => Promise<readonly NeedQuestion[]>;
  readonly of: (person: string, cluster: string) => Promise<NeedQuestion | undefined>;
  /** Stores it in the place of `previous`, or where there was none. False when another one was quicker. */
  readonly put: (question: NeedQuestion, previous: NeedQuestion | undefined) => Promise<boolean>;
  /** Unless another one has changed it or taken its place. */
  readonly forget: (question: NeedQuestion) => Promise<void>;
}

export type NewNeed = Pick<NeedQuestion, 'person' | 'called' | 'cluster' | 'rights' | 'rightCount' | 'why' | 'slackId' | 'owners'>;

export type NeedGiven = { readonly verdict: 'keep'; readonly reason: string; readonly until: string } | { readonly verdict: 'give-up' };

/** What came of an answer: in one or two sentences for people why it changed nothing, otherwise how the question stands then. */
export type NeedOutcome = { readonly taken: NeedQuestion } | { readonly refused: string };

/** Asks inactive people whether they still need what they have. Everything may be repeated at any point. */
export interface Needs {
  readonly all: () => Promise<readonly NeedQuestion[]>;
  readonly get: (id: string) => Promise<NeedQuestion | undefined>;
  /** Asks, unless there is a question to the person about the cluster that still stands. Whether it was asked now. */
  readonly ask: (need: NewNeed) => Promise<boolean>;
  /** By whoever was asked, and nobody else. */
  readonly answer: (id: string, given: NeedGiven, by: Caller) => Promise<NeedOutcome>;
  /** It does not arise any more, or what followed from it came to nothing. What is kept stays as it is. */
  readonly close: (question: Pick<NeedQuestion, 'person' | 'cluster'>, why: string) => Promise<void>;
  /** Approvers are asked by this request now; undefined when they are to be asked once more. */
  readonly filed: (question: Pick<NeedQuestion, 'person' | 'cluster'>, request: string | undefined) => Promise<void>;
  /** Approvers could not be asked, for a reason without a full stop; it is tried again later, and the more seldom the more often it has failed. */
  readonly hindered: (question: Pick<NeedQuestion, 'id' | 'person' | 'cluster'>, why: string) => Promise<void>;
  /** Reminds, ends what was not answered, has removals asked for, shows and logs what a dead process did not, and forgets what is long past. */
  readonly tend: (signal: AbortSignal) => Promise<void>;
}
