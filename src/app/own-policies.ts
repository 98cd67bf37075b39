import { sweepRanges } from '#src/enforcement/sweep-ranges.ts';
import { sweepPolicies } from '#src/enforcement/sweep.ts';
import type { Clock } from '#src/model/clock.ts';
import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import { enforces, maySetRanges, momentText } from '#src/model/connection-words.ts';
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

/** What was taken out of an object, and for whose request it was there. */
interface Ended {
  readonly cluster: string;
  readonly at: string;
  readonly object: string;
  readonly parts: readonly { readonly request: string; readonly what: string }[];
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
        const scene = { cluster, installation: await installation(), now, stateOf };
        const { ended, ...found } = await sweepPolicies(opened, { ...scene, enforces: enforces(settings) }, signal);
        for (const { policy, parts } of ended) await noteEnd({ cluster, at, object: policy, parts });
        if (settings.sourceRanges.length === 0) return { at, ...found };
        const ranges = await sweepRanges(opened, { ...scene, mayChange: (namespace) => maySetRanges(settings, namespace) }, signal);
        for (const { service, endings } of ranges.ended) await noteEnd({ cluster, at, object: service, parts: endings.map(({ request, put }) => ({ request, what: put.join(', ') })) });
        return { at, ...found, services: ranges.count, problems: [...found.problems, ...ranges.problems] };
      } finally {
        opened.close();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ClusterUnreachable)) throw error;
      return { at, orphans: [], problems: [`could not be looked at, ${momentText(at)}: ${error.message}`] };
    }
  }

  async function noteEnd({ cluster, at, object, parts }: Ended): Promise<void> {
    const what = parts.map((part) => part.what).join(', ');
    for (const request of new Set(parts.map((part) => part.request))) await decisions.append({ at, kind: 'part-ended', who: 'clock', what: `${object}: ${what}`, cluster, request });
    log.info({ cluster, object, what }, 'what had its time in an object was ended, although its request had not ended it');
  }
}

/** How the bot's own policies are, in one sentence for each cluster that has some, or where something is wrong with them. */
export async function policyHealth(all: readonly ConnectionSettings[], looks: Pick<PolicyLooks, 'get'>): Promise<readonly FeedHealth[]> {
  const known = await Promise.all(all.map(async ({ cluster }) => ({ cluster, look: await looks.get(cluster) })));
  return known.flatMap(({ cluster, look }): readonly FeedHealth[] => {
    if (look === undefined || ((look.count ?? 0) + (look.services ?? 0) === 0 && look.problems.length === 0)) return [];
    const { at, count, services = 0, orphans, problems } = look;
    const counted = count === undefined ? [] : [`${count.toLocaleString('en-US')} of this bot at ${momentText(at)}`];
    const ending = services === 0 ? [] : [`source ranges of ${services.toLocaleString('en-US')} ${services === 1 ? 'Service end' : 'Services end'} by a note on ${services === 1 ? 'it' : 'them'}`];
    const forgotten = orphans.length === 0 ? [] : [`of requests that are not known any more, so that nobody can undo them here: ${orphans.join(', ')}; whoever needs one no more deletes it`];
    return [{ cluster, ok: problems.length === 0, text: `${cluster} policies: ${[...counted, ...ending, ...problems, ...forgotten].join('; ')}` }];
  });
}
