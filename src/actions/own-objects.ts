import type { CreateObject } from '#src/model/plan.ts';
import { isObject, objectAt, textAt, type RawObject } from '#src/model/raw.ts';
import { withoutServerFields } from './canonical.ts';

/** On objects that k8ssec makes. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'k8ssec' } as const;
/** Label that says for which request an object was made, and annotation that says by which it was brought back. */
export const REQUEST_LABEL = 'k8ssec.io/request';
export const RESTORED_ANNOTATION = 'k8ssec.io/restored-by-request';

/** The object as it is made for a request, which it can be recognised by. */
export function bodyFor({ body }: CreateObject, requestId: string): RawObject {
  const content = withoutServerFields(body);
  const metadata = objectAt(content, 'metadata');
  return { ...content, metadata: { ...metadata, labels: { ...objectAt(metadata, 'labels'), ...MANAGED_BY, [REQUEST_LABEL]: requestId } } };
}

export function isMadeFor(object: RawObject, requestId: string): boolean {
  return textAt(object, 'metadata', 'labels', REQUEST_LABEL) === requestId;
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
