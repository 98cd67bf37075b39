import { context, message, section } from '#src/blocks/build.ts';
import { md, mentions, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const ASKED = 5;

export interface Refusal {
  readonly reason: string;
  /** Slack user and group ids that may do it. */
  readonly ask: readonly string[];
}

/** Tells a person privately that they may not do something, and whom to ask. */
export const template = defineTemplate<Refusal>({
  name: 'refusal',
  summary: 'Tells a person privately that they may not do something, and whom to ask.',
  samples: {
    named: { reason: 'This needs the role operator for prod-eu, which you do not have.', ask: ['U0BOB00001', 'S0SECAPPR1'] },
    nobody: { reason: 'Guests have no role here.', ask: [] },
  },
  render: ({ reason, ask }) =>
    message(reason, [section(sentence(reason)), context(ask.length === 0 ? md`Whoever runs k8ssec here can tell you more.` : md`Ask ${mentions(ask.slice(0, ASKED))}.`)]),
});
