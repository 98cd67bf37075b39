import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';

/** What was opened for a time ends by what its policy says itself, should the request that knows of it be lost. */
export const job = defineJob({
  name: 'sweep-policies',
  summary: 'End what had its time in the bot’s own policies although its request did not, and find policies whose requests are not known any more.',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 30_000,
  timeoutMs: 10 * 60_000,
  repeat: 'A part that was taken out is not there any more; a repeat finds nothing to do.',
  run: (_, { ownPolicies }, { signal }) => ownPolicies.sweep(signal),
});
