import type { Button, KnownBlock } from '@slack/types';
import { actions, button } from '#src/blocks/build.ts';
import { oneLine } from '#src/blocks/text.ts';
import { formatDuration } from '#src/model/duration.ts';
import { isRuled } from '#src/model/request-standing.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { isWaiting } from './request.ts';

const INSTEAD = 2;

/** For whoever would rather know or do something else before deciding. */
export function insteadButtons(request: RequestShown): readonly Button[] {
  const { id, card, owner } = request;
  if (!isWaiting(request)) return [];
  const asking = card.owned && owner === undefined ? [button('Ask owner', { command: 'ask-owner', args: [id] }, { label: `Ask the owner ${oneLine(id)}: ${card.ask}` })] : [];
  return [...asking, ...otherButtons(request)];
}

function otherButtons({ id, card }: RequestShown): readonly Button[] {
  return (card.instead ?? []).slice(0, INSTEAD).map(({ label, command, args }) => button(label, { command, args }, { label: `${label} ${oneLine(id)}: ${card.ask}` }));
}

/** For who decides. The labels of several requests in one message differ for screen readers. */
export function decideButtons({ id, card, ...rest }: RequestShown): readonly Button[] {
  if (!isWaiting({ id, card, ...rest })) return [];
  const about = `${oneLine(id)}: ${card.ask}`;
  return [
    button(card.approve, { command: 'approve', args: [id] }, { style: 'primary', label: `Approve ${about}` }),
    ...shorterButton({ id, card, ...rest }, about),
    button('Deny…', { command: 'deny', args: [id] }, { style: 'danger', label: `Deny ${about}` }),
    ...rulingButtons({ id, card, ...rest }, about),
  ];
}

/** Denials with something that holds from then on. */
function rulingButtons({ id, rulable }: RequestShown, about: string): readonly Button[] {
  if (rulable !== true) return [];
  return [
    button('Keep…', { command: 'keep', args: [id] }, { label: `Keep what is to be removed, ${about}` }),
    button('Not their account…', { command: 'not-theirs', args: [id] }, { label: `Say that it is not their account, ${about}` }),
  ];
}

/** Of several times one is chosen in the form. What would last for good is offered for the one time that makes sense. */
function shorterButton({ id, card: { shorter = [] }, lastsMs }: RequestShown, about: string): readonly Button[] {
  const [first, second] = shorter;
  if (first === undefined) return [];
  if (lastsMs !== undefined || second !== undefined) return [button('Approve shorter…', { command: 'approve', args: [id, '--shorter'] }, { label: `Approve for a shorter time ${about}` })];
  return [button(`Approve for ${first.label}`, { command: 'approve', args: [id, `--for=${formatDuration(first.lastsMs)}`] }, { label: `Approve for ${first.label} ${about}` })];
}

/** For whoever may mend or take back what was approved. */
export function afterButtons(request: RequestShown): readonly Button[] {
  const { id, card, state, counts } = request;
  const retry = button('Retry', { command: 'retry', args: [id] }, { label: `Try again ${oneLine(id)}: ${card.ask}` });
  if (state === 'revert-failed') return [retry];
  if (isRuled(request)) return [unruleButton(request)];
  const canUndo = state === 'applied' || (state === 'failed' && counts.done > 0);
  return [...(state === 'failed' ? [retry] : []), ...(canUndo && counts.irreversible < Math.max(counts.all, 1) ? [undoButton(request)] : [])];
}

export function undoButton({ id, card }: RequestShown): Button {
  const confirm = { title: `${card.undo}?`, text: `${card.ask}: what was changed for this is taken back.${card.afterUndo === undefined ? '' : ` ${card.afterUndo}`}`, yes: card.undo };
  return button(card.undo, { command: 'undo', args: [id] }, { label: `${card.undo} ${oneLine(id)}: ${card.ask}`, confirm });
}

function unruleButton({ id, card }: RequestShown): Button {
  const confirm = { title: 'Undo?', text: `${card.ask}: what was decided does not hold any more, and the next review may ask for it again.`, yes: 'Undo' };
  return button('Undo', { command: 'undo', args: [id] }, { label: `Undo the decision ${oneLine(id)}: ${card.ask}`, confirm });
}

/** Asks for the same once more. */
export function againButton({ id, card }: RequestShown): readonly Button[] {
  const { again } = card;
  return again === undefined ? [] : [button(again.label, { command: again.command, args: again.args }, { label: `${again.label} ${oneLine(id)}: ${card.ask}` })];
}

export function cancelButton({ id, card }: RequestShown): Button {
  const confirm = { title: 'Cancel the request?', text: `${card.ask}: nobody is asked any more, and nothing is changed.`, yes: 'Cancel request' };
  return button('Cancel', { command: 'cancel', args: [id] }, { label: `Cancel ${oneLine(id)}: ${card.ask}`, confirm });
}

/** A row of buttons, where there are any. */
export function row(buttons: readonly Button[]): readonly KnownBlock[] {
  return buttons.length === 0 ? [] : [actions(...buttons)];
}
