import { at, integerAt, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { KubeObject } from '../object.ts';
import { ageOf, conditionStatus, count, NONE, shown, text, textOr, UNKNOWN, UNSET, valueOr, type Cell, type Cells } from './cell.ts';
import { humanDuration } from './duration.ts';
import { isDefault } from './network-cells.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const ACCESS_MODES: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };
const BINDING: Cells = {
  Role: (binding) => `${textAt(binding, 'roleRef', 'kind') ?? ''}/${textAt(binding, 'roleRef', 'name') ?? ''}`,
  Users: subjects('User'),
  Groups: subjects('Group'),
  ServiceAccounts: subjects('ServiceAccount'),
};
const WEBHOOKS: Cells = { Webhooks: count('webhooks') };
const POLICY_KIND: Cell = (policy) => {
  const kind = objectAt(policy, 'spec', 'paramKind');
  return kind === undefined ? UNSET : `${textAt(kind, 'apiVersion') ?? ''}/${textAt(kind, 'kind') ?? ''}`;
};
const POLICY_BINDING: Cells = {
  PolicyName: text('spec', 'policyName'),
  ParamRef(binding) {
    const name = textAt(binding, 'spec', 'paramRef', 'name');
    return name === undefined ? UNSET : `${textAt(binding, 'spec', 'paramRef', 'namespace') ?? '*'}/${name}`;
  },
};
const EVENT: Cells = {
  'Last Seen': (event, now) => eventAge(event, ['series', 'lastObservedTime'], now) ?? eventAge(event, ['lastTimestamp'], now) ?? firstSeen(event, now),
  Type: text('type'),
  Reason: text('reason'),
  Object(event) {
    const name = textAt(event, 'involvedObject', 'name');
    const kind = (textAt(event, 'involvedObject', 'kind') ?? '').toLowerCase();
    return name === undefined || name === '' ? kind : `${kind}/${name}`;
  },
  Subobject: text('involvedObject', 'fieldPath'),
  Source(event) {
    const component = textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent') ?? '';
    const instance = textAt(event, 'source', 'host') ?? textAt(event, 'reportingInstance') ?? '';
    return instance === '' ? component : `${component}, ${instance}`;
  },
  Message: (event) => (textAt(event, 'message') ?? '').trim(),
  'First Seen': firstSeen,
  Count: (event) => integerAt(event, 'series', 'count') ?? integerAt(event, 'count') ?? 1,
};

/** Everything else that has columns of its own. */
export const API_CELLS: Readonly<Record<string, Cells>> = {
  configmaps: { Data: (map) => keyCount(map, 'data') + keyCount(map, 'binaryData') },
  secrets: { Type: text('type'), Data: (secret) => keyCount(secret, 'data') },
  events: EVENT,
  namespaces: { Status: text('status', 'phase') },
  nodes: {
    Status(node) {
      const ready = conditionStatus(node, 'Ready');
      const words = [ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'];
      return [...words, ...(at(node, 'spec', 'unschedulable') === true ? ['SchedulingDisabled'] : [])].join(',');
    },
    Roles: nodeRoles,
    Version: text('status', 'nodeInfo', 'kubeletVersion'),
    'Internal-IP': nodeAddress('InternalIP'),
    'External-IP': nodeAddress('ExternalIP'),
    'OS-Image': textOr(UNKNOWN, 'status', 'nodeInfo', 'osImage'),
    'Kernel-Version'(node) {
      const architecture = textAt(node, 'status', 'nodeInfo', 'architecture') ?? '';
      const kernel = textAt(node, 'status', 'nodeInfo', 'kernelVersion') ?? '';
      return `${kernel === '' ? UNKNOWN : kernel}${architecture === '' ? '' : ` (${architecture})`}`;
    },
    'Container-Runtime': textOr(UNKNOWN, 'status', 'nodeInfo', 'containerRuntimeVersion'),
  },
  persistentvolumes: {
    Capacity: textOr('0', 'spec', 'capacity', 'storage'),
    'Access Modes': (volume) => accessModes(textsAt(volume, 'spec', 'accessModes')),
    'Reclaim Policy': text('spec', 'persistentVolumeReclaimPolicy'),
    Status: volumePhase,
    Claim: (volume) =>
      objectAt(volume, 'spec', 'claimRef') === undefined ? '' : `${textAt(volume, 'spec', 'claimRef', 'namespace') ?? ''}/${textAt(volume, 'spec', 'claimRef', 'name') ?? ''}`,
    StorageClass: storageClassName,
    VolumeAttributesClass: textOr(UNSET, 'spec', 'volumeAttributesClassName'),
    Reason: text('status', 'reason'),
    VolumeMode: textOr(UNSET, 'spec', 'volumeMode'),
  },
  persistentvolumeclaims: {
    Status: volumePhase,
    Volume: text('spec', 'volumeName'),
    Capacity: (claim) => (textAt(claim, 'spec', 'volumeName') === undefined ? '' : (textAt(claim, 'status', 'capacity', 'storage') ?? '0')),
    'Access Modes': (claim) => (textAt(claim, 'spec', 'volumeName') === undefined ? '' : accessModes(textsAt(claim, 'status', 'accessModes'))),
    StorageClass: storageClassName,
    VolumeAttributesClass: textOr(UNSET, 'spec', 'volumeAttributesClassName'),
    VolumeMode: textOr(UNSET, 'spec', 'volumeMode'),
  },
  resourcequotas: { Request: quota((name) => !name.startsWith('limits.')), Limit: quota((name) => name.startsWith('limits.')) },
  'apiservices.apiregistration.k8s.io': {
    Service(service) {
      const name = textAt(service, 'spec', 'service', 'name');
      return name === undefined ? 'Local' : `${textAt(service, 'spec', 'service', 'namespace') ?? ''}/${name}`;
    },
    Available(service) {
      const condition = objectsAt(service, 'status', 'conditions').find(([, candidate]) => candidate.type === 'Available')?.[1];
      if (condition === undefined) return 'Unknown';
      return condition.status === 'True' ? 'True' : `${String(condition.status)} (${String(condition.reason)})`;
    },
  },
  'clusterrolebindings.rbac.authorization.k8s.io': BINDING,
  'rolebindings.rbac.authorization.k8s.io': BINDING,
  'certificatesigningrequests.certificates.k8s.io': {
    SignerName: textOr(NONE, 'spec', 'signerName'),
    Requestor: text('spec', 'username'),
    RequestedDuration: (request) =>
      integerAt(request, 'spec', 'expirationSeconds') === undefined ? NONE : humanDuration((integerAt(request, 'spec', 'expirationSeconds') ?? 0) * 1000),
    Condition: requestCondition,
  },
  'clustertrustbundles.certificates.k8s.io': { SignerName: text('spec', 'signerName') },
  'csidrivers.storage.k8s.io': {
    AttachRequired: valueOr(true, 'spec', 'attachRequired'),
    PodInfoOnMount: valueOr(false, 'spec', 'podInfoOnMount'),
    StorageCapacity: valueOr(false, 'spec', 'storageCapacity'),
    TokenRequests: (driver) =>
      at(driver, 'spec', 'tokenRequests') === undefined ? UNSET : objectsAt(driver, 'spec', 'tokenRequests').map(([, request]) => textAt(request, 'audience') ?? '').join(','),
    RequiresRepublish: valueOr(false, 'spec', 'requiresRepublish'),
    Modes: (driver) => textsAt(driver, 'spec', 'volumeLifecycleModes').join(',') || NONE,
  },
  'csinodes.storage.k8s.io': { Drivers: count('spec', 'drivers') },
  'storageclasses.storage.k8s.io': {
    Name: (object) => `${object.metadata.name ?? ''}${isDefault(object, DEFAULT_CLASS) ? ' (default)' : ''}`,
    Provisioner: text('provisioner'),
    ReclaimPolicy: textOr('Delete', 'reclaimPolicy'),
    VolumeBindingMode: textOr('Immediate', 'volumeBindingMode'),
    AllowVolumeExpansion: valueOr(false, 'allowVolumeExpansion'),
  },
  'volumeattachments.storage.k8s.io': {
    Attacher: text('spec', 'attacher'),
    PV: text('spec', 'source', 'persistentVolumeName'),
    Node: text('spec', 'nodeName'),
    Attached: valueOr(false, 'status', 'attached'),
  },
  'volumeattributesclasses.storage.k8s.io': { DriverName: text('driverName') },
  'mutatingadmissionpolicies.admissionregistration.k8s.io': { Mutations: count('spec', 'mutations'), ParamKind: POLICY_KIND },
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': POLICY_BINDING,
  'validatingadmissionpolicies.admissionregistration.k8s.io': { Validations: count('spec', 'validations'), ParamKind: POLICY_KIND },
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': POLICY_BINDING,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': WEBHOOKS,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': WEBHOOKS,
  'customresourcedefinitions.apiextensions.k8s.io': {
    Scope: text('spec', 'scope'),
    Versions: (definition) => objectsAt(definition, 'spec', 'versions').map(([, version]) => textAt(version, 'name') ?? '').join(','),
    Group: text('spec', 'group'),
    Kind: text('spec', 'names', 'kind'),
    ShortNames: (definition) => textsAt(definition, 'spec', 'names', 'shortNames').join(',') || NONE,
    Established: (definition) => conditionStatus(definition, 'Established') === 'True',
  },
  'priorityclasses.scheduling.k8s.io': { Value: valueOr(0, 'value'), 'Global-Default': valueOr(false, 'globalDefault'), PreemptionPolicy: text('preemptionPolicy') },
  'leases.coordination.k8s.io': { Holder: text('spec', 'holderIdentity') },
  'runtimeclasses.node.k8s.io': { Handler: text('handler') },
  'resourceslices.resource.k8s.io': { Node: text('spec', 'nodeName'), Driver: text('spec', 'driver'), Pool: text('spec', 'pool', 'name') },
  'flowschemas.flowcontrol.apiserver.k8s.io': {
    PriorityLevel: text('spec', 'priorityLevelConfiguration', 'name'),
    MatchingPrecedence: valueOr(0, 'spec', 'matchingPrecedence'),
    DistinguisherMethod: textOr(NONE, 'spec', 'distinguisherMethod', 'type'),
    MissingPL: (schema) => conditionStatus(schema, 'Dangling') ?? '?',
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': {
    Type: text('spec', 'type'),
    NominalConcurrencyShares: valueOr(NONE, 'spec', 'limited', 'nominalConcurrencyShares'),
    Queues: valueOr(NONE, 'spec', 'limited', 'limitResponse', 'queuing', 'queues'),
    HandSize: valueOr(NONE, 'spec', 'limited', 'limitResponse', 'queuing', 'handSize'),
    QueueLengthLimit: valueOr(NONE, 'spec', 'limited', 'limitResponse', 'queuing', 'queueLengthLimit'),
  },
  'storageversionmigrations.storagemigration.k8s.io': { Resource: shown('', 'spec', 'resource', 'resource'), Status: text('status', 'phase') },
};

function keyCount(object: RawObject, field: string): number {
  return Object.keys(objectAt(object, field) ?? {}).length;
}

function subjects(kind: string): Cell {
  return (binding) =>
    objectsAt(binding, 'subjects')
      .filter(([, subject]) => subject.kind === kind)
      .map(([, subject]) => (kind === 'ServiceAccount' ? `${textAt(subject, 'namespace') ?? ''}/${textAt(subject, 'name') ?? ''}` : (textAt(subject, 'name') ?? '')))
      .join(', ');
}

function eventAge(event: KubeObject, path: readonly string[], now: Date): string | undefined {
  const moment = textAt(event, ...path);
  return moment === undefined ? undefined : ageOf(moment, now);
}

function firstSeen(event: KubeObject, now: Date): string {
  return eventAge(event, ['firstTimestamp'], now) ?? eventAge(event, ['eventTime'], now) ?? UNKNOWN;
}

const ROLE_LABEL = 'node-role.kubernetes.io/';

function nodeRoles({ metadata }: KubeObject): string {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([label, value]) => {
    if (label.startsWith(ROLE_LABEL)) return label.length > ROLE_LABEL.length ? [label.slice(ROLE_LABEL.length)] : [];
    return label === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return roles.length === 0 ? NONE : [...new Set(roles)].sort().join(',');
}

function nodeAddress(type: string): Cell {
  return (node) => textAt(objectsAt(node, 'status', 'addresses').find(([, address]) => address.type === type)?.[1], 'address') ?? NONE;
}

function accessModes(modes: readonly string[]): string {
  return modes.map((mode) => ACCESS_MODES[mode] ?? mode).join(',');
}

function volumePhase(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined ? (textAt(object, 'status', 'phase') ?? '') : 'Terminating';
}

function storageClassName(object: KubeObject): string {
  return object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? textAt(object, 'spec', 'storageClassName') ?? '';
}

function quota(isWanted: (name: string) => boolean): Cell {
  return (object) => {
    const hard = objectAt(object, 'status', 'hard') ?? {};
    const names = Object.keys(hard).filter(isWanted).sort();
    return names.map((name) => `${name}: ${textAt(object, 'status', 'used', name) ?? '0'}/${String(hard[name])}`).join(', ');
  };
}

function requestCondition(request: KubeObject): string {
  const types = objectsAt(request, 'status', 'conditions').map(([, condition]) => textAt(condition, 'type') ?? '');
  const issued = listAt(request, 'status', 'certificate').length > 0 || textAt(request, 'status', 'certificate') !== undefined;
  const words = [types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending', ...(types.includes('Failed') ? ['Failed'] : []), ...(issued ? ['Issued'] : [])];
  return words.join(',');
}
