import type { Area, Finding } from './finding.ts';
import type { Kind } from './kinds.ts';
import type { Step } from './raw.ts';

/** A finding together with where its object was read. */
export interface LocatedFinding extends Finding {
  readonly origin?: unknown;
  /** Its path in steps; there with an origin, and empty for the object as a whole. */
  readonly steps?: readonly Step[];
}

/** What a scan could not look at. Never to be read as "nothing found". */
export interface Gap {
  readonly check: string;
  readonly item?: string;
  /** For people: `no permission to list nodes`. */
  readonly reason: string;
  /** The only kind whose objects were not judged; absent when none could be. */
  readonly kind?: string;
  /** Some objects were judged all the same, and their findings are in the result. */
  readonly partial: boolean;
}

/** Objects whose evidence is missing, by check and reason. */
export interface UndecidedCount {
  readonly check: string;
  readonly reason: string;
  readonly count: number;
  /** Keys of these objects; absent when it may have been any, because a check over several objects missed one. */
  readonly objects?: ReadonlySet<string>;
}

export interface ScanResult {
  readonly findings: readonly LocatedFinding[];
  /** Checks that ran, partly evaluated ones included; a check with items appears once for each, as `id:item`. */
  readonly checks: readonly string[];
  readonly notEvaluated: readonly Gap[];
  readonly undecided: readonly UndecidedCount[];
  /** Objects read. */
  readonly objects: number;
  /** Kinds of which there was some object. */
  readonly kinds: ReadonlySet<Kind>;
  /** Of these, objects as shipped by Kubernetes or the provider. */
  readonly stock: number;
}

export interface ScanProgress {
  /** The kind being read. */
  readonly kind: string;
  readonly objects: number;
  /** Areas whose checks have all been evaluated or given up. */
  readonly areasDone: readonly Area[];
  /** Areas that have checks in this scan. */
  readonly areas: readonly Area[];
}
