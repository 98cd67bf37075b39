import { at, type RawObject } from './raw.ts';

export const RESOURCES = ['cpu', 'memory'] as const;
export type Resource = (typeof RESOURCES)[number];

/** The two lists of quantities that a container or pod has. */
export type ResourceList = 'limits' | 'requests';

/** Whether a list of quantities holds one above zero. Zero means none: the kubelet does not limit, and the scheduler does not reserve. */
export function isSet(quantities: RawObject | undefined, resource: Resource): boolean {
  const quantity = at(quantities, resource);
  return (typeof quantity === 'string' || typeof quantity === 'number') && Number.parseFloat(String(quantity)) > 0;
}
