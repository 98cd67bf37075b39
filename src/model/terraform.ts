import type { CheckContext, CheckMeta, ObjectCheck, Problem, Source, Undecided } from './check.ts';
import { at, isObject, listAt, objectAt, textAt, UNRESOLVED, unknownLast, Unresolved, formatPath, type RawObject, type Step } from './raw.ts';

/** A resource of Terraform, or another block of its language, as checks read it. */
export interface TerraformResource {
  /** `aws_instance`; for other blocks `module`, `provider`, `required_provider` or `variable`. */
  readonly type: string;
  readonly name: string;
  /** Arguments and blocks as they are written. A block is a list even where it may be there only once; `null` equals absent. */
  readonly values: RawObject;
  readonly object: RawObject;
}

/** A block within a resource. */
export interface InnerBlock {
  readonly path: readonly Step[];
  readonly body: RawObject;
}

/** What one check asks of some types of resources. */
export interface TerraformRule {
  readonly types: readonly string[];
  /** The provider's documentation of what is judged. */
  readonly source: Source;
  readonly judge: (resource: TerraformResource, context: CheckContext) => Iterable<Problem | Undecided>;
}

/** A check that judges one resource of Terraform at a time, by the rule for its type. Paths start at the resource. */
export function defineTerraformCheck(check: Omit<CheckMeta, 'sources'> & { readonly sources?: readonly Source[]; readonly rules: readonly TerraformRule[] }): ObjectCheck {
  const { rules, sources = [], ...meta } = check;
  const byType = new Map(rules.flatMap((rule) => rule.types.map((type) => [type, rule] as const)));
  const named = new Map([...sources, ...rules.map((rule) => rule.source)].map((source) => [source.url ?? source.title, source]));
  return {
    ...meta,
    sources: [...named.values()],
    kinds: ['Terraform'],
    *judge(object, context) {
      const type = textAt(object, 'kind') ?? '';
      const rule = byType.get(type) ?? byType.get('*');
      if (rule === undefined) return;
      yield* rule.judge({ type, name: textAt(object, 'metadata', 'name') ?? '', values: objectAt(object, 'values') ?? {}, object }, context);
    },
  };
}

/** The documentation of a resource in Terraform's registry. */
export function registry(provider: string, resource: string): Source {
  const [, name = resource] = /^[a-z0-9]+_(.*)$/.exec(resource) ?? [];
  return { title: `Terraform provider ${provider.slice(provider.indexOf('/') + 1)}, ${resource}`, url: `https://registry.terraform.io/providers/${provider}/latest/docs/resources/${name}` };
}

/** The arguments of the resources of some types that refer to this one in the same module. */
export function attachedTo({ object }: TerraformResource, types: readonly string[]): readonly RawObject[] {
  return listAt(object, 'attached').flatMap((other) => {
    const values = types.includes(textAt(other, 'kind') ?? '') ? objectAt(other, 'values') : undefined;
    return values === undefined ? [] : [values];
  });
}

/** The value at a way through blocks, of which the first of each name counts. */
export function valueIn(values: unknown, ...names: readonly string[]): unknown {
  let here = values;
  for (const [index, name] of names.entries()) {
    if (index > 0 && Array.isArray(here)) here = here[0];
    if (here === UNRESOLVED) throw new Unresolved(formatPath(names.slice(0, index)));
    here = isObject(here) ? at(here, name) : undefined;
  }
  return here;
}

/** A boolean, which Terraform also takes as a text. */
export function flagIn(values: unknown, ...names: readonly string[]): boolean | undefined {
  const value = valueIn(values, ...names);
  return value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined;
}

/** A number, which Terraform also takes as a text. */
export function numberIn(values: unknown, ...names: readonly string[]): number | undefined {
  const value = valueIn(values, ...names);
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

export function textIn(values: unknown, ...names: readonly string[]): string | undefined {
  const value = valueIn(values, ...names);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** The texts of a list, or the one text that stands for a list; numbers are read as texts. */
export function textsIn(values: unknown, ...names: readonly string[]): readonly string[] {
  return [...eachTextIn(values, ...names)];
}

/** The same one after the other. That one is not known is only met when the known ones have gone by. */
export function* eachTextIn(values: unknown, ...names: readonly string[]): Generator<string> {
  const value = valueIn(values, ...names);
  yield* unknownLast(Array.isArray(value) ? (value as readonly unknown[]) : [value], function* (entry) {
    if (entry === UNRESOLVED) throw new Unresolved(formatPath(names));
    if (typeof entry === 'string' || typeof entry === 'number') yield String(entry);
  });
}

/** Whether something is written there that is not empty. */
export function isSet(values: unknown, ...names: readonly string[]): boolean {
  const value = valueIn(values, ...names);
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** The blocks of a name, in their order. What is not known of them is only met when the known ones have gone by. */
export function* blocksIn(values: unknown, name: string): Generator<InnerBlock> {
  const value = isObject(values) ? at(values, name) : undefined;
  if (isObject(value)) yield { path: [name], body: value };
  if (!Array.isArray(value)) return;
  const entries = [...(value as readonly unknown[]).entries()].flatMap(([index, entry]) => (Array.isArray(entry) ? entry.map((inner: unknown) => [index, inner] as const) : [[index, entry] as const]));
  for (const [index, entry] of entries) if (isObject(entry)) yield { path: [name, index], body: entry };
  if (entries.some(([, entry]) => entry === UNRESOLVED)) throw new Unresolved(name);
}

/** The first block of a name. */
export function blockIn(values: unknown, name: string): InnerBlock | undefined {
  const value = isObject(values) ? at(values, name) : undefined;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first === UNRESOLVED) throw new Unresolved(name);
  return isObject(first) ? { path: Array.isArray(value) ? [name, 0] : [name], body: first } : undefined;
}
