/** From worst to mildest. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The eight areas are the eight tips of the article, in its order. */
export const AREAS = ['encryption', 'access', 'exposure', 'iac', 'workload', 'node', 'connections', 'audit'] as const;
export type Area = (typeof AREAS)[number];

/** Names one object of a cluster or of its code. */
export interface ObjectRef {
  readonly apiVersion?: string;
  readonly kind: string;
  /** Absent for cluster-scoped objects and where a file names none. */
  readonly namespace?: string;
  readonly name: string;
  /** Terraform address with the instance key where it is known. */
  readonly address?: string;
}

/** How the internet comes to the pods of a workload. */
export interface Reach {
  /** The widest first: `LoadBalancer shop/web`, `Ingress shop/web → Service shop/web`. */
  readonly doors: readonly string[];
  /** That it asks for, where it says so. */
  readonly pods?: number;
  /** Who answers for it, as its labels or annotations say. */
  readonly owner?: string;
}

/** One thing that is wrong with one object, as a scan reports it. */
export interface Finding {
  readonly check: string;
  /** The row of a table-driven check; absent where the check has no items. */
  readonly item?: string;
  readonly severity: Severity;
  /** The outermost owner that was in the input. */
  readonly object: ObjectRef;
  /** Objects it rests on besides `object`: the bindings of a role, the role of a binding. */
  readonly related?: readonly ObjectRef[];
  readonly container?: string;
  /** From the root of the object, as `kubectl explain` spells it, lists by index. */
  readonly path?: string;
  /** What is open, as `tcp/22`, `tcp/3000-4000`, `udp/*` or `all`. */
  readonly ports?: readonly string[];
  /** Only of what something leads to from the internet. */
  readonly reach?: Reach;
  /** One sentence without a full stop. Never holds the value of a secret. */
  readonly message: string;
  /** What was read there, as text for a person. Never holds the value of a secret. */
  readonly evidence?: string;
  /** Pods of one owner outside the input that share this finding; absent for one. */
  readonly count?: number;
  /** Same for the same problem over restarts, rollouts and renamed pods; unique within a cluster. */
  readonly fingerprint: string;
}

/** -1 when `a` is worse than `b`, 1 when it is milder, 0 when they are equal. */
export function compareSeverity(a: Severity, b: Severity): number {
  return Math.sign(SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b));
}

/** One step milder; `info` stays `info`. */
export function milder(severity: Severity): Severity {
  return SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? 'info';
}

/** The area of a unit, from its id. */
export function areaOf(id: string): Area {
  return id.slice(0, id.indexOf('/')) as Area;
}

/** `shop/api` or `api` for people; the kind is said beside it. */
export function qualifiedName(ref: ObjectRef): string {
  return ref.address ?? (ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`);
}

/** Same text for the same object in one cluster, whatever version of its API it was read by. */
export function objectKey(ref: ObjectRef): string {
  return ref.address ?? `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}
