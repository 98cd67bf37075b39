import { readFileSync } from 'node:fs';
import type { FieldSchema, ListSchema, MapSchema, Schemas, StructSchema } from './schema.ts';

const { kinds, types } = JSON.parse(readFileSync(new URL('../data/schemas.json', import.meta.url), 'utf8')) as Schemas;
const added = new Map<string, StructSchema>();
const addedKinds = new Map<string, string>();

/** Values whose type is not known are merged by what they are: objects field by field, lists as a whole. */
const UNTYPED: FieldSchema = { type: 'deduced' };

/** The type of a kind's objects; undefined for a kind that nobody declared. */
export function typeOfKind(apiVersion: string, kind: string): FieldSchema | undefined {
  const key = `${apiVersion}/${kind}`;
  const type = kinds[key] ?? addedKinds.get(key);
  return type === undefined ? undefined : { type };
}

export function structOf(schema: FieldSchema): StructSchema | undefined {
  return 'type' in schema ? (types[schema.type] ?? added.get(schema.type)) : undefined;
}

/** Declares the type of a custom kind, or replaces it. */
export function declareKind(apiVersion: string, kind: string, structs: Readonly<Record<string, StructSchema>>, root: string): void {
  for (const [name, struct] of Object.entries(structs)) added.set(name, struct);
  addedKinds.set(`${apiVersion}/${kind}`, root);
}

export function isList(schema: FieldSchema): schema is ListSchema {
  return 'list' in schema;
}

export function isMap(schema: FieldSchema): schema is MapSchema {
  return 'map' in schema;
}

const orders = new WeakMap<StructSchema, readonly (readonly [field: string, schema: FieldSchema])[]>();

/** The fields of a struct in the server's order. */
export function fieldsInOrder(struct: StructSchema): readonly (readonly [field: string, schema: FieldSchema])[] {
  const known = orders.get(struct);
  if (known !== undefined) return known;
  const fields = Object.entries(struct.fields);
  orders.set(struct, fields);
  return fields;
}

/** The type of an object's field; fields of maps all have one type. */
export function fieldType(schema: FieldSchema, field: string): FieldSchema {
  if (isMap(schema)) return schema.map;
  return structOf(schema)?.fields[field] ?? UNTYPED;
}

export function itemType(schema: FieldSchema): FieldSchema {
  return isList(schema) ? schema.list : UNTYPED;
}

/** Whether the field is one of a struct, rather than a key somebody chose. */
export function isNamedField(schema: FieldSchema, field: string): boolean {
  return structOf(schema)?.fields[field] !== undefined;
}

/** Whether a value of this type is owned and replaced as a whole. */
export function isAtomic(schema: FieldSchema, value: unknown): boolean {
  if (schema.atomic === true || structOf(schema)?.atomic === true || ('type' in schema && schema.type === 'any')) return true;
  if (!Array.isArray(value)) return false;
  return !isList(schema) || (schema.keys === undefined && schema.set === undefined);
}
