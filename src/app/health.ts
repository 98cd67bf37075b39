import { isUndecided } from '#src/model/request-standing.ts';
import type { Approvals } from '#src/model/approvals.ts';
import type { FeedHealth, Health } from '#src/model/health.ts';
import type { Queue } from '#src/model/job.ts';
import type { MessageRows } from '#src/model/message-row.ts';
import type { People } from '#src/model/people-service.ts';

export interface HealthDeps {
  readonly queue: Pick<Queue, 'counts'>;
  readonly rows: Pick<MessageRows, 'counts'>;
  readonly people: Pick<People, 'health'>;
  readonly events: () => Promise<readonly FeedHealth[]>;
  readonly approvals: Pick<Approvals, 'open'>;
  /** Why Slack counts as degraded; undefined when it works. */
  readonly slackProblem: () => string | undefined;
  /** Features that are off, as sentences. */
  readonly limits: () => readonly string[];
}

export function createHealth({ queue, rows, people, events, approvals, slackProblem, limits }: HealthDeps): Health {
  return {
    async report() {
      const [counts, messages, sources, requests, feeds] = await Promise.all([queue.counts(), rows.counts(), people.health(), approvals.open(), events()]);
      const problem = slackProblem();
      return {
        slack: problem === undefined ? 'ok' : 'degraded',
        ...(problem !== undefined && { slackProblem: problem }),
        queue: counts,
        ...messages,
        people: sources.map(({ ok, text }) => ({ ok, text })),
        events: feeds,
        undecided: requests.filter(isUndecided).length,
        notTakenBack: requests.filter(({ state }) => state === 'revert-failed').length,
        limits: limits(),
      };
    },
  };
}
