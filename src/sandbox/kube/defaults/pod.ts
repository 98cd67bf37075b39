import { child, children, isEmptyObject, madeChild, preset, type Draft } from '../json.ts';
import type { SetDefaults } from './apply-defaults.ts';

const FILE_MODE = 0o644;
const VOLUME_FILES: SetDefaults = (source) => preset(source, { defaultMode: FILE_MODE });

/** Defaults of pods and what they are made of, by type. */
export const POD_DEFAULTS: Readonly<Record<string, SetDefaults>> = {
  'core.v1.Pod': setPodDefaults,
  'core.v1.PodSpec': setPodSpecDefaults,
  'core.v1.PodStatus'(status) {
    if (typeof status.podIP === 'string') preset(status, { podIPs: [{ ip: status.podIP }] });
    const [first] = children(status, 'podIPs');
    if (first !== undefined) preset(status, { podIP: first.ip });
  },
  'core.v1.Container': setContainerDefaults,
  'core.v1.EphemeralContainer': setContainerDefaults,
  'core.v1.ContainerPort': (port) => preset(port, { protocol: 'TCP' }),
  'core.v1.Probe': (probe) => preset(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  'core.v1.HTTPGetAction': (action) => preset(action, { path: '/', scheme: 'HTTP' }),
  'core.v1.GRPCAction': (action) => preset(action, { service: '' }),
  'core.v1.ObjectFieldSelector': (selector) => preset(selector, { apiVersion: 'v1' }),
  'core.v1.Volume'(volume) {
    if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {};
  },
  'core.v1.SecretVolumeSource': VOLUME_FILES,
  'core.v1.ConfigMapVolumeSource': VOLUME_FILES,
  'core.v1.DownwardAPIVolumeSource': VOLUME_FILES,
  'core.v1.ProjectedVolumeSource': VOLUME_FILES,
  'core.v1.ServiceAccountTokenProjection': (projection) => preset(projection, { expirationSeconds: 3600 }),
  'core.v1.HostPathVolumeSource': (source) => preset(source, { type: '' }),
  'core.v1.ImageVolumeSource': (source) => preset(source, { pullPolicy: pullPolicy(source.reference) }),
};

function setPodDefaults(pod: Draft): void {
  const spec = madeChild(pod, 'spec');
  preset(spec, { enableServiceLinks: true });
  for (const container of [...children(spec, 'containers'), ...children(spec, 'initContainers')]) {
    const resources = child(container, 'resources');
    const limits = child(resources, 'limits');
    if (resources !== undefined && limits !== undefined && !isEmptyObject(limits)) preset(madeChild(resources, 'requests'), limits);
    if (spec.hostNetwork === true) for (const port of children(container, 'ports')) preset(port, { hostPort: port.containerPort });
  }
}

function setPodSpecDefaults(spec: Draft): void {
  spec.serviceAccountName ??= spec.serviceAccount;
  if (spec.serviceAccountName !== undefined) spec.serviceAccount = spec.serviceAccountName;
  preset(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  });
}

function setContainerDefaults(container: Draft): void {
  preset(container, {
    imagePullPolicy: pullPolicy(container.image),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
}

/** Images without a tag, or with `latest`, are pulled each time unless they are pinned by digest. */
function pullPolicy(image: unknown): string {
  const reference = typeof image === 'string' ? image : '';
  if (reference.includes('@')) return 'IfNotPresent';
  const tag = /:([^:/]+)$/.exec(reference)?.[1] ?? 'latest';
  return tag === 'latest' && reference !== '' ? 'Always' : 'IfNotPresent';
}
