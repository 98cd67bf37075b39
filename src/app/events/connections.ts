import type { Redis } from 'ioredis';
import { createConnectionObserver } from '#src/connections/observe.ts';
import { readAvailable, type Available } from '#src/enforcement/available.ts';
import type { Detected } from '#src/events/detect.ts';
import type { ApprovalRuns, Approvals } from '#src/model/approvals.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { ConnectedWorkload, Connections, ConnectionSettings } from '#src/model/connection.ts';
import type { Flow } from '#src/model/flow.ts';
import type { Log } from '#src/model/log.ts';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { createClusterView } from './cluster-view.ts';
import type { ContainerPods } from './container-pods.ts';
import { crowdedWorkload } from './crowded-workload.ts';
import { deniedContact } from './denied-contact.ts';
import { createEnforcementWatcher } from './enforcement-watch.ts';

/** What becomes of the flows of a batch. */
export interface ConnectionStage {
  /** Records connections with the outside; what is new is recorded when it answers. Answers what is to be told at once. */
  readonly see: (flows: readonly Flow[]) => Promise<readonly Detected[]>;
  /** There is time to record what can wait. */
  readonly rest: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ConnectionStageNeeds {
  readonly redis: Redis;
  readonly settings: ConnectionSettings | undefined;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly containers: Pick<ContainerPods, 'ofFlows'>;
  readonly approvals: Pick<Approvals, 'open'>;
  readonly runs: Pick<ApprovalRuns, 'observe'>;
  readonly podLabels: Connections['podLabels'];
  /** There may be something to ask about. */
  readonly onNew: (cluster: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** For a cluster whose connections are not watched. */
const UNWATCHED: ConnectionStage = { see: () => Promise.resolve([]), rest: () => Promise.resolve(), stop: () => Promise.resolve() };

/** Events must not wait for a cluster that does not answer. */
const LOOK_MS = 5000;

async function availableIn(clusters: Pick<Clusters, 'open'>, name: string, workload: ConnectedWorkload): Promise<Available | undefined> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const cluster = await clusters.open(name, signal);
  try {
    return await readAvailable(cluster, workload, signal);
  } finally {
    cluster.close();
  }
}

export function createConnectionStage({ redis, settings, clusters, containers, approvals, runs, podLabels, onNew, clock, log }: ConnectionStageNeeds): ConnectionStage {
  if (settings === undefined) return UNWATCHED;
  const store = createConnectionStore(redis);
  const watcher = createEnforcementWatcher({ cluster: settings.cluster, approvals, runs, store, available: (workload) => availableIn(clusters, settings.cluster, workload), clock, log });
  const view = createClusterView({ settings, clusters, clock, log });
  const observer = createConnectionObserver({ settings, store, note: watcher.note, watch: createConnectionWatch(redis), ranges: view.ranges, owners: view, labelsOf: (workload) => podLabels(settings.cluster, workload), onNew, clock });
  return {
    async see(flows) {
      const { denied, crowded } = await observer.observe(await containers.ofFlows(flows));
      await watcher.settle();
      return [...denied.map(deniedContact), ...crowded.map(crowdedWorkload)];
    },
    async rest() {
      await observer.rest();
      await watcher.settle();
    },
    async stop() {
      try {
        await observer.rest();
      } catch (error) {
        log.warn({ cluster: settings.cluster, error }, 'the last counts of connections could not be recorded');
      }
      await view.stop();
    },
  };
}
