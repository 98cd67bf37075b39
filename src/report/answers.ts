import type { Check, Source } from '#src/model/check.ts';
import type { ControlRef } from '#src/model/frameworks/framework.ts';

/** A check, or one item of it, that judges what a control asks for. */
export interface Answer {
  readonly check: Check;
  readonly item?: string;
}

/** The answers to each control of a framework, by its id. A control without an entry has none. */
export function answersTo(framework: ControlRef['framework'], checks: readonly Check[]): ReadonlyMap<string, readonly Answer[]> {
  const pairs = checks.flatMap((check) => idsIn(check.sources, framework).flatMap((id) => answersOf(check, framework, id).map((answer) => ({ id, answer }))));
  return new Map([...Map.groupBy(pairs, ({ id }) => id)].map(([id, group]) => [id, group.map(({ answer }) => answer)]));
}

/** The items that name the control; the whole check when none does. */
function answersOf(check: Check, framework: ControlRef['framework'], id: string): readonly Answer[] {
  const items = Object.entries(check.items ?? {}).filter(([, { sources = [] }]) => idsIn(sources, framework).includes(id));
  return items.length === 0 ? [{ check }] : items.map(([item]) => ({ check, item }));
}

function idsIn(sources: readonly Source[], framework: ControlRef['framework']): readonly string[] {
  return [...new Set(sources.flatMap(({ control }) => (control?.framework === framework ? [control.id] : [])))];
}
