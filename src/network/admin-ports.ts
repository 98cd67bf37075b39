import { integerAt, objectAt, textAt } from '#src/model/raw.ts';
import { onlyField } from './admin-parts.ts';
import { hasPorts, portSpan, PROTOCOLS, protocolOf, type Protocol } from './ports.ts';
import type { PortRule } from './rules.ts';

/** `portNumber`, `portRange` or `namedPort`. Undefined when it is not understood. */
export function readPort(entry: unknown): readonly PortRule[] | undefined {
  const field = onlyField(entry);
  if (field === 'namedPort') return readName(textAt(entry, field));
  if (field !== 'portNumber' && field !== 'portRange') return undefined;
  const port = objectAt(entry, field);
  const protocol = protocolOf(textAt(port, 'protocol'));
  const [first, last] = field === 'portNumber' ? (['port', 'port'] as const) : (['start', 'end'] as const);
  return protocol === undefined ? undefined : readSpan(protocol, integerAt(port, first), integerAt(port, last));
}

/** `tcp`, `udp` or `sctp` with a `destinationPort`, or a `destinationNamedPort`. Undefined when it is not understood. */
export function readProtocol(entry: unknown): readonly PortRule[] | undefined {
  const field = onlyField(entry);
  if (field === 'destinationNamedPort') return readName(textAt(entry, field));
  const protocol = PROTOCOLS.find((known) => known.toLowerCase() === field);
  const attributes = field === undefined ? undefined : objectAt(entry, field);
  if (protocol === undefined || onlyField(attributes) !== 'destinationPort') return undefined;
  const port = objectAt(attributes, 'destinationPort');
  const sort = onlyField(port);
  if (sort === 'number') return readSpan(protocol, integerAt(port, 'number'), integerAt(port, 'number'));
  return sort === 'range' ? readSpan(protocol, integerAt(port, 'range', 'start'), integerAt(port, 'range', 'end')) : undefined;
}

/** A named port counts with whatever protocol the pod has it. */
function readName(name: string | undefined): readonly PortRule[] | undefined {
  return name === undefined ? undefined : PROTOCOLS.map((protocol) => ({ protocol, name }));
}

function readSpan(protocol: Protocol, first: number | undefined, last: number | undefined): readonly PortRule[] | undefined {
  return first === undefined || last === undefined || !hasPorts(portSpan(protocol, first, last)) ? undefined : [{ protocol, first, last }];
}
