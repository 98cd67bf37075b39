import { context, message, section } from '#src/blocks/build.ts';
import { brief, code, joined, md, moment, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { approversOf, isForTime, isWaiting, requestText, resultLines } from './parts/request.ts';
import { afterButtons, againButton, cancelButton, row, undoButton } from './parts/request-buttons.ts';
import { SAMPLE_REQUESTS } from './samples/request.ts';

/** What whoever asked is told directly; one message, updated at every change. */
export const template = defineTemplate<RequestShown>({
  name: 'request-note',
  summary: 'Tells whoever asked for something how their request stands; one direct message, updated in place.',
  samples: SAMPLE_REQUESTS,
  render: (request) => {
    const { id, card } = request;
    const isActive = request.state === 'applied' && isForTime(request);
    const isOver = request.state === 'expired' || (request.state === 'void' && request.successor === undefined);
    const buttons = isWaiting(request) ? [cancelButton(request)] : isActive ? [undoButton(request)] : isOver ? againButton(request) : request.state === 'failed' ? afterButtons(request) : [];
    return message(`Your request: ${requestText(request).replace(/^Approve\?/, 'waits for a decision:')}`, [
      section(joined([md`*Your request* ${code(id)}: ${sentence(brief(card.ask))}`, ...standing(request)], '\n')),
      ...(isWaiting(request) ? [context(md`Nothing has been changed yet.`)] : []),
      ...row(buttons),
    ]);
  },
});

function standing(request: RequestShown): readonly Mrkdwn[] {
  const lines = resultLines(request);
  return isWaiting(request) ? [...lines, md`Waits for ${approversOf(request.approvers)}, until ${moment({ at: new Date(request.expiresAt) })}.`] : lines;
}
