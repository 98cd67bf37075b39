/** One end of a connection, as the network saw it. */
export interface FlowEnd {
  /** Without a pod: a node, or something outside. */
  readonly pod: { readonly namespace: string; readonly name: string } | undefined;
  /** Top owners, where the network knows them. */
  readonly workload: { readonly kind: string; readonly name: string } | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** By identity, not by address: after address translation something outside may have an address of the cluster. */
  readonly outside: boolean;
  /** DNS names that the address was answered for. */
  readonly names: readonly string[];
}

export type FlowVerdict = 'forwarded' | 'dropped' | 'other';

/** One observed connection, or piece of it. */
export interface Flow {
  readonly id: string | undefined;
  readonly timeMs: number | undefined;
  readonly verdict: FlowVerdict;
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  /** `tcp`, `udp`, `sctp`, `icmp`; absent for what none of these carries. */
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp' | undefined;
  /** True for an answer, false for what begins or asks; absent where the network could not tell. */
  readonly reply: boolean | undefined;
  /** Answered with a reset. */
  readonly reset: boolean;
  readonly droppedByPolicy: boolean;
  readonly dns: { readonly name: string; readonly code: number | undefined } | undefined;
  readonly node: string | undefined;
}

/** Observations that a source says it lost. */
export interface LostFlows {
  readonly lost: number;
  readonly timeMs: number | undefined;
  readonly node: string | undefined;
}
