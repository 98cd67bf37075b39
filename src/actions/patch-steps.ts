import type { PatchStep } from '#src/model/clusters.ts';
import { at, objectAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';
import { uidOf } from './canonical.ts';
import { OWN_PREFIX } from './own-objects.ts';

/** A JSON pointer. */
export function pointer(path: readonly Step[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Nothing is done unless the object is this one, exactly as it was read. */
export function unchanged(object: RawObject): readonly PatchStep[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uidOf(object) },
    { op: 'test', path: '/metadata/resourceVersion', value: textAt(object, 'metadata', 'resourceVersion') },
  ];
}

/** Sets the value, with the objects around it that are not there. */
export function setStep(object: RawObject, path: readonly Step[], value: unknown): PatchStep {
  const present = path.findLastIndex((_step, index) => at(object, ...path.slice(0, index)) !== undefined);
  const added = path.slice(present + 1).reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  return { op: 'add', path: pointer(path.slice(0, present + 1)), value: added };
}

/** Puts the item at the end of the list, which is made where there is none. */
export function appendStep(object: RawObject, path: readonly Step[], item: RawObject): PatchStep {
  return Array.isArray(at(object, ...path)) ? { op: 'add', path: `${pointer(path)}/-`, value: item } : setStep(object, path, [item]);
}

/** Makes the object say what the form says, and nothing else; labels and annotations of others stay. */
export function formSteps(object: RawObject, form: RawObject): readonly PatchStep[] {
  const { metadata, status, ...content } = form;
  const marks = (field: 'labels' | 'annotations'): PatchStep => {
    const others = Object.entries(objectAt(object, 'metadata', field) ?? {}).filter(([name]) => !name.startsWith(OWN_PREFIX));
    return { op: 'add', path: pointer(['metadata', field]), value: { ...Object.fromEntries(others), ...objectAt(metadata, field) } };
  };
  const superfluous = Object.keys(object).filter((field) => !(field in form) && field !== 'metadata' && field !== 'status');
  return [
    ...unchanged(object),
    ...superfluous.map((field): PatchStep => ({ op: 'remove', path: pointer([field]) })),
    ...Object.entries(content).map(([field, value]): PatchStep => ({ op: 'add', path: pointer([field]), value })),
    marks('labels'),
    marks('annotations'),
  ];
}

/** Takes the items at these places out of a list, as long as they are what they were. */
export function removeSteps(object: RawObject, path: readonly Step[], places: readonly number[]): readonly PatchStep[] {
  // From the end, so that the places before stay what they are.
  return places.toSorted((a, b) => b - a).flatMap((place): readonly PatchStep[] => {
    const where = pointer([...path, place]);
    return [
      { op: 'test', path: where, value: at(object, ...path, place) },
      { op: 'remove', path: where },
    ];
  });
}

/** Sets a list of texts, or takes it away where there is to be none, as long as the object is what it was. */
export function textsSteps(now: RawObject, path: readonly Step[], value: readonly string[] | undefined): readonly PatchStep[] {
  const found = at(now, ...path);
  const where = pointer(path);
  if (value === undefined) return found === undefined ? unchanged(now) : [...unchanged(now), { op: 'remove', path: where }];
  return [...unchanged(now), setStep(now, path, value)];
}

/** Sets a text or takes it away, as long as the object is what it was. */
export function textSteps(object: RawObject, path: readonly Step[], value: string | undefined): readonly PatchStep[] {
  const found = at(object, ...path);
  const where = pointer(path);
  const guard = found === undefined ? [] : [{ op: 'test', path: where, value: found } as const];
  return [...unchanged(object), ...guard, value === undefined ? { op: 'remove', path: where } : setStep(object, path, value)];
}
