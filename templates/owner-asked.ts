import type { KnownBlock } from '@slack/types';
import { actions, button, context, fields, header, message, section } from '#src/blocks/build.ts';
import { brief, code, joined, md, moment, oneLine, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { isOwnedByGroup, type Owner } from '#src/model/owner.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { actor } from './parts/actor.ts';
import { ownerMention } from './parts/owner.ts';
import { isWaiting, requestText, resultLines } from './parts/request.ts';
import { itemList } from './parts/request-lists.ts';
import { OWNED_REQUESTS } from './samples/request.ts';

/** Asks whoever owns what a request is about whether they know it. */
export const template = defineTemplate<RequestShown>({
  name: 'owner-asked',
  summary: 'Asks whoever owns what a request is about whether they know it; one message, updated in place until the request is decided.',
  samples: OWNED_REQUESTS,
  render: (request) => {
    const { id, card, facts, clusters, owner, expiresAt } = request;
    const isOpen = isWaiting(request) && owner?.answer === undefined;
    const ask = `${card.ask}${clusters.some((name) => card.ask.includes(name)) ? '' : ` in ${clusters.join(', ')}`}`;
    const blocks: KnownBlock[] = [header('Do you know this?'), section(md`*${sentence(brief(ask))}*`)];
    if (facts.length > 0) blocks.push(fields(facts.map(({ name, value }) => md`*${sentence(brief(name))}*\n${sentence(brief(value))}`)));
    blocks.push(...itemList(request));
    if (owner !== undefined && isOpen) blocks.push(section(md`${addressee(owner)}${actor(owner.by)} asks you, because it belongs to ${sentence(brief(owner.team))}. Approvers decide; what you know helps them.`));
    else blocks.push(section(joined(resultLines(request), '\n')));
    if (isOpen) {
      blocks.push(
        actions(
          button('I know it…', { command: 'known', args: [id, 'yes'] }, { label: `I know it ${oneLine(id)}: ${ask}` }),
          button('I don’t know it…', { command: 'known', args: [id, 'no'] }, { label: `I do not know it ${oneLine(id)}: ${ask}` }),
        ),
      );
    }
    blocks.push(context(isWaiting(request) ? md`Waits for a decision until ${moment({ at: new Date(expiresAt) })}. ${code(id)}` : md`${code(id)}`));
    return message(isOpen ? `Do you know this? ${ask}.` : requestText(request), blocks);
  },
});

/** Of a group, whose members are told by the mention alone. */
function addressee(owner: Owner): Mrkdwn {
  return isOwnedByGroup(owner) ? md`${ownerMention(owner)}: ` : md``;
}
