import type { RawObject } from '#src/model/raw.ts';
import { isDraft, preset, type Draft } from '../json.ts';
import type { FieldSchema, StructSchema } from '../schema/schema.ts';
import { fieldsInOrder, fieldType, isList, structOf } from '../schema/types.ts';
import { API_DEFAULTS } from './api.ts';
import { POD_DEFAULTS } from './pod.ts';
import { WORKLOAD_DEFAULTS } from './workloads.ts';

/** Fills in what an object of this type leaves open. */
export type SetDefaults = (object: Draft) => void;

const DEFAULTS: Readonly<Record<string, SetDefaults>> = { ...POD_DEFAULTS, ...WORKLOAD_DEFAULTS, ...API_DEFAULTS };
const mayHold = new Map<string, boolean>();

/** Fills in the server's defaults at every place of the object, from the outside in. */
export function applyDefaults(value: unknown, schema: FieldSchema): void {
  if (Array.isArray(value)) {
    if (isList(schema) && hasDefaults(schema.list)) for (const entry of value as readonly unknown[]) applyDefaults(entry, schema.list);
    return;
  }
  if (!isDraft(value)) return;
  if ('type' in schema) DEFAULTS[schema.type]?.(value);
  const struct = structOf(schema);
  if (struct !== undefined) preset(value, declaredDefaults(struct));
  for (const field of Object.keys(value)) {
    const type = fieldType(schema, field);
    if (hasDefaults(type)) applyDefaults(value[field], type);
  }
}

const declared = new WeakMap<StructSchema, RawObject>();

/** What the schema itself gives to fields that are left open. Defaults that are empty values only say what absence means. */
function declaredDefaults(struct: StructSchema): RawObject {
  const known = declared.get(struct);
  if (known !== undefined) return known;
  const isGiven = (schema: FieldSchema): boolean => 'default' in schema && (schema.empties === 'kept' || ![0, '', false].includes(schema.default as string));
  const fields = fieldsInOrder(struct).flatMap(([field, schema]) => ('default' in schema && isGiven(schema) ? [[field, schema.default] as const] : []));
  const defaults = Object.fromEntries(fields);
  declared.set(struct, defaults);
  return defaults;
}

/** Whether anything in or below a type has defaults, so that the rest need not be walked. */
function hasDefaults(schema: FieldSchema): boolean {
  if ('list' in schema) return hasDefaults(schema.list);
  if ('map' in schema) return hasDefaults(schema.map);
  const known = mayHold.get(schema.type);
  if (known !== undefined) return known;
  // Types may contain themselves; while one is being looked at it does not count.
  mayHold.set(schema.type, false);
  const struct = structOf(schema);
  const isDeclared = struct !== undefined && Object.keys(declaredDefaults(struct)).length > 0;
  const found = isDeclared || DEFAULTS[schema.type] !== undefined || Object.values(struct?.fields ?? {}).some(hasDefaults);
  mayHold.set(schema.type, found);
  return found;
}
