import { setImmediate } from 'node:timers/promises';
import { ANY_WORKLOAD, INTERNET, OUTSIDE, type MapLink, type NetworkPicture } from '#src/model/network-map.ts';
import { readInPart, type NetworkObjects } from '#src/network/collect.ts';
import { EXTERNAL, INGRESS_CONTROLLER, networkMap, workloadName, type MapEdge, type NetworkMap } from '#src/network/connectivity.ts';
import { compareDoors, doorsOf, doorWord, exposuresOf, type Door } from '#src/network/exposure.ts';
import { formatPorts, hasPorts, intersectPorts, NO_PORTS, parsePorts, unitePorts, type PortSet } from '#src/network/ports.ts';

export interface LinkOptions {
  /** Everything of the cluster was read, so that a Gateway that is not there leads nowhere. */
  readonly complete: boolean;
  readonly signal: AbortSignal;
  /** Connections between two workloads that are kept one by one; more are only counted. */
  readonly most?: number;
}

const MOST = 20_000;
/** Other work has its turn after so many workloads. */
const TURN = 20;
const WHOLE_WORLD = ['0.0.0.0/0', '::/0'];

/** Connections to or from one workload on the same ports. */
interface Bundle {
  readonly ports: readonly string[];
  readonly others: string[];
  /** Of the workloads that `ANY_WORKLOAD` stands for. */
  ordinary: number;
  unlisted: number;
}

type Bundles = Map<string, Map<string, Bundle>>;

/** What is possible in a cluster, in as few links as say it: what all workloads may do is one. */
export async function pictureOf(network: NetworkObjects, { complete, signal, most = MOST }: LinkOptions): Promise<NetworkPicture> {
  const map = networkMap(network);
  const sorted = createSorter(map, ordinaryWorkloads(network), most);
  let turn = 0;
  for (const edges of map.ruledEdges()) {
    for (const edge of edges) sorted.add(edge);
    turn += 1;
    if (turn % TURN > 0) continue;
    await setImmediate();
    signal.throwIfAborted();
  }
  const { links, unlisted } = sorted.end();
  const waysIn = doorLinks(network, complete, sorted.fromOutside);
  return { workloads: map.workloads, links: [...waysIn, ...links], unlisted, unread: network.unread.length + readInPart(network).length };
}

/** Policies do not know pods in the network of their node. */
function ordinaryWorkloads({ workloads }: NetworkObjects): ReadonlySet<string> {
  return new Set(workloads.filter(({ hostNetwork }) => !hostNetwork).map(workloadName));
}

interface Sorter {
  readonly add: (edge: MapEdge) => void;
  readonly end: () => { readonly links: readonly MapLink[]; readonly unlisted: number };
  /** What policies let in from outside, by workload. */
  readonly fromOutside: Map<string, MapEdge[]>;
}

function createSorter({ workloads, free }: NetworkMap, ordinary: ReadonlySet<string>, most: number): Sorter {
  const sources = new Set([...free.egress].filter((name) => ordinary.has(name)));
  const targets = new Set([...free.ingress].filter((name) => ordinary.has(name)));
  const into: Bundles = new Map();
  const outOf: Bundles = new Map();
  const outward: MapLink[] = [];
  const fromOutside = new Map<string, MapEdge[]>();
  let listed = 0;
  const bundle = (bundles: Bundles, end: string, other: string, ports: readonly string[], isOrdinary: boolean): void => {
    const byPorts = bundles.get(end) ?? new Map<string, Bundle>();
    bundles.set(end, byPorts);
    const key = ports.join(',');
    const found = byPorts.get(key) ?? { ports, others: [], ordinary: 0, unlisted: 0 };
    byPorts.set(key, found);
    if (isOrdinary) found.ordinary += 1;
    if (listed < most) found.others.push(other);
    else found.unlisted += 1;
    listed += 1;
  };
  return {
    fromOutside,
    add(edge) {
      const { from, to, ports } = edge;
      if (from === EXTERNAL || from === INGRESS_CONTROLLER) fromOutside.set(to, [...(fromOutside.get(to) ?? []), edge]);
      else if (to === EXTERNAL) outward.push({ from, to: OUTSIDE, ports, ...someRanges(edge.ranges ?? []) });
      // Who is free to go anywhere is told apart at the other end.
      else if (free.ingress.has(to)) bundle(outOf, from, to, ports, targets.has(to));
      else bundle(into, to, from, ports, sources.has(from));
    },
    end() {
      const inward = unbundle(into, { counted: sources, covered: free.egress }, (to, from, ports) => ({ from, to, ports }));
      const onward = unbundle(outOf, { counted: targets, covered: free.ingress }, (from, to, ports) => ({ from, to, ports }));
      const open = workloads.filter((name) => free.ingress.has(name)).map((to): MapLink => ({ from: ANY_WORKLOAD, to, ports: ['all'] }));
      return { links: [...open, ...inward.links, ...onward.links, ...outward], unlisted: inward.unlisted + onward.unlisted };
    },
  };
}

interface Everybody {
  /** Who has to be among them, for it to be everybody. */
  readonly counted: ReadonlySet<string>;
  /** Who is meant by it then. */
  readonly covered: ReadonlySet<string>;
}

function unbundle(bundles: Bundles, { counted, covered }: Everybody, link: (end: string, other: string, ports: readonly string[]) => MapLink): { readonly links: readonly MapLink[]; readonly unlisted: number } {
  const links: MapLink[] = [];
  let unlisted = 0;
  for (const [end, byPorts] of bundles) {
    const all = counted.size - (counted.has(end) ? 1 : 0);
    for (const { ports, others, ordinary, unlisted: more } of byPorts.values()) {
      const isEverybody = all > 1 && ordinary === all;
      const named = isEverybody ? others.filter((other) => !covered.has(other)) : others;
      links.push(...(isEverybody ? [link(end, ANY_WORKLOAD, ports)] : []), ...named.map((other) => link(end, other, ports)));
      if (!isEverybody) unlisted += more;
    }
  }
  return { links, unlisted };
}

function doorLinks(network: NetworkObjects, complete: boolean, fromOutside: ReadonlyMap<string, readonly MapEdge[]>): readonly MapLink[] {
  const doors = doorsOf({ ...network, complete }).toSorted(compareDoors);
  const exposures = exposuresOf(network.workloads, doors).filter(({ ports }) => hasPorts(ports));
  const groups = Map.groupBy(exposures, ({ workload, door }) => JSON.stringify([workloadName(workload), doorWord(door)]));
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const to = workloadName(first.workload);
    const wanted = unitePorts([first, ...rest].map(({ ports }) => ports));
    return [{ from: INTERNET, to, door: doorWord(first.door), ...letThrough(first.door, wanted, fromOutside.get(to) ?? []) }];
  });
}

/** What of a way in the policies of its workload leave open. */
function letThrough({ kind }: Door, wanted: PortSet, edges: readonly MapEdge[]): Pick<MapLink, 'ports' | 'ranges' | 'closed'> {
  const end = kind === 'route' ? INGRESS_CONTROLLER : EXTERNAL;
  const open = edges.filter(({ from }) => from === end).map(({ ports, ranges = [] }) => ({ ports: intersectPorts(wanted, parsePorts(ports)), ranges }));
  const useful = open.filter(({ ports }) => hasPorts(ports));
  if (useful.length === 0) return { ports: formatPorts(wanted), closed: true };
  const ports = formatPorts(unitePorts([NO_PORTS, ...useful.map((one) => one.ports)]));
  return kind === 'route' ? { ports } : { ports, ...someRanges(useful.flatMap(({ ranges }) => ranges)) };
}

/** Nothing where all addresses are meant. */
function someRanges(ranges: readonly string[]): Pick<MapLink, 'ranges'> {
  return WHOLE_WORLD.some((whole) => ranges.includes(whole)) ? {} : { ranges: [...new Set(ranges)] };
}
