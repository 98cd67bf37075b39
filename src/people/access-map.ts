import { clientCertificates, type IssuedCertificate } from '#src/facts/client-certificates.ts';
import { rbac } from '#src/facts/rbac.ts';
import { serviceAccounts } from '#src/facts/service-accounts.ts';
import { tokenSecrets, type TokenSecret } from '#src/facts/token-secrets.ts';
import type { CheckContext, Subject } from '#src/model/check.ts';
import { isCloudMap } from '#src/model/cloud-users.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import type { Binding } from '#src/model/rbac-table.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { byDanger, type AccessMap, type AccessPath, type BindingPath, type SeenGroup, type Unread } from './access-path.ts';
import { rightsOfBinding } from './binding-rights.ts';
import { argoAccountPaths, certificatePath, cloudUserPaths, tokenPath } from './other-paths.ts';
import { managerOf } from './managed.ts';
import { accountOf, createWhoCan, principalKey, principalOf } from './who-can.ts';

const RBAC_KINDS = ['Role', 'ClusterRole', 'ClusterRoleBinding', 'RoleBinding'] as const satisfies readonly Kind[];
const READ = [...RBAC_KINDS, 'ConfigMap', 'CertificateSigningRequest', 'ServiceAccount', 'Secret'] as const satisfies readonly Kind[];

/** What is kept while a cluster is read. */
interface Reading {
  readonly rbac: ReturnType<typeof rbac.start>;
  readonly rbacObjects: RawObject[];
  readonly bindings: RawObject[];
  readonly certificates: IssuedCertificate[];
  readonly tokens: TokenSecret[];
  readonly accounts: ReturnType<typeof serviceAccounts.start>;
  readonly configMaps: RawObject[];
}

/**
 * Reads every place where somebody's access lives.
 *
 * `remembered` are requests for certificates that the cluster may have forgotten. A kind that cannot be listed is said in `unread`, with what was read of it still there.
 *
 * @throws the signal's reason, or what the source throws when the cluster does not answer at all.
 */
export async function readAccessMap(cluster: string, source: ObjectSource, now: Date, signal: AbortSignal, remembered: readonly RawObject[] = []): Promise<AccessMap> {
  const reading: Reading = { rbac: rbac.start(), rbacObjects: [], bindings: [], certificates: clientCertificates.start(), tokens: tokenSecrets.start(), accounts: serviceAccounts.start(), configMaps: [] };
  const unread = new Map<Kind, string>();
  for (const kind of READ) {
    try {
      for await (const page of source.list(kind, signal)) for (const { object } of page) take(reading, kind, object);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NotListed)) throw error;
      unread.set(kind, `Could not look at ${kindInfo(kind).resource} in ${cluster}: ${error.message}.`);
    }
  }
  const seen = new Set(reading.certificates.map(({ subject }) => subject.ref.name));
  for (const request of remembered) if (!seen.has(textAt(request, 'metadata', 'name') ?? '')) take(reading, 'CertificateSigningRequest', request);
  return mapOf(cluster, reading, { version: source.version, settings: NO_SETTINGS, now }, unread);
}

function take(reading: Reading, kind: Kind, object: RawObject): void {
  const namespace = textAt(object, 'metadata', 'namespace');
  const subject: Subject = { ref: { kind, ...(namespace !== undefined && { namespace }), name: textAt(object, 'metadata', 'name') ?? '' }, stock: false };
  switch (kind) {
    case 'Role':
    case 'ClusterRole':
      reading.rbacObjects.push(object);
      return rbac.add(reading.rbac, object, subject);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      reading.rbacObjects.push(object);
      reading.bindings.push(object);
      return rbac.add(reading.rbac, object, subject);
    case 'CertificateSigningRequest':
      return clientCertificates.add(reading.certificates, object, subject);
    case 'ServiceAccount':
      return serviceAccounts.add(reading.accounts, object, subject);
    case 'Secret':
      return tokenSecrets.add(reading.tokens, object, subject);
    default:
      if (isCloudMap(subject.ref) || isArgoConfig(object, subject)) reading.configMaps.push(object);
  }
}

/** Argo CD itself looks for this label; some installations are without it. */
function isArgoConfig(object: RawObject, { ref }: Subject): boolean {
  return ref.name === 'argocd-cm' && (ref.namespace === 'argocd' || textMapAt(object, 'metadata', 'labels').get('app.kubernetes.io/part-of') === 'argocd');
}

function mapOf(cluster: string, reading: Reading, context: CheckContext, unread: ReadonlyMap<Kind, string>): AccessMap {
  const users = new Map<string, AccessPath[]>();
  const groups = new Map<string, BindingPath[]>();
  for (const path of bindingPaths(cluster, reading, context, !unread.has('Role') && !unread.has('ClusterRole'))) {
    if (path.principal.kind === 'Group') add(groups, path.principal.name, path);
    else add(users, path.principal.name, path);
  }
  const problems: Unread[] = [...unread].map(([kind, text]) => ({ kind, text }));
  for (const object of reading.configMaps) {
    const found = textAt(object, 'metadata', 'name') === 'aws-auth' ? cloudUserPaths(cluster, object) : argoAccountPaths(cluster, object);
    if (found === undefined) problems.push({ kind: 'ConfigMap', text: `Could not look into ConfigMap kube-system/aws-auth in ${cluster}: its mapUsers are no YAML.` });
    for (const [user, path] of found ?? []) add(users, user, path);
  }
  for (const issued of reading.certificates) {
    if (issued.certificate === undefined) problems.push({ kind: 'CertificateSigningRequest', text: `Could not read the certificate of CertificateSigningRequest ${issued.subject.ref.name} in ${cluster}.` });
    else if (issued.certificate.expiresAtMs > context.now.getTime()) add(users, issued.certificate.user, certificatePath(issued.subject.ref.name, issued.certificate));
  }
  for (const token of reading.tokens) if (token.invalidSince === undefined) add(users, `system:serviceaccount:${token.namespace}:${token.account}`, tokenPath(token));
  for (const paths of [...users.values(), ...groups.values()]) paths.sort(byDanger);
  const exists = serviceAccounts.finish(reading.accounts, context).has;
  return {
    cluster,
    users,
    groups,
    seenGroups: (user) => seenGroupsOf(users.get(user) ?? []),
    whoCan: createWhoCan(reading.rbacObjects),
    dangling: unread.has('ServiceAccount') ? [] : [...users].flatMap(([user, paths]) => danglingOf(user, paths, exists)).sort(byDanger),
    unread: problems,
  };
}

function* bindingPaths(cluster: string, { rbac: collected, bindings: objects }: Reading, context: CheckContext, sawRoles: boolean): Generator<BindingPath> {
  const table = rbac.finish(collected, context);
  // The table holds the bindings in the order in which they were collected.
  for (const [at, object] of objects.entries()) {
    const binding = table.bindings[at];
    if (binding === undefined) throw new Error('a binding that was collected is not in the table');
    const rights = rightsOfBinding(binding, table, context.version, sawRoles);
    const address = addressOfBinding(cluster, object, binding);
    const manager = managerOf(object);
    const added = new Set(binding.added.map((subject) => principalOf({ ...subject }, subject.namespace)).filter((principal) => principal !== undefined).map(principalKey));
    for (const [index, item] of objectsAt(object, 'subjects')) {
      const principal = principalOf(item, binding.namespace);
      if (principal === undefined) continue;
      const key = `${cluster}/${address.kind}/${address.namespace ?? ''}/${address.name}#${principalKey(principal)}`;
      yield { type: 'binding', key, text: rights.text, rank: rights.rank, address, object, principal, index, item, rights, shipped: !added.has(principalKey(principal)), ...(manager && { manager }) };
    }
  }
}

function addressOfBinding(cluster: string, object: RawObject, { namespace, object: { ref } }: Binding): ObjectAddress {
  const isWide = namespace === undefined;
  return {
    cluster,
    apiVersion: textAt(object, 'apiVersion') ?? 'rbac.authorization.k8s.io/v1',
    kind: isWide ? 'ClusterRoleBinding' : 'RoleBinding',
    resource: kindInfo(isWide ? 'ClusterRoleBinding' : 'RoleBinding').resource,
    ...(namespace !== undefined && { namespace }),
    name: ref.name,
  };
}

/** What the cluster says about the groups of a user; an identity provider may say more, which only an audit log would show. */
function seenGroupsOf(paths: readonly AccessPath[]): readonly SeenGroup[] {
  return paths.flatMap((path): readonly SeenGroup[] => {
    if (path.type === 'certificate') return path.groups.map((group) => ({ group, from: 'certificate' }));
    if (path.type === 'cloud-user') return path.entry.groups.map((group) => ({ group, from: 'aws-auth' }));
    return [];
  });
}

function danglingOf(user: string, paths: readonly AccessPath[], exists: (namespace: string, name: string) => boolean): readonly BindingPath[] {
  const account = accountOf(user);
  if (account === undefined || exists(account.namespace, account.name)) return [];
  return paths.filter((path) => path.type === 'binding').filter(({ shipped }) => !shipped);
}

function add<Path>(paths: Map<string, Path[]>, name: string, path: Path): void {
  const known = paths.get(name);
  if (known === undefined) paths.set(name, [path]);
  else known.push(path);
}
