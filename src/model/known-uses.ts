import type { AllowingBinding } from './audit-event.ts';

/** Why nothing is known of what was used or who was there. */
export const NO_AUDIT_LOG = 'the audit log of the cluster does not come in';

/** A tool that people use, seen working with the token of a ServiceAccount and with no token of a pod. */
export interface AccountTool {
  readonly namespace: string;
  /** Of the ServiceAccount. */
  readonly name: string;
  /** In lower case: `kubectl`. */
  readonly tool: string;
  /** Address, or network where it is one of the internet: `10.8.0.4`, `203.0.113.0/24`; '' where the log does not say. */
  readonly from: string;
  /** When it was last seen: `2026-11-20`. */
  readonly day: string;
}

/** What the audit log says was used in one cluster within a window of time. */
export interface KnownUses {
  /** Why not having been used says nothing; absent when the whole window was watched and nothing of it got lost. */
  readonly watchGap?: string;
  /** Of the window. */
  readonly windowDays: number;
  /** Whether the log names the binding that allowed a request. Policies and other authorizers may leave that out. */
  readonly namesBindings: boolean;
  readonly isUsed: (binding: Pick<AllowingBinding, 'kind' | 'namespace' | 'name'>) => boolean;
  /** Users who acted as somebody else. */
  readonly actors: ReadonlySet<string>;
  readonly tools: readonly AccountTool[];
}
