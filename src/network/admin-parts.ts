import { at, formatPath, isObject, listAt, objectAt, textAt, textMapAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';

const OPERATORS: ReadonlySet<string | undefined> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** Notes places that are not understood. Those `at` a place of it note into the same list. */
export class Unclear {
  readonly places: string[];
  private readonly path: readonly Step[];

  constructor(places: readonly string[], path: readonly Step[] = [], into?: string[]) {
    this.places = into ?? [...places];
    this.path = path;
  }

  at(...path: readonly Step[]): Unclear {
    return new Unclear([], [...this.path, ...path], this.places);
  }

  add(...path: readonly Step[]): void {
    this.places.push(formatPath([...this.path, ...path]));
  }

  /** What is read of the list in a field; where nothing is, that entry is noted. */
  understood<T>(object: RawObject, field: string, read: (entry: unknown) => T | undefined): readonly T[] {
    return listAt(object, field).flatMap((_, index) => {
      const found = read(at(object, field, index));
      if (found === undefined) this.add(field, index);
      return found === undefined ? [] : [found];
    });
  }
}

/** The field of an object that may have exactly one. */
export function onlyField(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const [field, ...others] = Object.keys(value);
  return others.length === 0 ? field : undefined;
}

/** Whether all of it is understood. */
export function isSelector(value: unknown): value is RawObject {
  if (!isObject(value) || !Object.keys(value).every((field) => field === 'matchLabels' || field === 'matchExpressions')) return false;
  const labels = Object.keys(objectAt(value, 'matchLabels') ?? {});
  return labels.length === textMapAt(value, 'matchLabels').size && listAt(value, 'matchExpressions').every(isExpression);
}

function isExpression(value: unknown): boolean {
  return OPERATORS.has(textAt(value, 'operator')) && textAt(value, 'key') !== undefined && textsAt(value, 'values').length === listAt(value, 'values').length;
}
