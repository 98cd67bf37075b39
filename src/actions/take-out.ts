import type { OpenCluster } from '#src/model/clusters.ts';
import type { ChangeResult, ObjectAddress } from '#src/model/plan.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { settle, type NextStep } from './attempts.ts';
import { uidOf, withoutServerFields } from './canonical.ts';
import { withoutParts, type Part } from './composition.ts';
import { composed, compositionOf, standingOf } from './own-objects.ts';
import { formSteps } from './patch-steps.ts';
import { beingDeleted, isBeingDeleted, nameOf, notTakenBack } from './wording.ts';

/** Parts that are to go, of an object that is made of parts. */
export interface Leaving {
  readonly address: ObjectAddress;
  /** The bot that alone may change it. */
  readonly installation: string | undefined;
  readonly isOver: (part: Part) => boolean;
}

/** Takes parts out of an object, and deletes it when nothing that it closes is left. May be repeated at any point. */
export function takeOut(leaving: Leaving, cluster: OpenCluster, signal: AbortSignal): Promise<ChangeResult> {
  return settle(cluster, leaving.address, 'not-taken-back', (now) => partsOut(leaving, now, cluster, signal), signal);
}

export function partsOut({ address, installation, isOver }: Leaving, now: RawObject | undefined, cluster: OpenCluster, signal: AbortSignal): NextStep {
  if (now === undefined) return { state: 'taken-back' };
  if (compositionOf(now)?.parts.some(isOver) === false) return { state: 'taken-back' };
  const standing = standingOf(now, installation);
  if ('problem' in standing) return notTakenBack(`${nameOf(address)} ${standing.problem}`);
  if (isBeingDeleted(now)) return notTakenBack(beingDeleted(address, now));
  const left = withoutParts(standing.made, isOver);
  if (left !== undefined) return (options) => cluster.patch(address, formSteps(now, composed(withoutServerFields(now), left)), options, signal);
  return async (options) => {
    await cluster.delete(address, { uid: uidOf(now) ?? '', resourceVersion: textAt(now, 'metadata', 'resourceVersion') ?? '' }, options, signal);
    return undefined;
  };
}
