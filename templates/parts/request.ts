import type { KnownBlock } from '@slack/types';
import { section } from '#src/blocks/build.ts';
import { brief, code, counted, joined, md, mentions, moment, oneLine, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { durationWords } from '#src/model/duration.ts';
import type { Verification } from '#src/model/plan.ts';
import type { Actor } from '#src/model/request.ts';
import { isRuled } from '#src/model/request-standing.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { actor, quoted, signed } from './actor.ts';
import { ownerLines, ownerText } from './owner.ts';
import { rulingLines, ruledText } from './ruling.ts';

const APPROVERS = 5;
const APPROVALS = 4;
const FAILURES = 3;

/** Whether people can still decide it. */
export function isWaiting({ state }: RequestShown): boolean {
  return state === 'pending' || state === 'partly-approved';
}

/** What is wanted, or what became of it, for places without markup. Names the cluster, or how many. */
export function requestText(request: RequestShown): string {
  const { card, clusters } = request;
  const ask = brief(card.ask);
  const [first] = clusters;
  const where = first === undefined || ask.includes(oneLine(first)) || /\b\d+ clusters\b/.test(ask) ? '' : ` in ${clusters.length === 1 ? oneLine(first) : counted(clusters.length, 'cluster')}`;
  return `${leadText(request)} ${ask}${where}.`;
}

function leadText(request: RequestShown): string {
  const { state, needed, approvals, decision, verification, owner, createdAt, expiresAt } = request;
  const by = decision === undefined ? '' : ` by ${actorText(decision.by)}`;
  switch (state) {
    case 'pending':
      return owner === undefined ? 'Approve?' : `Approve? (${ownerText(owner)})`;
    case 'partly-approved':
      return `Approve? (${approvals.length} of ${needed})`;
    case 'approved':
    case 'applying':
      return `Approved${by}, being carried out:`;
    case 'applied':
      return (verification?.failures.length ?? 0) > 0 ? 'Carried out, but something is left:' : `Approved${by} and carried out:`;
    case 'failed':
      return (verification?.failures.length ?? 0) > 0 ? 'Carried out, but something is left:' : `Approved${by}, but not achieved:`;
    case 'reverting':
      return 'Being taken back:';
    case 'reverted':
      return `${undoneWord(request)}:`;
    case 'revert-failed':
      return isForTime(request) ? 'COULD NOT BE ENDED:' : 'COULD NOT BE TAKEN BACK:';
    case 'denied':
      return `${isRuled(request) ? ruledText(request.ruling) : 'Denied'}${by}:`;
    case 'expired':
      return `No decision in ${between(createdAt, expiresAt)}:`;
    case 'canceled':
      return 'Canceled:';
    case 'void':
      return 'Void, nothing was changed:';
  }
}

function undoneWord(request: RequestShown): string {
  return brief(request.card.undone ?? (isForTime(request) ? 'Ended' : 'Taken back'));
}

/** How it stands, one sentence or two each, the most important first. Nothing while nobody has decided. */
export function resultLines(request: RequestShown): readonly Mrkdwn[] {
  return [...leftLines(request), ...outcomeLines(request), ...ownerLines(request)];
}

/** What the API server still allows although it should not, or does not allow although it should: more important than anything else. */
function leftLines({ state, verification, undoneVerification }: RequestShown): readonly Mrkdwn[] {
  if (state === 'applied' || state === 'failed') return failureLines(verification);
  return state === 'reverted' ? failureLines(undoneVerification) : [];
}

function outcomeLines(request: RequestShown): readonly Mrkdwn[] {
  const { state, needed, approvals, approvers, counts, createdAt, expiresAt } = request;
  switch (state) {
    case 'pending':
      return [...followLines(request), ...narrowLines(request)];
    case 'partly-approved':
      return [...followLines(request), ...narrowLines(request), md`*${approvals.length} of ${needed}:* ${approvedBy(request)}. ${ours(needed - approvals.length === 1 ? 'One more' : `${needed - approvals.length} more`)} of ${approversOf(approvers)} needed.`];
    case 'approved':
    case 'applying':
      return [md`*Processing…* ${approvedBy(request)}.${counts.done > 0 ? md` ${counts.done} of ${counts.all} done.` : md``}`, ...sinceLines(request)];
    case 'applied':
      return appliedLines(request);
    case 'failed':
      return [md`*Approved, but not achieved:* ${counts.done} of ${counts.all} done${counts.failed > 0 ? md`, ${counts.failed} failed` : md``}, ${moment({ at: new Date(request.changedAt) })}${problemOf(request)}.`, md`${approvedBy(request)}.`, ...sinceLines(request)];
    case 'reverting':
    case 'reverted':
    case 'revert-failed':
      return revertLines(request);
    case 'denied':
      return request.ruling === undefined ? [md`*Denied*${decided(request)}. ${sentence(brief(request.card.meaning?.denied ?? 'Nothing was changed.'))}`] : rulingLines(request, request.ruling);
    case 'expired':
      return [md`*No decision in ${ours(between(createdAt, expiresAt))}: ${ours(request.card.meaning === undefined ? 'nothing was changed' : 'not approved')}.*${request.card.meaning === undefined ? md`` : md` ${sentence(brief(request.card.meaning.expired))}`}`];
    case 'canceled':
      return [md`*Canceled*${decided(request)}. Nothing was changed.`];
    case 'void':
      return [voidLine(request)];
  }
}

function appliedLines(request: RequestShown): readonly Mrkdwn[] {
  const { card, counts, verification, endsAt, changedAt } = request;
  const meaning = counts.all > 0 ? undefined : card.meaning?.approved;
  if (meaning !== undefined) return [md`${approvedBy(request)}. ${sentence(brief(meaning))}${endsAt === undefined ? md`` : md` *Ends ${moment({ at: new Date(endsAt) })}.*`}`];
  const done = md`Done: ${counts.done} of ${counts.all}, ${moment({ at: new Date(changedAt) })}${request.observed === undefined ? proofOf(verification, md` · not verified`) : md``}.`;
  const lines = [md`${approvedBy(request)}.`, endsAt === undefined ? done : md`${done} *Ends ${moment({ at: new Date(endsAt) })}.*`];
  return [...lines, ...sinceLines(request), ...observedLines(request)];
}

const OBSERVED: Readonly<Record<string, string>> = { waiting: 'Not verified yet', proven: 'Verified', 'rolled-back': 'Rolled back automatically' };

/** What traffic showed. */
function observedLines({ observed }: RequestShown): readonly Mrkdwn[] {
  if (observed === undefined) return [];
  return [md`*${ours(OBSERVED[observed.state] ?? 'Not verified')}* ${moment({ at: new Date(observed.at) })}: ${sentence(brief(observed.text))}.`];
}

/** What came of asking the API server. */
function proofOf(verification: Verification | undefined, without: Mrkdwn): Mrkdwn {
  if (verification === undefined) return without;
  const { at, failures, unknown: [unknown] } = verification;
  if (unknown !== undefined) return md` · could not be verified: ${sentence(brief(unknown))}`;
  return md` · ${ours(failures.length > 0 ? 'checked' : 'verified')} ${moment({ at: new Date(at) })}`;
}

function failureLines(verification: Verification | undefined): readonly Mrkdwn[] {
  const [first, ...others] = verification?.failures ?? [];
  if (first === undefined) return [];
  const more = others.length > FAILURES ? [md`… ${others.length - FAILURES} more`] : [];
  return [md`*But: ${sentence(brief(first))}.*`, ...others.slice(0, FAILURES).map((failure) => md`*But: ${sentence(brief(failure))}.*`), ...more];
}

function revertLines(request: RequestShown): readonly Mrkdwn[] {
  const { card, state, counts, revert, approvers, changedAt } = request;
  const by = revert?.by.person === undefined ? md`` : md` by ${actor(revert.by)}`;
  const isRollback = request.observed?.state === 'rolled-back';
  const rollback = isRollback ? observedLines(request) : [];
  const why = revert?.reason === undefined || isRollback ? md`` : md`: ${quoted(revert.reason)}`;
  const ended = isForTime(request);
  if (state === 'reverting') return [...rollback, md`*${ours(ended ? 'Being ended…' : 'Being taken back…')}*${by}${why}`];
  if (state === 'reverted') {
    const onTime = ended && revert?.by.person === undefined ? md` on time` : by;
    const after = card.afterUndo === undefined || revert?.by.person === undefined ? md`` : md` ${sentence(brief(card.afterUndo))}`;
    return [...rollback, md`*${sentence(undoneWord(request))}*${onTime} ${moment({ at: new Date(changedAt) })}${why}. ${counts.all === 0 ? md`It does not hold any more; nothing in the cluster was to be undone.` : md`${counts.takenBack} of ${counts.all} undone${proofOf(request.undoneVerification, md``)}.`}${after}`, md`${approvedBy(request)}.`];
  }
  const task = md`${approversOf(approvers)}: ${ours(ended ? 'the access is still there' : 'what was changed is not wholly undone')}. Somebody has to look at it.`;
  return [...rollback, md`*${ours(ended ? 'COULD NOT BE ENDED' : 'COULD NOT BE TAKEN BACK')}:* ${counts.notTakenBack} of ${counts.all} still stand, ${moment({ at: new Date(changedAt) })}${why}.`, task];
}

/** Why the request before this one did not hold. */
function followLines({ follows }: RequestShown): readonly Mrkdwn[] {
  if (follows === undefined) return [];
  return [md`*Asked again instead of* ${code(follows.id)}*, because something has changed since:* ${someOf(follows.changed)}`];
}

/** What nobody has been shown before it was approved. */
function sinceLines({ changedSince }: RequestShown): readonly Mrkdwn[] {
  return changedSince === undefined ? [] : [md`*Changed since it was shown to whoever approved it:* ${someOf(changedSince)}`];
}

function someOf(sentences: readonly string[]): Mrkdwn {
  const more = sentences.length > FAILURES ? [md`… ${sentences.length - FAILURES} more`] : [];
  return joined([...sentences.slice(0, FAILURES).map((text) => sentence(brief(text))), ...more], ' ');
}

/** Who approved all of it has not approved this, and is asked again. */
function narrowLines({ narrowed, counts }: RequestShown): readonly Mrkdwn[] {
  if (narrowed === undefined) return [];
  const { by, from, dropped } = narrowed;
  const again = dropped === 0 ? md`` : md` ${ours(dropped === 1 ? 'The approval of all of it does' : `The ${dropped} approvals of all of it do`)} not count for that, so it is asked anew.`;
  return [md`*Made less* by ${actor(by)}: ${counts.all} of ${from} changes are left.${again}`];
}

/** What the failures or the changes say is not said twice. */
function problemOf({ problem, counts, verification }: RequestShown): Mrkdwn {
  return problem === undefined || counts.failed > 0 || (verification?.failures.length ?? 0) > 0 ? md`` : md`: ${sentence(brief(problem))}`;
}

function voidLine(request: RequestShown): Mrkdwn {
  const { decision, successor } = request;
  const why = decision?.reason === undefined ? md`it is not as it was when this was asked` : sentence(brief(decision.reason));
  return md`*Void:* ${why}. Nothing was done. ${successor === undefined ? md`It can be asked anew.` : md`A new request follows: ${code(successor)}.`}`;
}

function decided({ decision }: RequestShown): Mrkdwn {
  return decision === undefined ? md`` : md` by ${signed(decision)}`;
}

/** `Approved by @Bo <date>: “…”`, for each who did. */
function approvedBy({ approvals, decision }: RequestShown): Mrkdwn {
  const all = approvals.length > 0 || decision === undefined ? approvals : [decision];
  if (all.length === 0) return md`Approved`;
  const more = all.length > APPROVALS ? [md`${all.length - APPROVALS} more`] : [];
  return md`Approved by ${joined([...all.slice(0, APPROVALS).map(signed), ...more], ', ')}`;
}

function actorText({ person: id, name }: Actor): string {
  return id === undefined ? 'k8ssec' : oneLine(name);
}

/** Who may decide; user groups are mentioned only where a request waits for them, or needs help. */
export function approversOf(approvers: readonly string[]): Mrkdwn {
  return approvers.length === 0 ? md`somebody with the role ${code('approver')}` : mentions(approvers.slice(0, APPROVERS));
}

export function isForTime({ lastsMs }: RequestShown): boolean {
  return lastsMs !== undefined;
}

function between(from: string, to: string): string {
  return durationWords(Math.max(60_000, Math.round((new Date(to).getTime() - new Date(from).getTime()) / 60_000) * 60_000));
}

/** What is left although it should not be, for the top of a message. */
export function leftBlock(request: RequestShown): readonly KnownBlock[] {
  return blockOf(leftLines(request));
}

/** How it stands besides. */
export function outcomeBlock(request: RequestShown): readonly KnownBlock[] {
  return blockOf([...outcomeLines(request), ...ownerLines(request)]);
}

function blockOf(lines: readonly Mrkdwn[]): readonly KnownBlock[] {
  return lines.length === 0 ? [] : [section(joined(lines, '\n'))];
}
