import { objectAt, objectsAt, textAt, type RawObject } from './raw.ts';

/** The bot takes subjects out of bindings, and puts back only whom it took out. */
const OWN_MANAGER = 'k8ssec';
/** It mends the roles that it is shipped with, and adds to them what a new version brings. */
const API_SERVER = 'kube-apiserver';
const DAY_MS = 24 * 3600_000;

/**
 * Since when a binding names whom it names, at the earliest: when it was made, or when somebody last wrote its list of subjects.
 *
 * Who of them was there before is not known. Undefined where the API server did not write when it was made, as in a file.
 */
export function givenAt(binding: RawObject): string | undefined {
  return lastWritten(binding, ['f:subjects'], OWN_MANAGER);
}

/**
 * Since when a role has the rules that it has, at the earliest; undefined as with bindings.
 *
 * The rules of one that aggregates others are written by Kubernetes whenever those change: what counts there is whom it aggregates.
 */
export function ruledAt(role: RawObject): string | undefined {
  return lastWritten(role, [objectAt(role, 'aggregationRule') === undefined ? 'f:rules' : 'f:aggregationRule'], API_SERVER);
}

/** Since when an object has its labels, at the earliest; undefined as with bindings. */
export function labelledAt(object: RawObject): string | undefined {
  return lastWritten(object, ['f:metadata', 'f:labels'], API_SERVER);
}

/** When the field was last written by anybody but one, or the object was made. Who writes one field of an object and another later is taken to have written both. */
function lastWritten(object: RawObject, field: readonly string[], except: string): string | undefined {
  const createdAt = textAt(object, 'metadata', 'creationTimestamp');
  const written = objectsAt(object, 'metadata', 'managedFields').flatMap(([, entry]) => {
    const isWritten = objectAt(entry, 'fieldsV1', ...field) !== undefined;
    return isWritten && textAt(entry, 'manager') !== except ? (textAt(entry, 'time') ?? []) : [];
  });
  return latest([createdAt, ...written.filter((time) => !Number.isNaN(Date.parse(time)))]);
}

/** The last of these times; undefined where one of them is not known. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  const known = times.filter((time): time is string => time !== undefined && !Number.isNaN(Date.parse(time)));
  return known.length < times.length ? undefined : known.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}

/** Whether it was so for all of the last days; undefined where that is not known. */
export function isOlderThan(days: number, since: string | undefined, now: Date): boolean | undefined {
  const ageMs = now.getTime() - Date.parse(since ?? '');
  return Number.isNaN(ageMs) ? undefined : ageMs >= days * DAY_MS;
}
