import type { KnownBlock } from '@slack/types';
import { bullets, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { checkboxesInput, textInput } from '#src/blocks/inputs.ts';
import { brief, code, counted, md, ours, sentence } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface NotTheirs {
  /** Of the request. */
  readonly id: string;
  readonly called: string;
  /** User names that are taken for theirs; those that are not, where `only` names them. */
  readonly users: readonly string[];
  /** Places in the list of user names that were named already. */
  readonly only?: string;
  /** What was typed already. */
  readonly reason?: string;
  readonly form: boolean;
}

/** Slack's most in one group. */
const CHOICES = 10;

const SAMPLE = { id: 'r7k2m9', called: 'Bob Brown (bob@corp.example)', users: ['oidc:bob@corp.example'] };

/** Asks which user names are not the person's, and how one knows. */
export const template = defineTemplate<NotTheirs>({
  name: 'not-theirs',
  summary: 'Asks an approver which user name is not that of the person whose access is to be removed.',
  samples: {
    form: { ...SAMPLE, form: true },
    'form, several names': { ...SAMPLE, users: ['oidc:bob@corp.example', 'bob'], form: true },
    'form, one of several is named': { ...SAMPLE, users: ['bob'], only: '2', form: true },
    'form, half typed': { ...SAMPLE, users: ['oidc:bob@corp.example', 'bob'], reason: 'bob is the build robot of team shop', form: true },
    typed: { ...SAMPLE, users: ['oidc:bob@corp.example', 'bob'], form: false },
  },
  render: ({ id, called, users, only, reason, form }) => {
    const isOpen = users.length > 1 && only === undefined;
    const text = `Not the account of ${brief(called)}?`;
    const blocks: KnownBlock[] = [
      section(md`*Not the account of ${sentence(brief(called))}?* The request is closed, and what you name is not taken for theirs any more.`),
      richText(bullets(users.slice(0, CHOICES).map((user, index) => line(...(isOpen && !form ? [words(`${index + 1}: `)] : []), words(brief(user), { code: true }))))),
    ];
    if (users.length > CHOICES) blocks.push(context(md`and ${ours(counted(users.length - CHOICES, 'more name'))}${isOpen ? md`, which can be named by ${code('--only')}` : md``}`));
    if (!form) return message(text, [...blocks, context(code(`/k8ssec not-theirs ${id}${isOpen ? ' --only 1' : only === undefined ? '' : ` --only ${only}`} <reason>`))]);
    const options = users.slice(0, CHOICES).map((user, index) => ({ value: String(index + 1), text: brief(user) }));
    const choice = isOpen ? [checkboxesInput({ field: 'only', label: 'Not theirs', choices: options, hint: 'What you do not tick is still taken for theirs.' })] : [];
    return message(text, [...blocks, ...choice, textInput({ field: 'reason', label: 'How do you know, and whose is it?', hint: 'Everybody who sees the request reads it, and it is kept in the log of decisions.', ...REASON_LENGTH, ...(reason !== undefined && { initial: reason }), lines: 'several' })]);
  },
});
