import { context, divider, message, section } from '#src/blocks/build.ts';
import { brief, code, joined, md, mentions, moment, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { isWaiting, requestText, resultLines } from './parts/request.ts';
import { SAMPLE_REQUESTS } from './samples/request.ts';

const ASKED = 5;

export interface RequestAnswer {
  /** One or two sentences. */
  readonly text: string;
  /** Slack ids of those who could do what was refused. */
  readonly ask: readonly string[];
  /** As it stands now. */
  readonly request?: RequestShown;
}

/** What came of a decision, for whoever made it or tried to. */
export const template = defineTemplate<RequestAnswer>({
  name: 'request-answer',
  summary: 'Answers privately whoever decided a request, or tried to: what came of it, and how the request stands.',
  samples: {
    taken: { text: 'Approved. It is being carried out.', ask: [], request: SAMPLE_REQUESTS.approved },
    refused: { text: 'You asked for this, so somebody else must decide.', ask: ['S0SECAPPR1'] },
    'too late': { text: 'Already denied by Bo.', ask: [], request: SAMPLE_REQUESTS.denied },
    unknown: { text: 'There is no request r0000 any more.', ask: [] },
  },
  render: ({ text, ask, request }) =>
    message(request === undefined ? text : `${text} ${requestText(request)}`, [
      section(sentence(text)),
      ...(ask.length === 0 ? [] : [context(md`Ask ${mentions(ask.slice(0, ASKED))}.`)]),
      ...(request === undefined ? [] : [divider(), section(stateOf(request))]),
    ]),
});

function stateOf(request: RequestShown) {
  const { id, card, expiresAt } = request;
  const lines = isWaiting(request) ? [...resultLines(request), md`Waits for a decision until ${moment({ at: new Date(expiresAt) })}.`] : resultLines(request);
  return joined([md`${code(id)} ${sentence(brief(card.ask))}`, ...lines], '\n');
}
