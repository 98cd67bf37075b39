import { message, section } from '#src/blocks/build.ts';
import { brief, code, md, moment, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { requestText } from './parts/request.ts';
import { againButton, row, undoButton } from './parts/request-buttons.ts';
import { SAMPLE_REQUESTS } from './samples/request.ts';

/** Asks whoever has something for a time, shortly before it ends. */
export const template = defineTemplate<RequestShown>({
  name: 'request-ending',
  summary: 'Tells whoever has access for a time, ten minutes before it ends, how to ask for more.',
  samples: { active: SAMPLE_REQUESTS['access active'], over: SAMPLE_REQUESTS['access ended on time'] },
  render: (request) => {
    const { id, card, state, endsAt } = request;
    if (state !== 'applied' || endsAt === undefined) return message(requestText(request), [section(md`${code(id)} ${sentence(brief(card.ask))}: this is over.`)]);
    return message(`Ends soon: ${requestText(request)}`, [
      section(md`*Ends ${moment({ at: new Date(endsAt) })}:* ${sentence(brief(card.ask))} (${code(id)}). Nothing is prolonged by itself; asking for more is a new request.`),
      ...row([...againButton(request), undoButton(request)]),
    ]);
  },
});
