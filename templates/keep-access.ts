import { context, message, section } from '#src/blocks/build.ts';
import { dateInput, textInput } from '#src/blocks/inputs.ts';
import { nameList } from '#src/blocks/phrases.ts';
import { brief, code, joined, md, oneLine, sentence } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { isDay } from '#src/model/day.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface KeepAccess {
  readonly id: string;
  readonly called: string;
  readonly clusters: readonly string[];
  /** The latest day that can be chosen. */
  readonly lastDay: string;
  /** What was typed already. */
  readonly reason?: string;
  /** What stands there until another day is chosen. */
  readonly until: string;
  readonly form: boolean;
}

const CLUSTERS = 5;

/** Asks what access is still needed for, and until when. */
export const template = defineTemplate<KeepAccess>({
  name: 'keep-access',
  summary: 'Asks whoever says that access is still needed what for, and until when.',
  samples: {
    form: { id: 'n3fa81c0b', called: 'Bob Brown (bob@corp.example)', clusters: ['prod-eu'], lastDay: '2027-02-21', until: '2026-12-23', form: true },
    'form, for approvers': { id: 'r7k2m9', called: 'Bob Brown (bob@corp.example)', clusters: ['prod-eu', 'prod-us'], lastDay: '2027-05-22', until: '2026-12-23', form: true },
    'form, half typed': { id: 'n3fa81c0b', called: 'Bob Brown (bob@corp.example)', clusters: ['prod-eu'], lastDay: '2027-02-21', until: '2026-12-23', reason: 'on call again in January', form: true },
    typed: { id: 'n3fa81c0b', called: 'Bob Brown (bob@corp.example)', clusters: ['prod-eu'], lastDay: '2027-02-21', until: '2026-12-23', form: false },
  },
  render: ({ id, called, clusters, lastDay, reason, until, form }) => {
    const head = section(md`*Keep the access to* ${joined(clusters.slice(0, CLUSTERS).map(code), ', ')}${clusters.length > CLUSTERS ? md` and ${clusters.length - CLUSTERS} more` : md``}: ${sentence(brief(called))}. It is asked again after the last day.`);
    const text = `Keep the access to ${nameList(clusters)}: what for, and until when?`;
    if (!form) return message(text, [head, context(code(`/k8ssec keep ${id} --until ${until} <reason>`))]);
    return message(text, [
      head,
      textInput({ field: 'reason', label: 'What is it needed for?', hint: 'Everybody who is asked about the access reads it, and it is kept in the log of decisions.', ...REASON_LENGTH, ...(reason !== undefined && { initial: reason }), lines: 'several' }),
      dateInput({ field: 'until', label: 'Until', hint: `At the latest ${oneLine(lastDay)}.`, ...(isDay(until) && { initial: until }) }),
    ]);
  },
});
