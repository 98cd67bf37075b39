import type { KnownBlock } from '@slack/types';
import { context, fields, header, message, section } from '#src/blocks/build.ts';
import { footer } from '#src/blocks/phrases.ts';
import { brief, counted, joined, md, moment, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { actor } from './parts/actor.ts';
import { approversOf, isWaiting, leftBlock, outcomeBlock, requestText } from './parts/request.ts';
import { afterButtons, decideButtons, insteadButtons, row } from './parts/request-buttons.ts';
import { changeList, commandList, itemList, stayList } from './parts/request-lists.ts';
import { SAMPLE_REQUESTS } from './samples/request.ts';

/** The one message of a request, whatever it is about and however it stands. */
export const template = defineTemplate<RequestShown>({
  name: 'request',
  summary: 'A request for approval from the asking to its last effect; one message, updated in place.',
  samples: SAMPLE_REQUESTS,
  render: (request) => {
    const { id, kind, card, facts, createdAt, requester } = request;
    const blocks: KnownBlock[] = [header(card.header), ...leftBlock(request), section(md`${isWaiting(request) ? md`*Approve?* ` : md``}${sentence(brief(card.ask))} · asked by ${actor(requester)}`)];
    if (facts.length > 0) blocks.push(fields(facts.map(({ name, value }) => md`*${sentence(brief(name))}*\n${sentence(brief(value))}`)));
    blocks.push(...itemList(request));
    if (request.changes.length > 0) blocks.push(changeList(request));
    blocks.push(...commandList(request), ...stayList(request));
    if (isWaiting(request)) blocks.push(context(waiting(request)));
    blocks.push(...outcomeBlock(request), ...row([...decideButtons(request), ...insteadButtons(request), ...afterButtons(request)]));
    blocks.push(footer(kind, id, new Date(createdAt)));
    return message(requestText(request), blocks);
  },
});

/** What is true while nobody has decided, and who is asked. */
function waiting({ card, counts, needed, approvers, expiresAt, lastsMs }: RequestShown): Mrkdwn {
  const lasting = counts.irreversible > 0 ? `${counted(counts.irreversible, 'change')} cannot be taken back.` : 'It can be taken back.';
  return joined(
    [
      card.now === undefined ? md`Nothing has been changed yet. ${ours(lasting)}` : sentence(brief(card.now)),
      ...(lastsMs === undefined ? [] : [md`Time runs from the approval.`]),
      ...(needed > 1 ? [md`Needs ${needed} people.`] : []),
      md`Waits for ${approversOf(approvers)} until ${moment({ at: new Date(expiresAt) })}.`,
    ],
    ' ',
  );
}
