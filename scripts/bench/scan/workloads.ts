/** How careful somebody was with a workload. */
export const POSTURES = ['careless', 'hardened', 'host-path', 'privileged', 'plain', 'hardened'] as const;
export type Posture = (typeof POSTURES)[number];

/** What makes the pods of a workload. `CloneSet` stands for a controller that the product does not list, `none` for pods that nobody made. */
export type Maker = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'CloneSet' | 'none';

export interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly maker: Maker;
  readonly posture: Posture;
  readonly hasSidecar: boolean;
  readonly hash: string;
  /** What names of its pods begin with. */
  readonly podPrefix: string;
  /** What its pods name as their controller. */
  readonly controller: { readonly apiVersion: string; readonly kind: string; readonly name: string } | undefined;
}

/** Words in the text of a pod that each pod has its own of. */
export const FILLED = { name: '@name@', uid: '@uid@', suffix: '@suffix@', node: '@node@', address: '@address@' } as const;

export const PODS_PER_WORKLOAD = 50;
const WORKLOADS_PER_NAMESPACE = 10;
const HASH = '7d9f8c6b5d';

/** Of twenty workloads sixteen are Deployments. */
const MAKERS: readonly Maker[] = ['StatefulSet', 'DaemonSet', 'CronJob', 'CloneSet', ...Array.from({ length: 16 }, () => 'Deployment' as const)];
/** One workload of this many is only a pod that somebody made by hand. */
const BARE_EVERY = 20 * PODS_PER_WORKLOAD;

/** The workload that a pod belongs to. Pods sort by their index under the keys of the API server, so that fewer pods are a prefix of more. */
export function workloadOf(podIndex: number): Workload {
  const index = Math.floor(podIndex / PODS_PER_WORKLOAD);
  const isBare = podIndex % BARE_EVERY === BARE_EVERY - 1;
  const name = `svc-${padded(index, 5)}`;
  const maker = isBare ? 'none' : (MAKERS[index % MAKERS.length] ?? 'Deployment');
  const namespace = `team-${padded(Math.floor(index / WORKLOADS_PER_NAMESPACE), 4)}`;
  const controller = controllerOf(maker, name);
  return {
    namespace,
    name,
    maker,
    posture: POSTURES[index % POSTURES.length] ?? 'plain',
    hasSidecar: index % 2 === 0,
    hash: HASH,
    podPrefix: `${controller?.name ?? `${name}-zz`}-`,
    controller,
  };
}

function controllerOf(maker: Maker, name: string): Workload['controller'] {
  switch (maker) {
    case 'Deployment':
      return { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${HASH}` };
    case 'StatefulSet':
    case 'DaemonSet':
      return { apiVersion: 'apps/v1', kind: maker, name };
    case 'CronJob':
      return { apiVersion: 'batch/v1', kind: 'Job', name: `${name}-29384720` };
    case 'CloneSet':
      return { apiVersion: 'apps.kruise.io/v1alpha1', kind: maker, name };
    case 'none':
      return undefined;
  }
}

export function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
