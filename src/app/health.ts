import type { KnownPerson } from '#src/model/people-view.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import type { Approvals } from '#src/model/approvals.ts';
import type { FeedHealth, Health } from '#src/model/health.ts';
import type { Queue } from '#src/model/job.ts';
import type { MessageRows } from '#src/model/message-row.ts';
import type { People } from '#src/model/people-service.ts';
import type { Place } from './named-people.ts';

export interface HealthDeps {
  readonly queue: Pick<Queue, 'counts'>;
  readonly rows: Pick<MessageRows, 'counts'>;
  readonly people: Pick<People, 'health' | 'all'>;
  /** Slack users, and others that no person is, by what the configuration gives them. */
  readonly named: ReadonlyMap<string, Place>;
  readonly events: () => Promise<readonly FeedHealth[]>;
  readonly approvals: Pick<Approvals, 'open'>;
  /** Why Slack counts as degraded; undefined when it works. */
  readonly slackProblem: () => string | undefined;
  /** Features that are off, as sentences. */
  readonly limits: () => readonly string[];
}

export function createHealth({ queue, rows, people, named, events, approvals, slackProblem, limits }: HealthDeps): Health {
  return {
    async report() {
      const [counts, messages, sources, everybody, requests, feeds] = await Promise.all([queue.counts(), rows.counts(), people.health(), people.all(), approvals.open(), events()]);
      const problem = slackProblem();
      return {
        slack: problem === undefined ? 'ok' : 'degraded',
        ...(problem !== undefined && { slackProblem: problem }),
        queue: counts,
        ...messages,
        people: sources.map(({ ok, text }) => ({ ok, text })),
        leavers: everybody.flatMap((person) => leaverText(person, named)),
        events: feeds,
        undecided: requests.filter(isUndecided).length,
        notTakenBack: requests.filter(({ state }) => state === 'revert-failed').length,
        limits: limits(),
      };
    },
  };
}

/** They decide nothing any more, but whoever gets the account has the role again. */
function leaverText({ name, state, slackId = '' }: KnownPerson, named: ReadonlyMap<string, Place>): readonly string[] {
  const place = state === 'departed' || state === 'suspended' ? named.get(slackId) : undefined;
  return place === undefined ? [] : [`${name} (${slackId}) ${state === 'departed' ? 'has left' : 'is suspended'} and still ${place.gives}: remove them under ${place.section}`];
}
