import { at, booleanAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { podOf, type Container, type PodView } from '#src/model/workload.ts';
import { parseImage } from '#src/model/image.ts';
import { INSTALLER_WORKLOADS, type ShippedWorkload } from './installers.ts';
import { isProviderWorkload } from './providers.ts';

/** Set by the kubelet on the copy of a static pod that the API server shows, and by nobody else. */
const MIRROR = 'kubernetes.io/config.mirror';

/** Whether a workload is one that an installer or provider runs, and nobody gave it more rights on its node. */
export function isStockWorkload(kind: string, object: RawObject): boolean {
  const pod = podOf(object);
  const name = textAt(object, 'metadata', 'name') ?? '';
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  if (pod === undefined || pod.containers.length === 0) return false;
  if (isProviderWorkload(name, namespace, pod.containers.map(({ raw }) => textAt(raw, 'image') ?? ''))) return true;
  const shipped = shippedWorkload(kind, name, pod, object);
  return shipped?.kind === kind && shipped.namespaces.includes(namespace) && fits(pod, shipped);
}

/** The copies of static pods are named after their node: `kube-apiserver-node-1`. */
function shippedWorkload(kind: string, name: string, pod: PodView, object: RawObject): ShippedWorkload | undefined {
  if (kind !== 'Pod') return Object.hasOwn(INSTALLER_WORKLOADS, name) ? INSTALLER_WORKLOADS[name] : undefined;
  const component = pod.containers[0]?.name ?? '';
  const isMirror = textAt(object, 'metadata', 'annotations', MIRROR) !== undefined;
  const isNamed = isMirror && name === `${component}-${textAt(pod.spec, 'nodeName') ?? ''}`;
  return isNamed && Object.hasOwn(INSTALLER_WORKLOADS, component) ? INSTALLER_WORKLOADS[component] : undefined;
}

function fits(pod: PodView, shipped: ShippedWorkload): boolean {
  if (pod.containers.length !== Object.keys(shipped.containers).length || !pod.containers.every((container) => isShipped(container, shipped))) return false;
  if (booleanAt(pod.spec, 'hostPID') === true || booleanAt(pod.spec, 'hostIPC') === true) return false;
  if (booleanAt(pod.spec, 'hostNetwork') === true && !shipped.hostNetwork) return false;
  return objectsAt(pod.spec, 'volumes').every(([, volume]) => at(volume, 'hostPath') === undefined || mounts(shipped, textAt(volume, 'hostPath', 'path') ?? '/'));
}

function isShipped({ name, raw, role }: Container, shipped: ShippedWorkload): boolean {
  const image = parseImage(textAt(raw, 'image') ?? '');
  const privileged = booleanAt(raw, 'securityContext', 'privileged') === true;
  return (
    role === 'regular' &&
    Object.hasOwn(shipped.containers, name) &&
    image?.repository.split('/').at(-1) === shipped.containers[name] &&
    (!privileged || shipped.privileged === true) &&
    textsAt(raw, 'securityContext', 'capabilities', 'add').every((capability) => shipped.capabilities?.includes(capability))
  );
}

function mounts({ hostPaths = [] }: ShippedWorkload, path: string): boolean {
  return !path.includes('..') && hostPaths.some((own) => path === own || path.startsWith(`${own}/`));
}
