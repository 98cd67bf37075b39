import { brief, channelMention, md, mentions, moment, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { isOwnedByChannel, type Owner, type OwnerAsked } from '#src/model/owner.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { actor, signed } from './actor.ts';

/** For places without markup. */
export function ownerText({ answer }: OwnerAsked): string {
  if (answer === undefined) return 'owner asked';
  return answer.isKnown ? 'known to the owner' : 'NOT known to the owner';
}

/** Of the owner who was asked: what they said, or that they have not said anything. */
export function ownerLines({ owner, state }: RequestShown): readonly Mrkdwn[] {
  if (owner === undefined) return [];
  const { team, by, at, answer } = owner;
  if (answer === undefined && !isUndecided({ state })) return [];
  if (answer === undefined) return [md`${ownerMention(owner)} (owner, ${sentence(brief(team))}) asked by ${actor(by)} ${moment({ at: new Date(at) })}; no answer so far.`];
  return [md`*${ours(answer.isKnown ? 'Known to the owner' : 'NOT known to the owner')}* (${sentence(brief(team))}), says ${signed(answer)}.`];
}

/** Mentions whoever was asked. */
export function ownerMention({ who }: Owner): Mrkdwn {
  return isOwnedByChannel({ who }) ? channelMention(who) : mentions([who]);
}
