import { objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { classOf } from './addresses.ts';

/** An address of a node that is on the internet, whatever it is called. */
export interface PublicAddress {
  /** In `status.addresses`. */
  readonly index: number;
  readonly type: string;
  readonly address: string;
}

/** What a node says of itself and of its pods: addresses, host names among them, and ranges. */
interface NodeRanges {
  readonly addresses: readonly string[];
  /** Empty where the network plugin gives pods their addresses by its own lights. */
  readonly pods: readonly string[];
}

export function rangesOfNode(node: RawObject): NodeRanges {
  const one = textAt(node, 'spec', 'podCIDR');
  return {
    addresses: objectsAt(node, 'status', 'addresses').flatMap(([, entry]) => textAt(entry, 'address') ?? []),
    pods: [...textsAt(node, 'spec', 'podCIDRs'), ...(one === undefined ? [] : [one])],
  };
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
