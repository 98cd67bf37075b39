import type { Clock } from '#src/model/clock.ts';
import { keyText } from '#src/model/connection-key.ts';
import { UNASKED_STATES, type AllowEntry, type Connection, type ConnectionSettings, type ConnectionStore } from '#src/model/connection.ts';
import { allowedBy, decisionBy } from './allowlist.ts';

export interface DecidedNeeds {
  readonly settings: ConnectionSettings;
  readonly store: Pick<ConnectionStore, 'get' | 'idsInState' | 'change' | 'allowEntries' | 'allowRevision'>;
  readonly clock: Clock;
}

/** What people have decided, as far as it concerns what is seen. */
interface Decided {
  readonly entries: () => readonly AllowEntry[];
  /** By the text of its key. */
  readonly isDenied: (text: string) => boolean;
  /** Looks for what was decided since, now and then. */
  readonly refresh: () => Promise<void>;
}

/** What people decide is heard of within this. */
const REFRESH_MS = 5000;
/** Connections that are reviewed together. */
const AT_ONCE = 500;

export function createDecided({ settings, store, clock }: DecidedNeeds): Decided {
  const { cluster, allow } = settings;
  let refreshedMs = -Infinity;
  let denied: ReadonlyMap<string, string> = new Map();
  let entries: readonly AllowEntry[] = allow;
  let reviewed: string | undefined;
  return {
    entries: () => entries,
    isDenied: (text: string) => denied.has(text),
    async refresh(): Promise<void> {
      const now = clock.now();
      if (now.getTime() - refreshedMs < REFRESH_MS) return;
      denied = await deniedNow(denied, cluster, store);
      // Read before the entries: what changes in between is reviewed once more.
      const revision = await store.allowRevision();
      if (revision !== reviewed) {
        entries = [...allow, ...(await store.allowEntries())];
        await review(entries, { settings, store, now });
        reviewed = revision;
      }
      refreshedMs = now.getTime();
    },
  };
}

/** Ids of what is denied by the texts of the keys. Only what was not known as denied before is read. */
async function deniedNow(before: ReadonlyMap<string, string>, cluster: string, store: DecidedNeeds['store']): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(await store.idsInState(cluster, 'denied'));
  const still = [...before].filter(([, id]) => ids.has(id));
  const known = new Set(before.values());
  const fresh = await store.get(cluster, [...ids].filter((id) => !known.has(id)));
  return new Map([...still, ...fresh.map(({ id, key }) => [keyText(key), id] as const)]);
}

/**
 * Brings connections to what the allowlist says now. What it covers needs no person; what an entry had approved that is gone is asked about
 * again when it is seen next. Whoever changes a connection meanwhile knows better.
 */
async function review(entries: readonly AllowEntry[], { settings, store, now }: Pick<DecidedNeeds, 'settings' | 'store'> & { readonly now: Date }): Promise<void> {
  const { cluster } = settings;
  for (const state of ['approved', ...UNASKED_STATES] as const) {
    const ids = await store.idsInState(cluster, state);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      for (const connection of await store.get(cluster, ids.slice(from, from + AT_ONCE))) {
        const entry = allowedBy(connection, entries, settings, now);
        if (wasAllowed(connection) && entry === undefined) await store.change(connection, { state: 'expired' });
        if (isUnasked(connection) && entry !== undefined) await store.change(connection, { state: 'approved', decision: decisionBy(entry, now) });
      }
    }
  }
}

/** Approved by an entry of the allowlist, and by nobody who was asked. */
function wasAllowed({ state, request, decision }: Connection): boolean {
  return state === 'approved' && request === undefined && decision !== undefined;
}

function isUnasked({ state }: Connection): boolean {
  return UNASKED_STATES.some((one) => one === state);
}
