import type { Clock } from '#src/model/clock.ts';
import { keyText } from '#src/model/connection-key.ts';
import { UNASKED_STATES, type AllowEntry, type Connection, type ConnectionSettings, type ConnectionStore } from '#src/model/connection.ts';
import { allowedBy, decisionBy, type LabelsOf } from './allowlist.ts';

export interface DecidedNeeds {
  readonly settings: ConnectionSettings;
  readonly store: Pick<ConnectionStore, 'get' | 'idsInState' | 'change' | 'allowEntries' | 'allowRevision'>;
  readonly labelsOf: LabelsOf;
  readonly clock: Clock;
}

/** What people have decided, as far as it concerns what is seen. */
interface Decided {
  readonly entries: () => readonly AllowEntry[];
  /** By the text of its key. */
  readonly isDenied: (text: string) => boolean;
  /** Looks for what was decided since, now and then, and brings some more of what is recorded to it. */
  readonly refresh: () => Promise<void>;
  /** The same while not all is brought to it, else nothing. */
  readonly goOn: () => Promise<void>;
  /** Until then something may be recorded as not asked about that the allowlist covers. */
  readonly isThrough: () => boolean;
}

/** What people decide is heard of within this. */
const REFRESH_MS = 5000;
/** Connections that are reviewed at a time: events wait for them. */
const AT_ONCE = 500;
/** What is not to be asked about any more comes first. */
const REVIEWED = [...UNASKED_STATES, 'approved'] as const;

export function createDecided({ settings, store, labelsOf, clock }: DecidedNeeds): Decided {
  const { cluster, allow } = settings;
  let refreshedMs = -Infinity;
  let denied: ReadonlyMap<string, string> = new Map();
  let entries: readonly AllowEntry[] = allow;
  /** The ranges of groups may change as entries do. */
  let reviewed: { readonly revision: string; readonly groups: ConnectionSettings['groups'] } | undefined;
  let review: Review | undefined;
  const refresh = async (): Promise<void> => {
    const now = clock.now();
    if (now.getTime() - refreshedMs >= REFRESH_MS) {
      denied = await deniedNow(denied, cluster, store);
      // Read before the entries: what changes in between is reviewed once more.
      const revision = await store.allowRevision();
      const { groups } = settings;
      if (revision !== reviewed?.revision || groups !== reviewed.groups) {
        entries = [...allow, ...(await store.allowEntries())];
        review = createReview(entries, { settings, store, labelsOf });
        reviewed = { revision, groups };
      }
      refreshedMs = now.getTime();
    }
    if (review !== undefined && (await review.pass(AT_ONCE, now))) review = undefined;
  };
  return {
    entries: () => entries,
    isDenied: (text: string) => denied.has(text),
    refresh,
    goOn: () => (review === undefined ? Promise.resolve() : refresh()),
    isThrough: () => review === undefined,
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

interface Review {
  /** Goes through so many more. What failed is done again by the next call. Answers whether that was the last of them. */
  readonly pass: (most: number, now: Date) => Promise<boolean>;
}

/**
 * Brings connections to what the allowlist says, part by part. What it covers needs no person; what an entry had approved that is gone is
 * asked about again when it is seen next. Whoever changes a connection meanwhile knows better. Nothing remembers how far it has come: a
 * process that begins goes through all of them, and those that are as they should be stay as they are.
 */
function createReview(entries: readonly AllowEntry[], { settings, store, labelsOf }: Pick<DecidedNeeds, 'settings' | 'store' | 'labelsOf'>): Review {
  const { cluster } = settings;
  let state = 0;
  let ids: readonly string[] | undefined;
  let from = 0;
  const judge = async (connection: Connection, now: Date): Promise<void> => {
    // Labels that have changed since change nothing about what was approved by them.
    const before = new Map(Object.entries(connection.decision?.labels ?? {}));
    const entry = await allowedBy(connection, entries, settings, now, isUnasked(connection) ? labelsOf : () => Promise.resolve(before));
    if (wasAllowed(connection) && entry === undefined) await store.change(connection, { state: 'expired' });
    if (isUnasked(connection) && entry !== undefined) await store.change(connection, { state: 'approved', decision: decisionBy(entry, now) });
  };
  return {
    async pass(most, now) {
      for (let left = most; left > 0; ) {
        const current = REVIEWED[state];
        if (current === undefined) return true;
        ids ??= await store.idsInState(cluster, current);
        const some = ids.slice(from, from + left);
        for (const connection of await store.get(cluster, some)) await judge(connection, now);
        left -= some.length;
        from += some.length;
        if (from === ids.length) [state, ids, from] = [state + 1, undefined, 0];
      }
      return state === REVIEWED.length;
    },
  };
}

/** Approved by an entry of the allowlist, and by nobody who was asked. */
function wasAllowed({ state, request, decision }: Connection): boolean {
  return state === 'approved' && request === undefined && decision !== undefined;
}

function isUnasked({ state }: Connection): boolean {
  return UNASKED_STATES.some((one) => one === state);
}
