import { defineFacts } from '#src/model/check.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { NO_ADDRESSES, parseRange, union, type AddressSet } from '#src/network/addresses.ts';
import { addressesOfPod, rangesOfNode, strayAddress, type PodAddress } from '#src/network/node-address.ts';

/** Addresses of pods that are kept of each node. */
const MOST_OF_NODE = 8;

/** Where requests of nodes and pods come from, as far as the nodes tell. */
export interface NodeRangeTable {
  readonly addresses: AddressSet;
  /** Whether every node tells the range of its pods, and no pod has an address that is in none. Without it, an address of a private network may be a pod's. */
  readonly arePodsKnown: boolean;
}

interface Gathered {
  readonly texts: Set<string>;
  readonly nodes: Set<string>;
  /** A few of each node: a plugin that gives addresses by its own lights does so for all. */
  readonly pods: Map<string, PodAddress[]>;
  /** Nodes without a range for their pods. */
  silent: number;
}

/** The addresses of the nodes and the ranges of their pods. */
export const nodeRanges = defineFacts({
  name: 'node-ranges',
  reads: ['Node', 'Pod'],
  seesOwned: true,
  keeps: 'the addresses and the ranges of pods of each node, and the addresses of a few of its pods',
  start: (): Gathered => ({ texts: new Set(), nodes: new Set(), pods: new Map(), silent: 0 }),
  add(state, object, { ref }) {
    if (ref.kind === 'Pod') addPod(state, object);
    else addNode(state, object);
  },
  finish: ({ texts, nodes, pods, silent }): NodeRangeTable => {
    const addresses = union([...texts].map((text) => parseRange(text) ?? NO_ADDRESSES));
    return { addresses, arePodsKnown: nodes.size > 0 && silent === 0 && strayAddress([...pods.values()].flat(), nodes, addresses) === undefined };
  },
});

function addNode(state: Gathered, node: RawObject): void {
  const { addresses, pods } = rangesOfNode(node);
  for (const text of [...addresses, ...pods]) state.texts.add(text);
  state.nodes.add(textAt(node, 'metadata', 'name') ?? '');
  if (pods.length === 0) state.silent += 1;
}

function addPod({ pods }: Gathered, pod: RawObject): void {
  for (const found of addressesOfPod(pod)) {
    const known = pods.get(found.node) ?? [];
    if (known.length < MOST_OF_NODE) pods.set(found.node, [...known, found]);
  }
}
