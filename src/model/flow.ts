import type { Feed } from './event-intake.ts';

/** What can tell of connections. */
export type FlowSource = Exclude<Feed, 'audit'>;

/** One end of a connection, as its source saw it. */
export interface FlowEnd {
  /** Without a pod: a node, or something outside. */
  readonly pod: { readonly namespace: string; readonly name: string } | undefined;
  /** Top owners, where the network knows them. */
  readonly workload: { readonly namespace: string; readonly kind: string; readonly name: string } | undefined;
  /** To find the pod by, where `pod` is absent: as long as the source writes it, often twelve digits. */
  readonly containerId: string | undefined;
  /** Of a pod whose name the source leaves out. */
  readonly isNamelessPod?: true;
  readonly address: string | undefined;
  readonly port: number | undefined;
  /**
   * By identity where there is one: after address translation something outside may have an address of the cluster. Undefined where only a
   * private address is known, which may be of the cluster or not.
   */
  readonly outside: boolean | undefined;
  /** What stands for an address that the source does not tell: `pub`, `pvt`, or the name of a network set. */
  readonly network: string | undefined;
  /** DNS names that the address was answered for. */
  readonly names: readonly string[];
}

export type FlowVerdict = 'forwarded' | 'dropped' | 'other';

/** One observed connection, or piece of it. The source end is the one that began, but for answers. */
export interface Flow {
  readonly seenBy: FlowSource;
  readonly id: string | undefined;
  readonly timeMs: number | undefined;
  readonly verdict: FlowVerdict;
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  /** `tcp`, `udp`, `sctp`, `icmp`; absent for what none of these carries. */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp' | undefined;
  /** True for an answer, false for what begins or asks; absent where the network could not tell. */
  readonly reply: boolean | undefined;
  /** True when it was only tried, false when it was made; absent where nobody could tell. */
  readonly attempt: boolean | undefined;
  /** In both directions; absent where the source does not count them. */
  readonly bytes: number | undefined;
  /** How many connections this stands for. */
  readonly connections: number;
  /** Answered with a reset. */
  readonly reset: boolean;
  readonly droppedByPolicy: boolean;
  /** Of a question about a name, or its answer. */
  readonly dns: { readonly name: string; readonly code: number | undefined; readonly addresses: readonly string[] } | undefined;
  readonly node: string | undefined;
  /** Of a source that sums up what it has seen: whether it has seen the workload from its start and is done with it. Such a flow has no time. */
  readonly profile?: 'complete' | 'partial';
}

/** Observations that a source says it lost. */
export interface LostFlows {
  readonly lost: number;
  readonly timeMs: number | undefined;
  readonly node: string | undefined;
}
