import { context, message, section } from '#src/blocks/build.ts';
import { dateInput, textInput } from '#src/blocks/inputs.ts';
import { code, brief, md, oneLine, sentence } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { isDay } from '#src/model/day.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface KeepAccess {
  readonly id: string;
  readonly called: string;
  readonly cluster: string;
  /** The latest day that can be chosen. */
  readonly lastDay: string;
  readonly form: boolean;
}

/** Asks what access is still needed for, and until when. */
export const template = defineTemplate<KeepAccess>({
  name: 'keep-access',
  summary: 'Asks whoever says that access is still needed what for, and until when.',
  samples: {
    form: { id: 'n3fa81c0b', called: 'Bob Brown (bob@corp.example)', cluster: 'prod-eu', lastDay: '2027-02-21', form: true },
    typed: { id: 'n3fa81c0b', called: 'Bob Brown (bob@corp.example)', cluster: 'prod-eu', lastDay: '2027-02-21', form: false },
  },
  render: ({ id, called, cluster, lastDay, form }) => {
    const head = section(md`*Keep the access to* ${code(cluster)}: ${sentence(brief(called))}. It is asked again after the last day.`);
    const text = `Keep the access to ${oneLine(cluster)}: what for, and until when?`;
    if (!form) return message(text, [head, context(code(`/k8ssec keep ${id} --until ${lastDay} --reason "…"`))]);
    return message(text, [
      head,
      textInput({ field: 'reason', label: 'What is it needed for?', hint: 'Approvers read it, and it is kept in the log of decisions.', ...REASON_LENGTH, lines: 'several' }),
      dateInput({ field: 'until', label: 'Until', hint: `At the latest ${oneLine(lastDay)}.`, ...(isDay(lastDay) && { initial: lastDay }) }),
    ]);
  },
});
