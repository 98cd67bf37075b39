import type { QueueCounts } from './job.ts';

/** How the bot itself is, for `/k8ssec status`. */
export interface HealthReport {
  readonly slack: 'ok' | 'degraded';
  /** Why Slack is degraded. */
  readonly slackProblem?: string;
  readonly queue: QueueCounts;
  /** Messages recorded and not yet in Slack. */
  readonly unsent: number;
  /** Messages that may stand in Slack twice, because an answer was lost. */
  readonly maybeDouble: number;
  /** Messages that could not be sent and will not be. */
  readonly failed: number;
  /** How each source of people is, in one sentence each. */
  readonly people: readonly PeopleHealth[];
  /** Whoever has left and still stands in the configuration, with what is to be done, in one sentence each without a full stop. */
  readonly leavers: readonly string[];
  /** How each source of events is, in one sentence each. Of every cluster: whoever shows them leaves out what is not for the reader. */
  readonly events: readonly FeedHealth[];
  /** Requests that nobody has decided yet. */
  readonly undecided: number;
  /** Requests whose effect should have been taken back and was not. */
  readonly notTakenBack: number;
  /** Features that are off because a permission is missing, as sentences. */
  readonly limits: readonly string[];
}

export interface PeopleHealth {
  readonly ok: boolean;
  /** Begins with the name of the source. */
  readonly text: string;
}

export interface FeedHealth {
  readonly cluster: string;
  readonly ok: boolean;
  /** Begins with cluster and source. */
  readonly text: string;
}

export interface Health {
  readonly report: () => Promise<HealthReport>;
}
