import type { ClusterSelection, Config } from '#src/config/config.ts';
import { ConfigError } from '#src/config/faults.ts';
import { configFor, currentContext, type ClusterAddress } from '#src/kube/contexts.ts';
import { askAs } from '#src/kube/permissions.ts';
import { createApiClient } from '#src/kube/request.ts';
import { withKubelets } from '#src/kube/kubelets.ts';
import { openCluster } from '#src/kube/source.ts';
import { objectAccess } from '#src/kube/write.ts';
import { trySsh } from '#src/kube/try-ssh.ts';
import { ClusterUnreachable, type Cluster, type Clusters } from '#src/model/clusters.ts';
import { markingAgent } from '#src/model/self-test.ts';

/** A cluster with how it is reached. */
export interface AddressedCluster {
  readonly cluster: Cluster;
  readonly address: ClusterAddress;
}

type ClusterConfig = Pick<Config, 'channel' | 'scanSchedule' | 'mapSchedule' | 'timeZone' | 'kubeconfig'>;

/** The clusters of a configuration. `demo` is the kubeconfig of the sandbox's cluster. @throws {ClusterUnreachable} without any kubeconfig. */
export function addressedClusters(selection: ClusterSelection, config: ClusterConfig, demo?: string): readonly AddressedCluster[] {
  const plain = (name: string): Cluster => ({ name, production: false, channel: config.channel, schedule: config.scanSchedule, mapSchedule: config.mapSchedule, timeZone: config.timeZone });
  const kubeconfig = config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig };
  switch (selection.from) {
    case 'demo':
      return [{ cluster: plain('demo'), address: { text: demo ?? '' } }];
    case 'in-cluster':
      return [{ cluster: plain('in-cluster'), address: { inCluster: true } }];
    case 'current-context': {
      const context = currentContext(config.kubeconfig);
      if (context === undefined) throw new ClusterUnreachable('no cluster is configured: there is no kubeconfig with a current context, and this process does not run in a cluster');
      return [{ cluster: plain(context), address: { ...kubeconfig, context } }];
    }
    case 'named':
      return selection.clusters.map(({ name, context, kubeconfig: own, inCluster, production, channel, schedule, mapSchedule, timeZone, probeSsh, readKubelets }) => ({
        cluster: {
          ...plain(name),
          production,
          ...(channel !== undefined && { channel }),
          ...(schedule !== undefined && { schedule }),
          ...(mapSchedule !== undefined && { mapSchedule }),
          ...(probeSsh && { probeSsh }),
          ...(readKubelets && { readKubelets }),
          ...(timeZone !== undefined && { timeZone }),
        },
        address: inCluster ? { inCluster: true } : { ...kubeconfig, ...(own !== undefined && { kubeconfig: own }), context: context ?? name },
      }));
  }
}

/** Only a kubeconfig may tell what the one cluster is called. @throws {ConfigError} about events of a cluster that is not watched: they would be taken, and nobody would look at them. */
export function assertWatched({ events }: Pick<Config, 'events'>, clusters: readonly AddressedCluster[]): void {
  const names = clusters.map(({ cluster: { name } }) => name);
  const unknown = events.filter(({ cluster }) => !names.includes(cluster));
  if (unknown.length > 0) throw new ConfigError(unknown.map(({ cluster }) => ({ name: 'events', problem: `names the cluster ${cluster}, which is not watched; watched: ${names.join(', ')}` })));
}

/** Clusters by name. The kubeconfig is read anew for each scan, so that new credentials hold without a restart. */
export function createClusters(addressed: readonly AddressedCluster[], settings: Clusters['settings']): Clusters {
  return {
    settings,
    all: () => addressed.map(({ cluster }) => cluster),
    find: (name) => addressed.find(({ cluster }) => cluster.name === name)?.cluster,
    async open(name, signal) {
      const found = addressed.find(({ cluster }) => cluster.name === name);
      if (found === undefined) throw new ClusterUnreachable(`the cluster ${name} is not watched any more`);
      const client = createApiClient(configFor(found.address));
      try {
        const source = await openCluster(client, signal);
        return { ...(found.cluster.readKubelets ? withKubelets(source, client) : source), ...objectAccess(client), ...(found.cluster.probeSsh && { trySsh }), leaveMark: (mark, within) => askAs(markingAgent(mark), client, within), close: client.close };
      } catch (error) {
        client.close();
        throw error;
      }
    },
  };
}
