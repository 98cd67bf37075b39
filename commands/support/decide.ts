import type { Caller } from '#src/model/access.ts';
import { REASON_LENGTH, type DecisionGiven } from '#src/model/approvals.ts';
import { UsageError, type Answer, type Arguments, type CommandForm, type Flag } from '#src/model/command.ts';
import { durationWords, formatDuration, parseDuration } from '#src/model/duration.ts';
import { isUndecided, standing } from '#src/model/request-standing.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';
import { template as requestDecision } from '#templates/request-decision.ts';
import { answerTo, namedRequest } from './requests.ts';

type Verdict = DecisionGiven['verdict'];

/** What approving and denying have in common. */
export const DECISION_FLAGS = {
  reason: { type: 'string', value: 'TEXT', text: 'Why. Needed in production, and for some kinds of requests everywhere.' },
  plan: { type: 'string', value: 'HASH', text: 'The plan that was shown to you; if it has changed, nothing is decided.' },
} as const satisfies Readonly<Record<string, Flag>>;

/** Without a reason and without having been shown the plan, a person gets to see it first. */
export const DECISION_FORM: CommandForm = { isWanted: ({ words, options }) => words.length > 0 && options.reason === undefined && options.plan === undefined };

/**
 * Decides, or asks for what a decision still lacks. A decision is about the plan that somebody has been shown; who types a reason
 * outside production decides about the plan as it is now, and in production is shown it first.
 */
export async function decide(verdict: Verdict, args: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const request = await namedRequest(args.words[0], services);
  return decideAt(doorTo(request, verdict), verdict, args, caller, services);
}

/** To a request that is stored. */
export function doorTo(request: ApprovalRequest, verdict: Verdict): Door {
  const { id } = request;
  return { request, command: verdict, typed: `${verdict} ${id} <reason>`, args: (flags) => [id, ...flags], file: () => Promise.resolve(request) };
}

/** Where somebody decides: on a request that is stored, or on one that is filed by deciding it. */
export interface Door {
  readonly request: ApprovalRequest;
  /** Of its form and its button, with the words of which it follows what is decided on, and such flags. */
  readonly command: string;
  readonly args: (flags: readonly string[]) => readonly string[];
  /** The same as people type it. */
  readonly typed: string;
  /** The request as it is stored; stores it where it is not. @throws {NothingToPropose} */
  readonly file: () => Promise<ApprovalRequest>;
  /** What has changed in the request as it is stored since it was shown; absent where that is not known, so that another plan is shown first. */
  readonly changedSince?: (stored: ApprovalRequest) => readonly string[];
}

/** The caller has the right to decide it. */
export async function decideAt(door: Door, verdict: Verdict, args: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const { request } = door;
  const given = givenOf(verdict, args, request);
  const { reason, reasonNeeded, lastsMs, only, retype, user } = given;
  const { plan } = args.options;
  const isOther = plan !== undefined && plan !== request.planHash && request.version === 0 && door.changedSince === undefined;
  const isReady = !isOther && (reason !== undefined || (plan !== undefined && !reasonNeeded));
  if (isReady && (plan !== undefined || (!request.production && (retype === undefined || user === retype)))) {
    const decision = { verdict, planHash: plan ?? request.planHash, ...(reason !== undefined && { reason }), ...(lastsMs !== undefined && { lastsMs }), ...(user !== undefined && { user }), ...(only && { only: only.map((place) => place - 1) }) };
    const stored = await door.file();
    const changedSince = stored.planHash === decision.planHash ? undefined : door.changedSince?.(stored);
    return answerTo(await services.approvals.decide(stored.id, { ...decision, ...(changedSince && { changedSince }) }, caller), takenText, services);
  }
  const settled = settledAnswer(request, caller, services);
  if (settled !== undefined) return settled;
  if (retype !== undefined && user !== undefined && user !== retype) throw new UsageError(`"${user}" is not the user name whose rights are taken away. That is ${retype}.`);
  return asked(verdict, args, door, given, services);
}

interface Given {
  readonly reason: string | undefined;
  readonly reasonNeeded: boolean;
  readonly lastsMs: number | undefined;
  /** Places of changes, from 1. */
  readonly only: readonly number[] | undefined;
  /** User name that has to be typed. */
  readonly retype: string | undefined;
  /** What was typed. */
  readonly user: string | undefined;
}

/** @throws {UsageError} */
function givenOf(verdict: Verdict, args: Arguments, request: ApprovalRequest): Given {
  const reasonNeeded = request.reasonNeeded === true;
  const retype = verdict === 'approve' ? request.retype : undefined;
  return { reason: reasonOf(args, reasonNeeded), reasonNeeded, lastsMs: shorterOf(args, request), only: onlyOf(args, request), retype, user: args.options.user?.trim() };
}

/** The form, and for where no form can be shown the same to read, with a button if nothing is missing. */
function asked(verdict: Verdict, args: Arguments, door: Door, { reason, reasonNeeded, lastsMs, only, retype, user }: Given, services: Services): Answer {
  const { request, command, typed } = door;
  const asksHowLong = args.switches.has('shorter') && lastsMs === undefined;
  const shown = shownRequest(request, request.plan.changes.length);
  const bound = [`--plan=${request.planHash}`, ...(lastsMs === undefined ? [] : [`--for=${formatDuration(lastsMs)}`]), ...(retype === undefined || user === undefined ? [] : [`--user=${user}`])];
  const missing = user === undefined ? retype : undefined;
  const chosen = only === undefined ? [] : [`--only=${only.join(',')}`];
  const confirm = (reasonNeeded && reason === undefined) || asksHowLong || missing !== undefined ? {} : { confirm: { command, args: door.args([...bound, ...chosen, ...(reason === undefined ? [] : [`--reason=${reason}`])]) } };
  const data = { request: shown, verdict, reasonNeeded, asksHowLong, ...(only && { only }), ...(missing !== undefined && { retype: missing }) };
  const message = requestDecision.render({ ...data, as: { form: false, typed, ...confirm } }, services);
  if (reason !== undefined) return { message };
  const { blocks } = requestDecision.render({ ...data, as: { form: true } }, services);
  const submit = verdict === 'approve' ? 'Approve' : 'Deny';
  return { message, form: { title: `${submit} request`, submit, blocks, action: { command, args: door.args(bound) }, ...(missing !== undefined && { exact: { user: missing } }) } };
}

/** Why there is nothing for this person to decide any more; undefined where there is. */
export function settledAnswer(request: ApprovalRequest, caller: Caller, services: Services): Answer | undefined {
  const text = (isUndecided(request) ? undefined : standing(request, services.clock.now())) ?? doneAlready(request, caller);
  return text === undefined ? undefined : { title: 'Not done', message: requestAnswer.render({ text, ask: [], ...(request.version > 0 && { request: shownRequest(request) }) }, services) };
}

function doneAlready(request: ApprovalRequest, { userId }: Caller): string | undefined {
  return request.approvals.some(({ by }) => by.person === userId) ? 'You have already approved this; somebody else has to approve it as well.' : undefined;
}

/** @throws {UsageError} */
function reasonOf({ options }: Arguments, isNeeded: boolean): string | undefined {
  const reason = options.reason?.trim();
  if (reason === undefined) return undefined;
  const { min, max } = REASON_LENGTH;
  if (reason.length > max) throw new UsageError(`The reason is longer than ${max} characters.`);
  if (isNeeded && reason.length < min) throw new UsageError(`This takes a reason of at least ${min} characters.`);
  return reason === '' ? undefined : reason;
}

/** How long it lasts, where somebody wants it to be shorter than was asked. @throws {UsageError} */
function shorterOf({ options, switches }: Arguments, { lastsMs, card }: ApprovalRequest): number | undefined {
  const wantsShorter = options.for !== undefined || switches.has('shorter');
  if (!wantsShorter) return undefined;
  if (lastsMs === undefined && card.shorter === undefined) throw new UsageError('This request is not for a limited time.');
  if (options.for === undefined) {
    if (options.reason !== undefined) throw new UsageError('For how long? Say it with --for, such as --for 30m.');
    if ((card.shorter?.length ?? 0) === 0) throw new UsageError('No shorter time is offered for this request. Give one with --for.');
    return undefined;
  }
  const given = parseDuration(options.for);
  if (given === undefined) throw new UsageError(`"${options.for}" is no length of time such as 30m or 4h.`);
  if (lastsMs === undefined && !card.shorter?.some((offered) => offered.lastsMs === given)) throw new UsageError(`It can be approved for good, or for ${card.shorter?.map(({ label }) => label).join(' or ') ?? ''}.`);
  if (lastsMs !== undefined && given > lastsMs) throw new UsageError(`It was asked for ${durationWords(lastsMs)}; it cannot be approved for longer.`);
  return given;
}

/** Which changes are wanted, where it is not all. @throws {UsageError} */
function onlyOf({ options }: Arguments, { plan, parts }: ApprovalRequest): readonly number[] | undefined {
  if (options.only === undefined) return undefined;
  if (parts === undefined) throw new UsageError('Only the whole of this request can be approved.');
  const places = options.only.split(',').map((text) => text.trim()).filter((text) => text !== '');
  const wrong = places.find((text) => !/^\d+$/.test(text) || Number(text) < 1 || Number(text) > plan.changes.length);
  if (wrong !== undefined || places.length === 0) throw new UsageError(`"${wrong ?? options.only}" is no place of a change. The request has ${plan.changes.length}: give places such as 1,2.`);
  return [...new Set(places.map(Number))].sort((a, b) => a - b);
}

function takenText({ state, approvals, needed, ruling }: ApprovalRequest): string {
  switch (state) {
    case 'partly-approved':
      return `Your approval counts: ${approvals.length} of ${needed}.`;
    case 'denied':
      return ruling?.type === 'pause' ? `Denied. Nothing is changed, and it is asked again after ${ruling.until}.` : 'Denied. Nothing is changed.';
    case 'void':
      return 'It is not as it was when it was shown to you, so nothing was changed.';
    default:
      return 'Approved. It is being carried out.';
  }
}
