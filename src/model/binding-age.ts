import { isObject, objectAt, objectsAt, textAt, type RawObject } from './raw.ts';

/** The bot takes subjects out of bindings, and puts back only whom it took out. */
const OWN_MANAGER = 'k8ssec';
const DAY_MS = 24 * 3600_000;

/**
 * Since when a binding names whom it names, at the earliest: when it was made, or when somebody last wrote its list of subjects.
 *
 * Who of them was there before is not known. Undefined where the API server did not write when it was made, as in a file.
 */
export function givenAt(binding: RawObject): string | undefined {
  const createdAt = textAt(binding, 'metadata', 'creationTimestamp');
  if (createdAt === undefined) return undefined;
  const written = objectsAt(binding, 'metadata', 'managedFields').flatMap(([, entry]) => {
    const wroteSubjects = isObject(objectAt(entry, 'fieldsV1')?.['f:subjects']);
    return wroteSubjects && textAt(entry, 'manager') !== OWN_MANAGER ? (textAt(entry, 'time') ?? []) : [];
  });
  return [createdAt, ...written].filter((time) => !Number.isNaN(Date.parse(time))).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}

/** Whether it was so for all of the last days; undefined where that is not known. */
export function isOlderThan(days: number, since: string | undefined, now: Date): boolean | undefined {
  const ageMs = now.getTime() - Date.parse(since ?? '');
  return Number.isNaN(ageMs) ? undefined : ageMs >= days * DAY_MS;
}
