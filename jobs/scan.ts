import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { template } from '#templates/scan-ended.ts';
import { messageId } from './support/publish-scan.ts';

/** Runs when all scans that were asked for together have ended, and tells those who wait for them, each where they asked. */
export const job = defineJob({
  name: 'scan',
  summary: 'Tell whoever asked for scans that all of them have ended.',
  payload: z.strictObject({ scans: z.array(z.string()).min(1) }),
  attempts: 5,
  backoffMs: 2000,
  timeoutMs: 60_000,
  repeat: 'The messages are named after the first scan and the channel, so each is posted once.',
  async run({ scans: ids }, { scanRuns, outbox }) {
    const scans = (await Promise.all(ids.map(scanRuns.get))).filter((scan) => scan !== undefined);
    const [first] = scans;
    if (first === undefined) return;
    const waiting = (await Promise.all(ids.map(scanRuns.audience))).flat();
    const byChannel = Map.groupBy(waiting, ({ channel }) => channel ?? first.channel);
    for (const [channel, group] of byChannel) {
      if (channel === undefined) continue;
      const people = [...new Set(group.map(({ person }) => person))];
      const thread = scans.length === 1 && channel === first.channel ? { thread: messageId(first.id) } : {};
      const [fallbackUser] = people;
      await outbox.put({ id: `scan-ended/${first.id}/${channel}`, channel, ...thread, ...(fallbackUser !== undefined && { fallbackUser }), template, data: { people, scans } });
    }
  },
});
