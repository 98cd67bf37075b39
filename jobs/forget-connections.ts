import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';

const DAY_MS = 24 * 3600_000;
/** What was approved and not seen for so long is asked about when it returns. */
const RETIRED_MS = 90 * DAY_MS;
const FORGOTTEN_MS = 2 * RETIRED_MS;

/** Keeps what is known of connections from growing for ever: pods, jobs and remotes come and go. */
export const job = defineJob({
  name: 'forget-connections',
  summary: 'Retire approved connections that were not seen for 90 days, and forget others after half a year, but none that was denied.',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 60_000,
  timeoutMs: 30 * 60_000,
  repeat: 'What is forgotten is gone; a repeat finds nothing of it.',
  async run(_, { connections, clock, log }, { signal }) {
    const now = clock.now().getTime();
    for (const { cluster } of connections.all()) {
      signal.throwIfAborted();
      await connections.adopt(cluster);
      for await (const some of connections.idle(cluster, 'approved', new Date(now - RETIRED_MS))) {
        signal.throwIfAborted();
        for (const connection of some) await connections.change(connection, { state: 'retired', ...(connection.request !== undefined && { request: connection.request }), ...(connection.decision && { decision: connection.decision }) });
      }
      const forgotten = await connections.forget(cluster, new Date(now - FORGOTTEN_MS));
      if (forgotten > 0) log.info({ cluster, forgotten }, 'connections that are not seen any more were forgotten');
    }
  },
});
