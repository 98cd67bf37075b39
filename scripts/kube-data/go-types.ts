import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldSchema, Schemas, StructSchema } from '#src/sandbox/kube/schema/schema.ts';

interface GoField {
  /** Empty for a struct whose fields are taken over as if they were its own. */
  readonly name: string;
  readonly type: string;
  readonly options: readonly string[];
  /** Field numbers from the message down to the field: more than one below structs that are taken over. */
  readonly numbers: readonly number[];
}

type GoStructs = ReadonlyMap<string, readonly GoField[]>;

const FIELD = /^\t(?:(\w+)\s+)?([*\w.[\]]+)\s+`json:"([^"]*)"(?:.*protobuf:"\w+,(\d+))?/;
const META = 'apimachinery/pkg/apis/meta/v1';
const FOLDERS: Readonly<Record<string, string>> = {
  meta: META,
  apiextensions: 'apiextensions-apiserver/pkg/apis/apiextensions/v1',
  apiregistration: 'kube-aggregator/pkg/apis/apiregistration/v1',
};
const BASIC = /^(string|bool|int\d*|uint\d*|float\d*|byte)$/;

/**
 * Adds what OpenAPI does not tell: the order of fields, their protobuf numbers, and whether an empty value is left out, kept or written.
 *
 * `modules` is a folder with the Go modules `api`, `apimachinery`, `apiextensions-apiserver` and `kube-aggregator` of the same version.
 */
export function withGoTypes({ kinds, types }: Schemas, modules: string): Schemas {
  const packages = new Map<string, GoStructs>();
  const structsOf = (prefix: string): GoStructs => {
    const known = packages.get(prefix);
    if (known !== undefined) return known;
    const [group = '', version = ''] = prefix.split('.');
    const read = readStructs(join(modules, FOLDERS[group] ?? `api/${group}/${version}`));
    packages.set(prefix, read);
    return read;
  };
  const marked = Object.entries(types).map(([name, struct]) => {
    const [group = '', version = '', goName = ''] = name.split('.');
    return [name, group === 'pkg' ? struct : markStruct(struct, fieldsOf(goName, structsOf(`${group}.${version}`), structsOf('meta.v1')))] as const;
  });
  return { kinds, types: Object.fromEntries(marked) };
}

function readStructs(folder: string): GoStructs {
  const found = new Map<string, GoField[]>();
  const files = readdirSync(folder).filter((file) => file.endsWith('.go') && !/_test|zz_|generated/.test(file));
  for (const line of files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))) {
    const alias = /^type (\w+) (\w+)$/.exec(line);
    if (alias?.[1] !== undefined && alias[2] !== 'struct' && alias[2] !== 'interface') found.set(alias[1], []);
    const start = /^type (\w+) struct/.exec(line)?.[1];
    if (start !== undefined) found.set(start, []);
    const field = FIELD.exec(line);
    if (field === null) continue;
    const [, name, type = '', tag = '', number] = field;
    const [json = '', ...options] = tag.split(',');
    if (json === '-') continue;
    [...found.values()].at(-1)?.push({ name: name === undefined && json === '' ? '' : json, type, options, numbers: number === undefined ? [] : [Number(number)] });
  }
  return found;
}

function fieldsOf(name: string, own: GoStructs, meta: GoStructs): readonly GoField[] {
  return (own.get(name) ?? []).flatMap((field) => {
    if (field.name !== '') return [field];
    const embedded = field.type.replace('*', '');
    const fields = embedded.startsWith('metav1.') ? fieldsOf(embedded.slice('metav1.'.length), meta, meta) : fieldsOf(embedded, own, meta);
    const isMessage = field.numbers.length > 0;
    return fields.map((inner) => ({ ...inner, numbers: isMessage && inner.numbers.length > 0 ? [...field.numbers, ...inner.numbers] : [] }));
  });
}

function markStruct(struct: StructSchema, goFields: readonly GoField[]): StructSchema {
  const order = new Map(goFields.map((field, index) => [field.name, index]));
  const sorted = Object.entries(struct.fields).sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const fields = sorted.map(([name, schema]) => {
    const goField = goFields[order.get(name) ?? -1];
    if (goField === undefined) throw new Error(`${name} is not among the Go fields ${goFields.map((field) => field.name).join(', ')}`);
    return [name, { ...schema, ...empties(schema, goField), ...(goField.numbers.length > 0 && { numbers: goField.numbers }) }] as const;
  });
  return { ...struct, fields: Object.fromEntries(fields) };
}

function empties(schema: FieldSchema, { type, options }: GoField): Pick<FieldSchema, 'empties'> {
  if (type.startsWith('*')) return { empties: 'kept' };
  const omits = options.includes('omitzero') || (options.includes('omitempty') && !isStruct(schema, type));
  return omits ? {} : { empties: 'written' };
}

/** Go leaves out an empty string, number, list or map, but never a struct unless it is told to by `omitzero`. */
function isStruct(schema: FieldSchema, type: string): boolean {
  if ('list' in schema || 'map' in schema || BASIC.test(type)) return false;
  return schema.type.includes('.') || ['time', 'micro-time', 'quantity', 'int-or-string'].includes(schema.type);
}
