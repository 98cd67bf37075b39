import { randomBytes } from 'node:crypto';
import { listAt, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { TEMPLATE_GENERATION } from '../defaults/workloads.ts';
import { child, equal, isDraft, isEmptyObject, madeChild, preset, type Draft } from '../json.ts';
import { timestamp, type KubeObject } from '../object.ts';
import { takeAppArmor } from './app-armor.ts';
import type { Cluster, WriteContext } from './context.ts';

/** What the server does to objects of one kind when they are made. */
type Prepare = (object: KubeObject, cluster: Cluster, context: WriteContext) => void;

const ADMISSION_STORES = [
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
].map((name) => `${name}.admissionregistration.k8s.io`);

/** Kinds whose `metadata.generation` counts the changes of what is wanted. */
const GENERATION_STORES = new Set([
  'pods',
  'podtemplates',
  'replicationcontrollers',
  ...['deployments', 'daemonsets', 'statefulsets', 'replicasets'].map((name) => `${name}.apps`),
  ...['jobs', 'cronjobs'].map((name) => `${name}.batch`),
  ...['ingresses', 'ingressclasses', 'networkpolicies'].map((name) => `${name}.networking.k8s.io`),
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
  'endpointslices.discovery.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  ...['resourceslices', 'deviceclasses', 'devicetaintrules'].map((name) => `${name}.resource.k8s.io`),
  ...ADMISSION_STORES,
  ...['flowschemas', 'prioritylevelconfigurations'].map((name) => `${name}.flowcontrol.apiserver.k8s.io`),
]);

/** An update has to say which version it is made from. */
const VERSIONED_UPDATES = new Set([
  'leases.coordination.k8s.io',
  'poddisruptionbudgets.policy',
  'runtimeclasses.node.k8s.io',
  ...['csidrivers', 'csinodes', 'csistoragecapacities', 'volumeattachments'].map((name) => `${name}.storage.k8s.io`),
  ...['clustertrustbundles', 'podcertificaterequests'].map((name) => `${name}.certificates.k8s.io`),
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  ...ADMISSION_STORES,
]);

/** A PUT of an object that is not there makes it. */
const CREATED_BY_UPDATE = new Set([
  'endpoints',
  'events',
  'limitranges',
  'services',
  'leases.coordination.k8s.io',
  'runtimeclasses.node.k8s.io',
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((name) => `${name}.rbac.authorization.k8s.io`),
]);

const PREPARE: Readonly<Record<string, Prepare>> = {
  pods(pod, _cluster, { warn }) {
    takeAppArmor(pod, warn);
    if (isEmptyObject(pod.status ?? {})) pod.status = { phase: 'Pending' };
    preset(pod.status as Draft, { qosClass: qosClass(objectAt(pod, 'spec') ?? {}) });
  },
  namespaces(namespace) {
    const spec = madeChild(namespace, 'spec');
    if (listAt(spec, 'finalizers').length === 0) spec.finalizers = ['kubernetes'];
    namespace.status = { phase: 'Active' };
  },
  persistentvolumeclaims(claim) {
    preset(madeChild(claim, 'status'), { phase: 'Pending' });
  },
  persistentvolumes(volume, { clock }) {
    preset(madeChild(volume, 'status'), { phase: 'Pending', lastPhaseTransitionTime: timestamp(clock.now()) });
  },
  services: prepareService,
  'jobs.batch': prepareJob,
  'certificatesigningrequests.certificates.k8s.io'(request, _cluster, { user }) {
    if (user === undefined) return;
    Object.assign(madeChild(request, 'spec'), { username: user.name, groups: [...user.groups], ...(user.uid !== undefined && { uid: user.uid }), ...(user.extra && { extra: user.extra }) });
  },
};

export function hasGeneration(store: string, isCustom: boolean): boolean {
  return isCustom || GENERATION_STORES.has(store);
}

export function needsVersion(store: string, isCustom: boolean): boolean {
  return isCustom || VERSIONED_UPDATES.has(store);
}

export function isCreatedByUpdate(store: string): boolean {
  return CREATED_BY_UPDATE.has(store);
}

export function prepareCreate(store: string, object: KubeObject, cluster: Cluster, context: WriteContext): void {
  PREPARE[store]?.(object, cluster, context);
}

/** Whether an update asks for something else than before, beyond metadata and status. */
export function wantsChange(next: RawObject, old: RawObject): boolean {
  const wanted = ({ metadata, status, ...rest }: RawObject): RawObject => rest;
  return !equal(wanted(next), wanted(old));
}

export function qosClass(spec: RawObject): string {
  const containers = [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')].map(([, container]) => container);
  const amounts = containers.map((container) => [objectAt(container, 'resources', 'requests') ?? {}, objectAt(container, 'resources', 'limits') ?? {}] as const);
  const counted = ({ cpu, memory }: RawObject): readonly unknown[] => [cpu, memory].filter((value) => value !== undefined && value !== '0');
  if (amounts.every(([requests, limits]) => counted(requests).length === 0 && counted(limits).length === 0)) return 'BestEffort';
  const isGuaranteed = amounts.every(([requests, limits]) => counted(limits).length === 2 && requests.cpu === limits.cpu && requests.memory === limits.memory);
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

const SERVICE_NETWORK = '10.96';
const NODE_PORTS = { first: 30_000, last: 32_767 };

function prepareService(service: KubeObject, { store }: Cluster): void {
  const spec = madeChild(service, 'spec');
  preset(madeChild(service, 'status'), { loadBalancer: {} });
  if (spec.type === 'ExternalName') return;
  const others = store.list('services');
  if (spec.clusterIP === undefined) {
    const taken = new Set(others.map((other) => textAt(other, 'spec', 'clusterIP')));
    spec.clusterIP = freeAddress(taken);
  }
  const isLoose = spec.clusterIP === 'None' && isEmptyObject(spec.selector ?? {});
  preset(spec, { clusterIPs: [spec.clusterIP], ipFamilies: isLoose ? ['IPv4', 'IPv6'] : ['IPv4'], ipFamilyPolicy: isLoose ? 'RequireDualStack' : 'SingleStack' });
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return;
  const taken = new Set(others.flatMap((other) => objectsAt(other, 'spec', 'ports').map(([, port]) => port.nodePort)));
  for (const port of listAt(spec, 'ports').filter(isDraft)) {
    if (port.nodePort !== undefined && port.nodePort !== 0) continue;
    port.nodePort = freePort(taken);
    taken.add(port.nodePort);
  }
}

function freeAddress(taken: ReadonlySet<string | undefined>): string {
  for (let host = 10; host < 2 ** 16; host += 1) {
    const address = `${SERVICE_NETWORK}.${Math.floor(host / 256)}.${host % 256}`;
    if (!taken.has(address)) return address;
  }
  throw new Error('no service address is left');
}

function freePort(taken: ReadonlySet<unknown>): number {
  for (let port = NODE_PORTS.first; port <= NODE_PORTS.last; port += 1) if (!taken.has(port)) return port;
  throw new Error('no node port is left');
}

function prepareJob(job: KubeObject): void {
  const spec = madeChild(job, 'spec');
  if (spec.manualSelector === true) return;
  const uid = job.metadata.uid ?? '';
  const labels = madeChild(madeChild(madeChild(spec, 'template'), 'metadata'), 'labels');
  const takesLabels = isEmptyObject(job.metadata.labels ?? {}) || equal(job.metadata.labels, labels);
  const name = job.metadata.name ?? '';
  preset(labels, { 'controller-uid': uid, 'job-name': name, 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name });
  if (takesLabels) job.metadata.labels = { ...labels } as Record<string, string>;
  const selector = madeChild(spec, 'selector');
  preset(madeChild(selector, 'matchLabels'), { 'batch.kubernetes.io/controller-uid': uid });
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters without vowels, as the server ends a generated name. */
export function nameSuffix(): string {
  return [...randomBytes(5)].map((byte) => SUFFIX_LETTERS.charAt(byte % SUFFIX_LETTERS.length)).join('');
}

/** Keeps what only the server decides when a service or job is replaced. */
export function keepAllocated(store: string, next: KubeObject, old: RawObject): void {
  const spec = child(next, 'spec');
  if (spec === undefined) return;
  if (store === 'services' && spec.type !== 'ExternalName') {
    const kept = objectAt(old, 'spec') ?? {};
    preset(spec, Object.fromEntries(['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].map((field) => [field, kept[field]])));
    if (spec.type !== 'ClusterIP') keepNodePorts(listAt(spec, 'ports').filter(isDraft), kept);
  }
  if (store === 'namespaces') spec.finalizers = listAt(old, 'spec', 'finalizers');
  if (store === 'serviceaccounts') preset(next, { secrets: old.secrets });
}

function keepNodePorts(ports: readonly Draft[], old: RawObject): void {
  const known = objectsAt(old, 'ports').map(([, port]) => port);
  for (const port of ports) preset(port, { nodePort: known.find((other) => other.port === port.port && other.protocol === port.protocol)?.nodePort });
}

/** Counts up when the template of a daemon set is another than before. */
export function countTemplateChanges(store: string, next: KubeObject, old: RawObject): void {
  if (store !== 'daemonsets.apps') return;
  const before = Number(textAt(old, 'metadata', 'annotations', TEMPLATE_GENERATION) ?? '1');
  const isChanged = !equal(objectAt(next, 'spec', 'template'), objectAt(old, 'spec', 'template'));
  madeChild(next.metadata as Draft, 'annotations')[TEMPLATE_GENERATION] = String(before + (isChanged ? 1 : 0));
}
