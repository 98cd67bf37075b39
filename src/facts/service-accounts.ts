import { defineFacts } from '#src/model/check.ts';

/** The ServiceAccounts that there are. */
export interface ServiceAccounts {
  readonly has: (namespace: string, name: string) => boolean;
}

/** Which ServiceAccounts there are. Every namespace of a cluster also has the one named `default`, listed or not. */
export const serviceAccounts = defineFacts({
  name: 'service-accounts',
  reads: ['ServiceAccount'],
  keeps: 'one short text for each ServiceAccount',
  start: () => new Set<string>(),
  add(state, _, { ref }) {
    state.add(key(ref.namespace, ref.name));
  },
  finish: (state): ServiceAccounts => ({ has: (namespace, name) => name === 'default' || state.has(key(namespace, name)) }),
});

/** An object that a file puts into no namespace is in `default` like any other that says nothing. */
function key(namespace = 'default', name: string): string {
  return `${namespace}/${name}`;
}
