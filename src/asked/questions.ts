import { createHash } from 'node:crypto';
import type { Caller } from '#src/model/access.ts';
import type { Approvals } from '#src/model/approvals.ts';
import type { Clock } from '#src/model/clock.ts';
import type { DecisionLog, QuestionEntry } from '#src/model/decision-log.ts';
import type { Log } from '#src/model/log.ts';
import { isToBeLocked, type Question, type Questions, type QuestionStore } from '#src/model/questions.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import { NothingToPropose, type ApprovalRequest } from '#src/model/request.ts';
import { limitsOf } from './limits.ts';
import { step, type QuestionEvent, type QuestionOutcome } from './steps.ts';

/** Without an answer for so long, the question goes to the channel. */
const ANSWER_WITHIN_MS = 30 * 60_000;
const ID_LENGTH = 12;
/** Whoever denied something has it locked at once; after this long another process looks whether that came to its end. */
const LOCK_WITHIN_MS = 3 * 60_000;
/** For one try. */
const LOCK_TIMEOUT_MS = 2 * 60_000;
/** Then it is left to approvers. */
const LOCK_TRIED_MS = 60 * 60_000;

export interface QuestionDeps {
  readonly store: QuestionStore;
  readonly approvals: Pick<Approvals, 'ask' | 'decide' | 'open'>;
  /** Brings every copy of a question's message to what is stored; safe to repeat, and late calls change nothing. */
  readonly publish: (question: Question) => Promise<void>;
  readonly decisions: DecisionLog;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks people about what was done in their name, and does what follows from the answer. */
export function createQuestions(deps: QuestionDeps): Questions {
  const { store, clock, log } = deps;

  const apply = async (id: string, event: QuestionEvent): Promise<QuestionOutcome | undefined> => {
    for (;;) {
      const question = await store.get(id);
      if (question === undefined) return undefined;
      const outcome = step(question, event, clock.now());
      if ('refused' in outcome) return outcome;
      if (!(await store.write(outcome.question))) continue;
      await follow(outcome.question, deps);
      return outcome;
    }
  };
  /** The lock of a process that died is asked for again; a person has to approve it, because nobody's rights can be judged here. */
  const tendOne = async (id: string, signal: AbortSignal): Promise<void> => {
    const question = await store.get(id);
    if (question === undefined) return store.forget(id);
    // Whoever stored this version may have died before it was logged, and the next one logs only itself.
    await deps.decisions.append(entryOf(question));
    const now = clock.now().getTime();
    const deniedMs = isToBeLocked(question) && question.answer !== undefined ? now - Date.parse(question.answer.at) : 0;
    if (question.state === 'asked' && Date.parse(question.dueAt) <= now) await apply(id, { type: 'time-over' });
    else if (deniedMs >= LOCK_TRIED_MS) await apply(id, { type: 'not-locked', problem: 'the cluster could not be looked at for an hour' });
    else if (deniedMs >= LOCK_WITHIN_MS) await apply(id, await lockAccess(question, undefined, deps.approvals, AbortSignal.any([signal, AbortSignal.timeout(LOCK_TIMEOUT_MS)])));
    else await follow(question, deps);
  };
  return {
    get: store.get,
    async ask({ fingerprint, ...asked }) {
      const now = clock.now();
      const { deed, person } = asked;
      const id = `q${createHash('sha256').update(JSON.stringify([deed.cluster, fingerprint])).digest('hex').slice(0, ID_LENGTH)}`;
      const wanted: Question = { id, ...asked, askedAt: now.toISOString(), dueAt: new Date(now.getTime() + ANSWER_WITHIN_MS).toISOString(), state: 'asked', staysListed: [], version: 1 };
      const question = await store.create(wanted, limitsOf(deed, person));
      if (question !== undefined) await follow(question, deps);
      return question;
    },
    async answer(id, { verdict, ticket }, by) {
      const actor = { person: by.userId, name: by.name };
      const outcome = await apply(id, verdict === 'yes' ? { type: 'yes', by: actor, ...(ticket !== undefined && { ticket }) } : { type: 'no', by: actor });
      if (outcome === undefined) return { refused: 'This question is forgotten by now.' };
      return 'refused' in outcome ? outcome : { taken: outcome.question };
    },
    async lock(id, by, signal) {
      const question = await store.get(id);
      if (question === undefined || !isToBeLocked(question)) return question;
      const locked = await apply(id, await lockAccess(question, by, deps.approvals, signal));
      return locked !== undefined && 'question' in locked ? locked.question : store.get(id);
    },
    async tend(signal) {
      for (const id of await store.due(clock.now().getTime())) {
        signal.throwIfAborted();
        try {
          await tendOne(id, signal);
        } catch (error) {
          log.warn({ question: id, error }, 'a question could not be looked after; it is looked at again');
        }
      }
    },
  };
}

/** What follows from how a question stands. Until it is settled it is due, so that another process does it. */
async function follow(question: Question, { store, publish, decisions }: QuestionDeps): Promise<void> {
  const { id, version, state, deed, person, answer, dueAt } = question;
  await decisions.append(entryOf(question));
  const isInTime = answer !== undefined && answer.at <= dueAt;
  if (state === 'confirmed' && deed.severity !== 'critical' && isInTime) await store.mute(limitsOf(deed, person).pattern);
  await publish(question);
  await store.settle({ id, version }, nextLook(question));
}

function nextLook(question: Question): number | undefined {
  const { state, dueAt, answer } = question;
  if (state === 'asked') return Date.parse(dueAt);
  return isToBeLocked(question) && answer !== undefined ? Date.parse(answer.at) + LOCK_WITHIN_MS : undefined;
}

/** The own case of whoever said that it was not them: they ask for it and approve it, and nobody else has to. */
async function lockAccess({ id, deed: { cluster, user, groups, title }, person, channel, answer }: Question, by: Caller | undefined, approvals: QuestionDeps['approvals'], signal: AbortSignal): Promise<QuestionEvent> {
  const reason = `It was not me: ${title} (question ${id}).`;
  try {
    const begun = by === undefined ? await begunLock(person, reason, approvals) : undefined;
    if (begun !== undefined) return { type: 'locking', request: begun.id };
    const requester = answer?.by ?? { person, name: person };
    const { request } = await approvals.ask('freeze-user', { cluster, user, groups, self: person, why: reason }, { requester, channel }, signal);
    // On a repeat it may have been decided before.
    if (!isUndecided(request)) return { type: 'locking', request: request.id };
    const decided = by && (await approvals.decide(request.id, { verdict: 'approve', planHash: request.planHash, reason }, by));
    // A second click is refused where the first one has decided.
    if (decided?.outcome === 'taken' || (decided?.request !== undefined && !isUndecided(decided.request))) return { type: 'locking', request: request.id };
    return { type: 'locking', request: request.id, problem: `request ${request.id} has to be approved by somebody${decided === undefined ? '' : `, because it was refused: ${decided.reason}`}` };
  } catch (error) {
    if (error instanceof NothingToPropose) return { type: 'not-locked', problem: error.message };
    throw error;
  }
}

/** What a process that died had approved already, and perhaps carried out, so that there is nothing left to ask for. */
async function begunLock(person: string, reason: string, approvals: Pick<Approvals, 'open'>): Promise<ApprovalRequest | undefined> {
  const isThis = ({ kind, ownCase, targets, card }: ApprovalRequest): boolean => kind === 'freeze-user' && ownCase === true && targets.includes(person) && card.facts.some(([, text]) => text === reason);
  return (await approvals.open()).find((request) => isThis(request) && !isUndecided(request));
}

function entryOf({ id, version, state, deed: { cluster, user, title }, person, answer, request, problem, askedAt, dueAt }: Question): QuestionEntry {
  const kind = problem !== undefined ? 'question-not-locked' : request !== undefined ? 'question-locking' : (`question-${state}` as const);
  const reason = problem ?? answer?.ticket;
  return {
    id: `question/${id}/${version}`,
    at: answer?.at ?? (state === 'asked' ? askedAt : dueAt),
    who: state === 'confirmed' || state === 'denied' ? person : 'job',
    kind,
    what: title,
    question: id,
    person,
    user,
    cluster,
    ...(request !== undefined && { request }),
    ...(reason !== undefined && { reason }),
  };
}
