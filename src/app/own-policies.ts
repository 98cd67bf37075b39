import { sweepPolicies } from '#src/enforcement/sweep.ts';
import type { Clock } from '#src/model/clock.ts';
import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import { enforces, momentText } from '#src/model/connection-words.ts';
import type { Connections, ConnectionSettings } from '#src/model/connection.ts';
import type { DecisionLog } from '#src/model/decision-log.ts';
import type { FeedHealth } from '#src/model/health.ts';
import type { Log } from '#src/model/log.ts';
import type { OwnPolicies, PolicyLook, PolicyLooks } from '#src/model/own-policies.ts';
import type { RequestStore } from '#src/model/request-store.ts';

export interface OwnPoliciesDeps {
  readonly clusters: Pick<Clusters, 'open'>;
  readonly connections: Pick<Connections, 'all'>;
  readonly requests: Pick<RequestStore, 'get'>;
  readonly looks: PolicyLooks;
  readonly installation: () => Promise<string>;
  readonly decisions: Pick<DecisionLog, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createOwnPolicies({ clusters, connections, requests, looks, installation, decisions, clock, log }: OwnPoliciesDeps): OwnPolicies {
  return {
    async sweep(signal) {
      for (const settings of connections.all()) {
        signal.throwIfAborted();
        await looks.put(settings.cluster, await look(settings, signal));
      }
    },
  };

  async function look(settings: ConnectionSettings, signal: AbortSignal): Promise<PolicyLook> {
    const { cluster } = settings;
    const now = clock.now();
    const at = now.toISOString();
    try {
      const opened = await clusters.open(cluster, signal);
      try {
        const stateOf = async (request: string) => (await requests.get(request))?.state;
        const { ended, ...found } = await sweepPolicies(opened, { cluster, installation: await installation(), now, enforces: enforces(settings), stateOf }, signal);
        for (const { policy, parts } of ended) {
          const what = parts.map((part) => part.what).join(', ');
          for (const request of new Set(parts.map((part) => part.request))) await decisions.append({ at, kind: 'part-ended', who: 'clock', what: `${policy}: ${what}`, cluster, request });
          log.info({ cluster, policy, what }, 'what had its time in a policy was ended, although its request had not ended it');
        }
        return { at, ...found };
      } finally {
        opened.close();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ClusterUnreachable)) throw error;
      return { at, orphans: [], problems: [`could not be looked at, ${momentText(at)}: ${error.message}`] };
    }
  }
}

/** How the bot's own policies are, in one sentence for each cluster that has some, or where something is wrong with them. */
export async function policyHealth(all: readonly ConnectionSettings[], looks: Pick<PolicyLooks, 'get'>): Promise<readonly FeedHealth[]> {
  const known = await Promise.all(all.map(async ({ cluster }) => ({ cluster, look: await looks.get(cluster) })));
  return known.flatMap(({ cluster, look }): readonly FeedHealth[] => {
    if (look === undefined || ((look.count ?? 0) === 0 && look.problems.length === 0)) return [];
    const { at, count, orphans, problems } = look;
    const counted = count === undefined ? [] : [`${count.toLocaleString('en-US')} of this bot at ${momentText(at)}`];
    const forgotten = orphans.length === 0 ? [] : [`of requests that are not known any more, so that nobody can undo them here: ${orphans.join(', ')}; whoever needs one no more deletes it`];
    return [{ cluster, ok: problems.length === 0, text: `${cluster} policies: ${[...counted, ...problems, ...forgotten].join('; ')}` }];
  });
}
