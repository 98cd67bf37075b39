import type { AuditEvent } from '#src/model/audit-event.ts';
import { loggedBody, type Logged } from '#src/model/audit-object.ts';
import { isBySystem } from '#src/model/principal.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';

/** Which requests may have made a Service of another type. */
export const PUBLISHING_VERBS = ['create', 'update', 'patch'];

/**
 * The Service that a request makes one of the given type; undefined for others.
 *
 * A patch counts only when it sets the type. An update holds the whole object, so that one by a component, which rewrites what is there
 * already, says nothing.
 */
export function serviceMade(event: AuditEvent, type: string): Logged<RawObject> | undefined {
  if (event.outcome !== 'allowed' || (event.verb === 'update' && isBySystem(event))) return undefined;
  const logged = loggedBody(event);
  if ('undecided' in logged) return logged;
  const asked = event.verb === 'patch' ? event.request : logged.body;
  return textAt(asked, 'spec', 'type') === type ? logged : undefined;
}
