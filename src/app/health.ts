import type { Health } from '#src/model/health.ts';
import type { Queue } from '#src/model/job.ts';
import type { MessageRows } from '#src/model/message-row.ts';

export interface HealthDeps {
  readonly queue: Pick<Queue, 'counts'>;
  readonly rows: Pick<MessageRows, 'counts'>;
  /** Why Slack counts as degraded; undefined when it works. */
  readonly slackProblem: () => string | undefined;
  /** Features that are off, as sentences. */
  readonly limits: () => readonly string[];
}

export function createHealth({ queue, rows, slackProblem, limits }: HealthDeps): Health {
  return {
    async report() {
      const [counts, messages] = await Promise.all([queue.counts(), rows.counts()]);
      const problem = slackProblem();
      return { slack: problem === undefined ? 'ok' : 'degraded', ...(problem !== undefined && { slackProblem: problem }), queue: counts, ...messages, limits: limits() };
    },
  };
}
