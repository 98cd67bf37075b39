import type { RawObject } from './raw.ts';

/** From mildest to worst, as Falco has them. */
export const FALCO_PRIORITIES = ['debug', 'informational', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type FalcoPriority = (typeof FALCO_PRIORITIES)[number];

/** The other end of a connection that Falco saw. */
export interface FalcoConnection {
  readonly local: { readonly address: string; readonly port: number } | undefined;
  readonly remote: { readonly address: string; readonly port: number };
  readonly protocol: string | undefined;
  /** Which end began it; absent where nothing tells. */
  readonly began: 'local' | 'remote' | undefined;
  /** True when it was not made yet, or failed; absent where the rule prints no result. */
  readonly attempt: boolean | undefined;
}

/** One alert of Falco, from its own HTTP output or by way of Falcosidekick. */
export interface FalcoAlert {
  readonly id: string | undefined;
  readonly timeMs: number | undefined;
  readonly rule: string;
  readonly priority: FalcoPriority;
  /** The text of the rule, with what happened filled in. */
  readonly output: string;
  /** Such as `syscall` or `k8s_audit`. */
  readonly source: string | undefined;
  readonly tags: readonly string[];
  /** The node. */
  readonly hostname: string | undefined;
  /** Absent where Falco knew only the container. */
  readonly pod: { readonly namespace: string; readonly name: string } | undefined;
  /** To find the pod by, where `pod` is absent. */
  readonly containerId: string | undefined;
  readonly container: string | undefined;
  readonly command: string | undefined;
  readonly user: string | undefined;
  readonly connection: FalcoConnection | undefined;
  readonly fields: RawObject;
}
