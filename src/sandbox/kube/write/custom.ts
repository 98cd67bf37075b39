import { booleanAt, integerAt, isObject, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { ApiResource, TableColumn } from '../catalog.ts';
import type { Draft } from '../json.ts';
import { timestamp, type KubeObject } from '../object.ts';
import type { FieldSchema, StructSchema } from '../schema/schema.ts';
import { declareKind } from '../schema/types.ts';
import type { Cluster } from './context.ts';

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const STORE = 'customresourcedefinitions.apiextensions.k8s.io';
const OBJECT_META: FieldSchema = { type: 'meta.v1.ObjectMeta', empties: 'written' };
const NAME_COLUMN: TableColumn = { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 };
const AGE = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** Serves what a CustomResourceDefinition describes, and says so in its status. */
export function serveDefinition(definition: KubeObject, cluster: Cluster): void {
  const names = objectAt(definition, 'spec', 'names') ?? {};
  const group = textAt(definition, 'spec', 'group') ?? '';
  const kind = textAt(names, 'kind') ?? '';
  for (const [, version] of objectsAt(definition, 'spec', 'versions')) {
    const apiVersion = `${group}/${textAt(version, 'name') ?? ''}`;
    if (booleanAt(version, 'served') !== true) {
      cluster.catalog.remove(apiVersion, textAt(names, 'plural') ?? '');
      continue;
    }
    const { structs, root } = structsOf(`${apiVersion}/${kind}`, objectAt(version, 'schema', 'openAPIV3Schema') ?? {});
    declareKind(apiVersion, kind, structs, root);
    cluster.catalog.add(apiVersion, entriesOf(definition, names, version), columnsOf(version));
  }
  if (textAt(definition, 'status', 'acceptedNames', 'kind') !== kind) accept(definition, names, cluster);
}

/** Takes its resources away, and every object of them. */
export function stopServingDefinition(definition: KubeObject, { catalog, store }: Cluster): void {
  const [group, plural] = [textAt(definition, 'spec', 'group') ?? '', textAt(definition, 'spec', 'names', 'plural') ?? ''];
  const stored = `${plural}.${group}`;
  for (const object of store.list(stored)) store.remove(stored, object);
  for (const [, version] of objectsAt(definition, 'spec', 'versions')) catalog.remove(`${group}/${textAt(version, 'name') ?? ''}`, plural);
}

function accept(definition: KubeObject, names: RawObject, { store, clock }: Cluster): void {
  const condition = (type: string, reason: string, message: string): Draft => ({ type, status: 'True', lastTransitionTime: timestamp(clock.now()), reason, message });
  store.put(STORE, {
    ...definition,
    status: {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: listAt(definition, 'status', 'storedVersions'),
    },
  });
}

function entriesOf(definition: KubeObject, names: RawObject, version: RawObject): readonly ApiResource[] {
  const entry: ApiResource = {
    name: textAt(names, 'plural') ?? '',
    singularName: textAt(names, 'singular') ?? '',
    namespaced: textAt(definition, 'spec', 'scope') === 'Namespaced',
    kind: textAt(names, 'kind') ?? '',
    verbs: VERBS,
    ...(textsAt(names, 'shortNames').length > 0 && { shortNames: textsAt(names, 'shortNames') }),
    ...(textsAt(names, 'categories').length > 0 && { categories: textsAt(names, 'categories') }),
  };
  const status = objectAt(version, 'subresources', 'status');
  const { shortNames, categories, ...plain } = entry;
  return status === undefined ? [entry] : [entry, { ...plain, name: `${entry.name}/status`, singularName: '', verbs: ['get', 'patch', 'update'] }];
}

function columnsOf(version: RawObject): readonly TableColumn[] {
  const given = objectsAt(version, 'additionalPrinterColumns').map(([, column]) => column);
  const columns = (given.length === 0 ? [AGE] : given).map((column: RawObject) => ({
    name: textAt(column, 'name') ?? '',
    type: textAt(column, 'type') ?? 'string',
    format: textAt(column, 'format') ?? '',
    description: textAt(column, 'description') ?? '',
    priority: integerAt(column, 'priority') ?? 0,
    path: textAt(column, 'jsonPath') ?? '',
  }));
  return [NAME_COLUMN, ...columns];
}

interface Structs {
  readonly structs: Record<string, StructSchema>;
  readonly root: string;
}

function structsOf(name: string, schema: RawObject): Structs {
  const structs: Record<string, StructSchema> = {};
  const properties = objectAt(schema, 'properties') ?? {};
  const fields = Object.entries(properties).filter(([field]) => !['apiVersion', 'kind', 'metadata'].includes(field));
  structs[name] = {
    fields: {
      kind: { type: 'string' },
      apiVersion: { type: 'string' },
      metadata: OBJECT_META,
      ...Object.fromEntries(fields.map(([field, property]) => [field, convert(isObject(property) ? property : {}, `${name}.${field}`, structs)])),
    },
    defaulted: true,
  };
  return { structs, root: name };
}

/** A field of a custom resource. Its empty values are kept as they are given. */
function convert(schema: RawObject, name: string, structs: Record<string, StructSchema>): FieldSchema {
  const common = { empties: 'kept' as const, ...(schema.default !== undefined && { default: schema.default }) };
  if (schema['x-kubernetes-int-or-string'] === true) return { ...common, type: 'int-or-string' };
  switch (textAt(schema, 'type')) {
    case 'array': {
      const kind = textAt(schema, 'x-kubernetes-list-type') ?? 'atomic';
      const keys = kind === 'map' ? { keys: textsAt(schema, 'x-kubernetes-list-map-keys') } : kind === 'set' ? { set: true as const } : { atomic: true as const };
      return { ...common, ...keys, list: convert(objectAt(schema, 'items') ?? {}, `${name}[]`, structs) };
    }
    case 'object':
      return { ...common, ...convertObject(schema, name, structs) };
    case 'integer':
      return { ...common, type: 'int64' };
    case 'number':
    case 'boolean':
    case 'string':
      return { ...common, type: textAt(schema, 'type') ?? 'deduced' };
    default:
      return { ...common, type: 'deduced' };
  }
}

function convertObject(schema: RawObject, name: string, structs: Record<string, StructSchema>): FieldSchema {
  const properties = objectAt(schema, 'properties');
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return { type: 'deduced' };
  if (properties === undefined) {
    const values = objectAt(schema, 'additionalProperties');
    return values === undefined ? { type: 'deduced' } : { map: convert(values, `${name}{}`, structs) };
  }
  const fields = Object.entries(properties).map(([field, property]) => [field, convert(isObject(property) ? property : {}, `${name}.${field}`, structs)]);
  structs[name] = { fields: Object.fromEntries(fields) as Record<string, FieldSchema>, defaulted: true };
  return { type: name };
}
