import { defineFacts, type Subject } from '#src/model/check.ts';
import { gatewayOf } from '#src/network/entrances.ts';
import { plainListeners, servingRoute, type PlainListener, type ServingRoute } from '#src/network/listeners.ts';

export interface PlainGateway {
  /** `namespace/name` */
  readonly key: string;
  readonly subject: Subject;
  readonly listeners: readonly PlainListener[];
}

interface GatewayListeners {
  readonly gateways: PlainGateway[];
  readonly routes: ServingRoute[];
}

/** The listeners without TLS of Gateways that the internet may reach, and the routes that serve something. */
export const gatewayListeners = defineFacts({
  name: 'gateway-listeners',
  reads: ['Gateway', 'HTTPRoute', 'GRPCRoute'],
  keeps: 'name, port and host of each listener without TLS, and the parents and hosts of each route',
  start: (): GatewayListeners => ({ gateways: [], routes: [] }),
  add(state, object, subject) {
    if (subject.ref.kind !== 'Gateway') {
      const route = servingRoute(object, subject.ref);
      if (route !== undefined) state.routes.push(route);
      return;
    }
    const { key, internal } = gatewayOf(object, subject.ref);
    const listeners = internal ? [] : plainListeners(object);
    if (listeners.length > 0) state.gateways.push({ key, subject, listeners });
  },
});
