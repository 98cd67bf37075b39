import { parse as parseYaml } from 'yaml';
import { isObject, type RawObject } from '#src/model/raw.ts';
import type { Catalog, Resource } from '../catalog.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import type { Draft } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { decode, DecodeError, normalize } from '../schema/decode.ts';
import type { FieldSchema } from '../schema/schema.ts';
import { readEnvelope, readMessage } from '../schema/protobuf.ts';
import { typeOfKind } from '../schema/types.ts';
import { badRequest, type Failure } from '../status.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** How strictly a body is read, and where the warnings go. */
export interface Reading {
  readonly validation: FieldValidation;
  readonly warn: (message: string) => void;
}

const SHOWN_BYTES = 30;

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** A body as JSON. @throws Failure */
export function parseBody(body: Buffer, contentType: string, kind: string): RawObject {
  if (contentType === PROTOBUF) return parseProtobuf(body, kind);
  const text = body.toString('utf8');
  try {
    const value: unknown = contentType === 'application/yaml' ? parseYaml(text) : JSON.parse(text);
    if (isObject(value)) return value;
    throw new Error('json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }');
  } catch (error) {
    const why = error instanceof SyntaxError ? jsonProblem(text) : (error as Error).message;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${excerpt(body)})`);
  }
}

function parseProtobuf(body: Buffer, expected: string): RawObject {
  try {
    const { apiVersion, kind, message } = readEnvelope(body);
    const type = kind === 'DeleteOptions' ? { type: 'meta.v1.DeleteOptions' } : typeOfKind(apiVersion, kind);
    if (type === undefined) throw new DecodeError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
    return { ...readMessage(message, type), apiVersion, kind };
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`the object provided is unrecognized (must be of type ${expected}): ${error.message}`);
    throw error;
  }
}

function jsonProblem(text: string): string {
  const start = text.trimStart();
  if (start === '' || start.startsWith('{') || start.startsWith('[')) return 'unexpected end of JSON input';
  return `invalid character '${start.charAt(0)}' looking for beginning of value`;
}

function excerpt(body: Buffer): string {
  const isText = body.length > 0 && body.subarray(0, 1).toString() === '{';
  if (isText) return body.length > SHOWN_BYTES ? `${body.subarray(0, SHOWN_BYTES).toString('utf8')} ...` : body.toString('utf8');
  return body.subarray(0, SHOWN_BYTES).toString('hex');
}

/** An object of the resource's kind as the server reads it, with defaults. @throws Failure when it is of another kind or not to be read. */
export function readObject(raw: RawObject, resource: Resource, catalog: Catalog, reading: Reading): KubeObject {
  const { apiVersion, kind } = identity(raw, resource);
  if (apiVersion !== resource.apiVersion || kind !== resource.kind) throw wrongKind(apiVersion, kind, resource, catalog);
  const schema = schemaOf(resource);
  const object = decodeChecked({ ...raw, apiVersion, kind }, schema, resource, reading);
  moveStringData(object);
  applyDefaults(object, schema);
  return object as KubeObject;
}

/** Decodes and reports fields that the kind does not have as the client asked for it. */
export function decodeChecked(raw: RawObject, schema: FieldSchema, { version, kind }: Pick<Resource, 'version' | 'kind'>, reading: Reading): Draft {
  const what = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}`;
  try {
    const { object, unknown } = decode(raw, schema);
    if (unknown.length > 0 && reading.validation === 'Strict') throw badRequest(`${what}: strict decoding error: ${unknown.join(', ')}`);
    if (reading.validation === 'Warn') unknown.forEach(reading.warn);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${what}: ${error.message}`);
    throw error;
  }
}

/** By type; those of custom resources, which have a slash in their names, may change. */
const empties = new Map<string, KubeObject>();

/** What every object of a kind has before anybody sets anything. */
export function emptyObject(resource: Pick<Resource, 'apiVersion' | 'kind'>): KubeObject {
  const schema = schemaOf(resource);
  const key = 'type' in schema ? schema.type : '';
  const known = empties.get(key);
  if (known !== undefined) return known;
  const empty = normalize({ kind: resource.kind, apiVersion: resource.apiVersion, metadata: {} }, schema) as KubeObject;
  if (!key.includes('/')) empties.set(key, empty);
  return empty;
}

export function schemaOf({ apiVersion, kind }: Pick<Resource, 'apiVersion' | 'kind'>): FieldSchema {
  const schema = typeOfKind(apiVersion, kind);
  if (schema === undefined) throw new Error(`no type is known for ${apiVersion} ${kind}`);
  return schema;
}

function identity(raw: RawObject, resource: Resource): { readonly apiVersion: string; readonly kind: string } {
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise);
  return { apiVersion: text(raw.apiVersion, resource.apiVersion), kind: text(raw.kind, resource.kind) };
}

function wrongKind(apiVersion: string, kind: string, resource: Resource, catalog: Catalog): Failure {
  const version = apiVersion.split('/').at(-1) ?? '';
  const what = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}`;
  if (catalog.ofKind(apiVersion, kind) === undefined) {
    return badRequest(`${what}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
  }
  if (kind === resource.kind) {
    return badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`);
  }
  return badRequest(`${what}: converting (${version}.${kind}) to (${resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '')}.${resource.kind}): unknown conversion`);
}

/** Secrets may be written as plain text; they are only ever read in base64. */
function moveStringData(object: Draft): void {
  if (object.kind !== 'Secret' || !isObject(object.stringData)) return;
  const encoded = Object.entries(object.stringData).map(([key, value]) => [key, Buffer.from(String(value), 'utf8').toString('base64')]);
  object.data = { ...(isObject(object.data) ? object.data : {}), ...(Object.fromEntries(encoded) as RawObject) };
  delete object.stringData;
}
