import type { KnownBlock } from '@slack/types';
import { actions, button, context, fields, header, message, preformatted, richText, section } from '#src/blocks/build.ts';
import { placeText } from '#src/blocks/phrases.ts';
import { brief, code, cut, md, moment, oneLine, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import { isToBeLocked, type Question } from '#src/model/questions.ts';
import { deedFacts, standingLine } from './parts/question.ts';
import { QUESTION_SAMPLES } from './samples/question.ts';

const COMMAND = 600;

/** Asks a person whether what was done in their name was done by them. */
export const template = defineTemplate<Question>({
  name: 'was-this-you',
  summary: 'Asks a person in a direct message whether something that was done in their name was done by them; updated in place with the answer.',
  samples: QUESTION_SAMPLES,
  render: (question) => {
    const { id, deed, state, dueAt } = question;
    const blocks: KnownBlock[] = [header('Was this you?'), section(md`${sentence(brief(deed.title))}.`), fields(deedFacts(deed))];
    if (deed.command !== undefined) blocks.push(richText(preformatted(cut(deed.command, COMMAND))));
    if (state !== 'asked') blocks.push(section(standingLine(question)));
    if (state === 'asked' || state === 'unanswered') {
      blocks.push(
        actions(
          button('Yes, it was me', { command: 'answer', args: [id, 'yes'] }, { label: `Yes, it was me: ${deed.title}` }),
          button('No, lock my access…', { command: 'answer', args: [id, 'no'] }, { style: 'danger', label: 'No, it was not me; lock my access' }),
        ),
      );
    }
    if (isToBeLocked(question)) blocks.push(actions(button('Lock my access…', { command: 'answer', args: [id, 'no'] }, { style: 'danger', label: 'Lock my access, which has not succeeded yet' })));
    blocks.push(context(state === 'asked' ? md`Only you can answer. Without an answer by ${moment({ at: new Date(dueAt) })} it goes to the channel. ${code(id)}` : md`${code(id)}`));
    return message(`Was this you? ${deed.title} in ${oneLine(deed.cluster)}${deed.object === undefined ? '' : `, ${placeText({ object: deed.object, workload: deed.workload })}`}.`, blocks);
  },
});
