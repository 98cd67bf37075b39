import { z } from 'zod';
import type { RawObject } from '#src/model/raw.ts';
import { canonicalJson } from './canonical.ts';

const items = z.array(z.unknown()).readonly();

const part = z.strictObject({
  /** Id of the request that it is there for. */
  request: z.string(),
  /** When it is to be taken out, whether or not anybody remembers the request. */
  until: z.iso.datetime().optional(),
  /** For people: `api.example.com:443`. */
  what: z.string(),
  /** List of the spec that it is about. */
  field: z.string(),
  /** Comes before everything else in the list. */
  add: items.optional(),
  /** Goes out of what the ground and the parts before let through. */
  remove: items.optional(),
  /** Is let through besides. */
  opens: items.optional(),
});

const composition = z.strictObject({
  /** Fields that no part changes. */
  constants: z.record(z.string(), z.unknown()),
  /** What each list lets through without any part. */
  ground: z.record(z.string(), items),
  /** In the order in which they came. */
  parts: z.array(part).readonly(),
});

/**
 * What an object of k8ssec is made of. Each request has parts of its own in it, so that those of one can be taken out whatever came before
 * or after: what is left is as if that request had never been.
 */
export type Composition = z.output<typeof composition>;
export type Part = z.output<typeof part>;

/** As planned: whose it is, and until when, is known when it is made. */
export type NewPart = Omit<Part, 'request' | 'until'>;

/** Stands for the request that a plan is made for, which has no id yet. */
const THIS_REQUEST = '';

/** As it stands on an object; undefined when it is nothing of the kind. */
export function parseComposition(text: string): Composition | undefined {
  return composition.safeParse(jsonOf(text)).data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The spec that the parts add up to. A list that no part closes is not there. */
export function specOf({ constants, ground, parts }: Composition): RawObject {
  const fields = [...new Set(parts.filter(isClosing).map(({ field }) => field))];
  return { ...constants, ...Object.fromEntries(fields.map((field) => [field, listOf(ground[field] ?? [], parts.filter((one) => one.field === field))])) };
}

function listOf(ground: readonly unknown[], parts: readonly Part[]): readonly unknown[] {
  const passing = parts.reduce((left, { remove = [], opens = [] }) => [...without(left, remove), ...opens], ground);
  return distinct([...parts.flatMap(({ add = [] }) => add), ...passing]);
}

/** Whether it keeps something out, rather than letting something through. */
export function isClosing({ add, remove }: NewPart): boolean {
  return add !== undefined || remove !== undefined;
}

/** Whether anything of this list is closed. */
export function isClosed({ parts }: Composition, field: string): boolean {
  return parts.some((one) => one.field === field && isClosing(one));
}

/** With parts of the request that this is planned for. */
export function withParts(made: Composition, parts: readonly NewPart[]): Composition {
  return { ...made, parts: [...made.parts, ...parts.map((one) => ({ request: THIS_REQUEST, ...one }))] };
}

/** The parts that were planned become those of a request. */
export function stamped(made: Composition, request: string, until: string | undefined): Composition {
  const mark = { request, ...(until !== undefined && { until }) };
  return { ...made, parts: made.parts.map((one) => (one.request === THIS_REQUEST ? { ...one, ...mark } : one)) };
}

/** Without these parts, and without what only lets something through a list that nothing closes any more; undefined when nothing is left. */
export function withoutParts({ constants, ground, parts }: Composition, isOver: (part: Part) => boolean): Composition | undefined {
  const left = parts.filter((one) => !isOver(one));
  const closed = new Set(left.filter(isClosing).map(({ field }) => field));
  if (closed.size === 0) return undefined;
  return { constants, ground: Object.fromEntries(Object.entries(ground).filter(([field]) => closed.has(field))), parts: left.filter(({ field }) => closed.has(field)) };
}

export function isPartOf(made: Composition | undefined, request: string): boolean {
  return made?.parts.some((one) => one.request === request) ?? false;
}

/** Whether it has a part that does as much for the same, of whatever request. */
export function hasPart({ parts }: Composition, { what, field, add = [], remove = [] }: NewPart): boolean {
  return parts.some((one) => one.what === what && one.field === field && without(add, one.add ?? []).length === 0 && without(remove, one.remove ?? []).length === 0);
}

function without(list: readonly unknown[], removed: readonly unknown[]): readonly unknown[] {
  const gone = new Set(removed.map(canonicalJson));
  return list.filter((item) => !gone.has(canonicalJson(item)));
}

export function distinct(list: readonly unknown[]): readonly unknown[] {
  return [...new Map(list.map((item) => [canonicalJson(item), item])).values()];
}
