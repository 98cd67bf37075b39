import { ownedBy, type Detected } from '#src/events/detect.ts';
import { ChangeFailed, type Clusters } from '#src/model/clusters.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Log } from '#src/model/log.ts';
import { createSeldom } from '#src/model/seldom.ts';
import { createOwnerMemory, type Pod } from './pod-owners.ts';

export interface AlarmOwnersNeeds {
  readonly cluster: string;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
  /** For the pods of one batch. */
  readonly lookMs?: number;
}

/** The same alarms, with the workloads of their pods where these are known. Never fails, and never takes longer than a look. */
export type AlarmOwners = (alarms: readonly Detected[]) => Promise<readonly Detected[]>;

/** People wait to hear of alarms: what is not known by then is told of the pod. */
const LOOK_MS = 3000;
/** A cluster that did not answer is left alone for so long, so that not every batch waits for it. */
const PAUSE_MS = 30_000;
const WARN_MS = 3600_000;

/** The cluster is opened when a pod is met that is not known. */
export function createAlarmOwners({ cluster, clusters, clock, log, lookMs = LOOK_MS }: AlarmOwnersNeeds): AlarmOwners {
  const mayWarn = createSeldom(clock, WARN_MS);
  const say = (what: string, error: unknown): void => {
    if (mayWarn(what)) log.warn({ cluster, error }, 'the workloads of pods could not be looked up; alarms about them are told of each pod');
  };
  const owners = createOwnerMemory({ cluster, clock, onFault: (_, error) => say(error instanceof ChangeFailed ? error.fault : 'other', error) });
  let nextMs = -Infinity;
  const find = async (pods: readonly Pod[]): Promise<void> => {
    if (!pods.some(owners.isUnknown) || clock.now().getTime() < nextMs) return;
    const signal = AbortSignal.timeout(lookMs);
    try {
      const opened = await clusters.open(cluster, signal);
      try {
        await owners.find(opened, pods, signal);
      } finally {
        opened.close();
      }
      signal.throwIfAborted();
    } catch (error) {
      nextMs = clock.now().getTime() + PAUSE_MS;
      say('away', error);
    }
  };
  return async (alarms) => {
    const pods = alarms.flatMap((alarm) => podOf(alarm) ?? []);
    if (pods.length === 0) return alarms;
    await find(pods);
    return alarms.map((alarm) => {
      const pod = podOf(alarm);
      const workload = pod === undefined ? undefined : owners.ownerOf(pod);
      return workload === undefined || workload.kind === 'Pod' ? alarm : ownedBy(alarm, workload);
    });
  };
}

function podOf({ object }: Detected): Pod | undefined {
  if (object?.kind !== 'Pod' || object.namespace === undefined) return undefined;
  return { namespace: object.namespace, name: object.name };
}
