import { createHash } from 'node:crypto';
import type { CreateObject, ReplaceObject } from '#src/model/plan.ts';
import { isObject, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { contentOf, withoutServerFields } from './canonical.ts';

/** On objects that k8ssec makes. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'k8ssec' } as const;
/** Begins the labels and annotations that are k8ssec's own. */
export const OWN_PREFIX = 'k8ssec.io/';
/** Annotation that says what the object said when k8ssec wrote it. */
const CONTENT_HASH = `${OWN_PREFIX}content-hash`;
const MANAGER = 'k8ssec';
/** Label that says for which request an object was made, and annotation that says by which it was brought back. */
export const REQUEST_LABEL = `${OWN_PREFIX}request`;
export const RESTORED_ANNOTATION = `${OWN_PREFIX}restored-by-request`;

/** The object as it is made for a request, which it can be recognised by. */
export function bodyFor({ body }: CreateObject | ReplaceObject, requestId: string): RawObject {
  const content = withoutServerFields(body);
  const metadata = objectAt(content, 'metadata');
  return { ...content, metadata: { ...metadata, labels: { ...objectAt(metadata, 'labels'), ...MANAGED_BY, [REQUEST_LABEL]: requestId } } };
}

export function isMadeFor(object: RawObject, requestId: string): boolean {
  return requestOf(object) === requestId;
}

/** The request that the object was made, or last replaced, for. */
export function requestOf(object: RawObject): string | undefined {
  return textAt(object, 'metadata', 'labels', REQUEST_LABEL);
}

export function isManaged(object: RawObject): boolean {
  return Object.entries(MANAGED_BY).every(([label, value]) => textAt(object, 'metadata', 'labels', label) === value);
}

/** The object with the mark by which it is seen later whether anybody has changed it. Every field that the API server would fill in has to be written. */
export function withContentHash(object: RawObject): RawObject {
  const metadata = objectAt(object, 'metadata');
  return { ...object, metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), [CONTENT_HASH]: hashOf(object) } } };
}

/** Whether it is k8ssec's and still says what k8ssec wrote. */
export function isUntouched(object: RawObject): boolean {
  return isManaged(object) && textAt(object, 'metadata', 'annotations', CONTENT_HASH) === hashOf(object);
}

/** Who wrote the object last besides k8ssec, in the name that they gave themselves: `kubectl-edit`. */
export function changedBy(object: RawObject): string {
  const others = objectsAt(object, 'metadata', 'managedFields').map(([, entry]) => entry).filter((entry) => textAt(entry, 'manager') !== MANAGER && textAt(entry, 'subresource') === undefined);
  const [latest] = others.toSorted((a, b) => ((textAt(a, 'time') ?? '') < (textAt(b, 'time') ?? '') ? 1 : -1));
  return textAt(latest, 'manager') ?? 'somebody else';
}

function hashOf(object: RawObject): string {
  return createHash('sha256').update(contentOf(object)).digest('hex');
}

/** Whether the object says all that was wanted; the API server may have added to it. */
export function holds(object: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return Array.isArray(object) && object.length === wanted.length && wanted.every((entry, index) => holds(object[index], entry));
  if (isObject(wanted)) return isObject(object) && Object.entries(wanted).every(([field, entry]) => holds(object[field], entry));
  return object === wanted;
}

/** Marked, so that another attempt knows what the one before brought back. */
export function restoredBy(object: RawObject, requestId: string): RawObject {
  const metadata = objectAt(object, 'metadata');
  return { ...object, metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), [RESTORED_ANNOTATION]: requestId } } };
}

export function isRestoredBy(object: RawObject, requestId: string): boolean {
  return textAt(object, 'metadata', 'annotations', RESTORED_ANNOTATION) === requestId;
}
