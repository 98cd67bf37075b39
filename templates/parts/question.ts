import { brief, code, joined, md, moment, ours, person, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { placeMarkup } from '#src/blocks/phrases.ts';
import type { AskedDeed, QuestionStanding } from '#src/model/questions.ts';

/** How a question stands, in one line: `confirmed by @ann 09:20 (OPS-12)`. */
export function standingLine({ person: asked, state, answer, staysListed, ...lock }: QuestionStanding): Mrkdwn {
  const when = answer === undefined ? md`` : md` ${moment({ at: new Date(answer.at) })}`;
  switch (state) {
    case 'asked':
      return md`Asked ${person(asked)} whether it was them`;
    case 'confirmed': {
      const ticket = answer?.ticket === undefined ? md`` : md` (${sentence(brief(answer.ticket))})`;
      const listed = staysListed.length === 0 ? md`` : md` · stays listed: ${sentence(brief(staysListed.join(', ')))}`;
      return md`*Confirmed* by ${person(asked)}${when}${ticket}${listed}`;
    }
    case 'denied':
      return md`*DENIED* by ${person(asked)}${when}: ${lockText(lock)}`;
    case 'unanswered':
      return md`*Not answered* by ${person(asked)} after 30 min`;
  }
}

function lockText({ request, problem }: Partial<Pick<QuestionStanding, 'request' | 'problem'>>): Mrkdwn {
  if (problem !== undefined) return md`*access not locked:* ${sentence(brief(problem))}`;
  return request === undefined ? md`access is being locked` : md`request ${code(request)} locks the access`;
}

/** Who, where, when and from where, for a list of facts. */
export function deedFacts({ cluster, production, user, object, workload, at, address, userAgent }: AskedDeed): readonly Mrkdwn[] {
  return [
    md`*As*\n${code(user)}`,
    md`*Cluster*\n${code(cluster)}${ours(production ? ' · production' : '')}`,
    ...(object === undefined ? [] : [md`*Where*\n${placeMarkup({ object, workload })}`]),
    md`*When*\n${moment({ at: new Date(at) })}`,
    ...(address === undefined ? [] : [md`*From*\n${joined([code(address), ...(userAgent === undefined ? [] : [md`claims to be ${code(userAgent)}`])], ', ')}`]),
  ];
}
