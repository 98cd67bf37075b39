import { defineCommand } from '#src/model/command.ts';
import { template } from '#templates/clusters.ts';
import { lastLook } from './support/cluster-status.ts';
import { permittedClusters } from './support/clusters.ts';

/** Lists the clusters that are watched, as far as the caller may see them. */
export const command = defineCommand({
  name: 'clusters',
  usage: 'clusters',
  summary: 'List the clusters that are watched.',
  examples: ['clusters'],
  access: 'viewer',
  maxWords: 0,
  flags: {},
  async run(_, caller, services) {
    const permitted = await permittedClusters('viewer', caller, services);
    const clusters = await Promise.all(
      permitted.map(async ({ name, production, channel, schedule, timeZone }) => {
        const state = await services.scans.state(name);
        return {
          name,
          production,
          schedule,
          timeZone,
          ...(channel !== undefined && { channel }),
          ...(state && { ...lastLook(state), version: state.version }),
        };
      }),
    );
    return { message: template.render({ clusters }, services) };
  },
});
