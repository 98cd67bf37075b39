import { context, message, section } from '#src/blocks/build.ts';
import { code, counted, joined, md, moment, oneLine, ours, plainMoment, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const ENTRIES = 20;
const TIMES = 3;

export interface ScheduleMessage {
  readonly entries: readonly {
    readonly text: string;
    readonly cron: string;
    readonly timeZone: string;
    /** ISO 8601, soonest first. */
    readonly next: readonly string[];
  }[];
}

/** What runs when. */
export const template = defineTemplate<ScheduleMessage>({
  name: 'schedule',
  summary: 'What runs without being asked, with the next three times of each.',
  samples: {
    two: {
      entries: [
        { text: 'Scan of prod-eu', cron: '0 7 * * *', timeZone: 'Europe/Paris', next: ['2026-11-24T06:00:00.000Z', '2026-11-25T06:00:00.000Z', '2026-11-26T06:00:00.000Z'] },
        { text: 'Digest daily', cron: 'off', timeZone: 'UTC', next: [] },
      ],
    },
    none: { entries: [] },
  },
  render: ({ entries }, { zone }) => {
    if (entries.length === 0) return message('Nothing is scheduled.', [section(md`Nothing is scheduled. Set ${code('K8SSEC_SCAN_SCHEDULE')} and ${code('K8SSEC_CHANNEL')}.`)]);
    const shown = entries.slice(0, ENTRIES);
    const soonest = entries.flatMap(({ text, next }) => next.slice(0, 1).map((at) => ({ text, at }))).sort((a, b) => (a.at < b.at ? -1 : 1))[0];
    const next = soonest === undefined ? 'nothing is due' : `next: ${oneLine(soonest.text)}, ${plainMoment({ at: new Date(soonest.at), zone })}`;
    return message(`${counted(entries.length, 'schedule')}; ${next}.`, [
      section(md`*${ours(counted(entries.length, 'schedule'))}*`),
      ...shown.map(({ text, cron, timeZone, next: times }) => {
        const when = times.length === 0 ? md`switched off` : md`${code(cron)} (${ours(oneLine(timeZone))}) · next ${joined(times.slice(0, TIMES).map((at) => moment({ at: new Date(at) })), ', ')}`;
        return context(md`*${sentence(oneLine(text))}* · ${when}`);
      }),
      ...(entries.length > shown.length ? [context(md`and ${entries.length - shown.length} more`)] : []),
    ]);
  },
});
