import { knownKind, WORKLOAD_KINDS, type Kind } from './kinds.ts';
import { at, ifKnown, knownObjectsAt, knownPart, objectAt, objectsAt, textAt, textMapAt, unknownLast, type RawObject, type Step } from './raw.ts';

export type ContainerRole = 'init' | 'regular' | 'ephemeral';

/** One container of a pod template, with where it stands in its object. */
export interface Container {
  /** The name as written, or `#2` (its place in the list, from 0) when it has none. */
  readonly name: string;
  readonly role: ContainerRole;
  readonly raw: RawObject;
  /** From the root of the object that holds the template. */
  readonly path: readonly Step[];
}

/** The pod template of a workload, wherever its kind keeps it. Values are read from `spec` with the readers of raw.ts. */
export interface PodView {
  readonly spec: RawObject;
  /** From the root of the object to `spec`. */
  readonly path: readonly Step[];
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** From the root of the object to the template's `metadata`. */
  readonly metadataPath: readonly Step[];
  /** Init, regular and ephemeral containers, in that order. A sidecar is an init container with `restartPolicy: Always`. */
  readonly containers: readonly Container[];
  /** The same one after the other. That one is not known is only met when the known ones have gone by. */
  readonly knownContainers: () => Iterable<Container>;
  /** `spec.os.name: windows`. */
  readonly windows: boolean;
  /** The ServiceAccount it runs as; `default` when none is named. */
  readonly serviceAccountName: string;
}

const TEMPLATE_PATHS: Readonly<Partial<Record<Kind, readonly Step[]>>> = {
  Pod: [],
  PodTemplate: ['template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const CONTAINER_LISTS = [
  ['init', 'initContainers'],
  ['regular', 'containers'],
  ['ephemeral', 'ephemeralContainers'],
] as const;

const views = new WeakMap<RawObject, PodView>();

/** The pod template of an object of `WORKLOAD_KINDS`; undefined for other kinds and for objects without one. */
export function podOf(object: RawObject): PodView | undefined {
  const known = views.get(object);
  if (known !== undefined) return known;
  const kind = knownKind(textAt(object, 'apiVersion') ?? '', textAt(object, 'kind') ?? '');
  if (kind === undefined || !(WORKLOAD_KINDS as readonly Kind[]).includes(kind)) return undefined;
  const path = TEMPLATE_PATHS[kind] ?? ['spec', 'template'];
  const spec = objectAt(object, ...path, 'spec');
  if (spec === undefined) return undefined;
  const { known: containers, unknown } = knownPart(containersOf(spec, [...path, 'spec']));
  const view: PodView = {
    spec,
    path: [...path, 'spec'],
    get labels() {
      return textMapAt(object, ...path, 'metadata', 'labels');
    },
    get annotations() {
      return textMapAt(object, ...path, 'metadata', 'annotations');
    },
    metadataPath: [...path, 'metadata'],
    get containers() {
      if (unknown !== undefined) throw unknown;
      return containers;
    },
    *knownContainers() {
      yield* containers;
      if (unknown !== undefined) throw unknown;
    },
    get windows() {
      return textAt(spec, 'os', 'name') === 'windows';
    },
    get serviceAccountName() {
      return [textAt(spec, 'serviceAccountName'), textAt(spec, 'serviceAccount')].find(Boolean) ?? 'default';
    },
  };
  views.set(object, view);
  return view;
}

function containersOf(spec: RawObject, path: readonly Step[]): Iterable<Container> {
  return unknownLast(CONTAINER_LISTS, function* ([role, field]) {
    for (const [index, raw] of knownObjectsAt(spec, field)) {
      yield { name: ifKnown(() => textAt(raw, 'name'), undefined) ?? `#${index}`, role, raw, path: [...path, field, index] };
    }
  });
}

/**
 * A security setting that pod and container both have: the container's own value, else the pod's.
 *
 * `read` is a reader of raw.ts, so that a value of the wrong type counts as absent. `field` is below `securityContext`,
 * such as `runAsUser`, or `seccompProfile` and `type` as separate steps.
 */
export function effectiveSecurity<Value>(
  read: (value: unknown, ...path: readonly Step[]) => Value | undefined,
  pod: PodView,
  container: Container,
  ...field: readonly Step[]
): Value | undefined {
  return read(container.raw, 'securityContext', ...field) ?? read(pod.spec, 'securityContext', ...field);
}

/** The controller that owns an object, if its metadata names one. */
export function controllerOf(object: RawObject): { readonly apiVersion: string; readonly kind: string; readonly name: string } | undefined {
  for (const [, reference] of objectsAt(object, 'metadata', 'ownerReferences')) {
    const kind = textAt(reference, 'kind');
    const name = textAt(reference, 'name');
    if (at(reference, 'controller') === true && kind !== undefined && name !== undefined) {
      return { apiVersion: textAt(reference, 'apiVersion') ?? '', kind, name };
    }
  }
  return undefined;
}

export function isWorkloadKind(kind: string): boolean {
  return (WORKLOAD_KINDS as readonly string[]).includes(kind);
}

