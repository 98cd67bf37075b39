import { classOf, contains, parseRange } from '#src/network/addresses.ts';
import type { DetectionSettings } from '#src/model/detection.ts';

/** Addresses whose class is remembered: a cluster is mostly asked by the same ones. */
const MAX_KNOWN = 10_000;

const known = new Map<string, boolean>();

/** Whether an address is one of the Internet, and not one that the site has named as its own. */
export function isForeign(address: string, { ownRanges }: DetectionSettings): boolean {
  if (!isPublic(address)) return false;
  const range = parseRange(address) ?? [];
  return !ownRanges.some((own) => contains(parseRange(own) ?? [], range));
}

function isPublic(address: string): boolean {
  const answer = known.get(address) ?? classOf(address) === 'public';
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(address, answer);
  return answer;
}
