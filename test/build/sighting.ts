import type { ConnectionKey, Sighting } from '#src/model/connection.ts';
import { CHECKOUT } from './connections.ts';
import { FLOW_TIME } from './flow.ts';

export function aSighting({ key, ...over }: Partial<Omit<Sighting, 'key'>> & { readonly key?: Partial<ConnectionKey> } = {}): Sighting {
  return { names: [], address: '203.0.113.7', isPrivate: false, outcome: 'connected', atMs: Date.parse(FLOW_TIME), bytes: undefined, count: 1, source: 'hubble', ...over, key: { ...CHECKOUT, ...key } };
}
