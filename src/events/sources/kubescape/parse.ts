import { isObject, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { Flow, FlowEnd } from '#src/model/flow.ts';
import { endAt } from '../end-at.ts';

export type KubescapeReading = { readonly event: Flow } | { readonly malformed: string };

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const PROTOCOLS: ReadonlyMap<string, Flow['protocol']> = new Map([['TCP', 'tcp'], ['UDP', 'udp'], ['SCTP', 'sctp']]);

/** The connections of one workload, as Kubescape sums them up in a NetworkNeighborhood. No edge has a time of its own. */
export function parseKubescape(value: unknown): readonly KubescapeReading[] {
  if (!isObject(value)) return [{ malformed: 'not an object' }];
  const labels = (name: string) => textAt(value, 'metadata', 'labels', `kubescape.io/workload-${name}`);
  const [namespace, kind, name, uid] = [labels('namespace') ?? textAt(value, 'metadata', 'namespace'), labels('kind'), labels('name'), textAt(value, 'metadata', 'uid')];
  if (namespace === undefined || kind === undefined || name === undefined || !isObject(value.spec)) return [{ malformed: 'no NetworkNeighborhood of a workload' }];
  const isComplete = textAt(value, 'metadata', 'annotations', 'kubescape.io/status') === 'completed' && textAt(value, 'metadata', 'annotations', 'kubescape.io/completion') === 'complete';
  const profile = isComplete ? 'complete' : 'partial';
  const own: FlowEnd = { ...endAt(undefined), workload: { namespace, kind, name }, outside: false };
  const idOf = (...parts: readonly unknown[]): string => [uid ?? `${namespace}/${kind}/${name}`, profile, ...parts].join(' ');
  const edges = CONTAINERS.flatMap((field) => objectsAt(value, 'spec', field)).flatMap(([, container]) =>
    (['egress', 'ingress'] as const).flatMap((direction) =>
      objectsAt(container, direction).flatMap(([, neighbor]) =>
        portsOf(neighbor).flatMap(({ port, protocol }) =>
          endsOf(neighbor).map((there) => {
            const id = idOf(textAt(container, 'name'), direction, textAt(neighbor, 'identifier'), there.address, protocol, port);
            const ends = direction === 'egress' ? { source: own, destination: { ...there, port } } : { source: there, destination: { ...own, port } };
            return { event: { ...OBSERVED, id, ...ends, protocol, profile } satisfies Flow };
          }),
        ),
      ),
    ),
  );
  // That a workload talks to nobody is worth knowing as well.
  return edges.length > 0 || !isComplete ? edges : [{ event: { ...OBSERVED, id: idOf(), source: own, destination: endAt(undefined), protocol: undefined, profile, connections: 0 } }];
}

/** What is the same for all. Nobody can tell a try from a connection here. */
const OBSERVED = { seenBy: 'kubescape', timeMs: undefined, verdict: 'other', reply: false, attempt: undefined, bytes: undefined, connections: 1, reset: false, droppedByPolicy: false, dns: undefined, node: undefined } as const;

function portsOf(neighbor: RawObject): readonly { readonly port: number | undefined; readonly protocol: Flow['protocol'] }[] {
  return objectsAt(neighbor, 'ports').map(([, port]) => ({
    port: typeof port.port === 'number' ? port.port : undefined,
    protocol: PROTOCOLS.get(textAt(port, 'protocol') ?? ''),
  }));
}

/** One for each address. What is inside is known by its labels alone, so that nobody can name its workload. */
function endsOf(neighbor: RawObject): readonly FlowEnd[] {
  const first = textAt(neighbor, 'ipAddress');
  const addresses = new Set([...(first === undefined || first === '' ? [] : [first]), ...textsAt(neighbor, 'ipAddresses')]);
  const names = [...new Set([textAt(neighbor, 'dns') ?? '', ...textsAt(neighbor, 'dnsNames')].map((text) => text.replace(/\.$/, '').toLowerCase()))].filter((text) => text !== '');
  const type = textAt(neighbor, 'type');
  return (addresses.size === 0 ? [undefined] : [...addresses]).map((address) => {
    const end = endAt(address === undefined ? undefined : { address, port: undefined });
    return { ...end, names, outside: type === 'external' ? true : type === 'internal' ? false : end.outside };
  });
}
