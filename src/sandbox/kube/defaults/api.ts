import { child, children, madeChild, preset, type Draft } from '../json.ts';
import type { SetDefaults } from './apply-defaults.ts';

const RBAC = 'rbac.authorization.k8s.io';
const HTTPS: SetDefaults = (reference) => preset(reference, { port: 443 });
const SELECTORS = { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} };
const WEBHOOK = { failurePolicy: 'Fail', timeoutSeconds: 10, ...SELECTORS };
const FAIL: SetDefaults = (spec) => preset(spec, { failurePolicy: 'Fail' });
const ROLE_REF: SetDefaults = (binding) => preset(madeChild(binding, 'roleRef'), { apiGroup: RBAC });

/** Defaults of everything that is neither a pod nor makes pods, by type. */
export const API_DEFAULTS: Readonly<Record<string, SetDefaults>> = {
  'core.v1.Namespace'(namespace) {
    const metadata = madeChild(namespace, 'metadata');
    if (typeof metadata.name === 'string') madeChild(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata.name;
  },
  'core.v1.NamespaceStatus': (status) => preset(status, { phase: 'Active' }),
  'core.v1.NodeStatus': (status) => preset(status, { ...(status.capacity !== undefined && { allocatable: status.capacity }) }),
  'core.v1.Secret': (secret) => preset(secret, { type: 'Opaque' }),
  'core.v1.Service': setServiceDefaults,
  'core.v1.ServicePort': (port) => preset(port, { protocol: 'TCP' }),
  'core.v1.EndpointPort': (port) => preset(port, { protocol: 'TCP' }),
  'core.v1.PersistentVolume'(volume) {
    preset(madeChild(volume, 'spec'), { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
    preset(madeChild(volume, 'status'), { phase: 'Pending' });
  },
  'core.v1.PersistentVolumeClaim': (claim) => preset(madeChild(claim, 'status'), { phase: 'Pending' }),
  'core.v1.PersistentVolumeClaimSpec': (spec) => preset(spec, { volumeMode: 'Filesystem' }),
  'core.v1.LimitRangeItem'(item) {
    if (item.type !== 'Container') return;
    preset(madeChild(item, 'default'), child(item, 'max') ?? {});
    preset(madeChild(item, 'defaultRequest'), { ...child(item, 'min'), ...child(item, 'default') });
  },
  'rbac.v1.ClusterRoleBinding': ROLE_REF,
  'rbac.v1.RoleBinding': ROLE_REF,
  'rbac.v1.Subject'(subject) {
    if (subject.kind === 'User' || subject.kind === 'Group') preset(subject, { apiGroup: RBAC });
  },
  'networking.v1.NetworkPolicy'(policy) {
    const spec = madeChild(policy, 'spec');
    preset(spec, { policyTypes: children(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'] });
  },
  'networking.v1.NetworkPolicyPort': (port) => preset(port, { protocol: 'TCP' }),
  'networking.v1.IngressClassParametersReference': (reference) => preset(reference, { scope: 'Cluster' }),
  'storage.v1.StorageClass': (storageClass) => preset(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'storage.v1.CSIDriverSpec': (spec) =>
    preset(spec, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
      seLinuxMount: false,
      preventPodSchedulingIfMissing: false,
    }),
  'discovery.v1.EndpointPort': (port) => preset(port, { name: '', protocol: 'TCP' }),
  'scheduling.v1.PriorityClass': (priorityClass) => preset(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' }),
  'admissionregistration.v1.ValidatingWebhook': (webhook) => preset(webhook, WEBHOOK),
  'admissionregistration.v1.MutatingWebhook': (webhook) => preset(webhook, { ...WEBHOOK, reinvocationPolicy: 'Never' }),
  'admissionregistration.v1.RuleWithOperations': (rule) => preset(rule, { scope: '*' }),
  'admissionregistration.v1.NamedRuleWithOperations': (rule) => preset(rule, { scope: '*' }),
  'admissionregistration.v1.ServiceReference': HTTPS,
  'admissionregistration.v1.ValidatingAdmissionPolicySpec': FAIL,
  'admissionregistration.v1.MutatingAdmissionPolicySpec': FAIL,
  'admissionregistration.v1.MatchResources': (match) => preset(match, SELECTORS),
  'apiextensions.v1.ServiceReference': HTTPS,
  'apiregistration.v1.ServiceReference': HTTPS,
  'apiextensions.v1.CustomResourceDefinition': setDefinitionDefaults,
  'flowcontrol.v1.FlowSchemaSpec'(spec) {
    if (spec.matchingPrecedence === 0) spec.matchingPrecedence = 1000;
  },
  'flowcontrol.v1.ExemptPriorityLevelConfiguration': (exempt) => preset(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
  'flowcontrol.v1.LimitedPriorityLevelConfiguration': (limited) => preset(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
  'flowcontrol.v1.QueuingConfiguration'(queuing) {
    for (const [field, value] of Object.entries({ queues: 64, handSize: 8, queueLengthLimit: 50 })) if (queuing[field] === 0) queuing[field] = value;
  },
};

function setServiceDefaults(service: Draft): void {
  const spec = madeChild(service, 'spec');
  preset(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else preset(madeChild(madeChild(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 });
  for (const port of children(spec, 'ports')) {
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
  }
  const isOutside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (isOutside || (Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0)) preset(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type !== 'ExternalName') preset(spec, { internalTrafficPolicy: 'Cluster' });
  if (spec.type !== 'LoadBalancer') return;
  preset(spec, { allocateLoadBalancerNodePorts: true });
  for (const ingress of children(child(child(service, 'status'), 'loadBalancer'), 'ingress')) {
    if (ingress.ip !== undefined) preset(ingress, { ipMode: 'VIP' });
  }
}

function setDefinitionDefaults(definition: Draft): void {
  const spec = madeChild(definition, 'spec');
  const names = madeChild(spec, 'names');
  if (typeof names.kind === 'string') preset(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` });
  preset(spec, { conversion: { strategy: 'None' } });
  const stored = children(spec, 'versions').find((version) => version.storage === true);
  const status = madeChild(definition, 'status');
  if (stored !== undefined && !(Array.isArray(status.storedVersions) && status.storedVersions.length > 0)) status.storedVersions = [stored.name];
}
