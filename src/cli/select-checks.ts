import { UsageError } from '#src/model/command.ts';
import { AREAS, areaOf } from '#src/model/finding.ts';
import { didYouMean } from '#src/model/nearest.ts';

/** A check, or a detection. */
interface Unit {
  readonly id: string;
  readonly aliases?: readonly string[];
}

export interface CheckSelection {
  /** Only these; all when undefined. */
  readonly only: readonly string[] | undefined;
  /** All but these. */
  readonly skip: readonly string[] | undefined;
}

/** The checks or detections that a person chose by id, by a former id or as `area/*`. @throws {UsageError} for an id that there is not. */
export function selectChecks<U extends Unit>(checks: readonly U[], { only, skip }: CheckSelection): readonly U[] {
  const wanted = only === undefined ? new Set(checks) : named(checks, only, '--checks');
  const unwanted = named(checks, skip ?? [], '--skip');
  const selected = checks.filter((check) => wanted.has(check) && !unwanted.has(check));
  if (selected.length === 0) throw new UsageError('No check is left to run with these --checks and --skip.');
  return selected;
}

function named<U extends Unit>(checks: readonly U[], ids: readonly string[], flag: string): ReadonlySet<U> {
  return new Set(ids.flatMap((id) => checksNamed(checks, id, flag)));
}

function checksNamed<U extends Unit>(checks: readonly U[], id: string, flag: string): readonly U[] {
  const area = /^(.+)\/\*$/.exec(id)?.[1];
  if (area !== undefined && (AREAS as readonly string[]).includes(area)) return checks.filter((check) => areaOf(check.id) === area);
  const found = checks.filter((check) => check.id === id || check.aliases?.includes(id));
  if (found.length > 0) return found;
  const [family = id, item] = id.split(':');
  if (item !== undefined && checks.some((check) => check.id === family)) throw new UsageError(`${flag} takes whole checks: ${family} instead of ${id}.`);
  const known = [...checks.map((check) => check.id), ...AREAS.map((name) => `${name}/*`)];
  throw new UsageError(`There is no check "${id}".${didYouMean(id, known)} k8ssec checks lists them all.`);
}
