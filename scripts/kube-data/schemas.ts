import type { FieldSchema, Schemas, StructSchema } from '#src/sandbox/kube/schema/schema.ts';

/** As much of an OpenAPI v3 document as matters here. */
export interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, OpenApiSchema>> };
}

interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

const OPAQUE = /(FieldsV1|RawExtension|JSON|JSONSchemaPropsOr\w+)$/;
const REFERENCE = '#/components/schemas/';

/** Every type of the documents without its prose: a fiftieth of the size, and all that reading, patching and applying need. */
export function compactSchemas(documents: readonly OpenApi[]): Schemas {
  const types: Record<string, StructSchema> = {};
  const kinds: Record<string, string> = {};
  const scalars = new Map<string, string>();
  const definitions = Object.assign({}, ...documents.map((document) => document.components.schemas)) as Record<string, OpenApiSchema>;
  for (const [name, schema] of Object.entries(definitions)) if (schema.properties === undefined) scalars.set(name, scalar(name, schema));
  for (const name of Object.keys(definitions).sort()) {
    const schema = definitions[name];
    if (schema?.properties === undefined) continue;
    types[shortName(name)] = {
      fields: Object.fromEntries(Object.entries(schema.properties).map(([field, property]) => [field, compact(property, scalars)])),
      ...(schema.required && { required: schema.required }),
      ...(schema['x-kubernetes-map-type'] === 'atomic' && { atomic: true as const }),
    };
    const [kind, ...others] = schema['x-kubernetes-group-version-kind'] ?? [];
    if (kind !== undefined && others.length === 0) kinds[[kind.group, kind.version, kind.kind].filter((part) => part !== '').join('/')] = shortName(name);
  }
  return { kinds, types };
}

/** `io.k8s.api.core.v1.Container` → `core.v1.Container`. */
function shortName(name: string): string {
  return name.split('.').slice(-3).join('.');
}

function scalar(name: string, schema: OpenApiSchema): string {
  if (schema.oneOf !== undefined) return name.endsWith('Quantity') ? 'quantity' : 'int-or-string';
  if (schema.format === 'date-time') return name.endsWith('MicroTime') ? 'micro-time' : 'time';
  if (OPAQUE.test(name) || schema.type === undefined || schema.type === 'object') return 'any';
  return schema.type;
}

function compact(schema: OpenApiSchema, scalars: ReadonlyMap<string, string>): FieldSchema {
  const atomic = (schema['x-kubernetes-list-type'] ?? schema['x-kubernetes-map-type']) === 'atomic' ? { atomic: true as const } : {};
  const preset = schema.default === undefined || isEmptyObject(schema.default) ? {} : { default: schema.default };
  const reference = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.slice(REFERENCE.length);
  if (reference !== undefined) {
    const known = scalars.get(reference);
    return known === undefined ? { type: shortName(reference), ...atomic } : { type: known, ...preset };
  }
  if (schema.type === 'array') {
    return {
      list: compact(schema.items ?? {}, scalars),
      ...atomic,
      ...(schema['x-kubernetes-list-type'] === 'set' && { set: true as const }),
      ...(schema['x-kubernetes-list-map-keys'] && { keys: schema['x-kubernetes-list-map-keys'] }),
      ...(schema['x-kubernetes-patch-merge-key'] !== undefined && { mergeKey: schema['x-kubernetes-patch-merge-key'] }),
      ...(schema['x-kubernetes-patch-strategy'] !== undefined && { strategy: schema['x-kubernetes-patch-strategy'] }),
    };
  }
  if (schema.additionalProperties !== undefined) return { map: compact(schema.additionalProperties, scalars), ...atomic };
  if (schema.type === 'string') return { type: schema.format === 'byte' ? 'bytes' : schema.format === 'date-time' ? 'time' : 'string', ...preset };
  if (schema.type === 'integer') return { type: schema.format === 'int64' ? 'int64' : 'int32', ...preset };
  return { type: schema.type === undefined || schema.type === 'object' ? 'any' : schema.type, ...preset };
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
