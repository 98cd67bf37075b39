import type { AuditEvent, AuditUser } from './audit-event.ts';

const ACCOUNT = /^system:serviceaccount:([^:]+):(.+)$/;
/** Namespaces that Kubernetes and providers run their own workloads in; `-` at the end stands for all that begin so. */
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'gke-system', 'gke-managed-', 'gke-gmp-system', 'gmp-system', 'gmp-public', 'aks-'];
/** Names that begin with `system:` and are no component: anonymous requests, and the administrator that some distributions ship. */
const NO_COMPONENTS: ReadonlySet<string> = new Set(['system:anonymous', 'system:unauthenticated', 'system:admin']);
/** How providers' own components sign in. */
const PROVIDER_USERS = ['eks:', 'aks:', 'gke:', 'gcp:'];
const PROVIDER_NAMES: ReadonlySet<string> = new Set(['aksService', 'kube-apiserver-kubelet-client', 'kubelet', 'cluster-autoscaler']);
const PROVIDER_ACCOUNT = /@(?:container-engine-robot|gcp-sa-[a-z-]+|gke-[a-z-]+)\.iam\.gserviceaccount\.com$/;
/** Services of EKS that reach into a cluster from outside. */
const PROVIDER_SERVICE = /^eks:(?:addon-manager|addon-cluster-admin|node-manager|fargate-manager|fargate-scheduler|cluster-bootstrap|certificate-controller|k8s-metrics|kms-storage-migrator|authenticator|nodewatcher)$/;
/** Tokens and certificates with which a new node asks for its own certificate. */
const BOOTSTRAPPER = /^system:bootstrap:|^kubelet-(?:[\w-]+-)?bootstrap$|^node-bootstrap/;

/** Namespace and name of a ServiceAccount's user; undefined for everybody else. */
export function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = ACCOUNT.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

export function isSystemNamespace(namespace: string | undefined): boolean {
  return namespace !== undefined && SYSTEM_NAMESPACES.some((own) => (own.endsWith('-') ? namespace.startsWith(own) : namespace === own));
}

/** Whether a user is an account with which a provider's own services sign in, from its network. */
export function isProviderUser({ name }: AuditUser): boolean {
  return PROVIDER_NAMES.has(name) || PROVIDER_ACCOUNT.test(name) || PROVIDER_SERVICE.test(name);
}

/** Whether a user is a component of Kubernetes or of the provider, a node, or an account of a system namespace: nobody in a team. */
export function isSystemUser({ name }: AuditUser): boolean {
  const account = accountOf(name);
  if (account !== undefined) return isSystemNamespace(account.namespace);
  if (name.startsWith('system:')) return !NO_COMPONENTS.has(name);
  return isProviderUser({ name, groups: [] }) || PROVIDER_USERS.some((start) => name.startsWith(start));
}

/** Whether a user is nobody in particular. */
export function isAnonymous({ name, groups }: AuditUser): boolean {
  return name === 'system:anonymous' || groups.includes('system:unauthenticated');
}

/** Whether a component, a node or an account of a system namespace made a request. Somebody who only acted as one did not. */
export function isBySystem({ user, impersonator }: Pick<AuditEvent, 'user' | 'impersonator'>): boolean {
  return isSystemUser(user) && (impersonator === undefined || isSystemUser(impersonator));
}

/** Whether a new node on its way in made a request. */
export function isByNewNode({ user: { name, groups }, impersonator }: Pick<AuditEvent, 'user' | 'impersonator'>): boolean {
  return impersonator === undefined && (BOOTSTRAPPER.test(name) || groups.includes('system:bootstrappers'));
}

/** Whether a user is a person, as far as a name tells: no component, no node, no ServiceAccount and not anonymous. */
export function isPerson(user: AuditUser): boolean {
  return user.name !== '' && !user.name.startsWith('system:') && !isSystemUser(user) && !isAnonymous(user);
}
