import { child, children, clone, isEmptyObject, madeChild, preset, type Draft } from '../json.ts';
import type { SetDefaults } from './apply-defaults.ts';

/** Counts the changes of a daemon set's template, as an older version of its API did in a field. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** Defaults of what makes pods, by type. */
export const WORKLOAD_DEFAULTS: Readonly<Record<string, SetDefaults>> = {
  'apps.v1.Deployment'(deployment) {
    const spec = madeChild(deployment, 'spec');
    preset(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    const strategy = madeChild(spec, 'strategy');
    preset(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') preset(madeChild(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  },
  'apps.v1.DaemonSet'(daemonSet) {
    preset(madeChild(madeChild(daemonSet, 'metadata'), 'annotations'), { [TEMPLATE_GENERATION]: '1' });
    const spec = madeChild(daemonSet, 'spec');
    preset(spec, { revisionHistoryLimit: 10 });
    const strategy = madeChild(spec, 'updateStrategy');
    preset(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') preset(madeChild(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
  },
  'apps.v1.StatefulSet'(statefulSet) {
    const spec = madeChild(statefulSet, 'spec');
    preset(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' });
    const strategy = madeChild(spec, 'updateStrategy');
    if (strategy.type === undefined) preset(strategy, { type: 'RollingUpdate', rollingUpdate: {} });
    const rollingUpdate = child(strategy, 'rollingUpdate');
    if (strategy.type === 'RollingUpdate' && rollingUpdate !== undefined) preset(rollingUpdate, { partition: 0, maxUnavailable: 1 });
    preset(madeChild(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' });
    for (const claim of children(spec, 'volumeClaimTemplates')) preset(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
  },
  'apps.v1.ReplicaSet': (replicaSet) => preset(madeChild(replicaSet, 'spec'), { replicas: 1 }),
  'core.v1.ReplicationController'(controller) {
    const spec = madeChild(controller, 'spec');
    const labels = child(child(child(spec, 'template'), 'metadata'), 'labels');
    if (labels !== undefined) preset(spec, { selector: clone(labels) });
    takeLabels(controller, labels);
    preset(spec, { replicas: 1 });
  },
  'batch.v1.Job'(job) {
    const spec = madeChild(job, 'spec');
    if (spec.parallelism === undefined) preset(spec, { completions: 1 });
    preset(spec, {
      parallelism: 1,
      backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
      manualSelector: false,
    });
    takeLabels(job, child(child(child(spec, 'template'), 'metadata'), 'labels'));
  },
  'batch.v1.CronJob': (cronJob) =>
    preset(madeChild(cronJob, 'spec'), { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }),
  'autoscaling.v1.HorizontalPodAutoscaler': (autoscaler) => preset(madeChild(autoscaler, 'spec'), { minReplicas: 1 }),
  'autoscaling.v2.HorizontalPodAutoscaler': setAutoscalerDefaults,
};

function takeLabels(object: Draft, labels: Draft | undefined): void {
  const metadata = madeChild(object, 'metadata');
  if (labels !== undefined && isEmptyObject(metadata.labels ?? {})) metadata.labels = clone(labels);
}

function setAutoscalerDefaults(autoscaler: Draft): void {
  const spec = madeChild(autoscaler, 'spec');
  preset(spec, {
    minReplicas: 1,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  });
  const behavior = child(spec, 'behavior');
  if (behavior === undefined) return;
  const percent = { type: 'Percent', value: 100, periodSeconds: 15 };
  preset(madeChild(behavior, 'scaleUp'), {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, percent],
  });
  preset(madeChild(behavior, 'scaleDown'), { selectPolicy: 'Max', policies: [percent] });
}
