import type { ApprovalRequest } from './request.ts';
import type { Ruling } from './rulings.ts';

/** How a request is filed besides its content. Times are milliseconds since 1970. */
export interface Filing {
  /** When it is to be looked at again; undefined for never. */
  readonly dueAt: number | undefined;
  /** Until when it is listed among the open ones; 0 when it is not, Infinity while nobody knows. */
  readonly openUntil: number;
  /** A repeat of it joins it. */
  readonly joins: boolean;
  /** Forgotten some time after its last change. */
  readonly isOver: boolean;
  /** What holds, or held, of somebody's access because of it; listed in the same step. */
  readonly ruling?: Ruling;
}

/** Requests, each change of which has one winner. */
export interface RequestStore {
  readonly get: (id: string) => Promise<ApprovalRequest | undefined>;
  /** The one that a repeat of this kind and identity joins. */
  readonly joinable: (kind: string, identity: string) => Promise<ApprovalRequest | undefined>;
  /** Stores a new one, unless there is one that it joins; then that one. Undefined when its id is taken. */
  readonly create: (request: ApprovalRequest, filing: Filing) => Promise<ApprovalRequest | undefined>;
  /** Stores the next version. False when another one was quicker. */
  readonly write: (request: ApprovalRequest, filing: Filing) => Promise<boolean>;
  /** Stores the next version of one and the request that follows it: both, or, as false says, neither. */
  readonly succeed: (ended: ApprovalRequest, filing: Filing, successor: ApprovalRequest, filingOfSuccessor: Filing) => Promise<boolean>;
  /** Notes what was published and logged of it, and when it is due next unless it was changed meanwhile. */
  readonly settle: (request: Pick<ApprovalRequest, 'id' | 'version' | 'published' | 'logged'>, dueAt: number | undefined) => Promise<void>;
  /** Those that are open at that moment, newest first. */
  readonly open: (now: number) => Promise<readonly ApprovalRequest[]>;
  /** Ids of those that are due by that moment, the most overdue first. */
  readonly due: (now: number) => Promise<readonly string[]>;
  /** Of all requests, in no order. */
  readonly rulings: () => Promise<readonly Ruling[]>;
  /** Takes one that is stored no more out of the lists. */
  readonly forget: (id: string) => Promise<void>;
}
