import { defineFacts } from '#src/model/check.ts';
import { textAt } from '#src/model/raw.ts';
import { publicAddressOf } from '#src/network/node-address.ts';

export interface Nodes {
  readonly names: ReadonlySet<string>;
  /** Providers as nodes name theirs: `hcloud`, `aws`. */
  readonly clouds: ReadonlySet<string>;
  /** A node with an address on the internet: the first one by name. */
  readonly publicNode: string | undefined;
}

/** Which nodes there are, whose they are, and whether one of them is on the internet. */
export const nodes = defineFacts({
  name: 'nodes',
  reads: ['Node'],
  keeps: 'the names of nodes, their providers, and which one has a public address',
  start: (): { names: Set<string>; clouds: Set<string>; publicNode: string | undefined } => ({ names: new Set(), clouds: new Set(), publicNode: undefined }),
  add(state, object, { ref }) {
    state.names.add(ref.name);
    const [, cloud] = /^([\w-]+):\/\//.exec(textAt(object, 'spec', 'providerID') ?? '') ?? [];
    if (cloud !== undefined) state.clouds.add(cloud);
    if (publicAddressOf(object) !== undefined && (state.publicNode === undefined || ref.name < state.publicNode)) state.publicNode = ref.name;
  },
  finish: (state): Nodes => state,
});
