import type { KnownBlock } from '@slack/types';
import { section } from '#src/blocks/build.ts';
import { brief, code, joined, md, moment, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { actor } from './actor.ts';
import { isForTime, isWaiting, resultLines } from './request.ts';
import { afterButtons, cancelButton, decideButtons, row, undoButton } from './request-buttons.ts';

/** One request in a list, for one reader. */
export interface RequestEntry {
  readonly request: RequestShown;
  /** The reader may decide it, and take it back. */
  readonly mayDecide: boolean;
  /** The reader asked for it. */
  readonly isMine: boolean;
}

/** A request with the buttons that its reader can use. */
export function requestEntry(entry: RequestEntry): readonly KnownBlock[] {
  const { request } = entry;
  const [first] = resultLines(request);
  const lines: Mrkdwn[] = [md`*${sentence(brief(request.card.ask))}*`];
  if (first !== undefined) lines.push(first);
  lines.push(isWaiting(request) ? md`${code(request.id)} · asked by ${actor(request.requester)} · until ${moment({ at: new Date(request.expiresAt) })}` : md`${code(request.id)} · asked by ${actor(request.requester)}${request.endsAt === undefined ? md`` : md` · ends ${moment({ at: new Date(request.endsAt) })}`}`);
  return [section(joined(lines, '\n')), ...row(buttonsFor(entry))];
}

function buttonsFor({ request, mayDecide, isMine }: RequestEntry) {
  if (isWaiting(request)) return [...(mayDecide ? decideButtons(request) : []), ...(isMine ? [cancelButton(request)] : [])];
  if (mayDecide) return afterButtons(request);
  return isMine && request.state === 'applied' && isForTime(request) ? [undoButton(request)] : [];
}
