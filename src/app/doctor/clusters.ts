import type { Config } from '#src/config/config.ts';
import { ConfigError } from '#src/config/faults.ts';
import { configFor } from '#src/kube/contexts.ts';
import { KUBELET_RIGHT } from '#src/kube/kubelets.ts';
import { notHeld, notListable } from '#src/kube/permissions.ts';
import { createApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { kindsOf } from '#src/model/check.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import { formatVersion } from '#src/model/version.ts';
import { checks } from '#src/checks/index.gen.ts';
import { addressedClusters, assertWatched, type AddressedCluster } from '../clusters.ts';
import { examineEnforcement } from './enforcement.ts';
import type { Verdict } from './verdict.ts';

const about = 'Cluster';
const CLUSTER_MS = 20_000;

/** Whether each cluster answers, and what the bot may read and change there. */
export async function* examineClusters(config: Config): AsyncGenerator<Verdict> {
  if (config.clusters.from === 'demo') {
    yield { level: 'warn', about, text: 'no cluster is configured: the demo cluster is used. Name clusters in the configuration file or with --context.' };
    return;
  }
  let clusters: readonly AddressedCluster[];
  try {
    clusters = addressedClusters(config.clusters, config);
    assertWatched(config, clusters);
  } catch (error) {
    if (!(error instanceof ClusterUnreachable || error instanceof ConfigError)) throw error;
    yield { level: 'fail', about, text: `${error.message}.` };
    return;
  }
  for (const cluster of clusters) yield* examineCluster(cluster, config);
}

async function* examineCluster({ cluster: { name, readKubelets }, address }: AddressedCluster, { people }: Config): AsyncGenerator<Verdict> {
  const signal = AbortSignal.timeout(CLUSTER_MS);
  try {
    const client = createApiClient(configFor(address));
    try {
      const { version } = await openCluster(client, signal);
      yield { level: 'ok', about, text: `${name}: Kubernetes ${formatVersion(version)}` };
      const read = [...new Set(checks.flatMap(kindsOf))].filter((kind) => !kindInfo(kind).addOn);
      for (const kind of await notListable(client, read, signal)) yield missingPermission(name, kind);
      if (readKubelets && (await notHeld(client, [KUBELET_RIGHT], signal)).length > 0) yield { level: 'warn', about, text: `${name}: no permission to get nodes/proxy, which readKubelets needs. Apply k8ssec-kubelets.gen.yaml, or leave readKubelets out.` };
      yield* examineEnforcement(name, people.access.temporaryRoles, client, signal);
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof ClusterUnreachable) && !signal.aborted) throw error;
    yield { level: 'fail', about, text: `${name}: ${error instanceof ClusterUnreachable ? error.message : 'the API server did not answer'}.` };
  }
}

function missingPermission(cluster: string, kind: Kind): Verdict {
  const { resource, optional } = kindInfo(kind);
  const count = checks.filter((check) => kindsOf(check).includes(kind)).length;
  const what = `${cluster}: no permission to list ${resource}, so ${count === 1 ? 'one check is' : `${count} checks are`} not (wholly) evaluated`;
  return { level: 'warn', about, text: optional ? `${what}. This is optional: bind the ClusterRole k8ssec-scan-optional if you want it.` : `${what}. Bind the ClusterRole k8ssec-scan.` };
}
