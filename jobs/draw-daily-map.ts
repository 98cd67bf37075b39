import { z } from 'zod';
import { changes } from '#src/map/words.ts';
import { defineJob } from '#src/model/job.ts';
import { drawMap, orTell, postFailure, postMap } from './support/draw-map.ts';

/** Draws the map that a cluster's schedule asks for, and posts it when a connection has become possible or is not any more. */
export const job = defineJob({
  name: 'draw-daily-map',
  summary: 'Draw the network map of a cluster by schedule, and post it only when connections are new or gone since an earlier day.',
  payload: z.strictObject({ cluster: z.string(), due: z.iso.datetime() }),
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 'scan',
  repeat: 'What is posted is named after the cluster and the time it was due; the map of a day takes the place of another one of that day, and is compared with an earlier day.',
  async run({ cluster: name, due }, services, run) {
    const cluster = services.clusters.find(name);
    if (cluster === undefined) {
      services.log.warn({ cluster: name }, 'a map was due of a cluster that is not watched any more');
      return;
    }
    const { channel } = cluster;
    const order = { id: idOf(name, due), cluster: name };
    await orTell({ ...order, channel }, services, run, async () => {
      const map = await drawMap(order, services, run.signal);
      const { fresh, gone } = changes(map.picture);
      if (channel !== undefined && fresh.length + gone.length > 0) await postMap({ ...order, channel }, map, services, run.signal);
    });
  },
  onGivenUp: ({ cluster, due }, services, reason) => postFailure({ id: idOf(cluster, due), cluster, channel: services.clusters.find(cluster)?.channel }, services, reason),
});

function idOf(cluster: string, due: string): string {
  return `daily/${cluster}/${due}`;
}
