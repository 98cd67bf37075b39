import type { AuditEvent } from '#src/model/audit-event.ts';
import { milder, type Severity } from '#src/model/finding.ts';
import { isSystemNamespace, isBySystem } from '#src/model/principal.ts';

const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;

/** Whether a request got nowhere, because it was not allowed or made no sense. A fault of the server may come after the deed. */
function wasRefused({ code, outcome }: AuditEvent): boolean {
  return outcome === 'refused' || (code !== undefined && code >= CLIENT_ERROR && code < SERVER_ERROR);
}

/** One step milder for a try that got nowhere. */
export function severityOfTry(event: AuditEvent, severity: Severity): Severity {
  return wasRefused(event) ? milder(severity) : severity;
}

/** A component at its own work. */
export function isSystemAtHome(event: AuditEvent): boolean {
  return isBySystem(event) && isSystemNamespace(event.target?.namespace);
}

/** The API server itself, which writes its default objects at each start. */
export function isByApiServer({ user, impersonator }: AuditEvent): boolean {
  return user.name === 'system:apiserver' && impersonator === undefined;
}
