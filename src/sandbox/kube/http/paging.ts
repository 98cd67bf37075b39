import { textAt, integerAt, isObject } from '#src/model/raw.ts';
import type { Resource } from '../catalog.ts';
import { keyOf, type KubeObject } from '../object.ts';
import { badRequest, expired, invalid, versionTooLarge } from '../status.ts';
import { Compacted, type Store } from '../store/store.ts';
import { createCauses } from '../validate/causes.ts';
import type { Selects } from './selectors.ts';

/** What of a list is wanted. */
export interface ListWish {
  readonly resource: Resource;
  readonly namespace: string;
  readonly selects: Selects;
  readonly isSelective: boolean;
  readonly query: URLSearchParams;
}

export interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string; readonly remainingItemCount?: number };
}

interface Position {
  /** Negative: go on with what there is now. */
  readonly revision: number;
  readonly start: string;
}

const TOKEN_VERSION = 'meta.k8s.io/v1';
const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
const VERSION_TOO_OLD = 'The resourceVersion for the provided list is too old.';

/** One page of a list. `expireTokens` answers every continue token as if it were too old. @throws Failure */
export function readPage(wish: ListWish, store: Store, expireTokens: boolean): Page {
  const { query, resource, namespace } = wish;
  const given = readInteger(query.get('limit'), 'ParseInt');
  const token = query.get('continue') ?? '';
  const position = token === '' ? undefined : readToken(token, query);
  const match = query.get('resourceVersionMatch') ?? '';
  const asked = query.get('resourceVersion') ?? '';
  checkMatch(match, asked, token);
  // Lists of any version come from a cache, which has no pages.
  const limit = asked === '0' && token === '' ? 0 : given;
  // A page of a version is that version, even where nobody says `Exact`.
  const isExact = match === 'Exact' || (match === '' && limit > 0 && asked !== '0');
  const revision = position === undefined ? readRevision(asked, isExact && asked !== '', store) : position.revision < 0 ? store.revision() : position.revision;
  const prefix = resource.namespaced && namespace !== '' ? `${namespace}/` : '';
  const all = objectsAt(revision, position, resource, store, expireTokens);
  const from = firstAt(all, `${prefix}${position?.start ?? ''}`);
  const items: KubeObject[] = [];
  let next = from;
  while (next < all.length && (limit <= 0 || items.length < limit)) {
    const object = all[next];
    if (object === undefined || !keyOfObject(object).startsWith(prefix)) break;
    if (wish.selects(object)) items.push(object);
    next += 1;
  }
  const end = prefix === '' ? all.length : firstAt(all, `${namespace}0`);
  const last = all[next - 1];
  const resourceVersion = String(revision);
  if (next >= end || last === undefined) return { items, metadata: { resourceVersion } };
  const token2 = writeToken({ revision, start: `${keyOfObject(last).slice(prefix.length)}\0` });
  return { items, metadata: { resourceVersion, continue: token2, ...(!wish.isSelective && { remainingItemCount: end - next }) } };
}

function objectsAt(revision: number, position: Position | undefined, { store: name }: Resource, store: Store, expireTokens: boolean): readonly KubeObject[] {
  try {
    if (expireTokens && position !== undefined && position.revision >= 0) throw new Compacted();
    return store.list(name, revision);
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    if (position === undefined) throw expired(VERSION_TOO_OLD);
    throw expired(TOO_OLD, writeToken({ revision: -1, start: position.start }));
  }
}

function readRevision(asked: string, isExact: boolean, store: Store): number {
  const revision = asked === '' ? 0 : readVersion(asked);
  if (revision > store.revision()) throw versionTooLarge(asked, store.revision());
  return isExact ? revision : store.revision();
}

export function readVersion(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export function readInteger(text: string | null, parser: 'ParseInt'): number {
  if (text === null || text === '') return 0;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function checkMatch(match: string, asked: string, token: string): void {
  if (match === '') return;
  const causes = createCauses();
  const field = 'resourceVersionMatch';
  if (asked === '') causes.forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (token !== '') causes.forbidden(field, 'resourceVersionMatch is forbidden when continue is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan') causes.unsupported(field, match, ['Exact', 'NotOlderThan', '']);
  if (match === 'Exact' && asked === '0') causes.forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  if (causes.all.length > 0) throw invalid({ group: 'meta.k8s.io', resource: 'ListOptions' }, '', causes.all);
}

function readToken(token: string, query: URLSearchParams): Position {
  const asked = query.get('resourceVersion') ?? '';
  const bad = (why: string): never => {
    throw badRequest(`invalid continue token: ${why}`);
  };
  const text = Buffer.from(token, 'base64url').toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(`continue key is not valid: invalid character '${text.charAt(0)}' looking for beginning of value`);
  }
  if (asked !== '' && asked !== '0') throw badRequest('specifying resource version is not allowed when using continue');
  if (!isObject(value) || textAt(value, 'v') !== TOKEN_VERSION) return bad(`continue key is not valid: server does not recognize this encoded version ${JSON.stringify(textAt(value, 'v') ?? '')}`);
  const revision = integerAt(value, 'rv') ?? 0;
  if (revision === 0) return bad('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  return { revision, start: textAt(value, 'start') ?? '' };
}

function writeToken({ revision, start }: Position): string {
  return Buffer.from(JSON.stringify({ v: TOKEN_VERSION, rv: revision, start })).toString('base64url');
}

function keyOfObject({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace, metadata.name ?? '');
}

/** The index of the first object whose key is not before `key`. */
function firstAt(objects: readonly KubeObject[], key: string): number {
  let [low, high] = [0, objects.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const object = objects[middle];
    if (object !== undefined && keyOfObject(object) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
