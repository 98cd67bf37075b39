import { isObject } from '#src/model/raw.ts';
import type { FieldSchema } from '../schema/schema.ts';
import { fieldType, isList, isMap, isNamedField, itemType, structOf } from '../schema/types.ts';
import { formatFieldPath } from './field-set.ts';
import { entryKey } from './typed.ts';

const GO_TYPES: Readonly<Record<string, string>> = { string: 'string', boolean: 'boolean', int32: 'numeric (int or float)', int64: 'numeric (int or float)', number: 'numeric (int or float)' };

/** What makes a configuration one that cannot be applied, in the server's words; undefined when nothing does. */
export function problemOf(value: unknown, schema: FieldSchema, path: readonly string[] = []): string | undefined {
  if (value === null) return undefined;
  if (isList(schema)) return listProblem(value, schema, path);
  if (isMap(schema) || structOf(schema) !== undefined) return mapProblem(value, schema, path);
  const expected = GO_TYPES[schema.type];
  const isRight = expected === undefined || typeof value === (schema.type.startsWith('int') ? 'number' : schema.type);
  return isRight ? undefined : `${place(path)}: expected ${expected}, got ${shown(value)}`;
}

function listProblem(value: unknown, schema: FieldSchema, path: readonly string[]): string | undefined {
  if (!Array.isArray(value)) return `${place(path)}: expected list, got ${shown(value)}`;
  const seen = new Set<string>();
  const isAssociative = isList(schema) && (schema.keys !== undefined || schema.set === true);
  for (const [index, entry] of (value as readonly unknown[]).entries()) {
    const key = isAssociative ? entryKey(entry, schema) : `i:${index}`;
    const problem = problemOf(entry, itemType(schema), [...path, key]);
    if (problem !== undefined) return problem;
    if (seen.has(key)) return `${place(path)}: duplicate entries for key ${formatFieldPath([key])}`;
    seen.add(key);
  }
  return undefined;
}

function mapProblem(value: unknown, schema: FieldSchema, path: readonly string[]): string | undefined {
  if (!isObject(value)) return `${place(path)}: expected map, got ${shown(value)}`;
  for (const [field, entry] of Object.entries(value)) {
    const inner = [...path, `f:${field}`];
    if (!isMap(schema) && !isNamedField(schema, field)) return `${place(inner)}: field not declared in schema`;
    const problem = problemOf(entry, fieldType(schema, field), inner);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function place(path: readonly string[]): string {
  return formatFieldPath(path);
}

function shown(value: unknown): string {
  const inner = typeof value === 'string' ? JSON.stringify(value) : isObject(value) ? `map[string]interface {}${JSON.stringify(value)}` : String(value);
  return `&value.valueUnstructured{Value:${inner}}`;
}
