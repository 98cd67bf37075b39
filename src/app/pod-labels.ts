import type { Clock } from '#src/model/clock.ts';
import { ChangeFailed, type Clusters } from '#src/model/clusters.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import type { ConnectedWorkload, Connections } from '#src/model/connection.ts';
import { kindInfo, WORKLOAD_KINDS } from '#src/model/kinds.ts';
import type { BorneLabels } from '#src/model/labels.ts';
import type { Log } from '#src/model/log.ts';
import { createSeldom } from '#src/model/seldom.ts';
import { podOf } from '#src/model/workload.ts';

export interface PodLabelsNeeds {
  readonly clusters: Pick<Clusters, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Events must not wait for a cluster that does not answer; it is not asked again before so long. */
const LOOK_MS = 5000;
const AWAY_MS = 60_000;
/** A change of labels is heard of within this. */
const FRESH_MS = 60_000;
/** Workloads that are remembered. */
const REMEMBERED = 10_000;
/** What keeps labels from being read is said so often. */
const WARN_MS = 3600_000;

/** Reads the labels of pod templates when they are asked for. What cannot be read is not known. */
export function createPodLabels({ clusters, clock, log }: PodLabelsNeeds): Connections['podLabels'] {
  const mayWarn = createSeldom(clock, WARN_MS);
  const known = new Map<string, { readonly labels: Promise<BorneLabels | undefined>; readonly atMs: number }>();
  const awaySince = new Map<string, number>();
  const look = async (cluster: string, workload: ConnectedWorkload, nowMs: number): Promise<BorneLabels | undefined> => {
    if (nowMs - (awaySince.get(cluster) ?? -Infinity) < AWAY_MS) return undefined;
    try {
      return await read(clusters, cluster, workload);
    } catch (error) {
      const isOfOne = error instanceof ChangeFailed && error.fault !== 'busy';
      if (!isOfOne) awaySince.set(cluster, nowMs);
      if (mayWarn(cluster)) log.warn({ cluster, error }, 'the labels of workloads could not be read; entries of the allowlist that are for labels cover nothing until they can be');
      return undefined;
    }
  };
  return (cluster, workload) => {
    const nowMs = clock.now().getTime();
    const key = `${cluster}/${workloadKey(workload)}`;
    const before = known.get(key);
    if (before !== undefined && nowMs - before.atMs < FRESH_MS) return before.labels;
    if (known.size >= REMEMBERED) known.clear();
    const labels = look(cluster, workload, nowMs);
    known.set(key, { labels, atMs: nowMs });
    return labels;
  };
}

/** Undefined for a workload that is gone, or of a kind whose pods are not known here. @throws {ClusterUnreachable | ChangeFailed} */
async function read(clusters: Pick<Clusters, 'open'>, cluster: string, { namespace, kind, name }: ConnectedWorkload): Promise<BorneLabels | undefined> {
  const known = WORKLOAD_KINDS.find((one) => one === kind);
  if (known === undefined) return undefined;
  const signal = AbortSignal.timeout(LOOK_MS);
  const { groups: [group = ''], resource } = kindInfo(known);
  const source = await clusters.open(cluster, signal);
  try {
    const object = await source.get({ cluster, apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, resource, namespace, name }, signal);
    return object && podOf(object)?.labels;
  } finally {
    source.close();
  }
}
