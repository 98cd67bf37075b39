import { isObject, listAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';

const RBAC_GROUP = 'rbac.authorization.k8s.io';
/** What the API server keeps about an object, besides what it is. */
const SERVER_METADATA: readonly string[] = ['uid', 'resourceVersion', 'managedFields', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'selfLink'];

/** The same text for the same JSON, whatever the order of fields. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value ?? null));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, entry]) => [field, sorted(entry)]));
}

/** What makes an item of a list this one: of a binding's subject not how much of it was written out. */
export function itemKey(path: readonly Step[], item: unknown): string {
  if (path.at(-1) !== 'subjects' || !isObject(item)) return canonicalJson(item);
  const kind = textAt(item, 'kind') ?? '';
  const apiGroup = textAt(item, 'apiGroup') ?? '';
  return canonicalJson([kind, apiGroup === '' && kind !== 'ServiceAccount' ? RBAC_GROUP : apiGroup, textAt(item, 'namespace') ?? '', textAt(item, 'name') ?? '']);
}

/** Where the item stands in the list, which may be at several places. */
export function placesOf(object: RawObject, path: readonly Step[], item: RawObject): readonly number[] {
  const key = itemKey(path, item);
  return listAt(object, ...path).flatMap((entry, index) => (itemKey(path, entry) === key ? [index] : []));
}

/** The object without what the API server adds and keeps, as it can be made anew. */
export function withoutServerFields(object: RawObject): RawObject {
  const { status, ...content } = object;
  const metadata = Object.entries(isObject(object.metadata) ? object.metadata : {}).filter(([field]) => !SERVER_METADATA.includes(field));
  return { ...content, metadata: Object.fromEntries(metadata) };
}

/** What an object says, besides its metadata and status. The order of a binding's subjects says nothing. */
export function contentOf(object: RawObject): string {
  const { metadata, status, apiVersion, kind, ...content } = object;
  const subjects = listAt(content, 'subjects').map((subject) => itemKey(['subjects'], subject)).sort();
  return canonicalJson({ ...content, roleRef: roleRefOf(object), subjects });
}

/** Of a binding; the same text for the same role. */
export function roleRefOf(object: RawObject): string | undefined {
  const kind = textAt(object, 'roleRef', 'kind');
  const name = textAt(object, 'roleRef', 'name');
  return kind === undefined || name === undefined ? undefined : `${kind}/${name}`;
}

export function uidOf(object: RawObject): string | undefined {
  return textAt(object, 'metadata', 'uid');
}
