import { message, section } from '#src/blocks/build.ts';
import { brief, md, moment, ours, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import { approversOf } from './parts/request.ts';

export interface RequestReminder {
  readonly ask: string;
  readonly clusters: readonly string[];
  /** Slack user and group ids. */
  readonly approvers: readonly string[];
  readonly expiresAt: string;
  /** Others are asked now than at first. */
  readonly escalated: boolean;
}

/** Stands in the thread of a request that nobody has decided. */
export const template = defineTemplate<RequestReminder>({
  name: 'request-reminder',
  summary: 'Reminds the approvers, in the thread of a request, that it still waits.',
  samples: {
    first: { ask: 'Ann asks for edit in prod-eu/shop for 1 hour', clusters: ['prod-eu'], approvers: ['S0SECAPPR1'], expiresAt: '2026-11-23T16:00:00.000Z', escalated: false },
    escalated: { ask: 'Remove the access of bob@corp.example: 7 bindings in 2 clusters', clusters: ['prod-eu', 'prod-us'], approvers: ['S0SECLEADS'], expiresAt: '2026-11-26T08:00:00.000Z', escalated: true },
  },
  render: ({ ask, approvers, expiresAt, escalated }) =>
    message(`Still waits for a decision: ${brief(ask)}.`, [
      section(md`${approversOf(approvers)}: this still waits for a decision, until ${moment({ at: new Date(expiresAt) })}${ours(escalated ? '. Nobody has decided so far, so you are asked as well' : '')}: ${sentence(brief(ask))}.`),
    ]),
});
