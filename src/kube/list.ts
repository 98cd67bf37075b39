import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { apiKind, kindInfo, type Kind } from '#src/model/kinds.ts';
import { isObject, listAt, textAt, type RawObject } from '#src/model/raw.ts';
import { NotListed } from '#src/model/source.ts';
import { SilentServer, type ApiClient, type ApiResponse } from './request.ts';
import { freshToken, jsonBody, nonEmpty, retryAfterMs } from './status.ts';

/** Larger pages were slower and took several times the memory. */
const PAGE_SIZE = 500;
/** Tries of one page, and how long to wait in between when the server does not say. */
const TRIES = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Lists that had to be begun anew before the kind is given up. */
const RESTARTS = 3;

/** What stands before the items of a list: plain fields, and metadata with plain fields. */
const HEAD = /^\{(?:"\w+":"[^"\\]*",)*"metadata":\{(?:"\w+":(?:"[^"\\]*"|\d+),)*"continue":"([^"\\]*)"/;
const HEAD_BYTES = 4096;

const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

/** One kind as the API server serves it. */
export interface ListTarget {
  readonly kind: Kind;
  /** `v1` or `apps/v1`. */
  readonly apiVersion: string;
}

interface Page {
  readonly items: readonly RawObject[];
  readonly next: string | undefined;
}

/** A page that has arrived and is not read yet. */
interface Arrived {
  /** Where the list goes on, as far as it can be seen without reading the page. */
  readonly ahead: string | undefined;
  /** @throws {NotListed} when it is no page. */
  readonly read: () => Page;
}

/** Asked for again from the beginning, because the page token had expired and the server gave no new one. */
class ListExpired extends Error {}

/**
 * All objects of a kind, page by page; the next page is on its way while one is read and judged.
 *
 * When a page token expires the list goes on with the token the server offers, else from the beginning: what was given out already is
 * left out by its key, in the order that the API server keeps.
 *
 * @throws {NotListed} for this kind alone, {ClusterUnreachable} when the whole cluster cannot be read.
 */
export async function* listKind(client: ApiClient, target: ListTarget, signal: AbortSignal): AsyncGenerator<readonly RawObject[]> {
  let last = '';
  for (let restart = 0; ; restart += 1) {
    try {
      for await (const items of pages(client, target, signal)) {
        const fresh = restart === 0 ? items : items.filter((item) => keyOf(item) > last);
        last = fresh.length > 0 ? keyOf(fresh.at(-1)) : last;
        if (fresh.length > 0) yield fresh;
      }
      return;
    } catch (error) {
      if (!(error instanceof ListExpired)) throw error;
      if (restart >= RESTARTS) throw new NotListed(`the list of ${resource(target)} expired again and again while it was read`);
    }
  }
}

async function* pages(client: ApiClient, target: ListTarget, signal: AbortSignal): AsyncGenerator<readonly RawObject[]> {
  const begin = (token?: string): Promise<Arrived> => {
    const page = fetchPage(client, target, token, signal);
    // It may fail while the page before it is still being judged; it is awaited right after.
    page.catch(() => undefined);
    return page;
  };
  let coming: Promise<Arrived> | undefined = begin();
  while (coming !== undefined) {
    const page: Arrived = await coming;
    coming = page.ahead === undefined ? undefined : begin(page.ahead);
    // Reading a page takes the process for itself: first the request goes out.
    await turn();
    const { items, next } = page.read();
    if (next !== page.ahead) coming = next === undefined ? undefined : begin(next);
    yield items;
  }
}

async function fetchPage(client: ApiClient, target: ListTarget, token: string | undefined, signal: AbortSignal): Promise<Arrived> {
  const query = new URLSearchParams({ limit: String(kindInfo(target.kind).pageSize ?? PAGE_SIZE), ...(token !== undefined && { continue: token }) });
  const accept = kindInfo(target.kind).metadataOnly ? METADATA_ONLY : 'application/json';
  const path = `${basePath(target.apiVersion)}/${resource(target)}?${query.toString()}`;
  for (let attempt = 1; ; attempt += 1) {
    const response = await client.send({ path, accept }, signal).catch((error: unknown) => {
      if (error instanceof SilentServer) return error;
      throw error;
    });
    if (!(response instanceof SilentServer)) {
      if (response.status === 200) return { ahead: tokenAhead(response), read: () => toPage(response, target) };
      if (response.status === 410) {
        const next = freshToken(response);
        if (next === undefined) throw new ListExpired();
        return { ahead: next, read: () => ({ items: [], next }) };
      }
      if (!isPassing(response)) throw refusal(response, target);
    }
    if (attempt >= TRIES) throw new NotListed(finalReason(response, target));
    const pause = response instanceof SilentServer ? undefined : retryAfterMs(response);
    await wait(Math.min(LONGEST_WAIT_MS, pause ?? FIRST_WAIT_MS * 2 ** (attempt - 1)), undefined, { signal });
  }
}

/** The page token, where the API server writes it: before the items, which take long to read. */
function tokenAhead({ body }: ApiResponse): string | undefined {
  const head = body.toString('latin1', 0, HEAD_BYTES);
  return nonEmpty(HEAD.exec(head)?.[1]);
}

/** List items carry neither `apiVersion` nor `kind` of their own. */
function toPage(response: ApiResponse, { kind, apiVersion }: ListTarget): Page {
  const body = jsonBody(response);
  // An API server says null for a metadata-only list without objects.
  if (!isObject(body) || !(Array.isArray(body.items) || body.items === null)) throw new NotListed(`the answer of the API server for ${kindInfo(kind).resource} was no list`);
  const items = listAt(body, 'items').filter(isObject).map((item) => ({ ...item, apiVersion, kind: apiKind(kind) }));
  return { items, next: nonEmpty(textAt(body, 'metadata', 'continue')) };
}

function isPassing({ status }: ApiResponse): boolean {
  return status === 429 || status >= 500;
}

function refusal(response: ApiResponse, target: ListTarget): Error {
  const info = kindInfo(target.kind);
  switch (response.status) {
    case 401:
      return new ClusterUnreachable('the API server refuses the credentials of the bot');
    case 403:
      return new NotListed(info.optional ? `no permission to list ${info.resource} (optional)` : `no permission to list ${info.resource}`);
    case 404:
    case 405:
      return new NotListed(`the API server does not serve ${info.resource}`, true);
    default:
      return new NotListed(`the API server refused to list ${info.resource} (${response.status})`);
  }
}

function finalReason(response: ApiResponse | SilentServer, target: ListTarget): string {
  if (response instanceof SilentServer) return `the API server did not list ${resource(target)}: ${response.message}`;
  return response.status === 429 ? `the API server was too busy to list ${resource(target)}` : `the API server failed to list ${resource(target)} (${response.status})`;
}

function resource({ kind }: ListTarget): string {
  return kindInfo(kind).resource;
}

/** Sorts like the keys under which the API server stores objects. */
function keyOf(item: RawObject | undefined): string {
  const namespace = textAt(item, 'metadata', 'namespace');
  return `${namespace === undefined ? '' : `${namespace}/`}${textAt(item, 'metadata', 'name') ?? ''}`;
}

export function basePath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
