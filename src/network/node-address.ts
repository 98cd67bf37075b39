import { booleanAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { classOf, isWithin, parseRange, type AddressSet } from './addresses.ts';

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

/** An address that was given to a pod, and the node that the pod is on. */
export interface PodAddress {
  readonly address: string;
  readonly node: string;
}

/** None while it has none, nor where it uses those of its node. */
export function addressesOfPod(pod: RawObject): readonly PodAddress[] {
  const node = textAt(pod, 'spec', 'nodeName');
  if (node === undefined || booleanAt(pod, 'spec', 'hostNetwork') === true) return [];
  const one = textAt(pod, 'status', 'podIP');
  const all = objectsAt(pod, 'status', 'podIPs').flatMap(([, entry]) => textAt(entry, 'ip') ?? []);
  return [...new Set(one === undefined ? all : [one, ...all])].map((address) => ({ address, node }));
}

/**
 * The first address of a pod that is in none of the ranges although its node is among these: the network plugin gives addresses by its own
 * lights (Calico, Cilium, the VPC CNI of AWS), whatever ranges Kubernetes has written into the nodes.
 */
export function strayAddress(pods: Iterable<PodAddress>, nodes: ReadonlySet<string>, ranges: AddressSet): string | undefined {
  for (const { address, node } of pods) if (nodes.has(node) && !isAddressWithin(ranges, address)) return address;
  return undefined;
}

/** What is no address is nowhere, and counts as within. */
export function isAddressWithin(ranges: AddressSet, address: string): boolean {
  return (parseRange(address) ?? []).every((range) => isWithin(ranges, range));
}

/** The first address of a node on the internet: an external one that is not of a private network, or a public one that is called internal. */
export function publicAddressOf(node: RawObject): PublicAddress | undefined {
  for (const [index, entry] of objectsAt(node, 'status', 'addresses')) {
    const type = textAt(entry, 'type') ?? '';
    const address = textAt(entry, 'address') ?? '';
    const wanted = type === 'ExternalIP' ? classOf(address) !== 'private' : type === 'InternalIP' && classOf(address) === 'public';
    if (wanted) return { index, type, address };
  }
  return undefined;
}
