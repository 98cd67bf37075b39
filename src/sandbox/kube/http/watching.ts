import type { ServerResponse } from 'node:http';
import { toVersion } from '../conversions.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, expired, invalid, versionTooLarge, type Status } from '../status.ts';
import { Compacted, type StoreEvent } from '../store/store.ts';
import { tableOf } from '../table/table.ts';
import { emptyObject } from '../write/read-object.ts';
import { userAgentOf, type Answer, type ResourceCall } from './call.ts';
import { negotiate, type Form } from './negotiate.ts';
import { readInteger, readVersion } from './paging.ts';
import { includeObject, metadataOnly, wishOf, type Reader } from './reading.ts';
import { isTrue } from './request-info.ts';
import type { Selects } from './selectors.ts';

type EventType = StoreEvent['type'] | 'BOOKMARK' | 'ERROR';

const BOOKMARK_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_SECONDS = 1800;
const INITIAL_END = 'k8s.io/initial-events-end';

/** Watches that are going on, so that they can be ended from outside. */
export interface OpenWatches {
  readonly add: (watch: OpenWatch) => () => void;
  /** Ends each with an error, as a server does that no longer has the history. */
  readonly expire: () => void;
  readonly closeAll: () => void;
}

interface OpenWatch {
  readonly expire: () => void;
  readonly close: () => void;
}

export function createOpenWatches(): OpenWatches {
  const watches = new Set<OpenWatch>();
  return {
    add(watch) {
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    expire: () => [...watches].forEach((watch) => watch.expire()),
    closeAll: () => [...watches].forEach((watch) => watch.close()),
  };
}

/** What a watch begins with. */
interface Start {
  readonly events: readonly StoreEvent[];
  readonly endsInitial: boolean;
  readonly failure?: Status;
}

/** Changes as they happen. @throws Failure for a watch that cannot begin. */
export function showWatch(call: ResourceCall, reader: Reader, watches: OpenWatches, expires: boolean): Answer {
  const { resource, query, headers } = call;
  const form = negotiate(headers.accept, false, query, userAgentOf(headers));
  const wish = wishOf(call);
  const prefix = resource.namespaced ? call.info.namespace : '';
  const selects: Selects = (object) => (prefix === '' || object.metadata.namespace === prefix) && wish.selects(object);
  const timeoutSeconds = readInteger(query.get('timeoutSeconds'), 'ParseInt') || DEFAULT_TIMEOUT_SECONDS;
  const start = startOf(call, reader, expires);
  const withBookmarks = isTrue(query.get('allowWatchBookmarks'));
  const encode = encoder(call, form, reader);
  return {
    stream(response) {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
      run(response, { start, selects, encode, timeoutSeconds, withBookmarks }, call, reader, watches);
    },
  };
}

interface Watching {
  readonly start: Start;
  readonly selects: Selects;
  readonly encode: (type: EventType, object: KubeObject | Status) => string;
  readonly timeoutSeconds: number;
  readonly withBookmarks: boolean;
}

function run(response: ServerResponse, watching: Watching, { resource }: ResourceCall, { store }: Reader, watches: OpenWatches): void {
  const { start, selects, encode, timeoutSeconds, withBookmarks } = watching;
  const send = (type: EventType, object: KubeObject | Status): void => void response.write(encode(type, object));
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = { resourceVersion: String(store.revision()), ...(annotations && { annotations }) };
    const empty = emptyObject(resource);
    send('BOOKMARK', { ...empty, metadata: { ...empty.metadata, ...metadata } });
  };
  if (start.failure !== undefined) {
    send('ERROR', start.failure);
    response.end();
    return;
  }
  const tell = (event: StoreEvent): void => {
    const shown = seen(event, selects);
    if (shown !== undefined) send(shown.type, shown.object);
  };
  start.events.forEach(tell);
  if (start.endsInitial) bookmark({ [INITIAL_END]: 'true' });
  response.flushHeaders();
  const finish = (): void => {
    stopTelling();
    forget();
    clearTimeout(timeout);
    clearInterval(bookmarks);
    if (!response.writableEnded) response.end();
  };
  const stopTelling = store.watch(resource.store, tell);
  const forget = watches.add({
    close: finish,
    expire() {
      send('ERROR', expired(`too old resource version: 1 (${store.compacted() + 1})`).status);
      finish();
    },
  });
  const timeout = setTimeout(() => {
    if (withBookmarks) bookmark();
    finish();
  }, timeoutSeconds * 1000);
  const bookmarks = setInterval(() => withBookmarks && bookmark(), BOOKMARK_INTERVAL_MS);
  response.on('close', finish);
}

/** How a change looks to somebody who sees only some objects. */
function seen({ type, object, previous }: StoreEvent, selects: Selects): { readonly type: EventType; readonly object: KubeObject } | undefined {
  const isSeen = type !== 'DELETED' && selects(object);
  const wasSeen = previous !== undefined && selects(previous);
  if (isSeen) return { type: wasSeen ? 'MODIFIED' : 'ADDED', object };
  return wasSeen ? { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion ?? '' } } } : undefined;
}

function startOf({ resource, query }: ResourceCall, { store }: Reader, expires: boolean): Start {
  const asked = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents');
  checkInitial(query);
  const revision = asked === '' ? 0 : readVersion(asked);
  if (revision > store.revision()) throw versionTooLarge(asked, store.revision());
  if (revision === 0 || isTrue(initial)) {
    if (initial === 'false') return { events: [], endsInitial: false };
    const events = store.list(resource.store).map((object): StoreEvent => ({ type: 'ADDED', revision: 0, object, previous: undefined }));
    return { events, endsInitial: isTrue(initial) && isTrue(query.get('allowWatchBookmarks')) };
  }
  try {
    if (expires) throw new Compacted();
    return { events: store.since(resource.store, revision), endsInitial: false };
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    return { events: [], endsInitial: false, failure: expired(`too old resource version: ${asked} (${store.compacted() + 1})`).status };
  }
}

function checkInitial(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const refuse = (field: string, message: string): never => {
    throw invalid({ group: 'meta.k8s.io', resource: 'ListOptions' }, '', [{ reason: 'FieldValueForbidden', message: `Forbidden: ${message}`, field }]);
  };
  if (query.get('sendInitialEvents') !== null) {
    if (match !== 'NotOlderThan') refuse('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    if (isTrue(query.get('sendInitialEvents')) && !isTrue(query.get('allowWatchBookmarks'))) throw badRequest('sendInitialEvents requires allowWatchBookmarks');
  } else if (match !== '') {
    refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
}

function encoder(call: ResourceCall, form: Form, { now }: Reader): Watching['encode'] {
  const { resource } = call;
  let isFirst = true;
  return (type, object) => {
    let shown: object = object;
    if (object.kind !== 'Status') {
      const versioned = toVersion(object as KubeObject, resource);
      const { kind, apiVersion, ...rest } = versioned;
      shown = { kind, apiVersion, ...rest };
      if (form.as === 'metadata') shown = metadataOnly(versioned, form);
      if (form.as === 'table') {
        const rows = type === 'BOOKMARK' ? [] : [versioned];
        const table = tableOf(rows, resource, { resourceVersion: versioned.metadata.resourceVersion ?? '' }, includeObject(call), form.version, now());
        shown = isFirst ? table : { ...table, columnDefinitions: null };
        isFirst = false;
      }
    }
    return `${JSON.stringify({ type, object: shown })}\n`;
  };
}
