import { addressOf, type AllowingBinding, type AuditEvent, type AuditOutcome } from '#src/model/audit-event.ts';
import { auditObject } from '#src/model/audit-object.ts';
import type { EventOf, EventSource } from '#src/model/detection.ts';
import type { ObjectRef } from '#src/model/finding.ts';
import type { FlowEnd } from '#src/model/flow.ts';

/** Who did it, as far as the source knows. */
export interface Actor {
  readonly user: string;
  readonly groups: readonly string[];
  /** The only one that the API server saw itself. */
  readonly address?: string;
  /** Chosen by the client. */
  readonly userAgent?: string;
  /** Asked to act as `user`. */
  readonly impersonator?: string;
}

/** What an event of any source says by itself. */
export interface About {
  readonly id: string | undefined;
  readonly timeMs: number | undefined;
  readonly actor: Actor | null;
  readonly object: ObjectRef | null;
  /** To find the pod by, where the source knows no more of it. */
  readonly containerId?: string;
  readonly outcome?: AuditOutcome;
  readonly binding?: AllowingBinding;
}

export function aboutEvent<S extends EventSource>(source: S, event: EventOf[S]): About {
  if (source === 'audit') return aboutRequest(event as AuditEvent);
  const { id, timeMs } = event;
  if (source === 'falco') {
    const { user, ...place } = event as EventOf['falco'];
    return { id, timeMs, actor: user === undefined ? null : { user, groups: [] }, ...aboutPlace(place) };
  }
  if (source === 'feed') return { id, timeMs, actor: null, object: null };
  return { id, timeMs, actor: null, ...aboutPlace((event as EventOf['hubble']).source) };
}

/** The pod, else its workload, else its container. */
function aboutPlace({ pod, workload, containerId }: Pick<FlowEnd, 'pod' | 'containerId'> & Partial<Pick<FlowEnd, 'workload'>>): Pick<About, 'object' | 'containerId'> {
  if (pod !== undefined) return { object: { kind: 'Pod', ...pod } };
  return { object: workload ?? null, ...(workload === undefined && containerId !== undefined && { containerId }) };
}

function aboutRequest(event: AuditEvent): About {
  const { id, timeMs, outcome, binding } = event;
  return { id, timeMs, actor: actorOf(event), object: auditObject(event) ?? null, outcome, ...(binding !== undefined && { binding }) };
}

function actorOf(event: AuditEvent): Actor {
  const { user, impersonator, userAgent } = event;
  const address = addressOf(event);
  return {
    user: user.name,
    groups: user.groups,
    ...(address !== undefined && { address }),
    ...(userAgent !== undefined && { userAgent }),
    ...(impersonator !== undefined && { impersonator: impersonator.name }),
  };
}
