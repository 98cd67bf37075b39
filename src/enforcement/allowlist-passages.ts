import type { AllowedPlaces, AllowEntry, Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { RawObject } from '#src/model/raw.ts';
import { cidrsOfSet, formatSet, intersect, subtract, union } from '#src/network/addresses.ts';
import { addressesOf, entryOf, MOST_CIDRS, type Passage } from './entry.ts';
import type { KeepWays } from './kept.ts';
import { passingRules } from './passage.ts';

/** An entry of the allowlist, and how a policy lets it through. */
export interface Allowed {
  readonly entry: AllowEntry;
  /** `203.0.113.0/24:443` */
  readonly text: string;
  /** None where the sort of policy cannot name what the entry covers. */
  readonly rules: readonly RawObject[];
  /** Addresses of it that people have denied. */
  readonly without: readonly string[];
}

/** What entries cover, without the addresses that people have denied. */
export function allowlistPassages(places: readonly AllowedPlaces[], denied: readonly Connection[], settings: ConnectionSettings, { mechanism, byName }: KeepWays): readonly Allowed[] {
  return places.map(({ entry, ranges, names }) => {
    const { remote, port, direction } = entry;
    // A rule for each protocol, so that a denial of one takes out that one alone.
    const ways: readonly Passage['ports'][] = port === undefined ? [[]] : [[{ protocol: 'TCP', port }], [{ protocol: 'UDP', port }]];
    const out = union(denied.filter(({ key }) => port === undefined || key.port === port).map((connection) => addressesOf(entryOf(connection, settings)?.cidrs ?? [])));
    const whole = ranges.length > MOST_CIDRS ? [] : addressesOf(ranges);
    const rules = ways.flatMap((ports) => passingRules(mechanism, { direction, cidrs: cidrsOfSet(subtract(whole, out)), names: byName ? names : [], ports }));
    return { entry, text: port === undefined ? remote : `${remote}:${port}`, rules, without: formatSet(intersect(whole, out)) };
  });
}
