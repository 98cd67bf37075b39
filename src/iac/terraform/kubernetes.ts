import { isObject, UNRESOLVED, type RawObject, type Step } from '#src/model/raw.ts';
import { kubernetesKind, LISTS, LISTS_WITHIN, MAPS, NUMBERS, PORTS, SPELLED, TEXTS } from './kubernetes-fields.ts';

/** The Kubernetes object that a resource makes, and where in the resource a place of it was written. */
export interface Converted {
  readonly object: RawObject;
  readonly written: (path: readonly Step[]) => readonly Step[];
}

/** A field in Kubernetes' spelling. */
interface Field {
  readonly name: string;
  readonly shape: 'map' | 'list' | 'single';
}

/** What a resource of the Kubernetes provider makes; undefined for other resources and for one of which too little is known. */
export function kubernetesObject(type: string, values: unknown): Converted | undefined {
  const made = kubernetesKind(type);
  if (made === undefined || !isObject(values)) return undefined;
  const around = type.replace(/_v\d+.*$/, '');
  const { metadata, spec, ...fields } = convertBlock(values, around);
  if (!isObject(metadata)) return undefined;
  return { object: { ...made, metadata, ...(spec !== undefined && { spec: withSource(spec) }), ...fields }, written: (path) => writtenPath(values, around, path) };
}

/** Kubernetes has the source of a persistent volume among its other fields. */
function withSource(spec: unknown): unknown {
  if (!isObject(spec) || !isObject(spec.persistentVolumeSource)) return spec;
  const { persistentVolumeSource, ...fields } = spec;
  return { ...fields, ...persistentVolumeSource };
}

function convertBlock(block: RawObject, around: string): RawObject {
  const entries = Object.entries(block).map(([key, value]) => {
    const field = fieldOf(key, value, around);
    return [field.name, convertValue(field, key, value)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function fieldOf(key: string, value: unknown, around: string): Field {
  const list = own(LISTS_WITHIN[around] ?? {}, key) ?? own(LISTS, key);
  const isBlock = value === UNRESOLVED || isObject(value) || (Array.isArray(value) && value.some((entry) => isObject(entry) || entry === UNRESOLVED));
  if (MAPS.has(key) && isBlock) return { name: spelled(key), shape: 'map' };
  // A selector of labels has fields of its own; that of a Service is the labels themselves.
  if (key === 'selector' && isObject(value) && !('match_labels' in value || 'match_expressions' in value)) return { name: key, shape: 'map' };
  return list !== undefined && isBlock ? { name: list, shape: 'list' } : { name: spelled(key), shape: 'single' };
}

function own(names: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

function spelled(key: string): string {
  return own(SPELLED, key) ?? key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function convertValue({ shape }: Field, key: string, value: unknown): unknown {
  if (value === UNRESOLVED) return UNRESOLVED;
  if (shape === 'list') return (Array.isArray(value) ? value : [value]).map((entry) => (isObject(entry) ? convertBlock(entry, key) : (entry as unknown)));
  const [first] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (shape === 'map') return first;
  if (isObject(first)) return convertBlock(first, key);
  if (Array.isArray(value)) return value.length === 1 && first === UNRESOLVED && !TEXTS.has(key) ? UNRESOLVED : value.map((entry) => scalar(key, entry));
  // An empty block of nothing but defaults is written as null in plans.
  return value === null ? undefined : scalar(key, value);
}

/** Terraform turns texts into numbers and booleans, and these into texts, as a field needs it. */
function scalar(key: string, value: unknown): unknown {
  if (TEXTS.has(key)) return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (value === 'true') return true;
  if (value === 'false') return false;
  const isNumeric = typeof value === 'string' && /^\d+$/.test(value);
  return isNumeric && (NUMBERS.has(key) || PORTS.has(key)) ? Number(value) : value;
}

/** The way to the deepest part of a Kubernetes path that the resource has. */
function writtenPath(values: RawObject, around: string, path: readonly Step[]): readonly Step[] {
  const written: Step[] = [];
  let here: unknown = values;
  let within = around;
  for (let at = 0; at < path.length && isObject(here); at += 1) {
    const block: RawObject = here;
    const key = Object.keys(block).find((candidate) => fieldOf(candidate, block[candidate], within).name === path[at]);
    if (key === undefined) break;
    const value = block[key];
    const { shape } = fieldOf(key, value, within);
    const index = shape === 'list' && typeof path[at + 1] === 'number' ? Number(path[(at += 1)]) : 0;
    written.push(key, ...(Array.isArray(value) ? [index] : []));
    here = Array.isArray(value) ? (value as readonly unknown[])[index] : value;
    within = key;
  }
  return written;
}
