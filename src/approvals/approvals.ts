import type { Caller, Permission } from '#src/model/access.ts';
import { REASON_LENGTH, type ApprovalRuns, type Approvals, type DecideOutcome, type DecisionGiven } from '#src/model/approvals.ts';
import type { RequestAct } from '#src/model/approvers.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import { NothingToPropose, type Actor, type ApprovalKind, type ApprovalRequest } from '#src/model/request.ts';
import { countedFor } from './any-plan.ts';
import { createCarryOut } from './carry-out.ts';
import { createLeave } from './leave.ts';
import { createLedger } from './ledger.ts';
import type { RequestEvent } from './machine.ts';
import type { ApprovalsDeps } from './ports.ts';
import { narrowed } from './narrowed.ts';
import { newRequest, propose } from './propose.ts';
import { createTend } from './tend.ts';

type EventOrNot = RequestEvent | { readonly refused: string };

const TOO_SHORT = `This takes a reason of at least ${REASON_LENGTH.min} characters.`;
/** Ids are short; one that is taken is made anew. */
const ID_ATTEMPTS = 5;

/** Requests for approval, from the question to the end of their effect. */
export function createApprovals(deps: ApprovalsDeps): Approvals & ApprovalRuns {
  const { store, approvers, decisions, world } = deps;
  const { clock } = world;
  const ledger = createLedger(deps);
  return {
    async preview(name, subject, opening, signal) {
      const kind = namedKind(name);
      const known = await joinable(kind, subject);
      return known ?? { ...newRequest(kind, subject, await propose(kind, subject, deps, signal), opening, deps), version: 0 };
    },
    async ask(name, subject, opening, signal) {
      const kind = namedKind(name);
      const known = await joinable(kind, subject);
      if (known !== undefined) return { request: known, joined: true };
      const proposal = await propose(kind, subject, deps, signal);
      for (let attempt = 1; attempt <= ID_ATTEMPTS; attempt += 1) {
        const wanted = newRequest(kind, subject, proposal, opening, deps);
        const request = await store.create(wanted, ledger.filing(wanted));
        if (request === undefined) continue;
        if (request.id === wanted.id) await ledger.follow(request);
        return { request, joined: request.id !== wanted.id };
      }
      throw new Error('no free id was found for a request');
    },
    get: store.get,
    open: () => store.open(clock.now().getTime()),
    decide: (id, asGiven, by) => perform(id, 'decide', by, async (request) => {
      const given = countedFor(request, asGiven, deps);
      const lacking = isUndecided(request) ? shortcoming(request, given) : undefined;
      if (lacking !== undefined) return { refused: lacking };
      const less = await narrowed(request, given, deps);
      if (less === undefined) return decisionEvent(given, actor(by));
      return 'refused' in less ? less : { type: 'narrow', by: actor(by), planHash: given.planHash, to: less, ...trimmed(given.reason) };
    }),
    rule: (id, { says, reason, planHash }, by) => perform(id, 'decide', by, (request) => {
      const given = trimmed(reason).reason ?? '';
      if (isUndecided(request) && given.length < REASON_LENGTH.min) return { refused: TOO_SHORT };
      return { type: 'rule', by: actor(by), says, reason: given, ...(planHash !== undefined && { planHash }) };
    }),
    askOwner: (id, by) => perform(id, 'ask-owner', by, (request) => ownerEvent(request, by)),
    ownerSays: (id, { isKnown, reason }, by) => perform(id, 'answer', by, () => {
      const text = reason.trim();
      return text.length < REASON_LENGTH.min ? { refused: TOO_SHORT } : { type: 'owner-says', by: actor(by), isKnown, reason: text.slice(0, REASON_LENGTH.max) };
    }),
    cancel: (id, by) => perform(id, 'cancel', by, () => ({ type: 'cancel', by: actor(by) })),
    undo: (id, by, reason) => perform(id, 'undo', by, () => ({ type: 'undo', by: actor(by), ...trimmed(reason) })),
    retry: (id, by) => perform(id, 'retry', by, () => ({ type: 'retry', by: actor(by) })),
    may: (by, act, request) => approvers.may(by, act, request),
    advance: createCarryOut(deps, ledger).advance,
    leave: createLeave(deps, ledger),
    tend: createTend(deps, ledger),
    async observe(id, observed) {
      await ledger.apply(id, { type: 'observe', observed });
    },
    async giveUp(id, reason) {
      const request = await store.get(id);
      if (request?.state === 'reverting') await ledger.apply(id, { type: 'revert-failed', reason });
      else if (request?.state === 'approved' || request?.state === 'applying') await ledger.apply(id, { type: 'failed', reason });
    },
  };

  function namedKind(name: string): ApprovalKind {
    const kind = deps.kinds.find((candidate) => candidate.name === name);
    if (kind === undefined) throw new NothingToPropose(`This version of the bot knows no requests of the kind ${name}.`);
    return kind;
  }

  function joinable(kind: ApprovalKind, subject: unknown): Promise<ApprovalRequest | undefined> {
    return store.joinable(kind.name, kind.identity(kind.subject.parse(subject)));
  }

  async function ownerEvent(request: ApprovalRequest, by: Caller): Promise<EventOrNot> {
    const kind = deps.kinds.find((candidate) => candidate.name === request.kind);
    if (kind?.owner === undefined) return { refused: 'Nobody owns what requests of this kind are about.' };
    try {
      return { type: 'ask-owner', by: actor(by), owner: await kind.owner(kind.subject.parse(request.subject), world) };
    } catch (error) {
      if (error instanceof NothingToPropose) return { refused: error.message };
      throw error;
    }
  }

  /** Rights first, then the state, so that who may not decide learns nothing but that. */
  async function perform(id: string, act: RequestAct, by: Caller, eventFor: (request: ApprovalRequest) => EventOrNot | Promise<EventOrNot>): Promise<DecideOutcome> {
    const request = await store.get(id);
    if (request === undefined) return { outcome: 'refused', reason: `There is no request ${id} (any more).`, ask: [] };
    const permission = await approvers.may(by, act, request);
    if (!permission.allowed) {
      await logRefusal(request, act, by, permission);
      return { outcome: 'refused', reason: permission.reason, ask: permission.ask };
    }
    const event = await eventFor(request);
    if ('refused' in event) return { outcome: 'refused', reason: event.refused, ask: [], request };
    const applied = await ledger.apply(id, event);
    if (applied === undefined) return { outcome: 'refused', reason: `There is no request ${id} any more.`, ask: [] };
    if ('refused' in applied) return { outcome: 'refused', reason: applied.refused, ask: [], request: applied.request };
    return { outcome: 'taken', request: applied.request };
  }

  async function logRefusal({ id }: ApprovalRequest, act: RequestAct, by: Caller, { reason }: Extract<Permission, { readonly allowed: false }>): Promise<void> {
    await decisions.append({ at: clock.now().toISOString(), kind: 'refused', who: by.userId, what: act, request: id, reason });
  }
}

function decisionEvent({ verdict, planHash, reason, lastsMs, changedSince }: DecisionGiven, by: Actor): RequestEvent {
  const common = { by, planHash, ...trimmed(reason) };
  if (verdict === 'deny') return { type: 'deny', ...common };
  return { type: 'approve', ...common, ...(lastsMs !== undefined && { lastsMs }), ...(changedSince && { changedSince }) };
}

/** Of a plan that has changed meanwhile the step says so. */
function shortcoming({ reasonNeeded, retype, planHash }: ApprovalRequest, { verdict, reason = '', user, planHash: shown }: DecisionGiven): string | undefined {
  if (reasonNeeded && reason.trim().length < REASON_LENGTH.min) return TOO_SHORT;
  if (verdict === 'deny' || retype === undefined || shown !== planHash || user?.trim() === retype) return undefined;
  return `This takes the rights of an administrator away, so nothing was decided without their user name, typed exactly: ${retype}.`;
}

function trimmed(reason: string | undefined): { readonly reason?: string } {
  const text = reason?.trim().slice(0, REASON_LENGTH.max);
  return text === undefined || text === '' ? {} : { reason: text };
}

function actor({ userId, name }: Caller): Actor {
  return { person: userId, name };
}
