import { children, child, equal, madeChild, type Draft } from '../json.ts';
import type { KubeObject } from '../object.ts';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const LOCALHOST = 'localhost/';
const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'];

/** Moves AppArmor profiles from the annotations of old to the fields of today, as the server does with new pods. */
export function takeAppArmor(pod: KubeObject, warn: (message: string) => void): void {
  const spec = child(pod, 'spec');
  const annotations = pod.metadata.annotations ?? {};
  if (spec === undefined || child(spec, 'os')?.name === 'windows') return;
  const podProfile = child(child(spec, 'securityContext'), 'appArmorProfile');
  for (const container of CONTAINER_LISTS.flatMap((list) => children(spec, list))) {
    const key = `${ANNOTATION}${String(container.name)}`;
    const annotation = annotations[key];
    if (annotation === undefined || child(child(container, 'securityContext'), 'appArmorProfile') !== undefined) continue;
    const profile = profileOf(annotation);
    const isNew = profile !== undefined && !equal(profile, podProfile);
    if (isNew) madeChild(container, 'securityContext').appArmorProfile = profile;
    if (isNew || profile === undefined) warn(`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
}

function profileOf(annotation: string): Draft | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const name = annotation.startsWith(LOCALHOST) ? annotation.slice(LOCALHOST.length).trim() : '';
  return name === '' ? undefined : { type: 'Localhost', localhostProfile: name };
}
