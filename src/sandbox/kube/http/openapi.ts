import type { ApiResource, Catalog } from '../catalog.ts';
import type { FieldSchema, StructSchema } from '../schema/schema.ts';
import { isList, isMap, structOf, typeOfKind } from '../schema/types.ts';
import { answer, type Answer, type Call } from './call.ts';

const ROOT = '/openapi/v3';
const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } }));
const ACTIONS: Readonly<Record<string, string>> = { create: 'post', get: 'get', list: 'get', update: 'put', patch: 'patch', delete: 'delete' };

/**
 * OpenAPI v3 as far as kubectl reads it: paths with their kinds and parameters, and the types with their merge marks.
 *
 * The texts that describe the fields are not kept. Version 2, which old clients want, is not served.
 */
export function showOpenApi({ info }: Call, catalog: Catalog): Answer | undefined {
  if (info.path !== ROOT && !info.path.startsWith(`${ROOT}/`)) return undefined;
  const apiVersions = ['v1', ...catalog.groups().flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion))];
  if (info.path === ROOT || info.path === `${ROOT}/`) {
    const paths = apiVersions.map((apiVersion) => [rootOf(apiVersion), { serverRelativeURL: `${ROOT}/${rootOf(apiVersion)}` }]);
    return answer({ paths: Object.fromEntries(paths) as object });
  }
  const asked = apiVersions.find((apiVersion) => info.path === `${ROOT}/${rootOf(apiVersion)}`);
  return asked === undefined ? undefined : answer(documentOf(asked, catalog));
}

function rootOf(apiVersion: string): string {
  return apiVersion === 'v1' ? 'api/v1' : `apis/${apiVersion}`;
}

function documentOf(apiVersion: string, catalog: Catalog): object {
  const resources = catalog.list(apiVersion) ?? [];
  const schemas = new Map<string, object>();
  for (const { name, kind } of resources) {
    const type = typeOfKind(apiVersion, kind);
    if (type === undefined || name.includes('/')) continue;
    collect(type, schemas);
    const typeName = 'type' in type ? type.type : '';
    const [group, version] = splitVersion(apiVersion);
    schemas.set(schemaName(typeName), { ...schemas.get(schemaName(typeName)), 'x-kubernetes-group-version-kind': [{ group, version, kind }] });
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: `${catalog.version.major ?? ''}.${catalog.version.minor ?? ''}` },
    paths: pathsOf(apiVersion, resources),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function splitVersion(apiVersion: string): readonly [group: string, version: string] {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? ['', group] : [group, version];
}

function pathsOf(apiVersion: string, resources: readonly ApiResource[]): object {
  const [group, version] = splitVersion(apiVersion);
  const paths: Record<string, Record<string, object>> = {};
  for (const resource of resources.filter(({ name }) => !name.includes('/'))) {
    const base = `/${rootOf(apiVersion)}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.name}`;
    for (const verb of resource.verbs) {
      const method = ACTIONS[verb];
      if (method === undefined) continue;
      const path = verb === 'create' || verb === 'list' ? base : `${base}/{name}`;
      (paths[path] ??= {})[method] = {
        'x-kubernetes-action': verb,
        'x-kubernetes-group-version-kind': { group, version, kind: resource.kind },
        ...(method !== 'get' && { parameters: WRITE_PARAMETERS }),
        responses: { 200: { description: 'OK' } },
      };
    }
  }
  return paths;
}

/** `core.v1.Pod` → `io.k8s.api.core.v1.Pod`, the name that kubectl shows. */
function schemaName(type: string): string {
  if (type.startsWith('meta.v1.')) return `io.k8s.apimachinery.pkg.apis.${type}`;
  if (type.startsWith('apiextensions.')) return `io.k8s.apiextensions-apiserver.pkg.apis.${type}`;
  if (type.startsWith('apiregistration.')) return `io.k8s.kube-aggregator.pkg.apis.${type}`;
  return structOf({ type }) === undefined || type.includes('/') ? type.replaceAll('/', '.') : `io.k8s.api.${type}`;
}

function collect(schema: FieldSchema, schemas: Map<string, object>): void {
  if (isList(schema)) return collect(schema.list, schemas);
  if (isMap(schema)) return collect(schema.map, schemas);
  const struct = structOf(schema);
  if (struct === undefined || schemas.has(schemaName(schema.type))) return;
  schemas.set(schemaName(schema.type), {});
  schemas.set(schemaName(schema.type), describeStruct(struct));
  for (const field of Object.values(struct.fields)) collect(field, schemas);
}

function describeStruct({ fields, required }: StructSchema): object {
  const properties = Object.entries(fields).map(([name, field]) => [name, describe(field)]);
  return { type: 'object', properties: Object.fromEntries(properties) as object, ...(required && { required }) };
}

const SCALARS: Readonly<Record<string, object>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  'micro-time': { type: 'string', format: 'date-time' },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'int-or-string': { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  any: { type: 'object' },
  deduced: { type: 'object' },
};

function describe(schema: FieldSchema): object {
  if (isList(schema)) {
    const { atomic, set, keys, mergeKey, strategy } = schema;
    const kind = keys === undefined ? (set === true ? 'set' : atomic === true ? 'atomic' : undefined) : 'map';
    return {
      type: 'array',
      items: describe(schema.list),
      ...(kind && { 'x-kubernetes-list-type': kind }),
      ...(keys && { 'x-kubernetes-list-map-keys': keys }),
      ...(mergeKey !== undefined && { 'x-kubernetes-patch-merge-key': mergeKey }),
      ...(strategy !== undefined && { 'x-kubernetes-patch-strategy': strategy }),
    };
  }
  if (isMap(schema)) return { type: 'object', additionalProperties: describe(schema.map), ...(schema.atomic && { 'x-kubernetes-map-type': 'atomic' }) };
  const scalar = SCALARS[schema.type];
  if (scalar !== undefined) return { ...scalar, ...(schema.default !== undefined && { default: schema.default }) };
  return { allOf: [{ $ref: `#/components/schemas/${schemaName(schema.type)}` }], default: {} };
}
