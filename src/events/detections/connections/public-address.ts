import type { DetectionSettings } from '#src/model/detection.ts';
import { contains, parseRange } from '#src/network/addresses.ts';
import { isPublicAddress } from '#src/network/public-address.ts';

/** Whether an address is one of the Internet, and not one that the site has named as its own. */
export function isForeign(address: string, { ownRanges }: DetectionSettings): boolean {
  if (!isPublicAddress(address)) return false;
  const range = parseRange(address) ?? [];
  return !ownRanges.some((own) => contains(parseRange(own) ?? [], range));
}
