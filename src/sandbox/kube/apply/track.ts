import { textAt, type RawObject } from '#src/model/raw.ts';
import type { Draft } from '../json.ts';
import { equal } from '../json.ts';
import type { ManagedFields } from '../object.ts';
import type { FieldSchema } from '../schema/schema.ts';
import { applyConflict, type Failure } from '../status.ts';
import { difference, differenceBelow, fieldSet, formatFieldPath, intersection, isEmpty, NO_FIELDS, pathsOf, union, type FieldSet } from './field-set.ts';
import { capped, managerId, readManagers, sameManagers, withoutIdle, writeManagers, type Manager, type Managers } from './managers.ts';
import { mergeApplied } from './merge.ts';
import { compare, fieldsOf, withNamedFields, withoutFields } from './typed.ts';

/** A write as ownership sees it. */
export interface Change {
  readonly schema: FieldSchema;
  readonly apiVersion: string;
  readonly manager: string;
  readonly subresource: string;
  /** Fields that this way of writing cannot set, such as the status of a plain update. */
  readonly ignored: FieldSet;
  /** Undefined for a path whose writes are not timed. */
  readonly now: string | undefined;
}

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Kept by the server, owned by nobody. */
const SERVER_FIELDS = fieldSet(
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((field) => ['metadata', field]),
);
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** The owners after an object was written by anything but an apply. `live` is empty for a new object. */
export function trackUpdate(live: RawObject, next: RawObject, entries: readonly ManagedFields[] | undefined, change: Change): ManagedFields[] {
  return writeManagers(capped(updated(live, next, readManagers(entries), change)));
}

function updated(live: RawObject, next: RawObject, managers: Managers, change: Change): Managers {
  const { added, modified, removed } = compare(withoutManagers(live), withoutManagers(next), change.schema);
  const changed = differenceBelow(union(added, modified), change.ignored);
  const gone = differenceBelow(removed, change.ignored);
  const rest = new Map<string, Manager>();
  for (const [id, manager] of managers) rest.set(id, { ...manager, fields: difference(difference(manager.fields, changed), gone) });
  const self = { name: change.manager, operation: 'Update' as const, apiVersion: change.apiVersion, subresource: change.subresource };
  const taken = difference(changed, SERVER_FIELDS);
  const known = withoutIdle(rest);
  if (isEmpty(taken)) return known;
  const id = managerId(self);
  return known.set(id, { ...self, time: change.now, fields: union(taken, known.get(id)?.fields ?? NO_FIELDS) });
}

export interface Applied {
  readonly object: RawObject;
  readonly managedFields: ManagedFields[];
}

/** The object after an apply. @throws Failure when another manager owns a field that would change. */
export function applyObject(live: RawObject, config: RawObject, entries: readonly ManagedFields[] | undefined, change: Change, force: boolean): Applied {
  const before = readManagers(entries);
  const known = before.size === 0 && isStored(live) ? updated({}, live, before, { ...change, manager: BEFORE_FIRST_APPLY, subresource: '' }) : before;
  const self = { name: change.manager, operation: 'Apply' as const, apiVersion: change.apiVersion, subresource: change.subresource };
  const id = managerId(self);
  const lastFields = known.get(id)?.fields ?? NO_FIELDS;
  const fields = differenceBelow(fieldsOf(config, change.schema), change.ignored);
  const managers = new Map(known).set(id, { ...self, time: change.now, fields });
  const base = withoutManagers(live);
  const merged = pruned(mergeApplied(base, config, change.schema) as RawObject, managers, lastFields, change.schema);
  const settled = settle(base, merged, managers, id, change, force);
  const own = settled.get(id);
  // Who only takes over what is so already is not timed.
  const isChanged = !equal(base, merged);
  if (own !== undefined) settled.set(id, { ...own, time: isChanged ? change.now : before.get(id)?.time, fields: difference(own.fields, SERVER_FIELDS) });
  const after = withoutIdle(settled);
  if (!isChanged && sameManagers(before, after)) return { object: live, managedFields: [...(entries ?? [])] };
  return { object: withLastApplied(merged, config, change), managedFields: writeManagers(after) };
}

function isStored(live: RawObject): boolean {
  return textAt(live, 'metadata', 'uid') !== undefined;
}

/** Takes away what the applier owned, no longer sets, and nobody else owns. */
function pruned(merged: RawObject, managers: Managers, lastFields: FieldSet, schema: FieldSchema): RawObject {
  if (isEmpty(lastFields)) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, schema);
  const owned = [...managers.values()].reduce((all, { fields }) => union(all, fields), NO_FIELDS);
  const all = named(fieldsOf(merged, schema));
  const remove = (set: FieldSet): RawObject => (withoutFields(merged, set, schema) ?? {}) as RawObject;
  const kept = remove(named(lastFields));
  const withOwned = remove(difference(all, union(named(fieldsOf(kept, schema)), named(owned))));
  return remove(intersection(difference(all, named(fieldsOf(withOwned, schema))), named(lastFields)));
}

/** Takes changed fields from their other owners, by force or after nobody objected. */
function settle(live: RawObject, next: RawObject, managers: Managers, applier: string, change: Change, force: boolean): Map<string, Manager> {
  const { added, modified, removed } = compare(live, next, change.schema);
  const changed = differenceBelow(union(added, modified), change.ignored);
  const gone = differenceBelow(removed, change.ignored);
  const others = [...managers].filter(([id]) => id !== applier);
  const conflicts = others.flatMap(([, manager]) => {
    const set = intersection(manager.fields, changed);
    return isEmpty(set) ? [] : [{ manager, set }];
  });
  const objections = force ? [] : withoutKubectl(conflicts, live, change);
  if (objections.length > 0) throw conflictFailure(objections);
  const settled = new Map<string, Manager>();
  for (const [id, manager] of managers) {
    settled.set(id, id === applier ? manager : { ...manager, fields: difference(difference(manager.fields, changed), gone) });
  }
  return withoutIdle(settled);
}

interface Conflict {
  readonly manager: Manager;
  readonly set: FieldSet;
}

/** `kubectl apply --server-side` may take over what `kubectl apply` had set before, if it is still so. */
function withoutKubectl(conflicts: readonly Conflict[], live: RawObject, change: Change): readonly Conflict[] {
  const lastApplied = change.manager === 'kubectl' ? textAt(live, 'metadata', 'annotations', LAST_APPLIED) : undefined;
  if (lastApplied === undefined) return conflicts;
  const config = parsed(lastApplied);
  if (config?.apiVersion !== change.apiVersion) return conflicts;
  const { added, modified, removed } = compare(config, live, change.schema);
  const allowed = difference(difference(difference(fieldsOf(config, change.schema), modified), added), removed);
  const rest = conflicts.map(({ manager, set }) => ({ manager, set: difference(set, allowed) }));
  return rest.filter(({ set }) => !isEmpty(set));
}

function parsed(text: string): RawObject | undefined {
  try {
    return JSON.parse(text) as RawObject;
  } catch {
    // Anybody may write the annotation; the server takes what it cannot read as none.
    return undefined;
  }
}

function conflictFailure(found: readonly Conflict[]): Failure {
  const conflicts = found.toSorted((a, b) => (goId(a.manager) < goId(b.manager) ? -1 : 1));
  const causes = conflicts.flatMap(({ manager, set }) =>
    pathsOf(set).map((path) => ({ reason: 'FieldManagerConflict', message: `conflict with ${describe(manager)}`, field: formatFieldPath(path) })),
  );
  const [first] = causes;
  if (causes.length === 1 && first !== undefined) return applyConflict(`Apply failed with 1 conflict: ${first.message}: ${first.field}`, causes);
  const lines = conflicts.flatMap(({ manager, set }) => [`conflicts with ${describe(manager)}:`, ...pathsOf(set).map((path) => `- ${formatFieldPath(path)}`)]);
  return applyConflict(`Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`, causes);
}

/** By this text the server orders managers. */
function goId({ name, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify({ manager: name, operation, ...(operation === 'Update' && { apiVersion }), ...(subresource !== '' && { subresource }) });
}

function describe({ name, subresource, operation, apiVersion }: Manager): string {
  const who = `${JSON.stringify(name)}${subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}

/** Keeps `kubectl apply` and `kubectl apply --server-side` usable in turn. */
function withLastApplied(object: RawObject, config: RawObject, change: Change): RawObject {
  if (change.manager !== 'kubectl' || textAt(object, 'metadata', 'annotations', LAST_APPLIED) === undefined) return object;
  const metadata = object.metadata as RawObject;
  return { ...object, metadata: { ...metadata, annotations: { ...(metadata.annotations as RawObject), [LAST_APPLIED]: `${JSON.stringify(config)}\n` } } };
}

function withoutManagers(object: RawObject): RawObject {
  const metadata = object.metadata as Draft | undefined;
  if (metadata?.managedFields === undefined) return object;
  const { managedFields, ...rest } = metadata;
  return { ...object, metadata: rest };
}
