import { classOf } from '#src/network/addresses.ts';
import type { FlowEnd } from '#src/model/flow.ts';

/** An end of which nothing but its address is known. */
export function endAt(at: { readonly address: string; readonly port: number | undefined } | undefined): FlowEnd {
  // A private address may be of the cluster or not; one of the Internet is outside of every cluster that has not claimed it.
  const outside = at !== undefined && classOf(at.address) === 'public' ? true : undefined;
  return { pod: undefined, workload: undefined, containerId: undefined, address: at?.address, port: at?.port, outside, network: undefined, names: [] };
}
