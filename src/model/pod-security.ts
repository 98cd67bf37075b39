import type { Problem } from './check.ts';
import { booleanAt, objectAt, textAt, unknownLast, type RawObject, type Step } from './raw.ts';
import type { KubernetesVersion } from './version.ts';
import type { Container, PodView } from './workload.ts';

/** The minor versions of Kubernetes from which controls of the Pod Security Standards apply. Earlier ones do not know the field. */
export const PSS_SINCE = {
  privilegeEscalation: 8,
  seccompField: 19,
  restrictedCapabilities: 22,
  runAsUser: 23,
  hostProbes: 34,
} as const;

/** Where AppArmor profiles were named before there was a field; the name of the container follows. Still read. */
export const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

const WINDOWS_EXEMPT_SINCE = 25;
const USER_NAMESPACE_RELAXED_SINCE = 35;

/** Windows pods need not set what only Linux has; before 1.25 the standards did not ask which system a pod is for. */
export function exemptAsWindows(pod: PodView, version: KubernetesVersion): boolean {
  return version.minor >= WINDOWS_EXEMPT_SINCE && pod.windows;
}

/** The pod has its own users, so that root in it is nobody on the node, and the standards of this version take that into account. */
export function relaxedByUserNamespace(pod: PodView, version: KubernetesVersion): boolean {
  return version.minor >= USER_NAMESPACE_RELAXED_SINCE && booleanAt(pod.spec, 'hostUsers') === false;
}

/** One `securityContext` that is written: the pod's own, or a container's. */
export interface SecurityContext {
  /** `The pod` or `Container api`, for the start of a message. */
  readonly owner: string;
  readonly settings: RawObject;
  /** Where a field of it stands, for a problem. */
  readonly place: (...field: readonly Step[]) => Pick<Problem, 'container'> & { readonly path: readonly Step[] };
}

/** The pod's own `securityContext` and those of its containers; what is absent is left out. That one is not known is only met when the others have gone by. */
export function* securityContextsOf(pod: PodView): Iterable<SecurityContext> {
  yield* unknownLast(ownersOf(pod), function* ({ owner, raw, path, ...container }) {
    const settings = objectAt(raw, 'securityContext');
    if (settings !== undefined) yield { owner, settings, place: (...field) => ({ ...container, path: [...path, 'securityContext', ...field] }) };
  });
}

function* ownersOf(pod: PodView): Iterable<Pick<SecurityContext, 'owner'> & Pick<Container, 'raw' | 'path'> & { readonly container?: string }> {
  yield { owner: 'The pod', raw: pod.spec, path: pod.path };
  for (const { name, raw, path } of pod.knownContainers()) yield { owner: `Container ${name}`, raw, path, container: name };
}

/** A seccomp or AppArmor profile restricts something: it is the container runtime's, or a file of the node. */
export function isConfining(type: string | undefined): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost';
}

/** Reports each profile, on the pod or a container, that is written and confines nothing. */
export function* unconfinedProfiles(pod: PodView, field: 'seccompProfile' | 'appArmorProfile', label: string): Iterable<Problem> {
  yield* unknownLast(securityContextsOf(pod), function* ({ owner, settings, place }) {
    const profile = objectAt(settings, field);
    if (profile === undefined) return;
    const type = textAt(profile, 'type');
    if (isConfining(type)) return;
    yield { ...place(field, 'type'), message: type === undefined ? `${owner} names no type for its ${label} profile` : `${owner} sets its ${label} profile to ${type}` };
  });
}
