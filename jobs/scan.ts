import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { template } from '#templates/scan-ended.ts';
import { messageId } from './support/publish-scan.ts';

/** Runs when all scans that were asked for together have ended, and tells those who wait for them. */
export const job = defineJob({
  name: 'scan',
  summary: 'Tell whoever asked for scans that all of them have ended.',
  payload: z.strictObject({ scans: z.array(z.string()).min(1) }),
  attempts: 5,
  backoffMs: 2000,
  timeoutMs: 60_000,
  repeat: 'The message is named after the first scan, so it is posted once.',
  async run({ scans: ids }, { scanRuns, outbox }) {
    const scans = (await Promise.all(ids.map(scanRuns.get))).filter((scan) => scan !== undefined);
    const people = [...new Set((await Promise.all(ids.map(scanRuns.audience))).flat())];
    const [first] = scans;
    if (first?.channel === undefined || people.length === 0) return;
    const thread = scans.length === 1 ? { thread: messageId(first.id) } : {};
    const fallback = 'person' in first.asker ? { fallbackUser: first.asker.person } : {};
    await outbox.put({ id: `scan-ended/${first.id}`, channel: first.channel, ...thread, ...fallback, template, data: { people, scans } });
  },
});
