export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** From the first to the last port, both among them. */
export type PortSpan = readonly [first: number, last: number];

/** Ports by protocol, as spans in order that neither overlap nor touch. A protocol without ports is absent. */
export type PortSet = Readonly<Partial<Record<Protocol, readonly PortSpan[]>>>;

const LAST_PORT = 65535;

export const NO_PORTS: PortSet = {};
export const ALL_PORTS: PortSet = Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, [[1, LAST_PORT]]]));

/** Undefined for one that network policies and Services do not know. */
export function protocolOf(text: string | undefined): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol === (text ?? 'TCP').toUpperCase());
}

/** One port, or all from one to another; none for what is no port. */
export function portSpan(protocol: Protocol, first: number, last: number = first): PortSet {
  return first < 1 || last > LAST_PORT || first > last ? NO_PORTS : { [protocol]: [[first, last]] };
}

export function allPortsOf(protocol: Protocol): PortSet {
  return portSpan(protocol, 1, LAST_PORT);
}

export function unitePorts(sets: readonly PortSet[]): PortSet {
  return perProtocol((protocol) => mergeSpans(sets.flatMap((set) => set[protocol] ?? [])));
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  return perProtocol((protocol) => {
    const theirs = b[protocol] ?? [];
    return (a[protocol] ?? []).flatMap(([first, last]) => theirs.map(([from, to]): PortSpan => [Math.max(first, from), Math.min(last, to)]).filter(([from, to]) => from <= to));
  });
}

export function subtractPorts(set: PortSet, without: PortSet): PortSet {
  return perProtocol((protocol) =>
    (without[protocol] ?? []).reduce<readonly PortSpan[]>((left, hole) => left.flatMap((span) => punch(span, hole)), set[protocol] ?? []),
  );
}

export function hasPorts(set: PortSet): boolean {
  return PROTOCOLS.some((protocol) => set[protocol] !== undefined);
}

export function hasPort(set: PortSet, protocol: Protocol, port: number): boolean {
  return (set[protocol] ?? []).some(([first, last]) => first <= port && port <= last);
}

/** `all`, or `TCP/80`, `UDP/53`, `SCTP/1-99`. */
export function formatPorts(set: PortSet): readonly string[] {
  if (!hasPorts(subtractPorts(ALL_PORTS, set))) return ['all'];
  return PROTOCOLS.flatMap((protocol) => (set[protocol] ?? []).map(([first, last]) => `${protocol}/${first === last ? first : `${first}-${last}`}`));
}

/** What `formatPorts` wrote; what it would not write is no port. */
export function parsePorts(texts: readonly string[]): PortSet {
  return unitePorts(
    texts.map((text) => {
      if (text === 'all') return ALL_PORTS;
      const [, protocol, first, last] = /^(\w+)\/(\d+)(?:-(\d+))?$/.exec(text) ?? [];
      const known = PROTOCOLS.find((candidate) => candidate === protocol);
      return known === undefined ? NO_PORTS : portSpan(known, Number(first), last === undefined ? undefined : Number(last));
    }),
  );
}

function perProtocol(spansOf: (protocol: Protocol) => readonly PortSpan[]): PortSet {
  return Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, spansOf(protocol)] as const).filter(([, spans]) => spans.length > 0));
}

function mergeSpans(spans: readonly PortSpan[]): readonly PortSpan[] {
  const merged: PortSpan[] = [];
  for (const [first, last] of [...spans].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before === undefined || before[1] + 1 < first) merged.push([first, last]);
    else merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
  }
  return merged;
}

function punch([first, last]: PortSpan, [from, to]: PortSpan): readonly PortSpan[] {
  if (to < first || last < from) return [[first, last]];
  return ([[first, from - 1], [to + 1, last]] as const).filter(([a, b]) => a <= b);
}
