import type { LastSeen } from './activity.ts';
import { addressOf, isWrite, requesterOf, SESSION_RESOURCES, type AllowingBinding, type AuditEvent } from './audit-event.ts';
import { accountOf, isPerson } from './principal.ts';

/** The answer to whoever could not sign in. */
const UNAUTHORIZED = 401;

/**
 * Programs that people sit in front of, as they name themselves; plugins of kubectl begin like it. Controllers are built with the same
 * libraries and say their own names.
 */
const TOOL = /^(?:kubectl(?=[-_./])|(?:oc|helm|k9s|lens|openlens|freelens|stern)(?=\.exe|\/))/i;

/** Who made a request, and by what right. Whoever could not sign in was not there. */
export interface Presence {
  /** Absent where it was no person, as far as a name tells. Whoever acts through a program that acts for people is there by their own name. */
  readonly person?: string;
  /** Who acted as whom, see `actingKey`. */
  readonly actedAs?: string;
  /** The binding that allowed it, see `bindingKey`. */
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

/** A person's tool that worked with the token of a ServiceAccount, and not with one of a pod. */
export interface ToolUse {
  /** User name of the account. */
  readonly account: string;
  /** In lower case: `kubectl`. */
  readonly tool: string;
  /** As the API server saw it; '' where a log leaves it out. */
  readonly address: string;
}

/** Same text for the same binding. */
export function bindingKey({ kind, namespace, name }: Pick<AllowingBinding, 'kind' | 'namespace' | 'name'>): string {
  return [kind, namespace ?? '', name].join('\n');
}

/** Same text for the same two users. */
export function actingKey(actor: string, user: string): string {
  return `${actor}\n${user}`;
}

/** The two users of such a text. */
export function actingOf(key: string): readonly [actor: string, user: string] {
  const end = key.indexOf('\n');
  return [key.slice(0, end), key.slice(end + 1)];
}

/** Which binding allowed it says the server of the user whom somebody acts as, and never by what right they do that. */
export function presenceOf(event: Pick<AuditEvent, 'user' | 'impersonator' | 'binding' | 'code'>): Presence {
  const { user, impersonator, binding, code } = event;
  if (code === UNAUTHORIZED) return {};
  const person = [requesterOf(event), user].find(isPerson);
  return {
    ...(person !== undefined && { person: person.name }),
    ...(impersonator !== undefined && { actedAs: actingKey(impersonator.name, user.name) }),
    ...(binding !== undefined && { use: bindingKey(binding) }),
  };
}

/** The tool for people that a client says it is, in lower case; undefined for any other client. */
export function toolOf(userAgent: string | undefined): string | undefined {
  return TOOL.exec(userAgent ?? '')?.[0].toLowerCase();
}

/** Undefined for any other request. The tool is what the client says of itself. */
export function toolUseOf(event: Pick<AuditEvent, 'user' | 'impersonator' | 'userAgent' | 'addresses' | 'code'>): ToolUse | undefined {
  const { name: account, pod } = requesterOf(event);
  if (pod !== undefined || event.code === UNAUTHORIZED || accountOf(account) === undefined) return undefined;
  const tool = toolOf(event.userAgent);
  return tool === undefined ? undefined : { account, tool, address: addressOf(event) ?? '' };
}

export function doingOf({ verb, target }: Pick<AuditEvent, 'verb' | 'target'>): Doing {
  const deed = SESSION_RESOURCES.has(target?.resource ?? '') ? 'exec' : isWrite({ verb }) ? 'write' : 'read';
  return { deed, ...(target?.namespace !== undefined && { namespace: target.namespace }) };
}
