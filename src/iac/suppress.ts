import type { LocatedFinding } from '#src/model/scan-result.ts';
import { FilePlace } from './source.ts';
import type { Suppression } from './suppressions.ts';

/** The comments of each file, by its name. */
export type SuppressionsByFile = ReadonlyMap<string, readonly Suppression[]>;

/** A comment that leaves nothing out, and why. */
export interface Unheeded {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface SuppressOptions {
  readonly now: Date;
  /** The id of each check that there is, by that id and by its former ones. */
  readonly known: ReadonlyMap<string, string>;
}

/** Comments that hold, and those that do not. */
export interface Suppressions {
  /** The comment that leaves a finding out; undefined when none does. */
  readonly of: (finding: LocatedFinding) => Suppression | undefined;
  readonly unheeded: readonly Unheeded[];
}

/** Sorts the comments. One holds for what is found on the line that it is about, or anywhere in the object that begins there. */
export function createSuppressions(files: SuppressionsByFile, { now, known }: SuppressOptions): Suppressions {
  const today = now.toISOString().slice(0, 10);
  const unheeded: Unheeded[] = [];
  const valid = new Map<string, readonly Suppression[]>();
  for (const [file, suppressions] of files) {
    const judged = suppressions.map((suppression) => ({ suppression, fault: faultOn(suppression, today, known) }));
    valid.set(file, judged.filter(({ fault }) => fault === undefined).map(({ suppression }) => ({ ...suppression, check: currentId(suppression.check, known) ?? suppression.check })));
    unheeded.push(...judged.flatMap(({ suppression: { line }, fault }) => (fault === undefined ? [] : [{ file, line, reason: fault }])));
  }
  return {
    of({ check, item, origin, steps = [] }) {
      if (!(origin instanceof FilePlace)) return undefined;
      const here = (valid.get(origin.file) ?? []).filter((suppression) => suppression.check === check || (item !== undefined && suppression.check === `${check}:${item}`));
      if (here.length === 0) return undefined;
      const lines = new Set([origin.lineOf(steps), origin.lineOf([])]);
      return here.find(({ about }) => about !== undefined && lines.has(about));
    },
    unheeded,
  };
}

function faultOn({ check, until, fault }: Suppression, today: string, known: SuppressOptions['known']): string | undefined {
  if (fault !== undefined) return fault;
  if (currentId(check, known) === undefined) return 'there is no check of this name';
  return until !== undefined && until < today ? `it ended on ${until}` : undefined;
}

/** Undefined for a check that there is not. */
function currentId(check: string, known: SuppressOptions['known']): string | undefined {
  const [family = check, ...item] = check.split(':');
  const id = known.get(family);
  return id === undefined ? undefined : [id, ...item].join(':');
}

/** What {@link SuppressOptions} wants to know of the checks. */
export function knownIds(checks: readonly { readonly id: string; readonly aliases?: readonly string[] }[]): ReadonlyMap<string, string> {
  return new Map(checks.flatMap(({ id, aliases = [] }) => [id, ...aliases].map((name) => [name, id] as const)));
}
