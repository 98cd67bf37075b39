import type { EventOf } from '#src/model/detection.ts';
import type { FalcoAlert } from '#src/model/falco-alert.ts';
import type { Flow, FlowEnd, FlowSource } from '#src/model/flow.ts';
import { endAt } from './sources/end-at.ts';

/** The connection that an event tells of, or why it tells of none. */
export type FlowReading = { readonly flow: Flow } | { readonly without: 'no connection' | 'nobody knows who began' };

/** Flows are connections, alerts may tell of one. `seenBy` is the feed that the event came by. */
export function flowOf(event: EventOf['falco'] | EventOf['hubble'], seenBy: FlowSource): FlowReading {
  return 'verdict' in event ? { flow: event } : flowOfAlert(event, seenBy);
}

function flowOfAlert(alert: FalcoAlert, seenBy: FlowSource): FlowReading {
  const { connection } = alert;
  if (connection === undefined) return { without: 'no connection' };
  const { local, remote, protocol, began, attempt } = connection;
  if (began === undefined) return { without: 'nobody knows who began' };
  const here: FlowEnd = { ...endAt(local), pod: alert.pod, containerId: alert.containerId, outside: false };
  const there = endAt(remote);
  return {
    flow: {
      seenBy,
      id: alert.id,
      timeMs: alert.timeMs,
      verdict: attempt === false ? 'forwarded' : 'other',
      source: began === 'local' ? here : there,
      destination: began === 'local' ? there : here,
      protocol: protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp' ? protocol : undefined,
      reply: false,
      attempt,
      bytes: undefined,
      connections: 1,
      reset: false,
      droppedByPolicy: false,
      dns: undefined,
      node: alert.hostname,
    },
  };
}
