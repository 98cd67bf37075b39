import type { Detected } from '#src/events/detect.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { Flow, FlowEnd } from '#src/model/flow.ts';
import type { Log } from '#src/model/log.ts';
import { objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { createSeldom } from '#src/model/seldom.ts';
import type { Pod } from './pod-owners.ts';

/** Finds the pods of containers that a source knows by their ids alone. */
export interface ContainerPods {
  /** The same flows, with the pods of their containers where these are known. */
  readonly ofFlows: (flows: readonly Flow[]) => Promise<readonly Flow[]>;
  /** The same alarms, about the pods of their containers where these are known. */
  readonly ofAlarms: (alarms: readonly Detected[]) => Promise<readonly Detected[]>;
}

export interface ContainerPodsNeeds {
  readonly cluster: string;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Containers that are remembered. */
  readonly most?: number;
}

/** Events must not wait for a cluster that does not answer. */
const LOOK_MS = 10_000;
/** All pods are listed no more often; longer and longer apart while that finds nothing of what is looked for, such as containers that Kubernetes does not run. */
const LEAST_PAUSE_MS = 15_000;
const MOST_PAUSE_MS = 10 * 60_000;
const MOST = 100_000;
const WARN_MS = 3600_000;
/** As container runtimes shorten ids. */
const SHORT = 12;
const ID = /^(?:[\da-f]{12}|[\da-f]{64})$/;
const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** The pods of a cluster are listed when an id is not known, and remembered. */
export function createContainerPods({ cluster, clusters, clock, log, most = MOST }: ContainerPodsNeeds): ContainerPods {
  const mayWarn = createSeldom(clock, WARN_MS);
  let index = createIndex(most);
  let pauseMs = LEAST_PAUSE_MS;
  let nextMs = -Infinity;
  const look = async (): Promise<void> => {
    const signal = AbortSignal.timeout(LOOK_MS);
    try {
      const opened = await clusters.open(cluster, signal);
      try {
        const fresh = createIndex(most);
        for await (const pods of opened.list('Pod', signal)) for (const { object } of pods) fresh.add(object);
        if (!fresh.isWhole() && mayWarn('many')) log.warn({ cluster, most }, 'a cluster has more containers than are remembered; some alerts do not name their pod');
        index = fresh;
      } finally {
        opened.close();
      }
    } catch (error) {
      if (mayWarn('list')) log.warn({ cluster, error }, 'the pods of containers could not be looked up; alerts and flows that name only a container stay without a pod');
    }
  };
  const find = async (ids: ReadonlySet<string>): Promise<void> => {
    const unknown = [...ids].filter((id) => index.podOf(id) === undefined);
    if (unknown.length === 0 || clock.now().getTime() < nextMs) return;
    await look();
    pauseMs = unknown.some((id) => index.podOf(id) !== undefined) ? LEAST_PAUSE_MS : Math.min(2 * pauseMs, MOST_PAUSE_MS);
    nextMs = clock.now().getTime() + pauseMs;
  };
  const placed = (end: FlowEnd): FlowEnd => {
    const id = idOf(end);
    const pod = id === undefined ? undefined : index.podOf(id);
    return pod === undefined ? end : { ...end, pod };
  };
  return {
    async ofFlows(flows) {
      const ids = new Set(flows.flatMap(({ source, destination }) => [source, destination]).flatMap((end) => idOf(end) ?? []));
      if (ids.size === 0) return flows;
      await find(ids);
      return flows.map((flow) => ({ ...flow, source: placed(flow.source), destination: placed(flow.destination) }));
    },
    async ofAlarms(alarms) {
      const ids = new Set(alarms.flatMap(({ containerId }) => plainId(containerId) ?? []));
      if (ids.size === 0) return alarms;
      await find(ids);
      return alarms.map((alarm) => {
        const id = plainId(alarm.containerId);
        const pod = id === undefined ? undefined : index.podOf(id);
        return pod === undefined ? alarm : { ...alarm, object: { kind: 'Pod', ...pod } };
      });
    },
  };
}

function idOf({ pod, workload, containerId }: FlowEnd): string | undefined {
  return pod === undefined && workload === undefined ? plainId(containerId) : undefined;
}

/** Without the runtime, such as `containerd://`. Undefined for what is no id of a container that Kubernetes runs. */
function plainId(text: string | undefined): string | undefined {
  const id = text?.slice(text.lastIndexOf('/') + 1).toLowerCase();
  return id !== undefined && ID.test(id) ? id : undefined;
}

function createIndex(most: number) {
  const pods = new Map<string, Pod>();
  /** Null where it may be several. */
  const short = new Map<string, Pod | null>();
  let isWhole = true;
  const put = (id: string, pod: Pod): void => {
    if (pods.size >= most) {
      isWhole = false;
      return;
    }
    pods.set(id, pod);
    const beginning = id.slice(0, SHORT);
    const same = short.get(beginning);
    if (same === undefined) short.set(beginning, pod);
    else if (same?.namespace !== pod.namespace || same.name !== pod.name) short.set(beginning, null);
  };
  return {
    isWhole: () => isWhole,
    add(object: RawObject): void {
      const [namespace, name] = [textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name')];
      if (namespace === undefined || name === undefined) return;
      const pod = { namespace, name };
      for (const [, status] of STATUSES.flatMap((field) => objectsAt(object, 'status', field))) {
        // What has connected may have been restarted since.
        for (const text of [textAt(status, 'containerID'), textAt(status, 'lastState', 'terminated', 'containerID')]) {
          const id = plainId(text);
          if (id !== undefined) put(id, pod);
        }
      }
    },
    /** Of a cluster that is not wholly known, nobody can tell that a short id is the only one. */
    podOf: (id: string): Pod | undefined => (id.length === SHORT ? (isWhole ? (short.get(id) ?? undefined) : undefined) : pods.get(id)),
  };
}
