import type { ManagedFields } from '../object.ts';
import { equalSets, fromFieldsV1, isEmpty, NO_FIELDS, toFieldsV1, union, type FieldSet } from './field-set.ts';

/** Who owns which fields of an object, and since when. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

export type Managers = ReadonlyMap<string, Manager>;

const MAX_UPDATE_MANAGERS = 10;
const OLDER_MANAGERS = 'ancient-changes';

/** Appliers are one whatever version they apply. */
export function managerId({ name, operation, apiVersion, subresource }: Omit<Manager, 'time' | 'fields'>): string {
  return JSON.stringify([name, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

export function readManagers(entries: readonly ManagedFields[] | undefined): Managers {
  const managers = (entries ?? []).map((entry): Manager => {
    const { manager, operation, apiVersion, subresource = '', time, fieldsV1 } = entry;
    return { name: manager, operation, apiVersion, subresource, time, fields: fromFieldsV1(fieldsV1) };
  });
  return new Map(managers.map((manager) => [managerId(manager), manager]));
}

export function writeManagers(managers: Managers): ManagedFields[] {
  return [...managers.values()].sort(inOrder).map(({ name, operation, apiVersion, subresource, time, fields }) => ({
    manager: name,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource !== '' && { subresource }),
  }));
}

function inOrder(a: Manager, b: Manager): number {
  const keys = ({ operation, time = '', name, apiVersion, subresource }: Manager) => [operation, time, name, apiVersion, subresource];
  const [left, right] = [keys(a), keys(b)];
  const index = left.findIndex((key, position) => key !== right[position]);
  return index === -1 ? 0 : (left[index] ?? '') < (right[index] ?? '') ? -1 : 1;
}

/** Whether both name the same owners of the same fields; when they came to own them does not matter. */
export function sameManagers(a: Managers, b: Managers): boolean {
  return a.size === b.size && [...a].every(([id, manager]) => equalSets(manager.fields, b.get(id)?.fields ?? NO_FIELDS));
}

/** Puts the oldest of too many updaters together as one. */
export function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update').sort(([, a], [, b]) => inOrder(a, b));
  const surplus = updaters.length - MAX_UPDATE_MANAGERS;
  if (surplus <= 0) return managers;
  const oldest = updaters.slice(0, surplus + 1);
  const kept = new Map(managers);
  for (const [id] of oldest) kept.delete(id);
  const [first] = oldest;
  if (first === undefined) return managers;
  const together: Manager = {
    ...first[1],
    name: OLDER_MANAGERS,
    subresource: '',
    time: oldest.at(-1)?.[1].time,
    fields: oldest.reduce((all, [, { fields }]) => union(all, fields), NO_FIELDS),
  };
  return kept.set(managerId(together), together);
}

export function withoutIdle(managers: Managers): Map<string, Manager> {
  return new Map([...managers].filter(([, { fields }]) => !isEmpty(fields)));
}
