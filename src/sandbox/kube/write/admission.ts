import { integerAt, listAt, objectsAt, textAt } from '#src/model/raw.ts';
import { children, isDraft, madeChild, preset, type Draft } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { forbidden } from '../status.ts';
import type { Cluster, WriteContext } from './context.ts';
import { nameSuffix } from './strategies.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607;
const TAINT_SECONDS = 300;
const USED_FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
};
const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public'];

/** What the server's own admission plugins add to a new object. @throws Failure when one refuses. */
export function admitCreate(store: string, object: KubeObject, cluster: Cluster, { asGiven }: WriteContext): void {
  const finalizer = USED_FINALIZERS[store];
  if (finalizer !== undefined) object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), finalizer])];
  if (store === 'nodes' && !asGiven) taintNode(madeChild(object, 'spec'));
  if (store !== 'pods') return;
  const spec = madeChild(object, 'spec');
  useServiceAccount(object, spec, cluster);
  tolerateTaints(spec);
  setPriority(object, spec, cluster);
}

/** New nodes take no pods until they say that they are ready. */
function taintNode(spec: Draft): void {
  const key = 'node.kubernetes.io/not-ready';
  const taints = children(spec, 'taints');
  if (!taints.some((taint) => taint.key === key)) spec.taints = [...taints, { key, effect: 'NoSchedule' }];
}

/** System namespaces cannot be deleted. */
export function admitDelete(store: string, name: string): void {
  if (store === 'namespaces' && SYSTEM_NAMESPACES.includes(name)) {
    throw forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted');
  }
}

/** Finalizers that the controllers of a real cluster take away once nothing uses the object. */
export function withoutUseFinalizer(store: string, finalizers: readonly string[]): readonly string[] {
  return finalizers.filter((finalizer) => finalizer !== USED_FINALIZERS[store]);
}

function useServiceAccount(pod: KubeObject, spec: Draft, { store }: Cluster): void {
  preset(spec, { serviceAccountName: 'default' });
  spec.serviceAccount = spec.serviceAccountName;
  const name = String(spec.serviceAccountName);
  const account = store.get('serviceaccounts', `${pod.metadata.namespace ?? ''}/${name}`);
  if (account === undefined) {
    const podName = pod.metadata.name ?? pod.metadata.generateName ?? '';
    const place = `${pod.metadata.namespace ?? ''}/${name}`;
    throw forbidden({ group: '', resource: 'pods' }, podName, `error looking up service account ${place}: serviceaccount ${JSON.stringify(name)} not found`);
  }
  if (listAt(spec, 'imagePullSecrets').length === 0 && listAt(account, 'imagePullSecrets').length > 0) spec.imagePullSecrets = listAt(account, 'imagePullSecrets');
  if ((spec.automountServiceAccountToken ?? account.automountServiceAccountToken) !== false) mountToken(spec);
}

function mountToken(spec: Draft): void {
  const containers = [...children(spec, 'initContainers'), ...children(spec, 'containers')];
  const without = containers.filter((container) => !objectsAt(container, 'volumeMounts').some(([, mount]) => textAt(mount, 'mountPath') === TOKEN_PATH));
  if (without.length === 0) return;
  const known = children(spec, 'volumes').find((volume) => String(volume.name).startsWith('kube-api-access-'));
  const name = known === undefined ? `kube-api-access-${nameSuffix()}` : known.name;
  for (const container of without) container.volumeMounts = [...listAt(container, 'volumeMounts'), { name, readOnly: true, mountPath: TOKEN_PATH }];
  if (known === undefined) spec.volumes = [...listAt(spec, 'volumes'), { name, projected: tokenSources() }];
}

function tokenSources(): Draft {
  return {
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 0o644,
  };
}

function tolerateTaints(spec: Draft): void {
  const tolerations = listAt(spec, 'tolerations').filter(isDraft);
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) => !tolerations.some((toleration) => (toleration.key ?? key) === key && (toleration.effect ?? 'NoExecute') === 'NoExecute'),
  );
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: TAINT_SECONDS }));
  if (added.length > 0) spec.tolerations = [...tolerations, ...added];
}

const PRIORITY_CLASSES = 'priorityclasses.scheduling.k8s.io';

function setPriority(pod: KubeObject, spec: Draft, { store }: Cluster): void {
  const name = typeof spec.priorityClassName === 'string' ? spec.priorityClassName : undefined;
  const chosen = name === undefined ? store.list(PRIORITY_CLASSES).find((known) => known.globalDefault === true) : store.get(PRIORITY_CLASSES, name);
  if (name !== undefined && chosen === undefined) {
    throw forbidden({ group: '', resource: 'pods' }, pod.metadata.name ?? '', `no PriorityClass with name ${name} was found`);
  }
  if (chosen !== undefined) spec.priorityClassName = chosen.metadata.name;
  preset(spec, { priority: integerAt(chosen, 'value') ?? 0, preemptionPolicy: textAt(chosen, 'preemptionPolicy') ?? 'PreemptLowerPriority' });
}
