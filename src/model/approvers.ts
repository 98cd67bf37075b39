import type { Caller, Permission } from './access.ts';
import type { ApprovalRequest } from './request.ts';

/** What a person may want to do about a request; `answer` is what its owner was asked. */
export type RequestAct = 'decide' | 'ask-owner' | 'answer' | 'cancel' | 'undo' | 'retry';

/** Who decides what, looked up anew each time; a look-up that fails is a refusal. */
export interface Approvers {
  /** Slack user and group ids who may decide requests like this one, for messages and pings. */
  readonly ids: (request: Pick<ApprovalRequest, 'kind' | 'clusters' | 'namespaces'>) => readonly string[];
  /** Of a request that there is not: whether there could be one that the caller decides, for the same refusal otherwise. */
  readonly may: (caller: Caller, act: RequestAct, request: ApprovalRequest | undefined) => Promise<Permission>;
}
