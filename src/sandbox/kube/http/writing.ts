import { parse as parseYaml } from 'yaml';
import { isObject, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { problemOf } from '../apply/check.ts';
import { applyObject } from '../apply/track.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicPatch } from '../patch/strategic-patch.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import { keyOf, timestamp, type KubeObject, type ManagedFields } from '../object.ts';
import { badRequest, conflict, internal, invalid, notFound, success, unsupportedMediaType } from '../status.ts';
import type { Cluster } from '../write/context.ts';
import { deleteObject, readDeleteWishes } from '../write/deleter.ts';
import { decodeChecked, emptyObject, parseBody, PROTOBUF, readObject, schemaOf, type FieldValidation, type Reading } from '../write/read-object.ts';
import { createObject, ignoredFields, updateObject, type Target, type Wanted } from '../write/writer.ts';
import { answer, type Answer, type ResourceCall } from './call.ts';
import { readMediaTypes } from './negotiate.ts';
import { readPage } from './paging.ts';
import { readObjectOf, showObject, wishOf, type Reader } from './reading.ts';
import { itemText } from './serialize.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const BODY_TYPES = ['application/json', 'application/yaml', PROTOBUF];
const VALIDATIONS: readonly string[] = ['Ignore', 'Warn', 'Strict'];
/** Kinds whose DELETE answers with the object rather than with a status. */
const RETURNS_DELETED = new Set([
  ...['pods', 'podtemplates', 'services', 'serviceaccounts', 'persistentvolumes', 'persistentvolumeclaims', 'resourcequotas'],
  ...['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'].map((name) => `${name}.storage.k8s.io`),
  ...['deviceclasses', 'resourceclaims', 'resourceclaimtemplates', 'resourceslices'].map((name) => `${name}.resource.k8s.io`),
]);

const JOB_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** What writing needs: the cluster, and a way to read it back. */
export interface Writing extends Reader {
  readonly cluster: Cluster;
}

export function targetOf({ resource, info }: ResourceCall): Target {
  return { resource, namespace: resource.namespaced ? info.namespace : '', name: info.name, subresource: info.subresource };
}

export function readingOf(call: ResourceCall): Reading {
  const validation = call.query.get('fieldValidation') ?? 'Warn';
  if (VALIDATIONS.includes(validation)) return { validation: validation as FieldValidation, warn: call.warn };
  const message = `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`;
  const options = { POST: 'CreateOptions', PUT: 'UpdateOptions' }[call.info.method] ?? 'PatchOptions';
  throw invalid({ group: 'meta.k8s.io', resource: options }, '', [{ reason: 'FieldValueNotSupported', message, field: 'fieldValidation' }]);
}

/** The request's body as JSON. @throws Failure when it is of another type or not to be read. */
export async function readBody(call: ResourceCall, kind: string): Promise<RawObject> {
  const type = readMediaTypes(call.headers['content-type'] ?? 'application/json')[0]?.type ?? '';
  if (!BODY_TYPES.includes(type)) {
    throw unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${BODY_TYPES.join(', ')}`);
  }
  return parseBody(await call.body(), type, kind);
}

export async function create(call: ResourceCall, writing: Writing): Promise<Answer> {
  const raw = await readBody(call, call.resource.kind);
  const object = readObject(raw, call.resource, writing.catalog, readingOf(call));
  const written = createObject({ ...targetOf(call), name: object.metadata.name ?? '' }, { object }, writing.cluster, call.context);
  return showObject(written.object, call, writing, 201);
}

export async function replace(call: ResourceCall, writing: Writing): Promise<Answer> {
  const raw = await readBody(call, call.resource.kind);
  const object = readObject(raw, call.resource, writing.catalog, readingOf(call));
  const { name = '' } = object.metadata;
  if (name === '') throw badRequest(`the name of the object (${call.info.name} based on URL) was undeterminable: name must be provided`);
  if (name !== call.info.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${call.info.name})`);
  const written = updateObject(
    targetOf(call),
    (live) => {
      checkUid(object, live, call);
      return { object };
    },
    writing.cluster,
    call.context,
  );
  return showObject(written.object, call, writing, written.isNew ? 201 : 200);
}

/** A PUT that names another incarnation of the object is refused in the words of the server's store. */
function checkUid({ metadata }: KubeObject, live: KubeObject | undefined, { resource, info }: ResourceCall): void {
  if (live === undefined || metadata.uid === undefined || metadata.uid === live.metadata.uid) return;
  const key = `/registry/${resource.resource}/${keyOf(resource.namespaced ? info.namespace : '', info.name)}`;
  const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${live.metadata.uid ?? ''}`;
  throw conflict(resource, info.name, `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`);
}

export async function patch(call: ResourceCall, writing: Writing): Promise<Answer> {
  const type = readMediaTypes(call.headers['content-type'] ?? '')[0]?.type ?? '';
  const accepted = call.resource.isCustom ? [JSON_PATCH, MERGE_PATCH, APPLY_PATCH] : [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];
  if (!accepted.includes(type)) {
    throw unsupportedMediaType('415: Unsupported Media Type', {});
  }
  checkPatchOptions(call, type);
  const body = await call.body();
  if (type === APPLY_PATCH) return apply(call, body, writing);
  const document = parsePatch(body, type);
  const written = updateObject(
    targetOf(call),
    (live) => {
      if (live === undefined) throw notFound(call.resource, call.info.name);
      const patched = applyPatch(live, document, type, call);
      return { object: readObject(patched, call.resource, writing.catalog, readingOf(call)) };
    },
    writing.cluster,
    call.context,
    false,
  );
  return showObject(written.object, call, writing);
}

function checkPatchOptions({ query }: ResourceCall, type: string): void {
  const refuse = (reason: string, message: string, field: string): never => {
    throw invalid({ group: 'meta.k8s.io', resource: 'PatchOptions' }, '', [{ reason, message, field }]);
  };
  if (type !== APPLY_PATCH && query.has('force')) refuse('FieldValueForbidden', 'Forbidden: may not be specified for non-apply patch', 'force');
  if (type === APPLY_PATCH && (query.get('fieldManager') ?? '') === '') refuse('FieldValueRequired', 'Required value: is required for apply patch', 'fieldManager');
}

/** @throws Failure when the body is no patch of its type */
export function parsePatch(body: Buffer, type: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // The server does not say what is wrong with it either.
    throw badRequest('invalid JSON patch');
  }
  if (type === JSON_PATCH || isObject(value)) return value;
  const what = `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`;
  throw badRequest(type === STRATEGIC_PATCH ? what : `error decoding patch: ${what}`);
}

function applyPatch(live: KubeObject, document: unknown, type: string, { resource }: ResourceCall): RawObject {
  if (type === JSON_PATCH) return jsonPatch(live, document);
  return type === MERGE_PATCH ? mergePatch(live, document as RawObject) : strategicPatch(live, document as RawObject, schemaOf(resource));
}

/** Server-side apply. */
function apply(call: ResourceCall, body: Buffer, writing: Writing): Answer {
  const { resource, context, info } = call;
  const target = targetOf(call);
  const config = readConfig(body, call);
  const schema = schemaOf(resource);
  const change = (live: KubeObject | undefined): Wanted => {
    const known: RawObject = live ?? emptyObject(resource);
    const applied = applyObject(
      known,
      config,
      live?.metadata.managedFields,
      {
        schema,
        apiVersion: resource.apiVersion,
        manager: context.manager,
        subresource: info.subresource,
        ignored: ignoredFields(target),
        now: timestamp(writing.now()),
      },
      call.query.get('force') === 'true',
    );
    return { object: withDefaults(applied.object, call), managedFields: applied.managedFields };
  };
  const written = updateObject(target, change, writing.cluster, context, true);
  return showObject(written.object, call, writing, written.isNew ? 201 : 200);
}

function withDefaults(object: RawObject, call: ResourceCall): KubeObject {
  const schema = schemaOf(call.resource);
  const decoded = decodeChecked(object, schema, call.resource, { validation: 'Ignore', warn: call.warn });
  applyDefaults(decoded, schema);
  return decoded as KubeObject;
}

function readConfig(body: Buffer, call: ResourceCall): RawObject {
  const { resource, info } = call;
  let value: unknown;
  try {
    value = parseYaml(body.toString('utf8'));
  } catch (error) {
    throw badRequest(`error encoding patch: yaml: ${(error as Error).message}`);
  }
  if (!isObject(value)) {
    const kind = Array.isArray(value) ? 'array' : typeof value;
    throw badRequest(`error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`);
  }
  const [apiVersion, kind] = [textAt(value, 'apiVersion') ?? '', textAt(value, 'kind') ?? ''];
  const goVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  if (apiVersion !== resource.apiVersion || kind !== resource.kind) throw badRequest(`invalid object type: ${goVersion}, Kind=${kind}`);
  const metadata = isObject(value.metadata) ? value.metadata : {};
  if (metadata.name !== undefined && metadata.name !== info.name) {
    throw badRequest(`the name of the object (${textAt(metadata, 'name') ?? ''}) does not match the name on the URL (${info.name})`);
  }
  if ((metadata.managedFields as ManagedFields[] | undefined | null) !== undefined && metadata.managedFields !== null) throw badRequest('metadata.managedFields must be nil');
  const config = { ...value, metadata: { ...metadata, name: info.name, ...(resource.namespaced && { namespace: metadata.namespace ?? info.namespace }) } };
  const problem = problemOf(config, schemaOf(resource));
  const about = `${textAt(value, 'metadata', 'namespace') ?? ''}/${info.name}; ${goVersion}, Kind=${kind}`;
  if (problem !== undefined) throw internal(`failed to create typed patch object (${about}): ${problem}`);
  decodeChecked(config, schemaOf(resource), resource, readingOf(call));
  return pruned(config) as RawObject;
}

/** Without nulls, which an apply takes as not set. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([field, entry]) => (entry === null ? [] : [[field, pruned(entry)] as const])));
}

export async function remove(call: ResourceCall, writing: Writing): Promise<Answer> {
  const options = await deleteOptions(call);
  const wishes = readDeleteWishes(options, call.query);
  // Where there is a body, the server does not look at the query.
  const dryRun = Object.keys(options).length === 0 ? call.context.dryRun : textsAt(options, 'dryRun').includes('All');
  const object = readObjectOf(call, writing);
  if (call.resource.store === 'jobs.batch' && wishes.propagation === undefined) call.warn(JOB_WARNING);
  const deleted = deleteObject(object, call.resource, wishes, writing.cluster, { ...call.context, dryRun });
  if (!deleted.isGone || RETURNS_DELETED.has(call.resource.store)) return showObject(deleted.object, call, writing, 200);
  const { group, resource } = call.resource;
  return answer(success({ name: call.info.name, ...(group !== '' && { group }), kind: resource, uid: object.metadata.uid ?? '' }));
}

async function deleteOptions(call: ResourceCall): Promise<RawObject> {
  const body = await call.body();
  if (body.length === 0) return {};
  const type = readMediaTypes(call.headers['content-type'] ?? 'application/json')[0]?.type ?? '';
  return parseBody(body, BODY_TYPES.includes(type) ? type : 'application/json', 'DeleteOptions');
}

export async function removeAll(call: ResourceCall, writing: Writing): Promise<Answer> {
  const wishes = readDeleteWishes(await deleteOptions(call), call.query);
  const { items, metadata } = readPage(wishOf(call), writing.store, false);
  for (const item of items) deleteObject(item, call.resource, wishes, writing.cluster, call.context);
  const head = JSON.stringify({ kind: `${call.resource.kind}List`, apiVersion: call.resource.apiVersion, metadata });
  const text = `${head.slice(0, -1)},"items":[${items.map((item) => itemText(item, call.resource)).join(',')}]}\n`;
  return { status: 200, text, contentType: 'application/json' };
}
