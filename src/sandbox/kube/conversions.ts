import { at, integerAt, objectsAt, type RawObject } from '#src/model/raw.ts';
import type { Resource } from './catalog.ts';
import type { Draft } from './json.ts';
import type { KubeObject } from './object.ts';

/** Events have one store and two shapes: the newer group's names for the fields of the older. */
const EVENT_FIELDS: readonly (readonly [core: string, newer: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

/** The stored object as the resource's version shows it. */
export function toVersion(object: KubeObject, { apiVersion, kind }: Resource): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  if (kind === 'Event') return renamed(object, apiVersion, 'newer');
  if (apiVersion === 'autoscaling/v1') return autoscalerV1(object);
  return { ...object, apiVersion };
}

/** An object of the resource's version as it is stored. */
export function toStored(object: KubeObject): KubeObject {
  if (object.apiVersion === 'events.k8s.io/v1') return renamed(object, 'v1', 'core');
  if (object.apiVersion === 'autoscaling/v1') return autoscalerV2(object);
  return object;
}

function renamed(object: KubeObject, apiVersion: string, to: 'core' | 'newer'): KubeObject {
  const names = new Map(EVENT_FIELDS.map(([core, newer]) => (to === 'newer' ? [core, newer] : [newer, core])));
  return { ...(Object.fromEntries(Object.entries(object).map(([field, value]) => [names.get(field) ?? field, value])) as KubeObject), apiVersion };
}

const CPU = 'cpu';

function autoscalerV1(object: KubeObject): KubeObject {
  const { metrics, behavior, ...spec } = object.spec as RawObject;
  const target = cpuUtilization(object, 'spec', 'metrics', 'target');
  const current = cpuUtilization(object, 'status', 'currentMetrics', 'current');
  const { currentMetrics, conditions, ...status } = (object.status ?? {}) as RawObject;
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: { ...spec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      desiredReplicas: 0,
      ...status,
      ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
    },
  };
}

function cpuUtilization(object: KubeObject, part: string, list: string, field: string): number | undefined {
  const metrics = objectsAt(object, part, list).map(([, metric]) => metric);
  return integerAt(
    metrics.find((metric) => metric.type === 'Resource' && at(metric, 'resource', 'name') === CPU),
    'resource',
    field,
    'averageUtilization',
  );
}

function autoscalerV2(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: percent, ...spec } = object.spec as Draft;
  const { currentCPUUtilizationPercentage, ...status } = (object.status ?? {}) as Draft;
  const metrics = [{ type: 'Resource', resource: { name: CPU, target: { type: 'Utilization', averageUtilization: percent ?? 80 } } }];
  return { ...object, apiVersion: 'autoscaling/v2', spec: { ...spec, metrics }, status };
}
