import { brief, md, moment, person, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import type { Actor, Approval } from '#src/model/request.ts';

/** `@Bo <date>: “…”` */
export function signed({ by, at, reason }: Approval): Mrkdwn {
  return md`${actor(by)} ${moment({ at: new Date(at) })}${reason === undefined ? md`` : md`: ${quoted(reason)}`}`;
}

/** What a person typed. */
export function quoted(reason: string): Mrkdwn {
  return md`“${sentence(brief(reason))}”`;
}

export function actor({ person: id }: Actor): Mrkdwn {
  return id === undefined ? md`k8ssec` : person(id);
}
