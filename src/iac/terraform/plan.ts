import { isObject, listAt, objectAt, textAt, UNRESOLVED, type RawObject, type Step } from '#src/model/raw.ts';
import type { Attached, Resource } from './objects.ts';

/** Modules within modules of a plan that are looked into. */
const MAX_MODULES = 50;

/**
 * The resources that a plan or state of `terraform show -json` will have.
 *
 * What is only known after applying, and what the plan calls sensitive, is `UNRESOLVED`.
 */
export function planResources(document: RawObject, lineOf: (resource: readonly Step[], below: readonly Step[]) => number): readonly Resource[] {
  const field = 'planned_values' in document ? 'planned_values' : 'values';
  const later = unknownValues(document);
  const found = [...resourcesIn(objectAt(document, field, 'root_module'), [field, 'root_module'], 0)];
  const references = referencesIn(objectAt(document, 'configuration', 'root_module'), '', 0);
  const resources = found.map(({ raw, path, address, type, name }) => ({
    address,
    type,
    name,
    values: masked(overlaid(raw.values, later.get(address)), raw.sensitive_values),
    lineOf: (below: readonly Step[]) => lineOf(path, ['values', ...below]),
  }));
  const attached = new Map<string, Attached[]>();
  for (const resource of resources) {
    for (const address of references.get(bare(resource.address)) ?? []) {
      const known = attached.get(address);
      const one = { kind: resource.type, values: resource.values };
      if (known === undefined) attached.set(address, [one]);
      else known.push(one);
    }
  }
  return resources.map((resource) => ({ ...resource, attached: attached.get(bare(resource.address)) ?? [] }));
}

interface PlannedResource {
  readonly raw: RawObject;
  readonly path: readonly Step[];
  readonly address: string;
  readonly type: string;
  readonly name: string;
}

function* resourcesIn(module: RawObject | undefined, path: readonly Step[], depth: number): Generator<PlannedResource> {
  if (depth > MAX_MODULES) return;
  for (const [index, raw] of listAt(module, 'resources').entries()) {
    const address = textAt(raw, 'address');
    const type = textAt(raw, 'type');
    if (!isObject(raw) || address === undefined || type === undefined || textAt(raw, 'mode') === 'data') continue;
    yield { raw, path: [...path, 'resources', index], address, type, name: textAt(raw, 'name') ?? address };
  }
  for (const [index, child] of listAt(module, 'child_modules').entries()) {
    if (isObject(child)) yield* resourcesIn(child, [...path, 'child_modules', index], depth + 1);
  }
}

function unknownValues(document: RawObject): ReadonlyMap<string, unknown> {
  return new Map(listAt(document, 'resource_changes').map((change) => [textAt(change, 'address') ?? '', objectAt(change, 'change', 'after_unknown')]));
}

/** Values with `UNRESOLVED` where the plan has `true` for what is only known later. */
function overlaid(value: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNRESOLVED;
  if (Array.isArray(unknown)) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    return Array.from({ length: Math.max(list.length, unknown.length) }, (_, index) => overlaid(list[index], unknown[index]));
  }
  if (!isObject(unknown)) return value;
  const fields = isObject(value) ? value : {};
  return Object.fromEntries([...new Set([...Object.keys(fields), ...Object.keys(unknown)])].map((key) => [key, overlaid(fields[key], unknown[key])]));
}

function masked(value: unknown, sensitive: unknown): unknown {
  if (sensitive === true) return UNRESOLVED;
  if (Array.isArray(value) && Array.isArray(sensitive)) return value.map((entry, index) => masked(entry, sensitive[index]));
  if (!isObject(value) || !isObject(sensitive)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, masked(entry, sensitive[key])]));
}

/** Which resources each resource refers to, both without instance keys. */
function referencesIn(module: RawObject | undefined, prefix: string, depth: number): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  if (depth > MAX_MODULES) return found;
  for (const raw of listAt(module, 'resources')) {
    const named = JSON.stringify(objectAt(raw, 'expressions') ?? {}).matchAll(/"([a-z][a-z0-9]*_[\w]*\.[\w-]+)["[.]/g);
    found.set(`${prefix}${textAt(raw, 'address') ?? ''}`, new Set([...named].map(([, address = '']) => `${prefix}${address}`)));
  }
  for (const [name, call] of Object.entries(objectAt(module, 'module_calls') ?? {})) {
    for (const [address, names] of referencesIn(objectAt(call, 'module'), `${prefix}module.${name}.`, depth + 1)) found.set(address, names);
  }
  return found;
}

function bare(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}
