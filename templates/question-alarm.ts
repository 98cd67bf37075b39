import { actions, button, context, fields, header, message, section } from '#src/blocks/build.ts';
import { brief, code, md, oneLine, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { Question } from '#src/model/questions.ts';
import { deedFacts, standingLine } from './parts/question.ts';
import { QUESTION_SAMPLES } from './samples/question.ts';

/** Tells the channel that somebody else may have acted in the name of a person. */
export const template = defineTemplate<Question>({
  name: 'question-alarm',
  summary: 'Tells the channel that a person denies what was done in their name, or has not answered.',
  samples: { denied: QUESTION_SAMPLES.denied, locked: QUESTION_SAMPLES.locked, 'not locked': QUESTION_SAMPLES['not locked'], unanswered: QUESTION_SAMPLES.unanswered, 'confirmed late': { ...QUESTION_SAMPLES.unanswered, ...QUESTION_SAMPLES['confirmed, stays listed'] } },
  render: (question) => {
    const { id, deed, state, request } = question;
    const severity = state === 'denied' || deed.production ? 'CRITICAL' : deed.severity.toUpperCase();
    const title = state === 'denied' ? 'Somebody else acted in the name of a person' : state === 'confirmed' ? 'Confirmed late' : 'Nobody has confirmed what was done';
    const isOpen = state === 'unanswered' || (state === 'denied' && request === undefined);
    const freeze = button('Freeze this user…', { command: 'freeze', args: [`--question=${id}`, '--', deed.user, deed.cluster] }, { style: 'danger', label: `Freeze ${oneLine(deed.user)} in ${oneLine(deed.cluster)}` });
    return message(`${severity} in ${oneLine(deed.cluster)}: ${title}. ${deed.title}, as ${oneLine(deed.user)}.`, [
      header(`${severity}: ${title}`),
      section(md`${sentence(brief(deed.title))}. ${standingLine(question)}.`),
      fields(deedFacts(deed)),
      ...(isOpen ? [actions(freeze)] : []),
      context(md`${code(deed.detection)} · ${code(id)}`),
    ]);
  },
});
