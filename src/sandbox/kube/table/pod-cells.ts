import { booleanAt, integerAt, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { KubeObject } from '../object.ts';
import { ageOf, conditionStatus, NONE, textOr, type Cells } from './cell.ts';

/** What the containers of a pod come to. */
interface Summary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

export const POD_CELLS: Cells = {
  Ready(pod) {
    const { ready, total } = summarize(pod);
    return `${ready}/${total}`;
  },
  Status: (pod) => summarize(pod).reason,
  Restarts(pod, now) {
    const { restarts, lastRestart } = summarize(pod);
    return restarts > 0 && lastRestart !== undefined ? `${restarts} (${ageOf(lastRestart, now)} ago)` : String(restarts);
  },
  IP: (pod) => textAt(pod, 'status', 'podIPs', 0, 'ip') ?? NONE,
  Node: textOr(NONE, 'spec', 'nodeName'),
  'Nominated Node': textOr(NONE, 'status', 'nominatedNodeName'),
  'Readiness Gates'(pod) {
    const gates = objectsAt(pod, 'spec', 'readinessGates').map(([, gate]) => textAt(gate, 'conditionType') ?? '');
    return gates.length === 0 ? NONE : `${gates.filter((type) => conditionStatus(pod, type) === 'True').length}/${gates.length}`;
  },
};

/** Finished pods are marked, so that kubectl can tell them apart. */
export function podConditions(pod: KubeObject): readonly RawObject[] | undefined {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded') return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }];
  if (phase === 'Failed') return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }];
  return undefined;
}

const summaries = new WeakMap<KubeObject, Summary>();

function summarize(pod: KubeObject): Summary {
  const known = summaries.get(pod);
  if (known !== undefined) return known;
  const starting = summarizeStart(pod);
  const running = starting.isStarting && conditionStatus(pod, 'Initialized') !== 'True' ? starting : summarizeContainers(pod, starting);
  const summary = { ...running, reason: ending(pod, running.reason) };
  summaries.set(pod, summary);
  return summary;
}

interface Starting extends Summary {
  readonly isStarting: boolean;
  /** Restarts of those init containers that go on running beside the others. */
  readonly sidecarRestarts: number;
  readonly lastSidecarRestart: string | undefined;
}

function summarizeStart(pod: KubeObject): Starting {
  const initContainers = objectsAt(pod, 'spec', 'initContainers').map(([, container]) => container);
  const sidecars = new Set(initContainers.filter((container) => container.restartPolicy === 'Always').map((container) => container.name));
  const statuses = objectsAt(pod, 'status', 'initContainerStatuses').map(([, status]) => status);
  const gated = objectsAt(pod, 'status', 'conditions').some(([, condition]) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated');
  let reason = gated ? 'SchedulingGated' : (textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase') ?? '');
  let ready = 0;
  let isStarting = false;
  const seen: RawObject[] = [];
  for (const [index, status] of statuses.entries()) {
    seen.push(status);
    if (integerAt(status, 'state', 'terminated', 'exitCode') === 0) continue;
    if (sidecars.has(status.name) && booleanAt(status, 'started') === true) {
      if (booleanAt(status, 'ready') === true) ready += 1;
      continue;
    }
    reason = initReason(status, index, initContainers.length);
    isStarting = true;
    break;
  }
  const sidecarStatuses = seen.filter((status) => sidecars.has(status.name));
  return {
    ready,
    total: objectsAt(pod, 'spec', 'containers').length + sidecars.size,
    reason,
    restarts: restartsOf(seen),
    lastRestart: lastRestartOf(seen),
    isStarting,
    sidecarRestarts: restartsOf(sidecarStatuses),
    lastSidecarRestart: lastRestartOf(sidecarStatuses),
  };
}

function initReason(status: RawObject, index: number, total: number): string {
  const terminated = objectAt(status, 'state', 'terminated');
  if (terminated !== undefined) return `Init:${terminatedReason(terminated)}`;
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  return waiting !== undefined && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

function terminatedReason(terminated: RawObject): string {
  const reason = textAt(terminated, 'reason') ?? '';
  if (reason !== '') return reason;
  const signal = integerAt(terminated, 'signal') ?? 0;
  return signal === 0 ? `ExitCode:${integerAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`;
}

function summarizeContainers(pod: KubeObject, starting: Starting): Summary {
  const statuses = objectsAt(pod, 'status', 'containerStatuses').map(([, status]) => status);
  let { reason, ready } = starting;
  let isRunning = false;
  let failure = '';
  for (const status of statuses.toReversed()) {
    const terminated = objectAt(status, 'state', 'terminated');
    const waiting = textAt(status, 'state', 'waiting', 'reason') ?? '';
    if (waiting !== '') reason = waiting;
    else if (terminated !== undefined) {
      reason = terminatedReason(terminated);
      if (integerAt(terminated, 'exitCode') !== 0) failure = reason;
    } else if (booleanAt(status, 'ready') === true && objectAt(status, 'state', 'running') !== undefined) {
      isRunning = true;
      ready += 1;
    }
  }
  if (reason === 'Completed') {
    if (isRunning && conditionStatus(pod, 'Ready') === 'True') reason = 'Running';
    else if (failure !== '') reason = failure;
    else if (isRunning) reason = 'NotReady';
  }
  const restarts = starting.sidecarRestarts + restartsOf(statuses);
  const lastRestart = [starting.lastSidecarRestart, lastRestartOf(statuses)].filter((moment) => moment !== undefined).sort().at(-1);
  return { ready, total: starting.total, reason, restarts, lastRestart };
}

function restartsOf(statuses: readonly RawObject[]): number {
  return statuses.reduce((sum, status) => sum + (integerAt(status, 'restartCount') ?? 0), 0);
}

function lastRestartOf(statuses: readonly RawObject[]): string | undefined {
  const moments = statuses.flatMap((status) => textAt(status, 'lastState', 'terminated', 'finishedAt') ?? []);
  return moments.sort().at(-1);
}

function ending(pod: KubeObject, reason: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return reason;
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '') ? reason : 'Terminating';
}
