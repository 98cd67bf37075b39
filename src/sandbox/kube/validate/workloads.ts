import { at, integerAt, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { Causes } from './causes.ts';
import { dnsLabel } from './names.ts';
import { validatePodSpec } from './pod.ts';
import { isEmptySelector, selectorMatches, validateSelector } from './selectors.ts';
import type { Validate } from './validate.ts';

const ALWAYS = ['Always'];
const STRATEGIES = ['Recreate', 'RollingUpdate'];

/** What the server asks of objects that make pods, by store. */
export const WORKLOAD_RULES: Readonly<Record<string, Validate>> = {
  'deployments.apps'(object, causes) {
    validateWorkload(object, 'deployment', causes);
    validateStrategy(object, causes);
  },
  'daemonsets.apps': (object, causes) => validateWorkload(object, 'daemonset', causes),
  'statefulsets.apps'(object, causes) {
    const service = textAt(object, 'spec', 'serviceName') ?? '';
    if (service !== '') for (const problem of dnsLabel(service)) causes.invalid('spec.serviceName', service, problem);
    validateWorkload(object, 'statefulset', causes);
  },
  // The real server calls it so too.
  'replicasets.apps': (object, causes) => validateWorkload(object, 'deployment', causes),
  replicationcontrollers(object, causes) {
    if (Object.keys(objectAt(object, 'spec', 'selector') ?? {}).length === 0) causes.required('spec.selector');
    const template = objectAt(object, 'spec', 'template');
    if (template === undefined) causes.required('spec.template');
    else validateTemplate(template, 'spec.template', ALWAYS, causes);
  },
  'jobs.batch': (job, causes) => validateJobTemplate(objectAt(job, 'spec', 'template') ?? {}, 'spec.template', causes),
  'cronjobs.batch': validateCronJob,
};

function validateWorkload(object: RawObject, what: string, causes: Causes): void {
  const replicas = integerAt(object, 'spec', 'replicas');
  if (replicas !== undefined && replicas < 0) causes.invalid('spec.replicas', replicas, 'must be greater than or equal to 0');
  const selector = objectAt(object, 'spec', 'selector');
  const template = objectAt(object, 'spec', 'template') ?? {};
  const labels = objectAt(template, 'metadata', 'labels');
  const isEmpty = selector !== undefined && isEmptySelector(selector);
  if (selector === undefined && what !== 'daemonset') causes.required('spec.selector');
  if (selector !== undefined) validateSelector(selector, 'spec.selector', causes);
  if (isEmpty) causes.invalid('spec.selector', selector, `empty selector is invalid for ${what}`);
  else if (selector === undefined || !selectorMatches(selector, labels ?? {})) {
    causes.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
  const claims = objectsAt(object, 'spec', 'volumeClaimTemplates').map(([, claim]) => textAt(claim, 'metadata', 'name') ?? '');
  validateTemplate(template, 'spec.template', ALWAYS, causes, claims);
}

function validateStrategy(object: RawObject, causes: Causes): void {
  const strategy = objectAt(object, 'spec', 'strategy') ?? {};
  const type = textAt(strategy, 'type') ?? '';
  const rollingUpdate = at(strategy, 'rollingUpdate');
  if (!STRATEGIES.includes(type)) causes.unsupported('spec.strategy', { Type: type, RollingUpdate: rollingUpdate ?? null }, STRATEGIES);
  else if (type === 'Recreate' && rollingUpdate !== undefined) {
    causes.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
  }
}

function validateTemplate(template: RawObject, field: string, restartPolicies: readonly string[], causes: Causes, volumes: readonly string[] = []): void {
  validatePodSpec(objectAt(template, 'spec') ?? {}, `${field}.spec`, causes, volumes);
  const policy = textAt(template, 'spec', 'restartPolicy') ?? '';
  if (!restartPolicies.includes(policy)) causes.unsupported(`${field}.spec.restartPolicy`, policy, restartPolicies);
}

function validateJobTemplate(template: RawObject, field: string, causes: Causes): void {
  validatePodSpec(objectAt(template, 'spec') ?? {}, `${field}.spec`, causes);
  const policy = textAt(template, 'spec', 'restartPolicy') ?? '';
  if (policy === 'Always') causes.required(`${field}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"');
}

function validateCronJob(cronJob: RawObject, causes: Causes): void {
  const field = 'spec.jobTemplate.spec.template';
  validateJobTemplate(objectAt(cronJob, ...field.split('.')) ?? {}, field, causes);
  const schedule = textAt(cronJob, 'spec', 'schedule') ?? '';
  const parts = schedule.trim().split(/\s+/);
  if (schedule === '') causes.required('spec.schedule');
  else if (!schedule.startsWith('@') && parts.length !== 5) {
    causes.invalid('spec.schedule', schedule, `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  }
}
