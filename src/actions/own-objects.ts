import type { CreateObject, Maker, ReplaceObject } from '#src/model/plan.ts';
import { isObject, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { canonicalJson, withoutServerFields } from './canonical.ts';
import { isPartOf, parseComposition, specOf, stamped, type Composition } from './composition.ts';

/** On objects that k8ssec makes. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'k8ssec' } as const;
/** Begins the labels and annotations that are k8ssec's own. */
export const OWN_PREFIX = 'k8ssec.io/';
/** Annotation that says what the object is made of. */
const PARTS = `${OWN_PREFIX}parts`;
/** Label that says which bot looks after the object. */
export const INSTALLATION_LABEL = `${OWN_PREFIX}installation`;
const MANAGER = 'k8ssec';
/** Label that says for which request an object was made, and annotation that says by which it was brought back. */
const REQUEST_LABEL = `${OWN_PREFIX}request`;
const RESTORED_ANNOTATION = `${OWN_PREFIX}restored-by-request`;

/** The object as it is made for a request, which it can be recognised by. */
export function bodyFor({ body }: CreateObject | ReplaceObject, { request, until }: Maker): RawObject {
  const content = withoutServerFields(body);
  const made = compositionOf(content);
  if (made !== undefined) return composed(content, stamped(made, request, until));
  const metadata = objectAt(content, 'metadata');
  return { ...content, metadata: { ...metadata, labels: { ...objectAt(metadata, 'labels'), ...MANAGED_BY, [REQUEST_LABEL]: request } } };
}

/** The object made of these parts, with the note of them by which they can be taken out again. */
export function composed(object: RawObject, made: Composition): RawObject {
  const metadata = objectAt(object, 'metadata');
  return { ...object, metadata: { ...metadata, annotations: { ...objectAt(metadata, 'annotations'), [PARTS]: JSON.stringify(made) } }, spec: specOf(made) };
}

/** Undefined for what is not made of parts. */
export function compositionOf(object: RawObject): Composition | undefined {
  const text = textAt(object, 'metadata', 'annotations', PARTS);
  return text === undefined ? undefined : parseComposition(text);
}

/** Whether the request has made it, or has a part in it. */
export function isMadeFor(object: RawObject, request: string): boolean {
  return requestOf(object) === request || isPartOf(compositionOf(object), request);
}

/** The request that the object was made for. */
function requestOf(object: RawObject): string | undefined {
  return textAt(object, 'metadata', 'labels', REQUEST_LABEL);
}

export function isManaged(object: RawObject): boolean {
  return Object.entries(MANAGED_BY).every(([label, value]) => textAt(object, 'metadata', 'labels', label) === value);
}

export function installationOf(object: RawObject): string | undefined {
  return textAt(object, 'metadata', 'labels', INSTALLATION_LABEL);
}

/** What an object is made of, or why nothing is written over it and what can be done about that, to follow the name of the object. */
export type Standing = { readonly made: Composition } | { readonly problem: string };

/**
 * How an object of k8ssec's own stands, for the bot of this installation. Every field that the API server would fill in has to be written,
 * since whatever its parts do not add up to counts as somebody's change.
 */
export function standingOf(object: RawObject, installation: string | undefined): Standing {
  if (!isManaged(object)) return { problem: 'does not bear the label of k8ssec, and nothing is written over it' };
  const [owner, made] = [installationOf(object), compositionOf(object)];
  if (owner !== undefined && owner !== installation) return { problem: `belongs to another bot (${INSTALLATION_LABEL}: ${owner}), which alone changes it` };
  if (owner === undefined || made === undefined) return { problem: 'does not say what it is made of, because an older version of k8ssec wrote it or somebody took that off: delete it when it is needed no more, and try again' };
  if (canonicalJson(objectAt(object, 'spec')) !== canonicalJson(specOf(made))) return { problem: `was changed by ${changedBy(object)}, and nothing is written over that: put it back, or delete it, and try again` };
  return { made };
}

/** Who wrote the object last besides k8ssec, in the name that they gave themselves: `kubectl-edit`. */
function changedBy(object: RawObject): string {
  const others = objectsAt(object, 'metadata', 'managedFields').map(([, entry]) => entry).filter((entry) => textAt(entry, 'manager') !== MANAGER && textAt(entry, 'subresource') === undefined);
  const [latest] = others.toSorted((a, b) => ((textAt(a, 'time') ?? '') < (textAt(b, 'time') ?? '') ? 1 : -1));
  return textAt(latest, 'manager') ?? 'somebody else';
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
