import { at, integerAt, objectAt, objectsAt, textAt } from '#src/model/raw.ts';
import type { KubeObject } from '../object.ts';
import { ageOf, conditionStatus, containerCells, count, firstFew, labelsText, NONE, ratio, selectorText, shown, text, textOr, UNKNOWN, UNSET, valueOr, type Cells } from './cell.ts';
import { humanDuration } from './duration.ts';
import { POD_CELLS } from './pod-cells.ts';

const TEMPLATE = ['spec', 'template', 'spec'];
const SELECTOR = { Selector: (object: KubeObject) => selectorText(objectAt(object, 'spec', 'selector')) };
const REPLICAS: Cells = {
  Desired: valueOr(0, 'spec', 'replicas'),
  Current: valueOr(0, 'status', 'replicas'),
  Ready: valueOr(0, 'status', 'readyReplicas'),
  ...containerCells(...TEMPLATE),
};

/** Pods and what makes them. */
export const WORKLOAD_CELLS: Readonly<Record<string, Cells>> = {
  pods: POD_CELLS,
  podtemplates: { ...containerCells('template', 'spec'), 'Pod Labels': (object) => labelsText(objectAt(object, 'template', 'metadata', 'labels')) },
  replicationcontrollers: { ...REPLICAS, Selector: (object) => labelsText(objectAt(object, 'spec', 'selector')) },
  'replicasets.apps': { ...REPLICAS, ...SELECTOR },
  'deployments.apps': {
    Ready: ratio(['status', 'readyReplicas'], ['spec', 'replicas']),
    'Up-to-date': valueOr(0, 'status', 'updatedReplicas'),
    Available: valueOr(0, 'status', 'availableReplicas'),
    ...containerCells(...TEMPLATE),
    ...SELECTOR,
  },
  'statefulsets.apps': { Ready: ratio(['status', 'readyReplicas'], ['spec', 'replicas']), ...containerCells(...TEMPLATE) },
  'daemonsets.apps': {
    Desired: valueOr(0, 'status', 'desiredNumberScheduled'),
    Current: valueOr(0, 'status', 'currentNumberScheduled'),
    Ready: valueOr(0, 'status', 'numberReady'),
    'Up-to-date': valueOr(0, 'status', 'updatedNumberScheduled'),
    Available: valueOr(0, 'status', 'numberAvailable'),
    'Node Selector': (object) => labelsText(objectAt(object, ...TEMPLATE, 'nodeSelector')),
    ...containerCells(...TEMPLATE),
    ...SELECTOR,
  },
  'controllerrevisions.apps': {
    Controller(revision) {
      const owner = revision.metadata.ownerReferences?.find(({ controller }) => controller === true);
      if (owner === undefined) return NONE;
      const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0] ?? ''}` : '';
      return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
    },
    Revision: valueOr(0, 'revision'),
  },
  'jobs.batch': {
    Status: jobStatus,
    Completions(job) {
      const succeeded = integerAt(job, 'status', 'succeeded') ?? 0;
      const completions = integerAt(job, 'spec', 'completions');
      if (completions !== undefined) return `${succeeded}/${completions}`;
      const parallelism = integerAt(job, 'spec', 'parallelism') ?? 0;
      return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
    },
    Duration(job, now) {
      const [start, end] = [textAt(job, 'status', 'startTime'), textAt(job, 'status', 'completionTime')];
      if (start === undefined) return '';
      return humanDuration((end === undefined ? now : new Date(end)).getTime() - new Date(start).getTime());
    },
    ...containerCells(...TEMPLATE),
    ...SELECTOR,
  },
  'cronjobs.batch': {
    Schedule: text('spec', 'schedule'),
    Timezone: textOr(NONE, 'spec', 'timeZone'),
    Suspend: (job) => (at(job, 'spec', 'suspend') === undefined ? UNSET : at(job, 'spec', 'suspend') === true ? 'True' : 'False'),
    Active: count('status', 'active'),
    'Last Schedule': (job, now) => (textAt(job, 'status', 'lastScheduleTime') === undefined ? NONE : ageOf(textAt(job, 'status', 'lastScheduleTime'), now)),
    ...containerCells('spec', 'jobTemplate', ...TEMPLATE),
    Selector: (job) => selectorText(objectAt(job, 'spec', 'jobTemplate', 'spec', 'selector')),
  },
  'horizontalpodautoscalers.autoscaling': {
    Reference: (object) => `${textAt(object, 'spec', 'scaleTargetRef', 'kind') ?? ''}/${textAt(object, 'spec', 'scaleTargetRef', 'name') ?? ''}`,
    Targets: autoscalerTargets,
    MinPods: shown(UNSET, 'spec', 'minReplicas'),
    MaxPods: valueOr(0, 'spec', 'maxReplicas'),
    Replicas: valueOr(0, 'status', 'currentReplicas'),
  },
  'poddisruptionbudgets.policy': {
    'Min Available': shown('N/A', 'spec', 'minAvailable'),
    'Max Unavailable': shown('N/A', 'spec', 'maxUnavailable'),
    'Allowed Disruptions': valueOr(0, 'status', 'disruptionsAllowed'),
  },
};

function jobStatus(job: KubeObject): string {
  const isTrue = (type: string): boolean => conditionStatus(job, type) === 'True';
  if (isTrue('Complete')) return 'Complete';
  if (isTrue('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(isTrue) ?? 'Running';
}

function autoscalerTargets(object: KubeObject): string {
  const percent = integerAt(object, 'spec', 'targetCPUUtilizationPercentage');
  if (object.apiVersion === 'autoscaling/v1') {
    const current = integerAt(object, 'status', 'currentCPUUtilizationPercentage');
    return percent === undefined ? NONE : `cpu: ${current === undefined ? UNKNOWN : `${current}%`}/${percent}%`;
  }
  const statuses = objectsAt(object, 'status', 'currentMetrics').map(([, status]) => status);
  const targets = objectsAt(object, 'spec', 'metrics').map(([index, metric]) => {
    const type = textAt(metric, 'type') ?? '';
    const source = type.charAt(0).toLowerCase() + type.slice(1);
    const target = objectAt(metric, source, 'target') ?? {};
    const current = objectAt(statuses[index], source, 'current') ?? {};
    const name = type.endsWith('Resource') ? `${textAt(metric, source, 'name') ?? ''}: ` : '';
    if (target.averageValue !== undefined) {
      const suffix = type === 'Object' || type === 'External' ? ' (avg)' : '';
      return `${name}${textAt(current, 'averageValue') ?? UNKNOWN}/${textAt(target, 'averageValue') ?? ''}${suffix}`;
    }
    if (target.averageUtilization !== undefined) {
      const utilization = integerAt(current, 'averageUtilization');
      return `${name}${utilization === undefined ? UNKNOWN : `${utilization}%`}/${integerAt(target, 'averageUtilization') ?? 0}%`;
    }
    return `${name}${textAt(current, 'value') ?? UNKNOWN}/${textAt(target, 'value') ?? ''}`;
  });
  return targets.length === 0 ? NONE : firstFew(targets, 2, ', ');
}
