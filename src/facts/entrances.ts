import { defineFacts } from '#src/model/check.ts';
import { knownKind } from '#src/model/kinds.ts';
import { textAt } from '#src/model/raw.ts';
import { ENTRANCE_KINDS, entranceOf, GATEWAY_KINDS, gatewayIn } from '#src/network/collect.ts';
import type { Entrance, Gateway } from '#src/network/entrances.ts';

/** What proxies at the edge of the cluster send where. */
export interface Entrances {
  readonly entrances: Entrance[];
  readonly gateways: Gateway[];
}

export const entrances = defineFacts({
  name: 'entrances',
  reads: [...ENTRANCE_KINDS, ...GATEWAY_KINDS],
  keeps: 'the Services that each Ingress and route sends to, and the gateways',
  start: (): Entrances => ({ entrances: [], gateways: [] }),
  add(state, object, { ref }) {
    const kind = knownKind(textAt(object, 'apiVersion') ?? '', ref.kind);
    const entrance = kind === undefined ? undefined : entranceOf(kind, object, ref);
    const gateway = kind === undefined ? undefined : gatewayIn(kind, object, ref);
    if (entrance !== undefined) state.entrances.push(entrance);
    if (gateway !== undefined) state.gateways.push(gateway);
  },
});
