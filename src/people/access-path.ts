import type { CloudUser } from '#src/model/cloud-users.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { BindingRights } from './binding-rights.ts';
import type { Manager } from './managed.ts';
import type { Principal, WhoCan } from './who-can.ts';

interface PathBase {
  /** Same text for the same place, also when it is read again. */
  readonly key: string;
  /** What it lets somebody do: `cluster-admin in the whole cluster`. */
  readonly text: string;
  /** The smaller, the more dangerous. */
  readonly rank: number;
}

/** A subject of a binding. */
export interface BindingPath extends PathBase {
  readonly type: 'binding';
  readonly address: ObjectAddress;
  readonly object: RawObject;
  readonly principal: Principal;
  /** Of the subject in the binding's list. */
  readonly index: number;
  readonly item: RawObject;
  readonly rights: BindingRights;
  /** Kubernetes, an installer or the provider ships the binding with this subject. */
  readonly shipped: boolean;
  readonly manager?: Manager;
}

/** An entry of EKS's `mapUsers`. */
export interface CloudUserPath extends PathBase {
  readonly type: 'cloud-user';
  readonly address: ObjectAddress;
  readonly object: RawObject;
  readonly entry: CloudUser;
  readonly manager?: Manager;
}

/** A client certificate that the cluster issued and that has not ended. */
export interface CertificatePath extends PathBase {
  readonly type: 'certificate';
  readonly request: string;
  readonly groups: readonly string[];
  /** ISO 8601 */
  readonly expiresAt: string;
}

/** A local account of Argo CD. */
export interface ArgoAccountPath extends PathBase {
  readonly type: 'argo-account';
  readonly address: ObjectAddress;
  readonly object: RawObject;
  readonly account: string;
  /** The text of `accounts.<name>.enabled`; undefined where there is none, which is enabled. */
  readonly enabled: string | undefined;
  readonly manager?: Manager;
}

/** A token of a ServiceAccount that never ends, and that somebody may hold a copy of. */
export interface TokenPath extends PathBase {
  readonly type: 'token';
  readonly secret: string;
  readonly namespace: string;
  /** Day, as far as Kubernetes recorded it. */
  readonly lastUsed: string | undefined;
}

/** One place where somebody's access lives. */
export type AccessPath = BindingPath | CloudUserPath | CertificatePath | ArgoAccountPath | TokenPath;

/** A group that a user of the cluster is in, as far as the cluster shows it. */
export interface SeenGroup {
  readonly group: string;
  readonly from: 'aws-auth' | 'certificate';
}

/** Every place in one cluster where access of users and groups lives. */
export interface AccessMap {
  readonly cluster: string;
  /** By the name of the user, or of the Argo CD account; the most dangerous path first. */
  readonly users: ReadonlyMap<string, readonly AccessPath[]>;
  /** Bindings to groups, by the group. Who is in them is not known here, but for `seenGroups`. */
  readonly groups: ReadonlyMap<string, readonly BindingPath[]>;
  readonly seenGroups: (user: string) => readonly SeenGroup[];
  readonly whoCan: WhoCan;
  /** Bindings that somebody wrote for ServiceAccounts that do not exist. */
  readonly dangling: readonly BindingPath[];
  /** What could not be looked at. It may hide more access. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly kind: Kind;
  /** What and why: a whole sentence that names the cluster. */
  readonly text: string;
}

/** The most dangerous first; the same order every time. */
export function byDanger(a: PathBase, b: PathBase): number {
  return a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/** `ClusterRoleBinding ops-bob`, `RoleBinding shop/edit-bob`. */
export function describeAddress({ kind, namespace, name }: Pick<ObjectAddress, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** A path with the object that it stands in and the group that it is for. */
export function describePath(path: AccessPath): string {
  const where = 'address' in path ? ` (${describeAddress(path.address)})` : '';
  return `${path.text}${where}${path.type === 'binding' && path.principal.kind === 'Group' ? `, by group ${path.principal.name}` : ''}`;
}
