import type { Leaver } from '#src/model/approvals.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import type { Ledger } from './ledger.ts';
import type { ApprovalsDeps } from './ports.ts';

/** What becomes of requests when people have left. Repeating it changes nothing more. */
export function createLeave({ store, world }: Pick<ApprovalsDeps, 'store' | 'world'>, ledger: Ledger): (leavers: readonly Leaver[]) => Promise<void> {
  return async (leavers) => {
    const byId = new Map(leavers.map((leaver) => [leaver.person, leaver]));
    for (const { id, requester, approvals, ...request } of await store.open(world.clock.now().getTime())) {
      const isBegun = !isUndecided(request) && request.state !== 'approved';
      const asker = byId.get(requester.person ?? '');
      if (isBegun) continue;
      if (asker !== undefined) await ledger.apply(id, { type: 'void', reason: `${asker.name}, who asked for this, has left (${asker.why})` });
      else if (isUndecided(request)) for (const { by } of approvals) await withdraw(id, byId.get(by.person ?? ''));
    }
  };

  async function withdraw(id: string, leaver: Leaver | undefined): Promise<void> {
    if (leaver !== undefined) await ledger.apply(id, { type: 'withdraw', person: leaver.person, reason: `${leaver.name} has left (${leaver.why})` });
  }
}
