import { isObject, type RawObject } from '#src/model/raw.ts';
import type { Draft } from '../json.ts';
import { DecodeError } from './decode.ts';
import type { FieldSchema, StructSchema } from './schema.ts';
import { isList, isMap, structOf } from './types.ts';

/** Begins every protobuf body of Kubernetes; a message with kind, version and the object follows. */
const MAGIC = Buffer.from('k8s\0');

interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** What a body holds. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly message: Buffer;
}

/** @throws DecodeError */
export function readEnvelope(body: Buffer): Envelope {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  const fields = readFields(body.subarray(MAGIC.length));
  const type = readFields(bytesOf(fields, 1));
  return { apiVersion: bytesOf(type, 1).toString('utf8'), kind: bytesOf(type, 2).toString('utf8'), message: bytesOf(fields, 2) };
}

/** A message of a known type as JSON. @throws DecodeError */
export function readMessage(message: Buffer, schema: FieldSchema): RawObject {
  const struct = structOf(schema);
  if (struct === undefined) throw new DecodeError('the type cannot be read from protobuf');
  return readStruct(message, struct);
}

function readStruct(message: Buffer, struct: StructSchema): Draft {
  const fields = readFields(message);
  const result: Draft = {};
  for (const [name, schema] of Object.entries(struct.fields)) {
    const found = valuesAt(fields, schema.numbers ?? []);
    if (found.length > 0) result[name] = readValue(found, schema);
  }
  return result;
}

/** All values of a field, also when it stands in a message within the message. */
function valuesAt(fields: readonly Field[], [number, ...rest]: readonly number[]): readonly Field['value'][] {
  const found = fields.filter((field) => field.number === number).map(({ value }) => value);
  if (rest.length === 0) return found;
  return found.flatMap((value) => (Buffer.isBuffer(value) ? valuesAt(readFields(value), rest) : []));
}

function readValue(values: readonly Field['value'][], schema: FieldSchema): unknown {
  if (isList(schema)) return values.flatMap((value): unknown[] => (isPacked(value, schema.list) ? unpacked(value) : [readSingle(value, schema.list)]));
  if (isMap(schema)) {
    const entries = values.map((entry) => {
      const fields = readFields(asBytes(entry));
      const [value] = valuesAt(fields, [2]);
      return [bytesOf(fields, 1).toString('utf8'), readSingle(value ?? Buffer.alloc(0), schema.map)] as const;
    });
    return Object.fromEntries(entries);
  }
  return readSingle(values.at(-1) ?? 0n, schema);
}

function isPacked(value: Field['value'], schema: FieldSchema): value is Buffer {
  return Buffer.isBuffer(value) && 'type' in schema && (schema.type === 'int32' || schema.type === 'int64');
}

function unpacked(bytes: Buffer): number[] {
  const numbers: number[] = [];
  for (let place = 0; place < bytes.length; ) {
    const [value, next] = readVarint(bytes, place);
    numbers.push(Number(BigInt.asIntN(64, value)));
    place = next;
  }
  return numbers;
}

function readSingle(value: Field['value'], schema: FieldSchema): unknown {
  // A list within a map is a message of its own, whose only field is the list.
  if (isList(schema)) return readValue(valuesAt(readFields(asBytes(value)), [1]), schema);
  if (isMap(schema)) return readValue([value], schema);
  const struct = structOf(schema);
  return struct === undefined ? readScalar(value, schema.type) : readStruct(asBytes(value), struct);
}

function readScalar(value: Field['value'], type: string): unknown {
  switch (type) {
    case 'string':
      return asBytes(value).toString('utf8');
    case 'bytes':
      return asBytes(value).toString('base64');
    case 'boolean':
      return asNumber(value) !== 0;
    case 'int32':
    case 'int64':
      return asNumber(value);
    case 'number':
      return asBytes(value).readDoubleLE();
    case 'quantity':
      return bytesOf(readFields(asBytes(value)), 1).toString('utf8');
    case 'int-or-string':
      return readIntOrString(readFields(asBytes(value)));
    case 'time':
    case 'micro-time':
      return readMoment(readFields(asBytes(value)), type === 'micro-time');
    default:
      return readOpaque(readFields(asBytes(value)));
  }
}

function readIntOrString(fields: readonly Field[]): number | string {
  const isText = numberOf(fields, 1) === 1;
  return isText ? bytesOf(fields, 3).toString('utf8') : numberOf(fields, 2);
}

function readMoment(fields: readonly Field[], isMicro: boolean): string | null {
  const seconds = numberOf(fields, 1);
  const nanos = numberOf(fields, 2);
  if (seconds === 0 && nanos === 0) return null;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return isMicro ? `${text}.${String(nanos).padStart(9, '0').slice(0, 6)}Z` : `${text}Z`;
}

/** Values of any type travel as JSON in the first field. */
function readOpaque(fields: readonly Field[]): unknown {
  const text = bytesOf(fields, 1).toString('utf8');
  const value: unknown = text === '' ? null : JSON.parse(text);
  return isObject(value) || Array.isArray(value) ? value : (value ?? {});
}

function readFields(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  for (let place = 0; place < bytes.length; ) {
    const [key, start] = readVarint(bytes, place);
    const [value, next] = readWire(bytes, start, Number(key & 7n));
    fields.push({ number: Number(key >> 3n), value });
    place = next;
  }
  return fields;
}

function readWire(bytes: Buffer, start: number, wireType: number): readonly [value: bigint | Buffer, next: number] {
  if (wireType === 0) return readVarint(bytes, start);
  if (wireType === 1) return [bytes.subarray(start, start + 8), start + 8];
  if (wireType === 5) return [bytes.subarray(start, start + 4), start + 4];
  if (wireType !== 2) throw new DecodeError(`proto: illegal wireType ${wireType}`);
  const [length, from] = readVarint(bytes, start);
  const end = from + Number(length);
  if (end > bytes.length) throw new DecodeError('unexpected EOF');
  return [bytes.subarray(from, end), end];
}

function readVarint(bytes: Buffer, start: number): readonly [value: bigint, next: number] {
  let value = 0n;
  for (let place = start, shift = 0n; place < bytes.length; place += 1, shift += 7n) {
    const byte = bytes[place] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, place + 1];
  }
  throw new DecodeError('unexpected EOF');
}

function asBytes(value: Field['value']): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new DecodeError('proto: wrong wireType');
}

function asNumber(value: Field['value']): number {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(64, value));
  throw new DecodeError('proto: wrong wireType');
}

function bytesOf(fields: readonly Field[], number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function numberOf(fields: readonly Field[], number: number): number {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0;
}
