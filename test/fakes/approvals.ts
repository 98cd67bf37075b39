import type { Approvals, DecideOutcome } from '#src/model/approvals.ts';
import type { ApprovalRequest } from '#src/model/request.ts';

export interface FakeApprovals extends Approvals {
  /** What was asked of it, with everything that was passed on. */
  readonly calls: readonly (readonly unknown[])[];
}

export interface FakeApprovalsOptions {
  readonly requests?: readonly ApprovalRequest[];
  /** Why nobody may decide. */
  readonly refusal?: string;
  /** What every decision and the like comes to; the request as it is otherwise. */
  readonly outcome?: (request: ApprovalRequest) => DecideOutcome;
}

/** Holds requests that never change and remembers what is asked of it. */
export function createFakeApprovals({ requests = [], refusal, outcome = (request) => ({ outcome: 'taken', request }) }: FakeApprovalsOptions = {}): FakeApprovals {
  const calls: (readonly unknown[])[] = [];
  const act = (name: string) => (id: string, ...rest: readonly unknown[]): Promise<DecideOutcome> => {
    calls.push([name, id, ...rest]);
    const request = requests.find((candidate) => candidate.id === id);
    return Promise.resolve(request === undefined ? { outcome: 'refused', reason: `There is no request ${id}.`, ask: [] } : outcome(request));
  };
  return {
    calls,
    ask: () => Promise.reject(new Error('nothing can be asked here')),
    preview: () => Promise.reject(new Error('nothing can be asked here')),
    get: (id) => Promise.resolve(requests.find((request) => request.id === id)),
    open: () => Promise.resolve(requests),
    decide: act('decide'),
    rule: act('rule'),
    askOwner: act('askOwner'),
    ownerSays: act('ownerSays'),
    cancel: act('cancel'),
    undo: act('undo'),
    retry: act('retry'),
    may: () => Promise.resolve(refusal === undefined ? { allowed: true } : { allowed: false, reason: refusal, ask: [] }),
  };
}
