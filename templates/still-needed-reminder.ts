import { message, section } from '#src/blocks/build.ts';
import { code, md, moment, oneLine } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface NeedReminder {
  readonly cluster: string;
  readonly answerBy: string;
}

/** Stands in the thread of a question that nobody has answered. */
export const template = defineTemplate<NeedReminder>({
  name: 'still-needed-reminder',
  summary: 'Reminds whoever was asked whether access is still needed, in the thread of the question.',
  samples: { first: { cluster: 'prod-eu', answerBy: '2026-12-07T08:00:00.000Z' } },
  render: ({ cluster, answerBy }) =>
    message(`Still waits for an answer: access to ${oneLine(cluster)}.`, [section(md`This still waits for an answer, until ${moment({ at: new Date(answerBy) })}: is the access to ${code(cluster)} still needed?`)]),
});
