import { requesterOf, type AuditEvent } from '#src/model/audit-event.ts';
import type { AuditSign } from '#src/model/detection.ts';
import { isAnonymous } from '#src/model/principal.ts';
import { isPublicAddress } from '#src/network/public-address.ts';

const TOO_MANY_REQUESTS = 429;
const SHOWS: Readonly<Record<AuditSign, (event: AuditEvent) => boolean>> = {
  refused: ({ outcome }) => outcome === 'refused',
  throttled: ({ code }) => code === TOO_MANY_REQUESTS,
  impersonated: ({ impersonator }) => impersonator !== undefined,
  anonymous: (event) => isAnonymous(requesterOf(event)),
  'from-public-address': ({ addresses }) => addresses.some(isPublicAddress),
};

export function showsSign(event: AuditEvent, signs: readonly AuditSign[]): boolean {
  return signs.some((sign) => SHOWS[sign](event));
}

export function showsAnySign(event: AuditEvent): boolean {
  return Object.values(SHOWS).some((shows) => shows(event));
}
