import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Authorizer } from '../access/authorizer.ts';
import type { Attributes } from '../access/rules.ts';
import { AUTHENTICATED, serviceAccountGroups, serviceAccountOf, type User } from '../access/user.ts';
import type { Users } from '../access/users.ts';
import { badRequest, forbidden, unauthorized } from '../status.ts';

const EXTRA_HEADER = 'impersonate-extra-';

/** Who sends the request. @throws Failure with status 401 for credentials that are wrong. */
export function authenticate(request: IncomingMessage, users: Users): User {
  const certified = userOfCertificate(request);
  if (certified !== undefined) return certified;
  const { authorization } = request.headers;
  if (authorization === undefined) return users.anonymous;
  const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
  const user = token === undefined ? undefined : users.byToken(token);
  if (user === undefined) throw unauthorized();
  return user;
}

function userOfCertificate({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate() as Partial<ReturnType<TLSSocket['getPeerCertificate']>>;
  if (subject?.CN === undefined || fingerprint256 === undefined) return undefined;
  if (!socket.authorized) throw unauthorized();
  const organizations = subject.O as string | readonly string[] | undefined;
  const groups = organizations === undefined ? [] : typeof organizations === 'string' ? [organizations] : [...organizations];
  const id = `X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`;
  return { name: String(subject.CN), groups: [...groups, AUTHENTICATED], extra: { 'authentication.kubernetes.io/credential-id': [id] } };
}

/** Who the sender acts as, with `kubectl --as` for instance. @throws Failure when they may not. */
export function impersonate(user: User, { headers, headersDistinct }: IncomingMessage, authorizer: Authorizer): User {
  const name = first(headers['impersonate-user']);
  const groups = headersDistinct['impersonate-group'] ?? [];
  const uid = first(headers['impersonate-uid']);
  const extra = Object.entries(headersDistinct).filter(([header]) => header.startsWith(EXTRA_HEADER));
  if (name === undefined) {
    if (groups.length > 0 || uid !== undefined || extra.length > 0) throw badRequest(`requested [{UID  ${uid ?? ''}  authentication.k8s.io/v1  }] without impersonating a user name`);
    return user;
  }
  const may = (resource: string, about: string, { namespace = '', group = '', subresource = '' } = {}): void => {
    const attributes: Attributes = { verb: 'impersonate', isResource: true, group, resource, subresource, name: about, namespace, path: '' };
    const { allowed, reason } = authorizer.decide(user, attributes);
    if (!allowed) throw forbidden({ group, resource }, about, denial(user, attributes, reason));
  };
  const [namespace, account] = serviceAccountOf(name) ?? [];
  if (namespace !== undefined && account !== undefined) may('serviceaccounts', account, { namespace });
  else may('users', name);
  for (const group of groups) may('groups', group);
  if (uid !== undefined) may('uids', uid, { group: 'authentication.k8s.io' });
  for (const [header, values = []] of extra) {
    for (const value of values) may('userextras', value, { group: 'authentication.k8s.io', subresource: decodeURIComponent(header.slice(EXTRA_HEADER.length)) });
  }
  const own = namespace === undefined ? [] : groups.length > 0 ? [] : serviceAccountGroups(namespace);
  const known = name === 'system:anonymous' ? ['system:unauthenticated'] : [AUTHENTICATED];
  return {
    name,
    ...(uid !== undefined && { uid }),
    groups: [...new Set([...groups, ...own, ...known])],
    ...(extra.length > 0 && { extra: Object.fromEntries(extra.map(([header, values = []]) => [decodeURIComponent(header.slice(EXTRA_HEADER.length)), values])) }),
  };
}

function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** `User "x" cannot list resource "pods" in API group "" at the cluster scope`, with the reason if there is one. */
export function denial(user: User, attributes: Attributes, reason: string): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${attributes.verb}`;
  const why = reason === '' ? '' : `: ${reason}`;
  if (!attributes.isResource) return `${who} path ${JSON.stringify(attributes.path)}${why}`;
  const resource = attributes.subresource === '' ? attributes.resource : `${attributes.resource}/${attributes.subresource}`;
  const where = attributes.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(attributes.namespace)}`;
  return `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(attributes.group)} ${where}${why}`;
}
