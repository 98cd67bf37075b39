import { defineCommand } from '#src/model/command.ts';
import { template as clusterList } from '#templates/clusters.ts';
import { template as notice } from '#templates/notice.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';

/**
 * Draws the network map of a cluster and posts it where it was asked for.
 *
 * With several clusters and none named it asks which one.
 */
export const command = defineCommand({
  name: 'map',
  usage: 'map [cluster] [--namespace NAME]',
  summary: 'Draw who can connect to whom in a cluster, and what the internet reaches.',
  examples: ['map', 'map prod-eu', 'map prod-eu -n shop'],
  access: 'viewer',
  maxWords: 1,
  flags: { namespace: { type: 'string', short: 'n', value: 'NAME', text: 'Draw only this namespace, and what it is connected with.' } },
  async run({ words, options: { namespace } }, caller, services) {
    const [name] = words;
    const permitted = name === undefined ? await permittedClusters('viewer', caller, services) : [await permittedCluster(name, 'viewer', caller, services)];
    const [cluster] = permitted;
    if (cluster === undefined || permitted.length > 1) {
      const rest = namespace === undefined ? [] : ['--namespace', namespace];
      const lines = permitted.map(({ name: one, production, schedule, timeZone }) => ({ name: one, production, schedule, timeZone }));
      return { message: clusterList.render({ clusters: lines, choose: { command: 'map', rest } }, services) };
    }
    await services.maps.ask({ cluster: cluster.name, ...(namespace !== undefined && { namespace }), channel: caller.channelId, person: caller.userId });
    return { message: notice.render({ text: `The network map of ${cluster.name} is being drawn. It comes to this conversation.` }, services) };
  },
});
