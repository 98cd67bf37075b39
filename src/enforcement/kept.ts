import type { Part } from '#src/actions/composition.ts';
import { otherEndText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { passageOf, reachOf, tooWide } from './entry.ts';
import type { Mechanism } from './own-policy.ts';
import { passingRules } from './passage.ts';

/** In whose name an entry of the allowlist lets something through for a time. */
export const ALLOWLIST = 'allowlist';

/** Approved, learned, or not decided about yet: what nobody denied goes on, unless the network drops it anyway. */
export function isKept({ state, outcome }: Pick<Connection, 'state' | 'outcome'>): boolean {
  if (state === 'approved' || state === 'learned') return true;
  return state !== 'denied' && outcome !== 'dropped';
}

/** Those that go on for good. */
export function isLasting({ decision }: Pick<Connection, 'decision'>): boolean {
  return decision?.until === undefined;
}

/** What goes on is named one by one. @throws {NothingToPropose} */
export function refuseWide(kept: readonly Connection[], settings: ConnectionSettings): void {
  const wide = kept.map((connection) => tooWide(connection, settings)).find((reason) => reason !== undefined);
  if (wide !== undefined) throw new NothingToPropose(`A policy would have to name all that goes on, and ${wide}. Make a group of those that are needed in the configuration file.`);
}

/** How something is let through. */
export interface KeepWays {
  readonly mechanism: Mechanism;
  readonly byName: boolean;
  readonly settings: ConnectionSettings;
}

/** What was approved for a time is let through for that time, in the name of the request that approved it. */
export function meanwhile(kept: readonly Connection[], direction: ConnectionDirection, { mechanism, byName, settings }: KeepWays): readonly Part[] {
  return kept.flatMap((connection): readonly Part[] => {
    const { key, request = ALLOWLIST, decision } = connection;
    const entry = reachOf(connection, settings);
    const opens = decision?.until === undefined || entry === undefined ? [] : passingRules(mechanism, passageOf(entry, byName));
    return opens.length === 0 || decision?.until === undefined ? [] : [{ request, until: decision.until, what: otherEndText(key), field: direction, opens }];
  });
}
