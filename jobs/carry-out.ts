import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';

/** Makes the changes of an approved request, or takes them back when they were undone or have had their time. */
export const job = defineJob({
  name: 'carry-out',
  summary: 'Carry out an approved request, or take its effect back.',
  payload: z.strictObject({ request: z.string() }),
  attempts: 5,
  backoffMs: 2000,
  timeoutMs: 300_000,
  repeat: 'Each step is stored before the next one, by one winner; a change that was made already is recognised as made.',
  run: ({ request }, { approvalRuns }, { signal, last }) => approvalRuns.advance(request, signal, last),
  onGivenUp: ({ request }, { approvalRuns }, reason) => approvalRuns.giveUp(request, reason),
});
