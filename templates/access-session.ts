import { context, fields, message, section } from '#src/blocks/build.ts';
import { brief, code, md, oneLine, person, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { AskedDeed } from '#src/model/questions.ts';
import { deedFacts } from './parts/question.ts';
import { SAMPLE_QUESTION } from './samples/question.ts';

export interface AccessSession {
  /** Slack user id of whoever has the access. */
  readonly person: string;
  readonly deed: AskedDeed;
}

/** What somebody does with access that they were given for a time. */
export const template = defineTemplate<AccessSession>({
  name: 'access-session',
  summary: 'Lists, in the thread of the request, what somebody did with access that they were given for a time.',
  samples: { exec: { person: SAMPLE_QUESTION.person, deed: SAMPLE_QUESTION.deed } },
  render: ({ person: slackId, deed }) =>
    message(`${deed.title} in ${oneLine(deed.cluster)}, with this access.`, [section(md`${sentence(brief(deed.title))}, by ${person(slackId)} with this access.`), fields(deedFacts(deed)), context(code(deed.detection))]),
});
