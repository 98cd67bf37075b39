import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { template as notBlocked } from '#templates/not-blocked.ts';

/** Asks for approval to block what people have denied, where the cluster is not only watched. */
export const job = defineJob({
  name: 'block-denied',
  summary: 'Ask for approval to block a connection that was denied.',
  payload: z.strictObject({
    cluster: z.string(),
    connections: z.array(z.string()).min(1),
    /** Of the denial, and whose it was. */
    reason: z.string(),
    by: z.string(),
    channel: z.string(),
    /** The request that was denied. */
    request: z.string(),
  }),
  attempts: 5,
  backoffMs: 30_000,
  timeoutMs: 5 * 60_000,
  repeat: 'Asking to block what is asked to be blocked already joins that request.',
  async run({ cluster, connections, reason, by, channel, request }, { approvals, outbox }, { signal }) {
    try {
      await approvals.ask('block-connection', { cluster, connections, reason: `denied by ${by}: ${reason}` }, { requester: { name: 'k8ssec' }, channel }, signal);
    } catch (error) {
      if (!(error instanceof NothingToPropose)) throw error;
      await outbox.put({ id: `request/${request}/not-blocked`, channel, thread: `request/${request}`, template: notBlocked, data: { text: `Not blocked: ${error.message}`, ...(error.patch !== undefined && { patch: error.patch }) } });
    }
  },
});
