import { ClusterUnreachable } from '#src/model/clusters.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import { booleanAt } from '#src/model/raw.ts';
import type { ApiClient } from './request.ts';
import { jsonBody } from './status.ts';

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Those of the kinds that may not be listed in the whole cluster. @throws {ClusterUnreachable} when the API server does not answer the question. */
export async function notListable(client: ApiClient, kinds: readonly Kind[], signal: AbortSignal): Promise<readonly Kind[]> {
  const answers = await Promise.all(kinds.map(async (kind) => ({ kind, allowed: await mayList(client, kind, signal) })));
  return answers.filter(({ allowed }) => !allowed).map(({ kind }) => kind);
}

async function mayList(client: ApiClient, kind: Kind, signal: AbortSignal): Promise<boolean> {
  const { groups, resource } = kindInfo(kind);
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: 'list', group: groups[0] ?? '', resource } } };
  const response = await client.send({ path: PATH, method: 'POST', body }, signal);
  const allowed = booleanAt(jsonBody(response), 'status', 'allowed');
  if (response.status !== 201 || allowed === undefined) throw new ClusterUnreachable(`the API server does not tell what the bot may do (${response.status})`);
  return allowed;
}
