import { defineFacts } from '#src/model/check.ts';
import { textAt } from '#src/model/raw.ts';
import { publicAddressOf } from '#src/network/node-address.ts';

export interface Nodes {
  readonly count: number;
  /** Providers as nodes name theirs: `hcloud`, `aws`. */
  readonly clouds: ReadonlySet<string>;
  /** A node with an address on the internet: the first one by name. */
  readonly publicNode: string | undefined;
}

/** Whose the nodes are, and whether one of them is on the internet. */
export const nodes = defineFacts({
  name: 'nodes',
  reads: ['Node'],
  keeps: 'how many nodes there are, their providers, and the name of one with a public address',
  start: (): { count: number; clouds: Set<string>; publicNode: string | undefined } => ({ count: 0, clouds: new Set(), publicNode: undefined }),
  add(state, object, { ref }) {
    state.count += 1;
    const [, cloud] = /^([\w-]+):\/\//.exec(textAt(object, 'spec', 'providerID') ?? '') ?? [];
    if (cloud !== undefined) state.clouds.add(cloud);
    if (publicAddressOf(object) !== undefined && (state.publicNode === undefined || ref.name < state.publicNode)) state.publicNode = ref.name;
  },
  finish: (state): Nodes => state,
});
