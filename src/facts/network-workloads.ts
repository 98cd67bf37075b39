import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseImage } from '#src/model/image.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { ifKnown, integerAt, knownObjectsAt, knownPart, textAt, unknownLast, type RawObject, type Step } from '#src/model/raw.ts';
import { podOf, type Container } from '#src/model/workload.ts';
import { eachPort, workloadOf, type Workload } from '#src/network/workloads.ts';

/** A port of the node that a container opens. */
export interface HostPort {
  readonly container: string;
  readonly port: number;
  /** From the root of the workload. */
  readonly path: readonly Step[];
}

/** A workload as the network sees it. */
export interface NetworkWorkload extends Workload {
  readonly subject: Subject;
  /** Without registry and tag: `grafana/grafana`. */
  readonly images: readonly string[];
  /** From the root of the workload to the spec of its pods. */
  readonly path: readonly Step[];
  readonly hostPorts: readonly HostPort[];
  /** Who answers for it, where it says so. */
  readonly owner?: string;
}

/** Where people write down whose something is: `a8r.io/owner` is a convention for annotations, the others are usual labels. */
const OWNER_KEYS = ['a8r.io/owner', 'owner', 'team', 'app.kubernetes.io/team'];

/** Every workload, stock ones among them: they too are behind Services and are what policies select. */
export const networkWorkloads = defineFacts({
  name: 'network-workloads',
  reads: WORKLOAD_KINDS,
  keeps: 'labels, ports, owner and names of the images of each workload',
  start: (): NetworkWorkload[] => [],
  add(state, object, subject) {
    const pod = podOf(object);
    if (pod === undefined) return;
    const ports = knownPart(eachPort(pod));
    const images = knownPart(unknownLast(pod.knownContainers(), ({ raw }) => parseImage(textAt(raw, 'image') ?? '')?.repository ?? []));
    const hostPorts = knownPart(unknownLast(pod.knownContainers(), hostPortsOf));
    const workload = workloadOf(object, subject.ref, () => ports.known);
    if (workload === undefined) return;
    const owner = ownerOf(object);
    state.push({ ...workload, ...(owner !== undefined && { owner }), subject, images: images.known, path: pod.path, hostPorts: hostPorts.known });
    const unknown = ports.unknown ?? images.unknown ?? hostPorts.unknown;
    // It is a workload with these labels all the same.
    if (unknown !== undefined) throw unknown;
  },
});

/** The namespaces in which only applying a file would tell whether a workload has some labels; undefined for any of them. */
export const unplacedWorkloads = defineFacts({
  name: 'unplaced-workloads',
  reads: WORKLOAD_KINDS,
  keeps: 'the namespaces of workloads with labels that only applying their file would tell',
  start: () => new Set<string | undefined>(),
  add(state, object) {
    const namespace = ifKnown(() => textAt(object, 'metadata', 'namespace') ?? 'default', undefined);
    // What has no template has no pods, whose labels might be anything.
    const areKnown = ifKnown(() => [podOf(object)?.labels], undefined) !== undefined;
    if (namespace === undefined || !areKnown) state.add(namespace);
  },
});

function ownerOf(object: RawObject): string | undefined {
  const places = OWNER_KEYS.flatMap((key) => (['annotations', 'labels'] as const).map((place) => textAt(object, 'metadata', place, key)));
  return places.find((text) => text !== undefined && text.trim() !== '');
}

function hostPortsOf({ name, raw, path }: Container): Iterable<HostPort> {
  return unknownLast(knownObjectsAt(raw, 'ports'), ([index, entry]) => {
    const port = integerAt(entry, 'hostPort') ?? 0;
    return port === 0 ? [] : [{ container: name, port, path: [...path, 'ports', index, 'hostPort'] }];
  });
}
