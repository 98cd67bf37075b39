import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { drawMap, orTell, postFailure, postMap, type MapOrder } from './support/draw-map.ts';

const payload = z.strictObject({ id: z.string(), cluster: z.string(), namespace: z.string().optional(), channel: z.string(), person: z.string() });

/** Draws the network map of a cluster and posts it where it was asked for. */
export const job = defineJob({
  name: 'draw-map',
  summary: 'Draw the network map of a cluster, compared with the one of an earlier day, and post it.',
  payload,
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 'scan',
  repeat: 'What is posted is named after what was asked for, and the map of a day takes the place of another one of that day.',
  async run(asked, services, run) {
    const order = orderOf(asked);
    await orTell(order, services, run, async () => postMap(order, await drawMap(order, services, run.signal), services, run.signal));
  },
  onGivenUp: (asked, services, reason) => postFailure(orderOf(asked), services, reason),
});

function orderOf({ namespace, ...asked }: z.infer<typeof payload>): MapOrder {
  return { ...asked, ...(namespace !== undefined && { namespace }) };
}
