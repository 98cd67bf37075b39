import { at, integerAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { equal } from '../json.ts';
import type { Causes } from './causes.ts';
import { configKey, dnsSubdomain, pathSegment } from './names.ts';
import { isPort, validatePodSpec } from './pod.ts';
import { validateSelector } from './selectors.ts';
import { WORKLOAD_RULES } from './workloads.ts';

export type Validate = (object: RawObject, causes: Causes) => void;
type ValidateUpdate = (next: RawObject, old: RawObject, causes: Causes) => void;

const RBAC = 'rbac.authorization.k8s.io';
const IMMUTABLE = 'field is immutable';

/** What the server asks of an object beyond its metadata, by store. Kinds that are missing take what their schema takes. */
const RULES: Readonly<Record<string, Validate>> = {
  pods(pod, causes) {
    validatePodSpec(objectAt(pod, 'spec') ?? {}, 'spec', causes);
  },
  ...WORKLOAD_RULES,
  services: validateService,
  configmaps: (object, causes) => validateKeys(object, ['data', 'binaryData'], causes),
  secrets: (object, causes) => validateKeys(object, ['data'], causes),
  persistentvolumeclaims: validateClaim,
  'poddisruptionbudgets.policy': validateBudget,
  [`roles.${RBAC}`]: (role, causes) => validateRules(role, true, causes),
  [`clusterroles.${RBAC}`]: (role, causes) => validateRules(role, false, causes),
  [`rolebindings.${RBAC}`]: (binding, causes) => validateBinding(binding, ['Role', 'ClusterRole'], causes),
  [`clusterrolebindings.${RBAC}`]: (binding, causes) => validateBinding(binding, ['ClusterRole'], causes),
  'networkpolicies.networking.k8s.io': (policy, causes) => validateSelector(objectAt(policy, 'spec', 'podSelector') ?? {}, 'spec.podSelector', causes),
};

const UPDATE_RULES: Readonly<Record<string, ValidateUpdate>> = {
  pods: validatePodUpdate,
  'deployments.apps': selectorStays,
  'daemonsets.apps': selectorStays,
  'replicasets.apps': selectorStays,
  'jobs.batch': (next, old, causes) => {
    selectorStays(next, old, causes);
    unchanged(next, old, ['spec', 'completionMode'], causes);
  },
  secrets: (next, old, causes) => {
    unchanged(next, old, ['type'], causes);
    dataStays(next, old, causes);
  },
  configmaps: dataStays,
  [`rolebindings.${RBAC}`]: roleStays,
  [`clusterrolebindings.${RBAC}`]: roleStays,
  'storageclasses.storage.k8s.io': (next, old, causes) => {
    for (const field of ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode']) {
      if (!equal(next[field], old[field])) causes.forbidden(field, `updates to ${field} are forbidden.`);
    }
  },
};

export function validateObject(store: string, object: RawObject, causes: Causes): void {
  RULES[store]?.(object, causes);
}

/** What is asked of an object only when it is made. */
export function validateCreate(store: string, object: RawObject, causes: Causes): void {
  if (store === 'pods' && objectsAt(object, 'spec', 'ephemeralContainers').length > 0) causes.forbidden('spec.ephemeralContainers', 'cannot be set on create');
}

export function validateUpdate(store: string, next: RawObject, old: RawObject, causes: Causes): void {
  UPDATE_RULES[store]?.(next, old, causes);
}

function validateService(service: RawObject, causes: Causes): void {
  const ports = objectsAt(service, 'spec', 'ports');
  const type = textAt(service, 'spec', 'type') ?? '';
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (!types.includes(type)) causes.unsupported('spec.type', type, types);
  if (ports.length === 0 && type !== 'ExternalName' && textAt(service, 'spec', 'clusterIP') !== 'None') causes.required('spec.ports');
  for (const [index, port] of ports) {
    const isInside = type === 'ClusterIP' || type === 'ExternalName';
    if (isInside && (integerAt(port, 'nodePort') ?? 0) !== 0) causes.forbidden(`spec.ports[${index}].nodePort`, `may not be used when \`type\` is '${type}'`);
    if (ports.length > 1 && (textAt(port, 'name') ?? '') === '') causes.required(`spec.ports[${index}].name`);
    if (!isPort(port.port)) causes.invalid(`spec.ports[${index}].port`, port.port, 'must be between 1 and 65535, inclusive');
  }
}

function validateKeys(object: RawObject, fields: readonly string[], causes: Causes): void {
  for (const field of fields) {
    for (const key of Object.keys(objectAt(object, field) ?? {})) for (const problem of configKey(key)) causes.invalid(`${field}[${key}]`, key, problem);
  }
}

function validateClaim(claim: RawObject, causes: Causes): void {
  if (textsAt(claim, 'spec', 'accessModes').length === 0) causes.required('spec.accessModes', 'at least 1 access mode is required');
  if (at(claim, 'spec', 'resources', 'requests', 'storage') === undefined) causes.required('spec.resources[storage]');
}

function validateBudget(budget: RawObject, causes: Causes): void {
  for (const field of ['minAvailable', 'maxUnavailable']) {
    const amount = integerAt(budget, 'spec', field);
    if (amount !== undefined && amount < 0) causes.invalid(`spec.${field}`, amount, 'must be greater than or equal to 0');
  }
}

function validateRules(role: RawObject, isNamespaced: boolean, causes: Causes): void {
  for (const [index, rule] of objectsAt(role, 'rules')) {
    const field = `rules[${index}]`;
    const paths = textsAt(rule, 'nonResourceURLs');
    const [groups, resources] = [textsAt(rule, 'apiGroups'), textsAt(rule, 'resources')];
    if (textsAt(rule, 'verbs').length === 0) causes.required(`${field}.verbs`);
    if (paths.length > 0) {
      if (isNamespaced) causes.invalid(`${field}.nonResourceURLs`, paths, 'namespaced rules cannot apply to non-resource URLs');
      if (groups.length > 0 || resources.length > 0 || textsAt(rule, 'resourceNames').length > 0) {
        causes.invalid(`${field}.nonResourceURLs`, paths, 'rules cannot apply to both regular resources and non-resource URLs');
      }
      continue;
    }
    if (groups.length === 0) causes.required(`${field}.apiGroups`, 'resource rules must supply at least one api group');
    if (resources.length === 0) causes.required(`${field}.resources`, 'resource rules must supply at least one resource');
  }
}

function validateBinding(binding: RawObject, kinds: readonly string[], causes: Causes): void {
  const [group, kind, name] = [textAt(binding, 'roleRef', 'apiGroup') ?? '', textAt(binding, 'roleRef', 'kind') ?? '', textAt(binding, 'roleRef', 'name') ?? ''];
  if (group !== RBAC) causes.unsupported('roleRef.apiGroup', group, [RBAC]);
  if (!kinds.includes(kind)) causes.unsupported('roleRef.kind', kind, kinds);
  if (name === '') causes.required('roleRef.name');
  else for (const problem of pathSegment(name)) causes.invalid('roleRef.name', name, problem);
  for (const [index, subject] of objectsAt(binding, 'subjects')) validateSubject(subject, `subjects[${index}]`, !kinds.includes('Role'), causes);
}

function validateSubject(subject: RawObject, field: string, isCluster: boolean, causes: Causes): void {
  const [kind, name, group] = [textAt(subject, 'kind') ?? '', textAt(subject, 'name') ?? '', textAt(subject, 'apiGroup') ?? ''];
  if (name === '') causes.required(`${field}.name`);
  if (kind === 'ServiceAccount') {
    if (name !== '') for (const problem of dnsSubdomain(name)) causes.invalid(`${field}.name`, name, problem);
    if (group !== '') causes.unsupported(`${field}.apiGroup`, group, ['']);
    if (isCluster && (textAt(subject, 'namespace') ?? '') === '') causes.required(`${field}.namespace`);
  } else if (kind === 'User' || kind === 'Group') {
    if (group !== RBAC) causes.unsupported(`${field}.apiGroup`, group, [RBAC]);
  } else {
    causes.unsupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
  }
}

function unchanged(next: RawObject, old: RawObject, path: readonly string[], causes: Causes): void {
  if (!equal(at(next, ...path), at(old, ...path))) causes.invalid(path.join('.'), at(next, ...path), IMMUTABLE);
}

function selectorStays(next: RawObject, old: RawObject, causes: Causes): void {
  unchanged(next, old, ['spec', 'selector'], causes);
}

function roleStays(next: RawObject, old: RawObject, causes: Causes): void {
  if (!equal(next.roleRef, old.roleRef)) {
    const [group, kind, name] = ['apiGroup', 'kind', 'name'].map((field) => textAt(next, 'roleRef', field) ?? '');
    causes.invalid('roleRef', { APIGroup: group, Kind: kind, Name: name }, IMMUTABLE);
  }
}

function dataStays(next: RawObject, old: RawObject, causes: Causes): void {
  if (old.immutable !== true) return;
  if (next.immutable !== true) causes.forbidden('immutable', 'field is immutable when `immutable` is set');
  for (const field of ['data', 'binaryData']) if (!equal(next[field], old[field])) causes.forbidden(field, 'field is immutable when `immutable` is set');
}

const POD_CHANGES = 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function validatePodUpdate(next: RawObject, old: RawObject, causes: Causes): void {
  const fixed = (pod: RawObject): unknown => {
    const { activeDeadlineSeconds, tolerations, terminationGracePeriodSeconds, ...spec } = objectAt(pod, 'spec') ?? {};
    const withoutImages = (list: string): unknown => objectsAt(pod, 'spec', list).map(([, { image, ...container }]) => container);
    return { ...spec, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') };
  };
  if (!equal(fixed(next), fixed(old))) causes.forbidden('spec', POD_CHANGES);
}
