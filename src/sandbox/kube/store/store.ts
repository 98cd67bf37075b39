import type { Clock } from '#src/model/clock.ts';
import { keyOf, type KubeObject } from '../object.ts';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  /** After the change; before it when the object was deleted, with the deletion's version. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** Every object of the cluster with its history, as etcd keeps them. One revision counts all changes. */
export interface Store {
  readonly revision: () => number;
  /** Changes up to this revision are forgotten. */
  readonly compacted: () => number;
  readonly get: (store: string, key: string) => KubeObject | undefined;
  /** All objects in the order of their keys, now or as they were. @throws Compacted */
  readonly list: (store: string, revision?: number) => readonly KubeObject[];
  readonly put: (store: string, object: KubeObject) => KubeObject;
  readonly remove: (store: string, object: KubeObject) => KubeObject;
  /** What happened after a revision. @throws Compacted */
  readonly since: (store: string, revision: number) => readonly StoreEvent[];
  /** Hears of every change of a store, or of all; the result ends it. */
  readonly watch: (store: string | undefined, listener: (event: StoreEvent, store: string) => void) => () => void;
  /** Forgets all history, as the real server does with what is older than five to ten minutes. */
  readonly compact: () => void;
}

/** The revision asked for is older than the history. */
export class Compacted extends Error {}

interface Collection {
  readonly objects: Map<string, KubeObject>;
  events: StoreEvent[];
  /** Lists as they were at a revision; dropped with every change of the newest. */
  sorted: readonly KubeObject[] | undefined;
  readonly snapshots: Map<number, readonly KubeObject[]>;
}

const COMPACTION_INTERVAL_MS = 5 * 60_000;
const SNAPSHOTS_KEPT = 8;

export function createStore(clock: Clock): Store {
  const collections = new Map<string, Collection>();
  const listeners = new Set<{ readonly store: string | undefined; readonly tell: (event: StoreEvent, store: string) => void }>();
  let revision = 1;
  let compacted = 0;
  let mark = { atMs: clock.now().getTime(), revision };

  function collection(store: string): Collection {
    const known = collections.get(store);
    if (known !== undefined) return known;
    const made: Collection = { objects: new Map(), events: [], sorted: undefined, snapshots: new Map() };
    collections.set(store, made);
    return made;
  }

  function compactTo(target: number): void {
    compacted = Math.max(compacted, target);
    for (const entry of collections.values()) {
      entry.events = entry.events.filter((event) => event.revision > compacted);
      for (const known of entry.snapshots.keys()) if (known <= compacted) entry.snapshots.delete(known);
    }
  }

  function compactWhatIsOld(): void {
    const nowMs = clock.now().getTime();
    const ageMs = nowMs - mark.atMs;
    if (ageMs < COMPACTION_INTERVAL_MS) return;
    compactTo(ageMs >= 2 * COMPACTION_INTERVAL_MS ? revision : mark.revision);
    mark = { atMs: nowMs, revision };
  }

  function record(store: string, entry: Collection, type: StoreEvent['type'], object: KubeObject, previous: KubeObject | undefined): KubeObject {
    compactWhatIsOld();
    revision += 1;
    const versioned = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    const event = { type, revision, object: versioned, previous };
    entry.events.push(event);
    entry.sorted = undefined;
    const key = keyOf(object.metadata.namespace, object.metadata.name ?? '');
    if (type === 'DELETED') entry.objects.delete(key);
    else entry.objects.set(key, versioned);
    for (const listener of [...listeners]) if (listener.store === undefined || listener.store === store) listener.tell(event, store);
    return versioned;
  }

  function since(store: string, from: number): readonly StoreEvent[] {
    compactWhatIsOld();
    if (from < compacted) throw new Compacted();
    const { events } = collection(store);
    let first = events.length;
    while (first > 0 && (events[first - 1]?.revision ?? 0) > from) first -= 1;
    return events.slice(first);
  }

  return {
    revision: () => revision,
    compacted: () => compacted,
    get: (store, key) => collections.get(store)?.objects.get(key),
    list(store, at = revision) {
      const entry = collection(store);
      const later = since(store, at);
      if (later.length === 0) return (entry.sorted ??= inOrder(entry.objects));
      const known = entry.snapshots.get(at);
      if (known !== undefined) return known;
      const snapshot = inOrder(undone(entry.objects, later));
      entry.snapshots.set(at, snapshot);
      const [oldest] = entry.snapshots.keys();
      if (entry.snapshots.size > SNAPSHOTS_KEPT && oldest !== undefined) entry.snapshots.delete(oldest);
      return snapshot;
    },
    put(store, object) {
      const entry = collection(store);
      const previous = entry.objects.get(keyOf(object.metadata.namespace, object.metadata.name ?? ''));
      return record(store, entry, previous === undefined ? 'ADDED' : 'MODIFIED', object, previous);
    },
    remove(store, object) {
      return record(store, collection(store), 'DELETED', object, object);
    },
    since,
    watch(store, tell) {
      const listener = { store, tell };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    compact: () => compactTo(revision),
  };
}

function inOrder(objects: ReadonlyMap<string, KubeObject>): readonly KubeObject[] {
  const keys = [...objects.keys()].sort((a, b) => (a < b ? -1 : 1));
  return keys.flatMap((key) => objects.get(key) ?? []);
}

function undone(objects: ReadonlyMap<string, KubeObject>, later: readonly StoreEvent[]): ReadonlyMap<string, KubeObject> {
  const result = new Map(objects);
  for (const { previous, object, type } of later.toReversed()) {
    const key = keyOf(object.metadata.namespace, object.metadata.name ?? '');
    if (type === 'ADDED' || previous === undefined) result.delete(key);
    else result.set(key, previous);
  }
  return result;
}
