import { objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { classOf } from './addresses.ts';

/** An address of a node that is on the internet, whatever it is called. */
export interface PublicAddress {
  /** In `status.addresses`. */
  readonly index: number;
  readonly type: string;
  readonly address: string;
}

/** The first address of a node on the internet: an external one, or a public one that is called internal. */
export function publicAddressOf(node: RawObject): PublicAddress | undefined {
  for (const [index, entry] of objectsAt(node, 'status', 'addresses')) {
    const type = textAt(entry, 'type') ?? '';
    const address = textAt(entry, 'address') ?? '';
    if (type === 'ExternalIP' || (type === 'InternalIP' && classOf(address) === 'public')) return { index, type, address };
  }
  return undefined;
}
