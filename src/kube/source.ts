import { ClusterUnreachable } from '#src/model/clusters.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import { objectsAt, textAt } from '#src/model/raw.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { OLDEST_SUPPORTED, parseVersion, type KubernetesVersion } from '#src/model/version.ts';
import { listKind } from './list.ts';
import { SilentServer, type ApiClient } from './request.ts';
import { jsonBody } from './status.ts';

/** Without a group list every built-in kind is asked for in this version, which all supported clusters serve. */
const BUILT_IN_VERSION = 'v1';

/**
 * A cluster as a source of objects.
 *
 * @throws {ClusterUnreachable} when the API server does not answer as one, or is too old.
 */
export async function openCluster(client: ApiClient, signal: AbortSignal): Promise<ObjectSource> {
  const version = await readVersion(client, signal);
  const groups = await readGroups(client, signal);
  const connection = client.certificates();
  return {
    version,
    complete: true,
    ...(connection && { connection }),
    async *list(kind: Kind, listSignal: AbortSignal) {
      if (kindInfo(kind).fileOnly) throw new NotListed('it is a file of a component, which no API server serves', true);
      const apiVersion = apiVersionOf(kind, groups);
      if (apiVersion === undefined) throw new NotListed(`the API server does not serve ${kindInfo(kind).resource}`, true);
      for await (const items of listKind(client, { kind, apiVersion }, listSignal)) yield items.map((object) => ({ object }));
    },
  };
}

export async function readVersion(client: ApiClient, signal: AbortSignal): Promise<KubernetesVersion> {
  const response = await client.send({ path: '/version' }, signal).catch((error: unknown) => {
    if (error instanceof SilentServer) throw new ClusterUnreachable(`the API server did not answer: ${error.message}`);
    throw error;
  });
  if (response.status === 401) throw new ClusterUnreachable('the API server refuses the credentials of the bot');
  if (response.status === 403) throw new ClusterUnreachable('the API server does not tell the bot its version; bind it to system:public-info-viewer');
  if (response.status === 429) throw new ClusterUnreachable('the API server is too busy (429)');
  if (response.status >= 500) throw new ClusterUnreachable(`the API server does not work (${response.status})`);
  const version = parseVersion(textAt(jsonBody(response), 'gitVersion') ?? '');
  if (version === undefined) throw new ClusterUnreachable('what answers there is no Kubernetes API server');
  if (version.minor < OLDEST_SUPPORTED.minor) throw new ClusterUnreachable(`Kubernetes 1.${version.minor} is too old; the oldest that is read is 1.${OLDEST_SUPPORTED.minor}`);
  return version;
}

/** Preferred version by group; undefined when the server does not tell, so that nothing is taken for absent. */
async function readGroups(client: ApiClient, signal: AbortSignal): Promise<ReadonlyMap<string, string> | undefined> {
  const response = await client.send({ path: '/apis' }, signal).catch((error: unknown) => {
    if (error instanceof SilentServer) return undefined;
    throw error;
  });
  if (response?.status !== 200) return undefined;
  const groups = objectsAt(jsonBody(response), 'groups');
  if (groups.length === 0) return undefined;
  return new Map(groups.map(([, group]) => [textAt(group, 'name') ?? '', textAt(group, 'preferredVersion', 'version') ?? BUILT_IN_VERSION]));
}

function apiVersionOf(kind: Kind, groups: ReadonlyMap<string, string> | undefined): string | undefined {
  const [group = ''] = kindInfo(kind).groups;
  if (group === '') return BUILT_IN_VERSION;
  const preferred = groups === undefined ? BUILT_IN_VERSION : groups.get(group);
  return preferred === undefined ? undefined : `${group}/${kindInfo(kind).version ?? preferred}`;
}
