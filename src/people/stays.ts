import { ClusterUnreachable } from '#src/model/clusters.ts';
import { describeAddress, type AccessMap, type AccessPath, type BindingPath, type CertificatePath, type TokenPath } from './access-path.ts';
import { describeManager, type Manager } from './managed.ts';
import type { NamedAccess } from './person-access.ts';
import { MASTERS } from './who-can.ts';

/** `cluster-admin in the whole cluster (ClusterRoleBinding ops) stays in prod-eu: …` */
export function notTouched(cluster: string, path: AccessPath, why: string | Manager): string {
  const reason = typeof why === 'string' ? why : `the object is managed by ${describeManager(why)}, which would put it back, so change it in git`;
  const where = 'address' in path ? ` (${describeAddress(path.address)})` : '';
  return `${capital(path.text)}${where} stays in ${cluster}: ${reason}.`;
}

export function certificateStays(cluster: string, { expiresAt, groups }: CertificatePath): string {
  const power = groups.includes(MASTERS) ? `a member of ${MASTERS} may do everything with it until then` : 'with the bindings gone it can do nothing but what groups give';
  return `A client certificate in ${cluster} is valid to ${expiresAt.slice(0, 10)}: only a new certificate authority of the cluster ends it; ${power}.`;
}

export function tokenStays(cluster: string, { text }: TokenPath): string {
  return `The ${text} stays in ${cluster}: deleting the Secret ends it.`;
}

/** Groups that the cluster shows, unless what puts the person into them is taken away; and that others are not visible. */
export function groupStays(map: AccessMap, names: readonly NamedAccess[], removed: readonly string[]): readonly string[] {
  const left = names.flatMap(({ paths }) => paths).filter(({ key }) => !removed.includes(key));
  const groups = new Set(left.flatMap((path) => (path.type === 'cloud-user' ? path.entry.groups : path.type === 'certificate' ? path.groups : [])));
  const seen = [...groups].filter((group) => group !== MASTERS && map.groups.has(group)).map((group) => `Group ${group} (${groupRights(map.groups.get(group) ?? [])}) stays in ${map.cluster}: remove the person from the group where it is kept.`);
  const hasOthers = names.length > 0 && [...map.groups.keys()].some((group) => !group.startsWith('system:'));
  return [...seen, ...(hasOthers ? [`Groups that the identity provider puts the person into are not visible in ${map.cluster}: what they grant ends only there.`] : [])];
}

/** `edit in 3 namespaces, view in the whole cluster`; the most dangerous first. */
export function groupRights(paths: readonly BindingPath[]): string {
  const byRole = Map.groupBy(paths, ({ address, text }) => (address.namespace === undefined ? text : text.split(` in ${address.namespace}`)[0] ?? text));
  const parts = [...byRole].map(([role, bindings]) => {
    const [first] = bindings;
    if (first?.address.namespace === undefined || bindings.length === 1) return first?.text ?? role;
    return `${role} in ${bindings.length} namespaces`;
  });
  return parts.join(', ');
}

/** What could not be read may hide more. Secrets matter only to whoever has a ServiceAccount. */
export function unreadStays(map: AccessMap, names: readonly NamedAccess[]): readonly string[] {
  const hasAccount = names.some(({ user }) => user.startsWith('system:serviceaccount:'));
  return map.unread.filter(({ kind }) => kind !== 'Secret' || hasAccount).map(({ text }) => text);
}

/** What could not be read of the bindings, without which nobody can say that somebody has no access. */
export function unreadBindings({ unread }: Pick<AccessMap, 'unread'>): readonly string[] {
  return unread.filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding').map(({ text }) => text);
}

/** Before it is said that there is nothing to take away. @throws {ClusterUnreachable} when bindings could not be read */
export function requireBindings(maps: readonly AccessMap[]): void {
  const texts = maps.flatMap(unreadBindings);
  if (texts.length > 0) throw new ClusterUnreachable(texts.join(' ').replace(/\.$/, ''));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
