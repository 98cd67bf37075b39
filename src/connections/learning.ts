import { workloadKey } from '#src/model/connection-key.ts';
import type { ConnectionWatch } from '#src/model/connection-watch.ts';
import type { ConnectedWorkload, ConnectionSettings } from '#src/model/connection.ts';
import type { Flow, FlowSource } from '#src/model/flow.ts';

/** Sources that tell every connection are silent for no longer; those that tell only of alarms, or sum up, are. */
const FLOW_GAP_MS = 10 * 60_000;
const ALERT_GAP_MS = 6 * 3600_000;
const SELDOM: ReadonlySet<FlowSource> = new Set(['falco', 'sysdig', 'kubescape']);
/** How exactly time is watched. */
const STEP_MS = 60_000;
/** Workloads that are remembered; there may be ever new ones, such as pods that nobody owns. */
const REMEMBERED = 50_000;

/** Which workloads are still learned. */
export interface Learning {
  readonly isLearning: (workload: ConnectedWorkload) => boolean;
  /** Workloads that were not seen before are learned from now on. */
  readonly begin: (workloads: readonly ConnectedWorkload[]) => Promise<void>;
  /** Somebody else has learned these for long enough. Answers whether any of them was still learned. */
  readonly end: (workloads: readonly ConnectedWorkload[]) => Promise<boolean>;
  /** Time passes as the sources tell it, never ahead of the clock. Answers whether it has: the learning of some workload may be over. */
  readonly pass: (flows: readonly Flow[], nowMs: number) => Promise<boolean>;
}

/** When each workload began is asked for once, or again after very many others: if another process has ended its learning meanwhile, what is learned here is asked about all the same. */
export function createLearning({ cluster, learnMs }: Pick<ConnectionSettings, 'cluster' | 'learnMs'>, watch: Pick<ConnectionWatch, 'seenUntil' | 'begin' | 'endLearning'>, most: number = REMEMBERED): Learning {
  const begun = new Map<string, number>();
  let watched = 0;
  let passedMs: number | undefined;
  const isLearning = (workload: ConnectedWorkload): boolean => watched - (begun.get(workloadKey(workload)) ?? watched) < learnMs;
  const begin = async (workloads: readonly ConnectedWorkload[]): Promise<void> => {
    // Before it is known which are missing, so that those of this batch are there when it ends.
    if (begun.size >= most) begun.clear();
    const unknown = [...new Map(workloads.map((workload) => [workloadKey(workload), workload]))].filter(([name]) => !begun.has(name));
    if (learnMs === 0 || unknown.length === 0) return;
    const since = await watch.begin(cluster, unknown.map(([, workload]) => workload));
    for (const [index, [name]] of unknown.entries()) begun.set(name, since[index] ?? watched);
  };
  return {
    isLearning,
    begin,
    async end(workloads) {
      await begin(workloads);
      const learning = new Map(workloads.filter(isLearning).map((workload) => [workloadKey(workload), workload]));
      if (learning.size === 0) return false;
      await watch.endLearning(cluster, [...learning.values()]);
      for (const name of learning.keys()) begun.set(name, -Infinity);
      return true;
    },
    async pass(flows, nowMs) {
      const latest = flows.reduce((time, { timeMs = nowMs }) => Math.max(time, timeMs), 0);
      const atMs = Math.min(latest, nowMs);
      if (passedMs !== undefined && atMs - passedMs < STEP_MS) return false;
      const isOfFlows = flows.some(({ seenBy }) => !SELDOM.has(seenBy));
      const before = watched;
      watched = await watch.seenUntil(cluster, atMs, isOfFlows ? FLOW_GAP_MS : ALERT_GAP_MS);
      // The store has forgotten everything: all is learned anew.
      if (watched < before) begun.clear();
      passedMs = atMs;
      return true;
    },
  };
}
