import { ClusterUnreachable } from '#src/model/clusters.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import { booleanAt } from '#src/model/raw.ts';
import type { ApiClient } from './request.ts';
import { jsonBody } from './status.ts';

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** One right as Kubernetes is asked about it; without a namespace it is meant in all of them, without a name with all objects. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** As RBAC names it, such as `nodes/proxy`. */
  readonly resource: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Those of the kinds that may not be listed in the whole cluster. @throws {ClusterUnreachable} when the API server does not answer the question. */
export async function notListable(client: ApiClient, kinds: readonly Kind[], signal: AbortSignal): Promise<readonly Kind[]> {
  const right = (kind: Kind): Right => ({ verb: 'list', group: kindInfo(kind).groups[0] ?? '', resource: kindInfo(kind).resource });
  return without(client, kinds, right, signal);
}

/** Those of the rights that the bot does not have. @throws {ClusterUnreachable} likewise. */
export async function notHeld(client: ApiClient, rights: readonly Right[], signal: AbortSignal): Promise<readonly Right[]> {
  return without(client, rights, (right) => right, signal);
}

async function without<Item>(client: ApiClient, items: readonly Item[], rightOf: (item: Item) => Right, signal: AbortSignal): Promise<readonly Item[]> {
  const answers = await Promise.all(items.map(async (item) => ({ item, allowed: await holds(client, rightOf(item), signal) })));
  return answers.filter(({ allowed }) => !allowed).map(({ item }) => item);
}

/** Asks what changes nothing and needs no right, so that the audit log has it with this user agent. @throws {ClusterUnreachable} likewise. */
export async function askAs(userAgent: string, client: ApiClient, signal: AbortSignal): Promise<void> {
  await holds(client, { verb: 'list', group: '', resource: 'pods' }, signal, userAgent);
}

async function holds(client: ApiClient, right: Right, signal: AbortSignal, userAgent?: string): Promise<boolean> {
  const [resource, subresource] = right.resource.split('/');
  const resourceAttributes = { ...right, resource, ...(subresource !== undefined && { subresource }) };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const response = await client.send({ path: PATH, method: 'POST', body, ...(userAgent !== undefined && { userAgent }) }, signal);
  const allowed = booleanAt(jsonBody(response), 'status', 'allowed');
  if (response.status !== 201 || allowed === undefined) throw new ClusterUnreachable(`the API server does not tell what the bot may do (${response.status})`);
  return allowed;
}
