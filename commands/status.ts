import { defineCommand } from '#src/model/command.ts';
import { template } from '#templates/status.ts';
import { clusterStatus } from './support/cluster-status.ts';
import { permittedClusters } from './support/clusters.ts';

/** Tells how the clusters are as far as is known, and how the bot itself is. */
export const command = defineCommand({
  name: 'status',
  usage: 'status',
  summary: 'Show last scans, what could not be looked at, and how the bot is.',
  examples: ['status'],
  access: 'viewer',
  maxWords: 0,
  flags: {},
  async run(_, caller, services) {
    const permitted = await permittedClusters('viewer', caller, services);
    const [clusters, health] = await Promise.all([Promise.all(permitted.map((cluster) => clusterStatus(cluster, services))), services.health.report()]);
    return { message: template.render({ clusters, health }, services) };
  },
});
