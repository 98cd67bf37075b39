import { randomUUID } from 'node:crypto';
import { isObject, type RawObject } from '#src/model/raw.ts';
import { fieldSet, type FieldSet } from '../apply/field-set.ts';
import { trackUpdate } from '../apply/track.ts';
import type { Resource } from '../catalog.ts';
import { toStored, toVersion } from '../conversions.ts';
import { clone, drop, equal } from '../json.ts';
import { keyOf, timestamp, type KubeObject, type ManagedFields, type Metadata } from '../object.ts';
import { normalize } from '../schema/decode.ts';
import { alreadyExists, badRequest, conflict, forbidden, internal, invalid, MODIFIED, notFound } from '../status.ts';
import { createCauses } from '../validate/causes.ts';
import { validateMetadata, validateMetadataUpdate } from '../validate/metadata.ts';
import { nameRuleOf } from '../validate/names.ts';
import { validateCreate, validateObject, validateUpdate } from '../validate/validate.ts';
import { admitCreate } from './admission.ts';
import type { Cluster, WriteContext } from './context.ts';
import { checkGrant } from './grants.ts';
import { emptyObject, schemaOf } from './read-object.ts';
import { countTemplateChanges, hasGeneration, isCreatedByUpdate, keepAllocated, nameSuffix, needsVersion, prepareCreate, wantsChange } from './strategies.ts';

/** Which object is written, in which version of its group and through which of its paths. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  /** `status` and the like; empty for the object itself. */
  readonly subresource: string;
}

/** An object as somebody wants it, with its owners when they are known already. */
export interface Wanted {
  readonly object: KubeObject;
  readonly managedFields?: ManagedFields[];
}

export interface Written {
  readonly object: KubeObject;
  readonly isNew: boolean;
}

const STATUS_FIELDS = fieldSet(['status']);
const SPEC_FIELDS = fieldSet(['spec'], ['metadata', 'labels']);
const NO_FIELDS = fieldSet();
/** Paths of an object that change its status alone. */
const STATUS_SUBRESOURCES = ['status', 'approval'];

/** The fields that a path of the resource cannot set. */
export function ignoredFields({ resource, subresource }: Pick<Target, 'resource' | 'subresource'>): FieldSet {
  if (STATUS_SUBRESOURCES.includes(subresource)) return SPEC_FIELDS;
  return resource.subresources.has('status') ? STATUS_FIELDS : NO_FIELDS;
}

/** Makes an object. @throws Failure */
export function createObject(target: Target, wanted: Wanted, cluster: Cluster, context: WriteContext): Written {
  const { resource, namespace } = target;
  const object = clone(wanted.object);
  const { metadata } = object;
  const isVersioned = metadata.resourceVersion !== undefined && !context.asGiven && !context.dryRun && wanted.managedFields === undefined;
  placeIn(object, resource, namespace);
  const given = context.asGiven ? metadata.managedFields : undefined;
  const tracked = wanted.managedFields ?? given ?? track(emptyObject(resource), object, undefined, target, cluster, context);
  admitToNamespace(object, resource, cluster);
  if (metadata.generateName !== undefined && metadata.name === undefined) metadata.name = `${metadata.generateName.slice(0, 58)}${nameSuffix()}`;
  fillMetadata(metadata, cluster, context);
  if (hasGeneration(resource.store, resource.isCustom)) metadata.generation = 1;
  if (resource.subresources.has('status') && !context.asGiven) delete object.status;
  admitCreate(resource.store, object, cluster, context);
  prepareCreate(resource.store, object, cluster, context);
  const stored = finished(object, resource, tracked);
  validate(stored, undefined, resource);
  checkGrant(resource, stored, undefined, cluster, context.user);
  if (isVersioned) throw internal('resourceVersion should not be set on objects to be created');
  if (cluster.store.get(resource.store, keyOf(metadata.namespace, metadata.name ?? '')) !== undefined) throw alreadyExists(resource, metadata.name ?? '');
  return { object: context.dryRun ? stored : cluster.store.put(resource.store, stored), isNew: true };
}

/**
 * Changes an object to what `change` makes of it. Where there is none, `change` gets undefined and its result is created if the
 * caller allows it or the kind does.
 *
 * @throws Failure
 */
export function updateObject(
  target: Target,
  change: (live: KubeObject | undefined) => Wanted,
  cluster: Cluster,
  context: WriteContext,
  createsMissing = isCreatedByUpdate(target.resource.store),
): Written {
  const { resource, namespace, name } = target;
  const stored = cluster.store.get(resource.store, keyOf(namespace, name));
  if (stored === undefined) {
    if (!createsMissing || target.subresource !== '') throw notFound(resource, name);
    return createObject(target, change(undefined), cluster, context);
  }
  const live = toVersion(stored, resource);
  const wanted = change(live);
  const object = clone(wanted.object);
  placeIn(object, resource, namespace);
  checkIdentity(object, live, target);
  if (object.metadata.resourceVersion === undefined && needsVersion(resource.store, resource.isCustom)) {
    const message = 'Invalid value: 0: must be specified for an update';
    throw invalid(resource, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' }]);
  }
  const entries = object.metadata.managedFields;
  const before = entries === undefined || target.subresource !== '' || entries.length === 0 ? live.metadata.managedFields : isReset(entries) ? [] : entries;
  const tracked = wanted.managedFields ?? track(live, object, before, target, cluster, context);
  restore(object, live, target);
  const next = finished(object, resource, keptTimes(tracked, live.metadata.managedFields));
  countTemplateChanges(resource.store, next, stored);
  const changed = hasGeneration(resource.store, resource.isCustom) && wantsChange(next, stored);
  if (changed) next.metadata.generation = (stored.metadata.generation ?? 0) + 1;
  validate(next, stored, resource);
  checkGrant(resource, next, stored, cluster, context.user);
  return { object: save(next, stored, resource, cluster, context), isNew: false };
}

function save(next: KubeObject, stored: KubeObject, resource: Resource, { store }: Cluster, context: WriteContext): KubeObject {
  if (equal(next, stored)) return stored;
  if (context.dryRun) return next;
  const isGone = next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0 && resource.store !== 'namespaces';
  return isGone ? store.remove(resource.store, next) : store.put(resource.store, next);
}

function placeIn(object: KubeObject, resource: Resource, namespace: string): void {
  if (!isObject(object.metadata)) object.metadata = {};
  const given = object.metadata.namespace ?? '';
  if (resource.namespaced) {
    if (given !== '' && given !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    object.metadata.namespace = namespace;
  } else if (given !== '') {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

function admitToNamespace(object: KubeObject, resource: Resource, { store }: Cluster): void {
  const { namespace, name = '' } = object.metadata;
  if (!resource.namespaced || namespace === undefined) return;
  const found = store.get('namespaces', namespace);
  if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw forbidden(resource, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
}

function fillMetadata(metadata: Metadata, cluster: Cluster, { asGiven }: WriteContext): void {
  metadata.uid = randomUUID();
  const created = asGiven ? metadata.creationTimestamp : undefined;
  metadata.creationTimestamp = created ?? timestamp(cluster.clock.now());
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'resourceVersion']) drop(metadata, field);
}

function checkIdentity(object: KubeObject, live: KubeObject, { resource, name }: Target): void {
  const { metadata } = object;
  metadata.name ??= name;
  if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (metadata.uid !== undefined && metadata.uid !== live.metadata.uid) {
    const message = `Invalid value: ${JSON.stringify(metadata.uid)}: field is immutable`;
    throw invalid({ group: resource.group, resource: resource.kind }, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.uid' }]);
  }
  const { resourceVersion } = metadata;
  if (resourceVersion !== undefined && !/^\d+$/.test(resourceVersion)) {
    const shown = JSON.stringify(resourceVersion);
    throw internal(`resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`);
  }
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== live.metadata.resourceVersion) throw conflict(resource, name, MODIFIED);
}

/** Puts back what this way of writing cannot change. */
function restore(object: KubeObject, live: KubeObject, { resource, subresource }: Target): void {
  const old = live.metadata;
  const { metadata } = object;
  for (const field of ['uid', 'creationTimestamp', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion', 'generateName'] as const) {
    if (old[field] === undefined) drop(metadata, field);
    else Object.assign(metadata, { [field]: old[field] });
  }
  if (STATUS_SUBRESOURCES.includes(subresource)) {
    if (old.labels !== undefined) metadata.labels = old.labels;
    for (const field of Object.keys({ ...object, ...live })) if (!['apiVersion', 'kind', 'metadata', 'status'].includes(field)) object[field] = live[field];
  } else if (resource.subresources.has('status')) {
    if (live.status === undefined) delete object.status;
    else object.status = live.status;
  }
  keepAllocated(resource.store, object, live);
}

function track(live: RawObject, object: KubeObject, entries: readonly ManagedFields[] | undefined, target: Target, cluster: Cluster, context: WriteContext): ManagedFields[] {
  const schema = schemaOf(target.resource);
  return trackUpdate(live, normalize(object, schema), entries, {
    schema,
    apiVersion: target.resource.apiVersion,
    manager: context.manager,
    subresource: target.subresource,
    ignored: ignoredFields(target),
    now: target.subresource === 'scale' ? undefined : timestamp(cluster.clock.now()),
  });
}

function isReset(entries: readonly ManagedFields[]): boolean {
  return entries.length === 1 && (entries[0]?.manager ?? '') === '' && entries[0]?.fieldsV1 === undefined;
}

/** An update that changes nothing but when its fields were last set changes nothing at all. */
function keptTimes(next: readonly ManagedFields[], old: readonly ManagedFields[] | undefined): readonly ManagedFields[] {
  const timeless = (entries: readonly ManagedFields[] | undefined): unknown => entries?.map(({ time, ...entry }) => entry);
  return equal(timeless(next), timeless(old)) ? (old ?? []) : next;
}

/** The object as it is stored: in its stored version, in the server's order and form. */
function finished(object: KubeObject, resource: Resource, managedFields: readonly ManagedFields[]): KubeObject {
  const { managedFields: given, ...rest } = object.metadata;
  const metadata: Metadata = managedFields.length === 0 ? rest : { ...rest, managedFields: [...managedFields] };
  const stored = toStored({ ...object, metadata });
  return normalize(stored, schemaOf({ apiVersion: stored.apiVersion, kind: resource.kind })) as KubeObject;
}

function validate(object: KubeObject, old: KubeObject | undefined, resource: Resource): void {
  const causes = createCauses();
  validateMetadata(object.metadata, nameRuleOf(resource.store), resource.namespaced, causes);
  if (old !== undefined) {
    validateMetadataUpdate(object.metadata, old.metadata, causes);
    validateUpdate(resource.store, object, old, causes);
  }
  validateObject(resource.store, object, causes);
  if (old === undefined) validateCreate(resource.store, object, causes);
  if (causes.all.length > 0) throw invalid({ group: resource.group, resource: resource.kind }, object.metadata.name ?? '', causes.all);
}
