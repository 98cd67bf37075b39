import type { TokenSecret } from '#src/facts/token-secrets.ts';
import type { ClientCertificate } from '#src/model/certificate.ts';
import { MAP_USERS, readCloudUsers } from '#src/model/cloud-users.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import type { ArgoAccountPath, CertificatePath, CloudUserPath, TokenPath } from './access-path.ts';
import { managerOf } from './managed.ts';
import { MASTERS } from './who-can.ts';

/** Members of `system:masters` are above all bindings. */
const MASTERS_RANK = -1;
const CLOUD_USER_RANK = 60;
const CERTIFICATE_RANK = 70;
const TOKEN_RANK = 80;
const ARGO_RANK = 90;
const ACCOUNT = /^accounts\.([^.]+)$/;
/** Argo CD's own, which has a switch of its own. */
const ARGO_ADMIN = 'admin';

/** The entries of `mapUsers` by the user that they make; undefined when it is no YAML. */
export function cloudUserPaths(cluster: string, object: RawObject): readonly (readonly [user: string, path: CloudUserPath])[] | undefined {
  const entries = readCloudUsers(textAt(object, 'data', MAP_USERS) ?? '');
  const manager = managerOf(object);
  const address = addressOfConfigMap(cluster, object);
  return entries?.map((entry) => {
    const isMaster = entry.groups.includes(MASTERS);
    const key = `${cluster}/aws-auth#${entry.arn}/${entry.user}`;
    const groups = entry.groups.length === 0 ? 'no groups' : `groups ${entry.groups.join(', ')}`;
    const text = isMaster ? `everything in the whole cluster, as ${entry.arn} in ${MASTERS}` : `signs in as ${entry.arn}, with ${groups}`;
    return [entry.user, { type: 'cloud-user', key, text, rank: isMaster ? MASTERS_RANK : CLOUD_USER_RANK, address, object, entry, ...(manager && { manager }) }];
  });
}

/** Accounts of Argo CD that are not switched off. */
export function argoAccountPaths(cluster: string, object: RawObject): readonly (readonly [user: string, path: ArgoAccountPath])[] {
  const data = textMapAt(object, 'data');
  const manager = managerOf(object);
  const address = addressOfConfigMap(cluster, object);
  return [...data].flatMap(([field, abilities]): readonly (readonly [string, ArgoAccountPath])[] => {
    const account = ACCOUNT.exec(field)?.[1];
    if (account === undefined || account === ARGO_ADMIN) return [];
    const enabled = data.get(enabledField(account));
    if (enabled === 'false') return [];
    const key = `${cluster}/${address.namespace ?? ''}/argocd-cm#${account}`;
    return [[account, { type: 'argo-account', key, text: `account ${account} of Argo CD (${abilities.trim() || 'no abilities'})`, rank: ARGO_RANK, address, object, account, enabled, ...(manager && { manager }) }]];
  });
}

export function enabledField(account: string): string {
  return `accounts.${account}.enabled`;
}

export function certificatePath(request: string, { groups, expiresAtMs }: ClientCertificate): CertificatePath {
  const expiresAt = new Date(expiresAtMs).toISOString();
  const isMaster = groups.includes(MASTERS);
  const power = isMaster ? `, in ${MASTERS}: everything in the whole cluster` : groups.length > 0 ? `, in the groups ${groups.join(', ')}` : '';
  return { type: 'certificate', key: `certificate/${request}`, text: `client certificate valid to ${expiresAt.slice(0, 10)}${power}`, rank: isMaster ? MASTERS_RANK : CERTIFICATE_RANK, request, groups, expiresAt };
}

export function tokenPath({ subject, namespace, account, lastUsed }: TokenSecret): TokenPath {
  const secret = subject.ref.name;
  const used = lastUsed === undefined ? '' : `, last used ${lastUsed}`;
  return { type: 'token', key: `token/${namespace}/${secret}`, text: `token of ServiceAccount ${namespace}/${account} that never ends (Secret ${secret}${used})`, rank: TOKEN_RANK, secret, namespace, lastUsed };
}

function addressOfConfigMap(cluster: string, object: RawObject): ObjectAddress {
  const namespace = textAt(object, 'metadata', 'namespace');
  return { cluster, apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', ...(namespace !== undefined && { namespace }), name: textAt(object, 'metadata', 'name') ?? '' };
}
