import { configFor } from '#src/kube/contexts.ts';
import { createApiClient } from '#src/kube/request.ts';
import { objectAccess, type ObjectAccess } from '#src/kube/write.ts';
import { NODE_FILES_NAMESPACE, nodeReportObject, type NodeReport } from '#src/model/node-files.ts';

/** Writes a report into the cluster of the pod that this process runs in. @throws {ClusterUnreachable} or {ChangeFailed} */
export async function publishNodeReport(node: string, report: NodeReport, signal: AbortSignal): Promise<void> {
  const client = createApiClient(configFor({ inCluster: true }));
  try {
    await writeNodeReport(objectAccess(client), node, report, signal);
  } finally {
    client.close();
  }
}

/** Makes the ConfigMap of the node, or replaces everything that it holds. */
export async function writeNodeReport(cluster: Pick<ObjectAccess, 'get' | 'create' | 'patch'>, node: string, report: NodeReport, signal: AbortSignal): Promise<void> {
  const address = { cluster: 'in-cluster', apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespace: NODE_FILES_NAMESPACE, name: node };
  const object = nodeReportObject(node, report);
  if ((await cluster.get(address, signal)) === undefined) await cluster.create(address, object, {}, signal);
  else await cluster.patch(address, [{ op: 'add', path: '/data', value: object.data }], {}, signal);
}
