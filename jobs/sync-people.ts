import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';

/** Asks sources of people that have never been asked, so that they are known before the first review. */
export const job = defineJob({
  name: 'sync-people',
  summary: 'Ask every source of people that has never been asked.',
  payload: z.strictObject({}),
  attempts: 4,
  backoffMs: 30_000,
  timeoutMs: 15 * 60_000,
  repeat: 'A source that is asked again tells the same.',
  async run(_, { people, log }, { signal }) {
    for (const { source, ok, text } of await people.sync(signal, 'never-asked')) if (!ok) log.warn({ source, reason: text }, 'a source of people could not be used');
  },
});
