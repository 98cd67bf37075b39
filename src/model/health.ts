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
  /** Features that are off because a permission is missing, as sentences. */
  readonly limits: readonly string[];
}

export interface Health {
  readonly report: () => Promise<HealthReport>;
}
