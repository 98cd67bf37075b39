import { at, isObject } from '#src/model/raw.ts';
import type { Resource, TableColumn } from '../catalog.ts';
import { toStored } from '../conversions.ts';
import type { KubeObject } from '../object.ts';
import { API_CELLS } from './api-cells.ts';
import { ageOf, type Cell, type Cells } from './cell.ts';
import { NETWORK_CELLS } from './network-cells.ts';
import { podConditions } from './pod-cells.ts';
import { WORKLOAD_CELLS } from './workload-cells.ts';

const CELLS: Readonly<Record<string, Cells>> = { ...WORKLOAD_CELLS, ...NETWORK_CELLS, ...API_CELLS };
const COMMON: Cells = {
  Name: ({ metadata }) => metadata.name ?? '',
  Age: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
  'Created At': ({ metadata }) => metadata.creationTimestamp ?? '',
};
const SHARED_CELLS = ['events'];

/** Objects as the rows that `kubectl get` prints. `include` says how much of each object goes along. */
export function tableOf(objects: readonly KubeObject[], resource: Resource, metadata: object, include: string, version: string, now: Date): object {
  const cells = resource.columns.map((column) => cellOf(column, resource));
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: resource.columns.map(({ path, ...column }) => column),
    rows: objects.map((object) => {
      const readable = SHARED_CELLS.includes(resource.store) ? toStored(object) : object;
      const conditions = resource.store === 'pods' ? podConditions(object) : undefined;
      return { cells: cells.map((cell) => cell(readable, now)), ...(conditions && { conditions }), object: included(object, include, version) };
    }),
  };
}

function cellOf({ name, path, type }: TableColumn, { store }: Resource): Cell {
  if (path !== undefined) return path === '' ? () => '' : (object, now) => customCell(object, path, type, now);
  return CELLS[store]?.[name] ?? COMMON[name] ?? (() => '');
}

/** A custom resource's column, given by a simple JSON path such as `.spec.replicas`. */
function customCell(object: KubeObject, path: string, type: string, now: Date): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const value = at(object, ...steps);
  if (value === undefined) return null;
  if (type === 'date') return typeof value === 'string' ? ageOf(value, now) : null;
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : value;
}

function included(object: KubeObject, include: string, version: string): object | null {
  if (include === 'None') return null;
  return include === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}
