import type { ConnectionCertificates } from './connection-certificates.ts';
import type { ControlRef } from './frameworks/framework.ts';
import type { Kind } from './kinds.ts';
import type { KnownUsers } from './known-users.ts';
import type { KnownUses } from './known-uses.ts';
import type { ObjectRef, Reach, Severity } from './finding.ts';
import { unknownLast, type RawObject, type Step } from './raw.ts';
import type { CheckSettings } from './settings.ts';
import type { SshAnswers } from './ssh.ts';
import type { KubernetesVersion } from './version.ts';
import { WORKLOAD_KINDS } from './kinds.ts';
import { podOf, type Container, type PodView } from './workload.ts';

/** Where a rule comes from. */
export interface Source {
  readonly title: string;
  readonly url?: string;
  /** Present when it is a control of a framework that reports are made of. */
  readonly control?: ControlRef;
}

/** One row of a table-driven check. */
export interface CheckItem {
  readonly title: string;
  /** Where it differs from the check's. */
  readonly severity?: Severity;
  /** Those of the check's sources that this row alone answers; the others are answered by the check as a whole. */
  readonly sources?: readonly Source[];
}

/** What every check says about itself. Docs pages, the ClusterRole and `explain` are made from it. */
export interface CheckMeta {
  /** `<area>/<slug>`, the path of its folder. The slug names the problem. */
  readonly id: string;
  /** States the healthy state. */
  readonly title: string;
  readonly severity: Severity;
  /** Tips of the article it serves, from 1. */
  readonly tips: readonly number[];
  /** What goes wrong otherwise: one or two sentences. */
  readonly why: string;
  /** What to do, ending with a full stop. */
  readonly fix: string;
  readonly sources: readonly Source[];
  /** Present when each finding names the row it is about. */
  readonly items?: Readonly<Record<string, CheckItem>>;
  /** Ids it had before; they still work in configuration. */
  readonly aliases?: readonly string[];
  /** Also judges what Kubernetes and providers ship, which is otherwise left out. */
  readonly judgesStock?: true;
  /** Why it cannot be evaluated with these settings, or undefined when it can. */
  readonly notEvaluated?: (context: CheckContext) => string | undefined;
}

export interface CheckContext {
  readonly version: KubernetesVersion;
  readonly settings: CheckSettings;
  readonly now: Date;
  /**
   * What the input does not hold does not exist; the scan takes it from its source. Absent for files: an object that they
   * do not hold may well be in the cluster, so that missing it is undecided there.
   */
  readonly complete?: true;
  /** Those of the connection to the API server, which the scan takes from its source as well. */
  readonly connection?: ConnectionCertificates;
  /** Whether addresses of nodes on the internet answer on the port of SSH; absent where the bot may not try. */
  readonly sshAnswers?: SshAnswers;
  /** Absent where no source of people is connected. */
  readonly users?: KnownUsers;
  /** Absent where no audit log comes in. */
  readonly uses?: KnownUses;
}

/** The object that a problem is about, as the scan hands it to collectors and gets it back. */
export interface Subject {
  readonly ref: ObjectRef;
  /** What stays the same when the object is replaced, such as the owner of a Pod that is not in the input itself; absent where that is `ref`. */
  readonly identity?: ObjectRef;
  /** As shipped by Kubernetes or the provider. */
  readonly stock: boolean;
  /** Where it was read, for whoever prints it; nothing else looks inside. */
  readonly origin?: unknown;
}

export interface Problem {
  readonly item?: string;
  /** Where it differs from the item's or the check's. */
  readonly severity?: Severity;
  readonly container?: string;
  /** From the root of the object. */
  readonly path?: readonly Step[];
  /** One sentence without a full stop. */
  readonly message: string;
  readonly evidence?: string;
  /** Of the cluster, where each user that an object names is a problem of its own. */
  readonly user?: string;
  readonly related?: readonly ObjectRef[];
  /** What is open, as `tcp/22`, `tcp/3000-4000`, `udp/*` or `all`. */
  readonly ports?: readonly string[];
  /** Only of what something leads to from the internet. */
  readonly reach?: Reach;
}

/** The evidence about an object is missing: neither a problem nor healthy. */
export interface Undecided {
  readonly undecided: string;
  /** The only object that it is about; of a check of one object it is that one anyway. */
  readonly subject?: Subject;
}

export interface ObjectCheck extends CheckMeta {
  readonly kinds: readonly Kind[];
  readonly judge: (object: RawObject, context: CheckContext) => Iterable<Problem | Undecided>;
}

/** Small records gathered from objects while they stream by, for checks over several objects. */
export interface Facts<State = unknown, Result = State> {
  readonly name: string;
  readonly reads: readonly Kind[];
  /** It is also shown what an owner stands for: the pods of a Deployment. */
  readonly seesOwned?: true;
  /** What it holds in memory, in words. */
  readonly keeps: string;
  readonly start: () => State;
  /** Must not keep the object itself. */
  readonly add: (state: State, object: RawObject, subject: Subject) => void;
  /** What checks see, made once after the last object. */
  readonly finish: (state: State, context: CheckContext) => Result;
}

type AnyFacts = Omit<Facts<never, unknown>, 'start'> & { readonly start: () => unknown };
type Needs = Readonly<Record<string, AnyFacts>>;
type Gathered<N extends Needs> = { readonly [K in keyof N]: N[K] extends { finish: (...args: never[]) => infer Result } ? Result : never };

export interface ClusterProblem extends Problem {
  readonly subject: Subject;
}

/** The cluster does not show what the check (or one item of it) needs, such as the flags of a managed control plane. */
export interface NotEvaluated {
  readonly notEvaluated: string;
  readonly item?: string;
}

export interface ClusterCheck extends CheckMeta {
  readonly needs: Needs;
  readonly judge: (facts: never, context: CheckContext) => Iterable<ClusterProblem | Undecided | NotEvaluated>;
}

export type Check = ObjectCheck | ClusterCheck;

/** A check that judges one object at a time. */
export function defineObjectCheck(check: ObjectCheck): ObjectCheck {
  return check;
}

/** A check that judges one pod template at a time, wherever its kind keeps it. */
export function defineWorkloadCheck(
  check: CheckMeta & { readonly judge: (pod: PodView, context: CheckContext) => Iterable<Problem | Undecided> },
): ObjectCheck {
  return {
    ...check,
    kinds: WORKLOAD_KINDS,
    *judge(object, context) {
      const pod = podOf(object);
      if (pod !== undefined) yield* check.judge(pod, context);
    },
  };
}

/** A check that judges one container at a time; init and ephemeral containers are judged like the others. */
export function defineContainerCheck(
  check: CheckMeta & {
    readonly judge: (container: Container, pod: PodView, context: CheckContext) => Iterable<ContainerProblem>;
  },
): ObjectCheck {
  return defineWorkloadCheck({
    ...check,
    *judge(pod, context) {
      yield* unknownLast(pod.knownContainers(), (container) => problemsOf(container, check.judge(container, pod, context)));
    },
  });
}

function* problemsOf(container: Container, problems: Iterable<ContainerProblem>): Iterable<Problem> {
  for (const problem of problems) yield { ...problem, container: container.name, path: [...container.path, ...problem.path] };
}

/** Its path starts at the container. */
export interface ContainerProblem extends Omit<Problem, 'container'> {
  readonly path: readonly Step[];
}

export function defineFacts<State, Result = State>(
  facts: Omit<Facts<State, Result>, 'finish'> & { readonly finish?: (state: State, context: CheckContext) => Result },
): Facts<State, Result> {
  return { finish: (state) => state as unknown as Result, ...facts };
}

/** A check over facts of several objects. Facts are named in `needs` by handle, so that a missing one does not compile. */
export function defineClusterCheck<const N extends Needs>(
  check: CheckMeta & {
    readonly needs: N;
    readonly judge: (facts: Gathered<N>, context: CheckContext) => Iterable<ClusterProblem | Undecided | NotEvaluated>;
  },
): ClusterCheck {
  return check;
}

export function isClusterCheck(check: Check): check is ClusterCheck {
  return 'needs' in check;
}

/** Every kind a check reads, itself or through its facts. */
export function kindsOf(check: Check): readonly Kind[] {
  return isClusterCheck(check) ? [...new Set(Object.values(check.needs).flatMap((facts) => facts.reads))] : check.kinds;
}
