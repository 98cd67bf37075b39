import { CONNECTION_STATES, type Connection, type ConnectionDecision, type ConnectionKey, type ConnectionStart, type Sighting } from '#src/model/connection.ts';
import { OUTCOMES } from './connection-scripts.ts';

/** All sightings of one key. */
interface Seen {
  readonly id: string;
  readonly key: ConnectionKey;
  readonly first: Sighting;
  /** For the script, behind the place of the connection. */
  readonly args: readonly (string | number)[];
}

export function seenOf(id: string, seen: readonly Sighting[], firstState: (sighting: Sighting) => ConnectionStart): Seen {
  const inOrder = seen.toSorted((a, b) => a.atMs - b.atMs);
  const [first] = inOrder;
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('no sighting of a key');
  const { key } = first;
  const start = firstState(first);
  const decision = start.state === 'approved' ? start.decision : undefined;
  const bytes = seen.flatMap((sighting) => sighting.bytes ?? []);
  const list = (texts: readonly (string | undefined)[]) => [...new Set(texts.filter((text) => text !== undefined))].join('\n');
  return {
    id,
    key,
    first,
    args: [
      JSON.stringify(key),
      start.state,
      CONNECTION_STATES.indexOf(start.state),
      first.atMs,
      last.atMs,
      seen.reduce((sum, { count }) => sum + count, 0),
      bytes.length === 0 ? '' : bytes.reduce((sum, some) => sum + some, 0),
      Math.max(...seen.map(({ outcome }) => OUTCOMES.indexOf(outcome))),
      first.isPrivate ? 1 : 0,
      list(inOrder.toReversed().map(({ address }) => address)),
      list(seen.flatMap(({ names }) => names)),
      list(seen.map(({ source }) => source)),
      decision === undefined ? '' : JSON.stringify(decision),
      decision?.until === undefined ? '' : Date.parse(decision.until),
    ],
  };
}

/** Undefined where there is no record. */
export function connectionOf(id: string, fields: Readonly<Record<string, string>>): Connection | undefined {
  const { key, state, version, first, last, count, bytes, outcome, private: isPrivate, addresses, names, sources, request, decision, notBefore } = fields;
  if (key === undefined) return undefined;
  return {
    id,
    key: JSON.parse(key) as ConnectionKey,
    state: state as Connection['state'],
    version: Number(version),
    firstSeen: momentOf(first),
    lastSeen: momentOf(last),
    count: Number(count),
    ...(bytes !== undefined && { bytes: Number(bytes) }),
    outcome: OUTCOMES[Number(outcome)] ?? 'attempted',
    isPrivate: isPrivate === '1',
    addresses: linesOf(addresses),
    names: linesOf(names),
    sources: linesOf(sources),
    ...(request !== undefined && { request }),
    ...(decision !== undefined && { decision: JSON.parse(decision) as ConnectionDecision }),
    ...(notBefore !== undefined && { notBefore: momentOf(notBefore) }),
  };
}

function momentOf(ms: string | undefined): string {
  return new Date(Number(ms)).toISOString();
}

function linesOf(text = ''): readonly string[] {
  return text === '' ? [] : text.split('\n');
}
