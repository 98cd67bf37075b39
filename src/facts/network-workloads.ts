import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseImage } from '#src/model/image.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { integerAt, objectsAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';
import { podOf, type Container } from '#src/model/workload.ts';
import { workloadOf, type Workload } from '#src/network/workloads.ts';

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
    const workload = workloadOf(object, subject.ref);
    if (pod === undefined || workload === undefined) return;
    const images = pod.containers.flatMap(({ raw }) => parseImage(textAt(raw, 'image') ?? '')?.repository ?? []);
    const owner = ownerOf(object);
    state.push({ ...workload, ...(owner !== undefined && { owner }), subject, images, path: pod.path, hostPorts: pod.containers.flatMap(hostPortsOf) });
  },
});

function ownerOf(object: RawObject): string | undefined {
  const places = OWNER_KEYS.flatMap((key) => (['annotations', 'labels'] as const).map((place) => textAt(object, 'metadata', place, key)));
  return places.find((text) => text !== undefined && text.trim() !== '');
}

function hostPortsOf({ name, raw, path }: Container): readonly HostPort[] {
  return objectsAt(raw, 'ports').flatMap(([index, entry]) => {
    const port = integerAt(entry, 'hostPort') ?? 0;
    return port === 0 ? [] : [{ container: name, port, path: [...path, 'ports', index, 'hostPort'] }];
  });
}
