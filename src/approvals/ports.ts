import type { Approvers } from '#src/model/approvers.ts';
import type { ConfirmingWorld } from '#src/model/approvals.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { DecisionLog } from '#src/model/decision-log.ts';
import type { Job, Queue } from '#src/model/job.ts';
import type { Log } from '#src/model/log.ts';
import type { Change, ChangeResult, Maker, Plan, Proof, Verification } from '#src/model/plan.ts';
import type { ApprovalKind, ApprovalRequest } from '#src/model/request.ts';
import type { RequestStore } from '#src/model/request-store.ts';
import type { ApprovalSettings } from '#src/model/settings.ts';

/** Opens a cluster by name. @throws {ClusterUnreachable} */
export type OpenNamed = (cluster: string) => Promise<OpenCluster>;

/** Makes changes in clusters. Everything may be repeated after an interruption, and finds then what it did before. */
export interface Executor {
  readonly makeChange: (change: Change, cluster: OpenCluster, maker: Maker, signal: AbortSignal) => Promise<ChangeResult>;
  /** Of a result that is `uncertain` only what is seen to have been made by this request. */
  readonly takeBack: (change: Change, result: ChangeResult, cluster: OpenCluster, requestId: string, signal: AbortSignal) => Promise<ChangeResult>;
  /** Closes what it opens. */
  readonly verify: (proofs: readonly Proof[], open: OpenNamed, now: Date, signal: AbortSignal) => Promise<Verification>;
  readonly planHash: (plan: Plan) => string;
}

export interface ApprovalsDeps {
  readonly store: RequestStore;
  readonly kinds: readonly ApprovalKind[];
  readonly world: ConfirmingWorld;
  readonly settings: ApprovalSettings;
  readonly approvers: Approvers;
  readonly executor: Executor;
  /** Brings every copy of a request's message to what is stored; safe to repeat, and late calls change nothing. */
  readonly publish: (request: ApprovalRequest) => Promise<void>;
  readonly decisions: DecisionLog;
  readonly queue: Pick<Queue, 'add' | 'isPending'>;
  /** The job that calls `advance`. */
  readonly job: Job<{ readonly request: string }>;
  readonly log: Log;
}
