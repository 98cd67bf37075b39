import { ChangeFailed } from '#src/model/clusters.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { basePath } from './list.ts';

/** Where objects of the address's kind are created. */
export function collectionPath({ apiVersion, resource, namespace }: ObjectAddress): string {
  const place = namespace === undefined ? '' : `namespaces/${step(namespace)}/`;
  return `${basePath(apiVersion)}/${place}${step(resource)}`;
}

export function objectPath(address: ObjectAddress): string {
  return `${collectionPath(address)}/${step(address.name)}`;
}

/** @throws {ChangeFailed} for what would lead to another place than one object's. */
function step(text: string): string {
  if (text === '' || text === '.' || text === '..' || text.includes('/')) throw new ChangeFailed('refused', `${JSON.stringify(text)} is no name`);
  return encodeURIComponent(text);
}
