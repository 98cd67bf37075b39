import { defineFacts } from '#src/model/check.ts';
import { NO_ADDRESSES, parseRange, union, type AddressSet } from '#src/network/addresses.ts';
import { rangesOfNode } from '#src/network/node-address.ts';

/** Where requests of nodes and pods come from, as far as the nodes tell. */
export interface NodeRangeTable {
  readonly addresses: AddressSet;
  /** Whether every node tells the range of its pods. Without it, an address of a private network may be a pod's. */
  readonly arePodsKnown: boolean;
}

/** The addresses of the nodes and the ranges of their pods. */
export const nodeRanges = defineFacts({
  name: 'node-ranges',
  reads: ['Node'],
  keeps: 'the addresses and the ranges of pods of each node',
  start: () => ({ texts: new Set<string>(), nodes: 0, telling: 0 }),
  add(state, object) {
    const { addresses, pods } = rangesOfNode(object);
    for (const text of [...addresses, ...pods]) state.texts.add(text);
    state.nodes += 1;
    if (pods.length > 0) state.telling += 1;
  },
  finish: ({ texts, nodes, telling }): NodeRangeTable => ({
    addresses: union([...texts].map((text) => parseRange(text) ?? NO_ADDRESSES)),
    arePodsKnown: nodes > 0 && telling === nodes,
  }),
});
