import { isMetadataOnly } from '#src/model/kinds.ts';
import type { ChangeResult, ObjectAddress } from '#src/model/plan.ts';
import { textAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';

/** `RoleBinding shop/ops`. */
export function nameOf({ kind, namespace, name }: ObjectAddress): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

export function failed(problem: string): ChangeResult {
  return { state: 'failed', problem };
}

export function notTakenBack(problem: string, command?: string): ChangeResult {
  return { state: 'not-taken-back', problem, ...(command !== undefined && { command }) };
}

export function isBeingDeleted(object: RawObject): boolean {
  return textAt(object, 'metadata', 'deletionTimestamp') !== undefined;
}

export function beingDeleted(address: ObjectAddress, now: RawObject): string {
  const holders = textsAt(now, 'metadata', 'finalizers');
  return `${nameOf(address)} is being deleted and ${holders.length === 0 ? 'not gone yet' : `held by ${holders.join(', ')}`}`;
}

export const SECRET_CONTENT = 'the content of a Secret is never read';

/** Whether the path leads into what is never read. */
export function isBeyondSight({ apiVersion, kind }: ObjectAddress, path: readonly Step[]): boolean {
  return isMetadataOnly(apiVersion, kind) && path[0] !== 'metadata';
}
