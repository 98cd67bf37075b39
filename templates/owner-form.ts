import { context, message, section } from '#src/blocks/build.ts';
import { textInput } from '#src/blocks/inputs.ts';
import { brief, code, md, sentence } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface OwnerForm {
  readonly id: string;
  /** What the request asks for. */
  readonly ask: string;
  readonly isKnown: boolean;
  readonly form: boolean;
}

const ASK = 'First connection from prod-eu shop/checkout → api.stripe.com:443 (connected)';

/** Asks an owner how they know something, or why they do not. */
export const template = defineTemplate<OwnerForm>({
  name: 'owner-form',
  summary: 'Asks an owner who knows what a request is about, or does not, for a reason.',
  samples: {
    known: { id: 'r4d6f8', ask: ASK, isKnown: true, form: true },
    unknown: { id: 'r4d6f8', ask: ASK, isKnown: false, form: true },
    typed: { id: 'r4d6f8', ask: ASK, isKnown: true, form: false },
  },
  render: ({ id, ask, isKnown, form }) => {
    const head = section(md`*${sentence(isKnown ? 'You know it' : 'You do not know it')}:* ${sentence(brief(ask))}. Approvers read your answer and decide.`);
    const text = `${isKnown ? 'You know it' : 'You do not know it'}: ${brief(ask)}. Say why.`;
    if (!form) return message(text, [head, context(code(`/k8ssec known ${id} ${isKnown ? 'yes' : 'no'} <reason>`))]);
    return message(text, [head, textInput({ field: 'reason', label: isKnown ? 'What is it for?' : 'Why should it not be there?', hint: 'Everybody who sees the request reads it, and it is kept in the log of decisions.', ...REASON_LENGTH, lines: 'several' })]);
  },
});
