import { brief, code, joined, md, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { signed } from './actor.ts';

type Ruling = NonNullable<RequestShown['ruling']>;

const NAMES = 5;

/** What was decided, for places without markup; who did follows. */
export function ruledText(ruling: Ruling): string {
  if (ruling.type === 'keep') return `Kept until ${ruling.until}`;
  return ruling.type === 'pause' ? 'Denied' : 'Closed as not their account';
}

/** What was decided in place of a removal, what follows from it, and whether that still holds. */
export function rulingLines({ decision }: RequestShown, ruling: Ruling): readonly Mrkdwn[] {
  const by = decision === undefined ? md`` : md` by ${signed(decision)}`;
  return [md`*${sentence(ruledText(ruling))}*${by}. Nothing was changed.`, ruling.ended === undefined ? holding(ruling) : over(ruling, ruling.ended)];
}

function holding(ruling: Ruling): Mrkdwn {
  if (ruling.type === 'not-theirs') return md`${namesOf(ruling.users)} ${ours(ruling.users.length === 1 ? 'is' : 'are')} not taken for theirs from now on.`;
  return md`It will be asked again after ${sentence(ruling.until)}, or once there is more access or the person is gone further.`;
}

function over(ruling: Ruling, ended: NonNullable<Ruling['ended']>): Mrkdwn {
  if (ended.by.person === undefined) return md`That day is over, so that it is asked again.`;
  return md`*Undone* by ${signed(ended)}. ${ours(ruling.type === 'not-theirs' ? `${ruling.users.length === 1 ? 'It' : 'They'} may be taken for theirs again.` : 'It may be asked again.')}`;
}

function namesOf(users: readonly string[]): Mrkdwn {
  const more = users.length > NAMES ? [md`${users.length - NAMES} more`] : [];
  return joined([...users.slice(0, NAMES).map((user) => code(brief(user))), ...more], ', ');
}
