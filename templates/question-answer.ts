import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, fields, line, message, richText, section, words } from '#src/blocks/build.ts';
import { textInput } from '#src/blocks/inputs.ts';
import { brief, md, oneLine, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { Question } from '#src/model/questions.ts';
import { deedFacts } from './parts/question.ts';
import { SAMPLE_QUESTION } from './samples/question.ts';

export interface QuestionAnswer {
  readonly question: Question;
  readonly verdict: 'yes' | 'no';
  /** Fields to fill in, or a button for where no form can be shown. */
  readonly form: boolean;
}

const TICKET = 60;

/** What an answer leads to, before it is given. */
export const template = defineTemplate<QuestionAnswer>({
  name: 'question-answer',
  summary: 'Shows a person who was asked "Was this you?" what their answer leads to, and lets them confirm it.',
  samples: {
    yes: { question: SAMPLE_QUESTION, verdict: 'yes', form: true },
    no: { question: SAMPLE_QUESTION, verdict: 'no', form: true },
    'no, typed': { question: SAMPLE_QUESTION, verdict: 'no', form: false },
  },
  render: ({ question: { id, deed }, verdict, form }) => {
    const blocks: KnownBlock[] = [section(md`${sentence(brief(deed.title))}.`), fields(deedFacts(deed))];
    if (verdict === 'no') {
      const { cluster, user } = deed;
      blocks.push(
        section(md`*If you lock your access*`),
        richText(
          bullets([
            line(words(oneLine(user), { code: true }), words(' is taken out of every binding in '), words(oneLine(cluster), { code: true }), words(' at once, without anybody else having to agree.')),
            line(words('What is taken is kept as it was, and somebody else than you, who may approve, can put it back.')),
            line(words('Groups still give what they give: whoever keeps them in your identity provider has to take you out.')),
            line(words('The security channel is told at once. Sessions that are open now may go on: say so there, and change your password.')),
          ]),
        ),
      );
    } else if (form) blocks.push(textInput({ field: 'ticket', label: 'Ticket', hint: 'Of what you did it for. In production without one it stays listed.', max: TICKET, optional: true }));
    if (!form) blocks.push(actions(button(verdict === 'yes' ? 'It was me' : 'Lock my access', { command: 'answer', args: [id, verdict, '--sure'] }, verdict === 'yes' ? {} : { style: 'danger' })));
    return message(`${verdict === 'yes' ? 'It was you' : 'It was not you'}: ${deed.title} in ${oneLine(deed.cluster)}.`, blocks);
  },
});
