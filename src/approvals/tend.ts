import { isRuled, isUndecided } from '#src/model/request-standing.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { CLOCK } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { ApprovalsDeps } from './ports.ts';
import { lapsesAt } from './ruling-steps.ts';
import { endsSoon, escalationTime, hasHadItsTime, isUnderWay, remindersDue } from './standing.ts';

/** Does what is due by the clock, and what processes that died have left undone. Every replica may do it at any time. */
export function createTend(deps: ApprovalsDeps, ledger: Ledger): (signal: AbortSignal) => Promise<void> {
  const { store, settings, world, log } = deps;
  const { clock } = world;
  return async (signal) => {
    for (const id of await store.due(clock.now().getTime())) {
      signal.throwIfAborted();
      try {
        await tendOne(id);
      } catch (error) {
        log.warn({ request: id, error }, 'a request could not be looked after; it is looked at again');
      }
    }
  };

  async function tendOne(id: string): Promise<void> {
    const request = await store.get(id);
    if (request === undefined) return store.forget(id);
    const now = clock.now();
    if (isUndecided(request)) await undecided(request, now);
    else if (hasHadItsTime(request, now)) await ledger.apply(id, { type: 'undo', by: CLOCK });
    else if (request.state === 'applied' && endsSoon(request, now)) await ledger.apply(id, { type: 'warn' });
    else if (isRuled(request) && lapsesAt(request) <= now.getTime()) await ledger.apply(id, { type: 'lapse' });
    else if (isUnderWay(request)) await requeue(request);
    else if (request.state === 'revert-failed' && request.endsAt !== undefined) await ledger.apply(id, { type: 'retry', by: CLOCK });
    const current = await store.get(id);
    if (current !== undefined) await ledger.settle(current);
  }

  /** Whoever is asked besides is asked by the reminder that is due then. */
  async function undecided(request: ApprovalRequest, now: Date): Promise<void> {
    const { id, expiresAt, kind } = request;
    if (Date.parse(expiresAt) <= now.getTime()) {
      await ledger.apply(id, { type: 'expire' });
      return;
    }
    const to = settings.kinds[kind]?.escalateTo ?? [];
    if (to.length > 0 && !request.escalated && escalationTime(request) <= now.getTime()) await ledger.apply(id, { type: 'escalate', to }, 'nothing');
    if (remindersDue(request, now) > request.reminders) await ledger.apply(id, { type: 'remind' });
  }

  async function requeue(request: ApprovalRequest): Promise<void> {
    if (await ledger.isQueued(request)) return;
    // A request that was stored a moment ago is about to be queued by whoever stored it.
    if (request.published >= request.version) log.warn({ request: request.id, state: request.state }, 'a request that is to be carried out was not in the queue and is queued again');
    await ledger.queue(request);
  }
}
