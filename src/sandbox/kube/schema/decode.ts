import { isObject, type RawObject } from '#src/model/raw.ts';
import type { Draft } from '../json.ts';
import { canonicalQuantity } from './quantity.ts';
import type { FieldSchema, StructSchema } from './schema.ts';
import { fieldsInOrder, isList, isMap, structOf } from './types.ts';

export interface Decoded {
  readonly object: Draft;
  /** Fields that the kind does not have, such as `unknown field "spec.foo"`. They are left out. */
  readonly unknown: readonly string[];
}

/** The body cannot be read as an object of its kind. */
export class DecodeError extends Error {}

/** Where a value stands, as far as messages need it. */
interface Place {
  readonly parent: Place | undefined;
  /** The type that the step leads away from. */
  readonly schema: FieldSchema;
  readonly step: string | number;
}

interface Reading {
  readonly unknown: string[];
  /** The first value of a wrong type; reading goes on to the end as the server's does. */
  mismatch: DecodeError | undefined;
}

/** As the server writes times; days that no month has are not looked for. */
const SECONDS = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const NANOSECONDS = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * An object as the server keeps it: only known fields, in its order, without nulls and without empty values it would not write.
 *
 * @throws DecodeError at a value of the wrong type.
 */
export function decode(raw: RawObject, schema: FieldSchema): Decoded {
  const reading: Reading = { unknown: [], mismatch: undefined };
  const object = decodeValue(raw, schema, undefined, reading) as Draft;
  if (reading.mismatch !== undefined) throw reading.mismatch;
  return { object, unknown: reading.unknown };
}

/** The same for an object that was decoded before and changed by the server's own code since. */
export function normalize(object: RawObject, schema: FieldSchema): Draft {
  return decode(object, schema).object;
}

function decodeValue(value: unknown, schema: FieldSchema, place: Place | undefined, reading: Reading): unknown {
  if (isList(schema)) {
    if (!Array.isArray(value)) return mismatch(value, schema, place, reading);
    return value.map((entry, index) => decodeValue(entry, schema.list, { parent: place, schema, step: index }, reading));
  }
  if (isMap(schema)) return decodeMap(value, schema.map, place, reading);
  const struct = structOf(schema);
  if (struct !== undefined) return decodeStruct(value, schema, struct, place, reading);
  return decodeScalar(value, schema, place, reading);
}

function decodeMap(value: unknown, schema: FieldSchema, place: Place | undefined, reading: Reading): unknown {
  if (!isObject(value)) return mismatch(value, { map: schema }, place, reading);
  const result: Draft = {};
  for (const key of Object.keys(value).sort()) {
    result[key] = value[key] === null ? zeroOf(schema) : decodeValue(value[key], schema, { parent: place, schema: { map: schema }, step: key }, reading);
  }
  return result;
}

function decodeStruct(value: unknown, schema: FieldSchema, struct: StructSchema, place: Place | undefined, reading: Reading): unknown {
  if (!isObject(value)) return mismatch(value, schema, place, reading);
  const below = (field: string): Place => ({ parent: place, schema, step: field });
  const decoded = new Map<string, unknown>();
  for (const field of Object.keys(value)) {
    const given = value[field];
    const fieldSchema = Object.hasOwn(struct.fields, field) ? struct.fields[field] : undefined;
    if (fieldSchema === undefined) reading.unknown.push(`unknown field ${JSON.stringify(exactPath(below(field)))}`);
    else if (given !== undefined && given !== null) decoded.set(field, decodeValue(given, fieldSchema, below(field), reading));
  }
  const result: Draft = {};
  for (const [field, fieldSchema] of fieldsInOrder(struct)) {
    const preset = struct.defaulted === true && !decoded.has(field) && 'default' in fieldSchema ? fieldSchema.default : undefined;
    const kept = keptValue(preset === undefined ? decoded.get(field) : decodeValue(preset, fieldSchema, below(field), reading), fieldSchema);
    if (kept !== undefined) result[field] = kept;
  }
  return result;
}

/** What is written of a field: undefined when it is left out. */
function keptValue(value: unknown, schema: FieldSchema): unknown {
  if (schema.empties === 'kept') return value;
  if (value !== undefined && !isZero(value, schema)) return value;
  return schema.empties === 'written' ? zeroOf(schema) : undefined;
}

function isZero(value: unknown, schema: FieldSchema): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0 && structOf(schema) === undefined;
  return value === '' || value === 0 || value === false;
}

function zeroOf(schema: FieldSchema): unknown {
  if (isList(schema) || isMap(schema)) return null;
  const struct = structOf(schema);
  if (struct !== undefined) return decodeStruct({}, schema, struct, undefined, { unknown: [], mismatch: undefined });
  if (schema.type === 'string') return '';
  if (schema.type === 'boolean') return false;
  if (schema.type === 'quantity') return '0';
  return ['int32', 'int64', 'number', 'int-or-string'].includes(schema.type) ? 0 : null;
}

function decodeScalar(value: unknown, schema: FieldSchema & { readonly type: string }, place: Place | undefined, reading: Reading): unknown {
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? value : mismatch(value, schema, place, reading);
    case 'boolean':
      return typeof value === 'boolean' ? value : mismatch(value, schema, place, reading);
    case 'int32':
    case 'int64':
      return isInteger(value, schema.type) ? value : mismatch(value, schema, place, reading);
    case 'number':
      return typeof value === 'number' ? value : mismatch(value, schema, place, reading);
    case 'quantity':
      return readQuantity(value);
    case 'int-or-string':
      return typeof value === 'number' || typeof value === 'string' ? value : mismatch(value, schema, place, reading);
    case 'time':
    case 'micro-time':
      return typeof value === 'string' ? readTime(value, schema.type === 'micro-time') : mismatch(value, schema, place, reading);
    case 'bytes':
      return typeof value === 'string' ? readBytes(value) : mismatch(value, schema, place, reading);
    default:
      return value;
  }
}

function isInteger(value: unknown, type: string): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return type === 'int64' || Math.abs(value) < 2 ** 31;
}

function readQuantity(value: unknown): string {
  const quantity = typeof value === 'number' || typeof value === 'string' ? canonicalQuantity(String(value)) : undefined;
  if (quantity === undefined) throw new DecodeError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  return quantity;
}

function readTime(value: string, isMicro: boolean): string {
  if (!isMicro && SECONDS.test(value)) return value;
  const match = NANOSECONDS.exec(value);
  const moment = new Date(match === null ? Number.NaN : value);
  if (match === null || Number.isNaN(moment.getTime())) {
    throw new DecodeError(`parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`);
  }
  const seconds = moment.toISOString().slice(0, 19);
  if (!isMicro) return `${seconds}Z`;
  if (match[2]?.length !== 6) {
    const rest = value.slice(19);
    throw new DecodeError(`parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05.000000Z07:00": cannot parse ${JSON.stringify(rest)} as ".000000"`);
  }
  return `${seconds}.${match[2]}Z`;
}

function readBytes(value: string): string {
  const fault = /[^A-Za-z0-9+/=\r\n]/.exec(value);
  const text = value.replace(/[\r\n]/g, '');
  if (fault !== null || text.length % 4 !== 0) throw new DecodeError(`illegal base64 data at input byte ${fault?.index ?? text.length - (text.length % 4)}`);
  return text;
}

/** Reading goes on after a value of the wrong type, but to no result. */
function mismatch(value: unknown, schema: FieldSchema, place: Place | undefined, reading: Reading): unknown {
  const number = typeof value === 'number' && 'type' in schema && schema.type.startsWith('int') ? ` ${value}` : '';
  const { struct, path } = goPath(place);
  const where = path === '' ? 'Go value' : `Go struct field ${struct}.${path}`;
  reading.mismatch ??= new DecodeError(`json: cannot unmarshal ${jsonType(value)}${number} into ${where} of type ${goName(schema)}`);
  return undefined;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;
}

function goName(schema: FieldSchema): string {
  if (isList(schema)) return `[]${goName(schema.list)}`;
  if (isMap(schema)) return `map[string]${goName(schema.map)}`;
  if (schema.type === 'boolean') return 'bool';
  if (schema.type === 'bytes') return '[]uint8';
  return schema.type.includes('.') ? schema.type.split('.').slice(-2).join('.') : schema.type;
}

/** The innermost Go struct and the path without what is within lists and maps, which messages name. */
function goPath(place: Place | undefined): { readonly struct: string; readonly path: string } {
  let struct = '';
  const fields: string[] = [];
  for (let here = place; here !== undefined; here = here.parent) {
    if (isList(here.schema) || isMap(here.schema)) continue;
    if (struct === '') struct = goName(here.schema).replace(/^.*\./, '');
    fields.unshift(String(here.step));
  }
  return { struct, path: fields.join('.') };
}

/** The path with indexes and keys. */
function exactPath({ parent, step }: Place): string {
  const before = parent === undefined ? '' : exactPath(parent);
  if (typeof step === 'number') return `${before}[${step}]`;
  return before === '' ? step : `${before}.${step}`;
}
