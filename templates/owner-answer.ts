import { message, section } from '#src/blocks/build.ts';
import { brief, joined, md, oneLine } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { actor } from './parts/actor.ts';
import { ownerLines, ownerText } from './parts/owner.ts';
import { OWNED_REQUESTS } from './samples/request.ts';

/** Stands in the thread of a request when its owner has answered, for whoever had them asked. */
export const template = defineTemplate<RequestShown>({
  name: 'owner-answer',
  summary: 'Tells whoever had an owner asked, in the thread of the request, what they answered.',
  samples: { known: OWNED_REQUESTS['known to the owner'], unknown: OWNED_REQUESTS['not known to the owner'] },
  render: (request) => {
    const { card, owner } = request;
    if (owner === undefined) return message(`Nobody was asked about ${brief(card.ask)}.`, [section(md`Nobody was asked.`)]);
    return message(`${oneLine(ownerText(owner))}: ${brief(card.ask)}.`, [section(joined([md`${actor(owner.by)}:`, ...ownerLines(request)], ' '))]);
  },
});
