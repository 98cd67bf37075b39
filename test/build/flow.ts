import type { Flow, FlowEnd } from '#src/model/flow.ts';

export const FLOW_TIME = '2026-11-24T10:00:00.000Z';

export function anEnd(over: Partial<FlowEnd> = {}): FlowEnd {
  return { pod: undefined, workload: undefined, containerId: undefined, address: undefined, port: undefined, outside: undefined, network: undefined, names: [], ...over };
}

/** An end in the cluster, of a pod of `shop/web`. */
export function podEnd(over: Partial<FlowEnd> = {}): FlowEnd {
  return anEnd({ pod: { namespace: 'shop', name: 'web-7d9f8c6b5-x2x4z' }, workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, address: '10.244.0.7', port: 40_000, outside: false, ...over });
}

export function outsideEnd(over: Partial<FlowEnd> = {}): FlowEnd {
  return anEnd({ address: '203.0.113.9', port: 443, outside: true, ...over });
}

/** A connection of a pod of `shop/web` to the Internet, as Hubble tells it. */
export function aFlow(over: Partial<Flow> = {}): Flow {
  return {
    seenBy: 'hubble',
    id: undefined,
    timeMs: Date.parse(FLOW_TIME),
    verdict: 'forwarded',
    source: podEnd(),
    destination: outsideEnd(),
    protocol: 'tcp',
    reply: false,
    attempt: undefined,
    bytes: undefined,
    connections: 1,
    reset: false,
    droppedByPolicy: false,
    dns: undefined,
    node: undefined,
    ...over,
  };
}
