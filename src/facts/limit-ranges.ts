import { defineFacts } from '#src/model/check.ts';
import { objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { isSet, RESOURCES, type ResourceList, type Resource } from '#src/model/resources.ts';

/** What a namespace fills in for containers that leave it out. */
export interface LimitDefaults {
  readonly fills: (namespace: string, list: ResourceList, resource: Resource) => boolean;
}

/** The fields of a LimitRange item from which a list is filled; the API server fills `default` from `max`, and `defaultRequest` from all of them. */
const FILLED_FROM = {
  limits: ['default', 'max'],
  requests: ['defaultRequest', 'default', 'min', 'max'],
} as const satisfies Readonly<Record<ResourceList, readonly string[]>>;

const LISTS = ['limits', 'requests'] as const satisfies readonly ResourceList[];

/** Which limits and requests the LimitRanges of a namespace fill in. */
export const limitRanges = defineFacts({
  name: 'limit-ranges',
  reads: ['LimitRange'],
  keeps: 'at most four short texts for each namespace',
  start: () => new Set<string>(),
  add(state, object, { ref }) {
    for (const [, item] of objectsAt(object, 'spec', 'limits')) {
      if (textAt(item, 'type') !== 'Container') continue;
      for (const list of LISTS) for (const resource of RESOURCES) if (fills(item, list, resource)) state.add(key(ref.namespace, list, resource));
    }
  },
  finish: (state): LimitDefaults => ({ fills: (namespace, list, resource) => state.has(key(namespace, list, resource)) }),
});

function fills(item: RawObject, list: ResourceList, resource: Resource): boolean {
  return FILLED_FROM[list].some((field) => isSet(objectAt(item, field), resource));
}

function key(namespace = 'default', list: ResourceList, resource: Resource): string {
  return `${namespace}/${list}.${resource}`;
}
