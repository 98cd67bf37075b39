import type { Blind } from '#src/connections/sight.ts';
import type { Clock } from '#src/model/clock.ts';
import type { ConnectionWatch } from '#src/model/connection-watch.ts';
import type { Connections, ConnectionSettings, ConnectionState, ConnectionStore } from '#src/model/connection.ts';
import type { FeedHealth } from '#src/model/health.ts';

/** Connections of the watched clusters, over what is stored of them. */
export function createConnections(all: readonly ConnectionSettings[], store: ConnectionStore, watch: Pick<ConnectionWatch, 'watchedMs' | 'observedMs'>, podLabels: Connections['podLabels']): Connections {
  const settings = (cluster: string) => all.find((one) => one.cluster === cluster);
  return {
    ...store,
    all: () => all,
    settings,
    podLabels,
    async learning(cluster, workloads) {
      const { learnMs = 0 } = settings(cluster) ?? {};
      const [watched, observed] = await Promise.all([watch.watchedMs(cluster, workloads), watch.observedMs(cluster)]);
      // What was never seen has connected to nothing outside for as long as its cluster was watched.
      return watched.map((ms = observed) => ms < learnMs);
    },
  };
}

/** States in the order of being told. */
const TOLD: readonly ConnectionState[] = ['pending', 'new', 'denied', 'learned', 'approved', 'expired'];

/** What is counted of it says nothing of what to do about it. */
const UNCERTAIN: Blind = 'uncertain';
const UNCERTAIN_HINT = ' (name the ranges of the cluster’s pods, nodes and services in clusterRanges)';

/** How watching connections goes, in one sentence for each cluster: how many stand how, what is still learned, what could not be told, and which ranges are old. */
export async function connectionHealth(all: readonly ConnectionSettings[], store: Pick<ConnectionStore, 'counts'>, watch: Pick<ConnectionWatch, 'all' | 'untold'>, clock: Clock, rangeProblems: (cluster: string) => readonly string[]): Promise<readonly FeedHealth[]> {
  const day = clock.now().toISOString().slice(0, 10);
  return Promise.all(
    all.map(async ({ cluster, learnMs }) => {
      const [counts, watched, untold] = await Promise.all([store.counts(cluster), watch.all(cluster), watch.untold(cluster, day)]);
      const learning = watched.filter((ms) => ms < learnMs).length;
      const parts = [
        ...TOLD.filter((state) => counts[state] > 0).map((state) => `${counts[state].toLocaleString('en-US')} ${state}`),
        ...(learning > 0 ? [`${learning.toLocaleString('en-US')} ${learning === 1 ? 'workload is' : 'workloads are'} still learned`] : []),
      ];
      const blind = Object.entries(untold).map(([why, count]) => `${count.toLocaleString('en-US')} × ${why}${why === UNCERTAIN ? UNCERTAIN_HINT : ''}`);
      const problems = [...(blind.length === 0 ? [] : [`not told today: ${blind.join(', ')}`]), ...rangeProblems(cluster)];
      const text = [`${cluster} connections: ${parts.length === 0 ? 'none seen so far' : parts.join(', ')}`, ...problems].join('; ');
      return { cluster, ok: problems.length === 0, text };
    }),
  );
}
