import { at, integerAt, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';
import type { KubeObject } from '../object.ts';
import { humanDuration } from './duration.ts';

/** What `kubectl get` shows of an object in one column. */
export type Cell = (object: KubeObject, now: Date) => unknown;

/** Cells of one resource by the names of its columns. */
export type Cells = Readonly<Record<string, Cell>>;

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

export function text(...path: readonly Step[]): Cell {
  return (object) => textAt(object, ...path) ?? '';
}

export function textOr(otherwise: string, ...path: readonly Step[]): Cell {
  return (object) => {
    const value = textAt(object, ...path) ?? '';
    return value === '' ? otherwise : value;
  };
}

/** A number or boolean; zero or false where there is none. */
export function valueOr(otherwise: unknown, ...path: readonly Step[]): Cell {
  return (object) => at(object, ...path) ?? otherwise;
}

export function count(...path: readonly Step[]): Cell {
  return (object) => listAt(object, ...path).length;
}

/** Shown as text whatever it is. */
export function shown(otherwise: string, ...path: readonly Step[]): Cell {
  return (object) => {
    const value = at(object, ...path);
    return value === undefined ? otherwise : typeof value === 'string' ? value : JSON.stringify(value);
  };
}

export function ageOf(moment: string | undefined, now: Date): string {
  return moment === undefined ? UNKNOWN : humanDuration(now.getTime() - new Date(moment).getTime());
}

/** `a=b,c=d` */
export function labelsText(labels: RawObject | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? NONE : pairs.sort().join(',');
}

/** A selector as `kubectl get -o wide` shows it. */
export function selectorText(selector: RawObject | undefined): string {
  const labels = Object.entries(objectAt(selector, 'matchLabels') ?? {}).map(([key, value]) => [key, `${key}=${String(value)}`] as const);
  const expressions = objectsAt(selector, 'matchExpressions').map(([, expression]) => {
    const [key, operator, values] = [textAt(expression, 'key') ?? '', textAt(expression, 'operator') ?? '', [...textsAt(expression, 'values')].sort()];
    const words: Readonly<Record<string, string>> = { In: `${key} in (${values.join(',')})`, NotIn: `${key} notin (${values.join(',')})`, Exists: key, DoesNotExist: `!${key}` };
    return [key, words[operator] ?? key] as const;
  });
  const all = [...labels, ...expressions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, words]) => words);
  return all.length === 0 ? NONE : all.join(',');
}

/** Names and images of the containers of a pod's spec. */
export function containerCells(...spec: readonly Step[]): Cells {
  const listed = (field: string): Cell => (object) => objectsAt(object, ...spec, 'containers').map(([, container]) => textAt(container, field) ?? '').join(',');
  return { Containers: listed('name'), Images: listed('image') };
}

/** The first few of a list and how many more there are. */
export function firstFew(values: readonly string[], most: number, separator = ','): string {
  if (values.length === 0) return UNSET;
  const head = values.slice(0, most).join(separator);
  return values.length > most ? `${head} + ${values.length - most} more...` : head;
}

export function ratio(ready: readonly Step[], wanted: readonly Step[]): Cell {
  return (object) => `${integerAt(object, ...ready) ?? 0}/${integerAt(object, ...wanted) ?? 0}`;
}

export function conditionStatus(object: RawObject, type: string): string | undefined {
  const condition = objectsAt(object, 'status', 'conditions').find(([, candidate]) => candidate.type === type);
  return condition === undefined ? undefined : textAt(condition[1], 'status');
}
