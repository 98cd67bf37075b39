import { classOf } from './addresses.ts';

/** Addresses whose class is remembered: a cluster is mostly asked by the same ones. */
const MAX_KNOWN = 10_000;

const known = new Map<string, boolean>();

/** Whether an address is one of the Internet. */
export function isPublicAddress(address: string): boolean {
  const answer = known.get(address) ?? classOf(address) === 'public';
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(address, answer);
  return answer;
}
