import type { LastSeen } from './activity.ts';
import { isWrite, requesterOf, SESSION_RESOURCES, type AllowingBinding, type AuditEvent } from './audit-event.ts';
import { isPerson } from './principal.ts';

/** The answer to whoever could not sign in. */
const UNAUTHORIZED = 401;

/** Who made a request, as far as it counts as being there: nothing for whoever is no person or could not sign in. */
export interface Presence {
  readonly person?: string;
  /** Whom the person acted as. */
  readonly actedAs?: string;
  /** Of the binding that allowed it, see `bindingUse`. */
  readonly use?: string;
}

/** What somebody did, without when. */
export type Doing = Omit<LastSeen, 'ms'>;

/** A request of which nothing is of interest but that somebody was there. */
export interface PlainRequest {
  readonly plain: Presence;
  /** Absent where the log leaves it out. */
  readonly timeMs: number | undefined;
  readonly doing: Doing;
}

/** What makes a request of interest to detections. Must always say the same. */
export interface AuditInterest {
  /** Whether some detection asks for requests like this one although they show no sign. */
  readonly concerns: (request: Pick<AuditEvent, 'verb' | 'target'>) => boolean;
  /** Whether a request shows a sign that some detection may ask for. */
  readonly showsSign: (event: AuditEvent) => boolean;
}

/** Key of the use that a user makes of a binding. */
export function bindingUse(user: string, { kind, namespace, name }: Pick<AllowingBinding, 'kind' | 'namespace' | 'name'>): string {
  return [user, kind, namespace ?? '', name].join('\n');
}

export function presenceOf(event: Pick<AuditEvent, 'user' | 'impersonator' | 'binding' | 'code'>): Presence {
  const { user, impersonator, binding, code } = event;
  const actor = requesterOf(event);
  if (code === UNAUTHORIZED || !isPerson(actor)) return {};
  if (impersonator !== undefined) return { person: actor.name, actedAs: user.name };
  return { person: actor.name, ...(binding !== undefined && { use: bindingUse(actor.name, binding) }) };
}

export function doingOf({ verb, target }: Pick<AuditEvent, 'verb' | 'target'>): Doing {
  const deed = SESSION_RESOURCES.has(target?.resource ?? '') ? 'exec' : isWrite({ verb }) ? 'write' : 'read';
  return { deed, ...(target?.namespace !== undefined && { namespace: target.namespace }) };
}
