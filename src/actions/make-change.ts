import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import type { Change, ChangeResult, CreateObject, DeleteObject, Maker, ObjectAddress, RemoveItem, ReplaceObject, SetText, SetTexts } from '#src/model/plan.ts';
import { at, formatPath, listAt, textAt, type RawObject } from '#src/model/raw.ts';
import { settle, type NextStep } from './attempts.ts';
import { canonicalJson, contentOf, placesOf, roleRefOf, uidOf } from './canonical.ts';
import { specOf } from './composition.ts';
import { endingFor, endingsOf, noteSteps, unreadable } from './end-notes.ts';
import { bodyFor, compositionOf, holds, installationOf, isMadeFor, standingOf } from './own-objects.ts';
import { formSteps, removeSteps, textSteps, textsSteps, unchanged } from './patch-steps.ts';
import { isSameList, listOf } from './text-lists.ts';
import { beingDeleted, failed, isBeingDeleted, isBeyondSight, nameOf, SECRET_CONTENT } from './wording.ts';

const DONE: ChangeResult = { state: 'done' };

/**
 * Makes one change of a plan that was approved. May be repeated at any point: what is as wanted already counts as done. What is no longer
 * what was decided on is left alone.
 *
 * @throws the signal's reason alone; whatever the cluster says becomes a result.
 */
export function makeChange(change: Change, cluster: OpenCluster, maker: Maker, signal: AbortSignal): Promise<ChangeResult> {
  const decide = (now: RawObject | undefined): NextStep => {
    switch (change.type) {
      case 'create':
        return creation(change, now, cluster, maker, signal);
      case 'delete':
        return deletion(change, now, cluster, signal);
      case 'replace':
        return replacement(change, now, cluster, maker, signal);
      case 'remove-item':
        return removal(change, now, cluster, signal);
      case 'set-text':
        return setting(change, now, cluster, signal);
      case 'set-texts':
        return listing(change, now, cluster, maker, signal);
    }
  };
  return settle(cluster, change.address, 'failed', decide, signal);
}

function creation(change: CreateObject, now: RawObject | undefined, cluster: OpenCluster, maker: Maker, signal: AbortSignal): NextStep {
  const { address } = change;
  const body = bodyFor(change, maker);
  if (now === undefined) return (options) => cluster.create(address, body, options, signal);
  if (!isMadeFor(now, maker.request)) return failed(`there is a ${nameOf(address)} already, which was not made for this request`);
  if (isBeingDeleted(now)) return failed(beingDeleted(address, now));
  if (!isMade(now, body, maker)) return failed(`${nameOf(address)} was made for this request, and somebody has changed it since`);
  const uid = uidOf(now);
  return { state: 'done', ...(uid !== undefined && { uid }) };
}

function deletion({ address, before }: DeleteObject, now: RawObject | undefined, cluster: OpenCluster, signal: AbortSignal): NextStep {
  if (now === undefined) return DONE;
  const uid = uidOf(now);
  if (uid === undefined || uid !== uidOf(before)) return failed(replaced(address));
  if (isBeingDeleted(now)) return failed(beingDeleted(address, now));
  if (contentOf(now) !== contentOf(before)) return failed(`${nameOf(address)} is not what it was when this was planned`);
  const resourceVersion = textAt(now, 'metadata', 'resourceVersion');
  return async (options) => {
    await cluster.delete(address, { uid, ...(resourceVersion !== undefined && { resourceVersion }) }, options, signal);
    return undefined;
  };
}

/** What is made of something else than when this was planned is left alone, whoever changed it. */
function replacement(change: ReplaceObject, now: RawObject | undefined, cluster: OpenCluster, maker: Maker, signal: AbortSignal): NextStep {
  const { address, before } = change;
  const body = bodyFor(change, maker);
  if (now === undefined) return failed(`${nameOf(address)} is not there any more`);
  if (isBeingDeleted(now)) return failed(beingDeleted(address, now));
  const uid = uidOf(now);
  if (isMade(now, body, maker)) return { state: 'done', ...(uid !== undefined && { uid }) };
  const standing = standingOf(now, installationOf(body));
  if ('problem' in standing) return failed(`${nameOf(address)} ${standing.problem}`);
  if (uid !== uidOf(before)) return failed(replaced(address));
  if (canonicalJson(standing.made) !== canonicalJson(compositionOf(before))) return failed(`${nameOf(address)} was changed for another request since this was planned`);
  return (options) => cluster.patch(address, formSteps(now, body), options, signal);
}

/** Of what is made of parts, others may have come and gone since. */
function isMade(now: RawObject, body: RawObject, { request }: Maker): boolean {
  const made = compositionOf(now);
  return isMadeFor(now, request) && holds(now, made === undefined ? body : { spec: specOf(made) });
}

/** An empty list stays, so that whoever looks after the object still has it. A binding that the bot may not change is deleted instead, if it names nobody else. */
function removal({ address, path, item, before }: RemoveItem, now: RawObject | undefined, cluster: OpenCluster, signal: AbortSignal): NextStep {
  if (now === undefined) return DONE;
  const places = placesOf(now, path, item);
  if (places.length === 0) return DONE;
  const problem = anotherThan(before, now, address);
  if (problem !== undefined) return failed(problem);
  return async (options) => {
    try {
      return await cluster.patch(address, [...unchanged(now), ...removeSteps(now, path, places)], options, signal);
    } catch (error) {
      const mayDelete = error instanceof ChangeFailed && error.fault === 'may-not-bind' && listAt(now, ...path).length === places.length;
      if (!mayDelete) throw error;
      // Of a binding that names nobody else, nothing is lost but the way back.
      await cluster.delete(address, { uid: uidOf(now) ?? '', resourceVersion: textAt(now, 'metadata', 'resourceVersion') ?? '' }, options, signal);
      return undefined;
    }
  };
}

function setting({ address, path, previous, value, before }: SetText, now: RawObject | undefined, cluster: OpenCluster, signal: AbortSignal): NextStep {
  if (isBeyondSight(address, path)) return failed(`${SECRET_CONTENT}, so it cannot be changed from here`);
  if (now === undefined) return value === undefined ? DONE : failed(`${nameOf(address)} is not there any more`);
  const found = at(now, ...path);
  if (found === value) return DONE;
  const problem = anotherThan(before, now, address) ?? (found === previous ? undefined : `${formatPath(path)} of ${nameOf(address)} is not what it was when this was planned`);
  if (problem !== undefined) return failed(problem);
  return (options) => cluster.patch(address, textSteps(now, path, value), options, signal);
}

/** Made only over what stood there: whoever changed the list meanwhile meant something by it. */
function listing(change: SetTexts, now: RawObject | undefined, cluster: OpenCluster, maker: Maker, signal: AbortSignal): NextStep {
  const { address, path, previous, value, before } = change;
  if (now === undefined) return failed(`${nameOf(address)} is not there any more`);
  const found = listOf(now, path);
  const problem = anotherThan(before, now, address);
  if (problem !== undefined) return failed(problem);
  if (isSameList(found, value)) return DONE;
  if (isBeingDeleted(now)) return failed(beingDeleted(address, now));
  if (!isSameList(found, previous)) return failed(`${formatPath(path)} of ${nameOf(address)} is not what it was when this was planned`);
  const ending = endingFor(change, maker);
  const noted = endingsOf(now);
  if (ending !== undefined && noted === undefined) return failed(unreadable(address));
  const note = ending === undefined ? [] : noteSteps(now, [...(noted ?? []), ending]);
  return (options) => cluster.patch(address, [...textsSteps(now, path, value), ...note], options, signal);
}

/** Why this is not the object that was decided on. */
function anotherThan(before: RawObject, now: RawObject, address: ObjectAddress): string | undefined {
  if (uidOf(now) !== uidOf(before)) return replaced(address);
  return roleRefOf(now) === roleRefOf(before) ? undefined : `${nameOf(address)} gives another role than when this was planned`;
}

function replaced(address: ObjectAddress): string {
  return `${nameOf(address)} was deleted and made anew since this was planned`;
}
