import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import { isMetadataOnly } from '#src/model/kinds.ts';
import type { Change, ChangeResult, CreateObject, DeleteObject, ObjectAddress, RemoveItem, ReplaceObject, SetText, SetTexts } from '#src/model/plan.ts';
import { at, formatPath, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { addressOf } from './address-of.ts';
import { settle, type NextStep } from './attempts.ts';
import { placesOf, roleRefOf, uidOf, withoutServerFields } from './canonical.ts';
import { forgetSteps } from './end-notes.ts';
import { compositionOf, installationOf, isMadeFor, isRestoredBy, restoredBy } from './own-objects.ts';
import { appendStep, textSteps, textsSteps, unchanged } from './patch-steps.ts';
import { partsOut } from './take-out.ts';
import { isSameList, kubectlPatch, listOf, withoutOurs } from './text-lists.ts';
import { beingDeleted, failed, isBeingDeleted, isBeyondSight, nameOf, notTakenBack, SECRET_CONTENT } from './wording.ts';

/** kubectl's copy of the whole object as it was applied, with all its subjects. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const TAKEN_BACK: ChangeResult = { state: 'taken-back' };

interface Undoing {
  readonly cluster: OpenCluster;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** k8ssec made the change, which is certain only where its success was recorded. */
  readonly isOurs: boolean;
}

/**
 * Takes one change back; may be repeated at any point. What others have done since is left as it is:
 *
 * - a subject is given back even when its binding has gone; the binding is then made with this subject alone, because whoever deleted it
 *   took the rights of the others away, and they are not ours to give;
 * - nothing is given back where the binding gives another role by now;
 * - an object that was made is deleted only while it is that object;
 * - of an object that is made of parts only those of the request are taken out, and only while it says what its parts add up to;
 * - an object that was deleted is made anew only while there is none of that name;
 * - a text is set back only while it is the one that was set;
 * - of a list, what was put is taken out and what was taken out is put back, as long as that is all there is to it.
 *
 * A change whose success was never recorded is undone only where that gives no rights to anybody; it stays failed otherwise.
 *
 * @throws the signal's reason alone; whatever the cluster says becomes a result.
 */
export async function takeBack(change: Change, result: ChangeResult, cluster: OpenCluster, requestId: string, signal: AbortSignal): Promise<ChangeResult> {
  if (result.state === 'taken-back') return result;
  // What was made here is known by its label, recorded or not.
  if (result.state === 'open' && change.type !== 'create' && change.type !== 'replace') return result;
  const undoing: Undoing = { cluster, requestId, signal, isOurs: result.state !== 'failed' };
  const decide = (now: RawObject | undefined): NextStep | Promise<NextStep> => {
    switch (change.type) {
      case 'create':
        return compositionOf(change.body) === undefined ? uncreated(change, result, now, undoing) : withoutMine(change, result.uid, now, undoing);
      case 'delete':
        return restored(change, now, undoing);
      case 'replace':
        return withoutMine(change, uidOf(change.before), now, undoing);
      case 'remove-item':
        return givenBack(change, now, undoing);
      case 'set-text':
        return setBack(change, now, undoing);
      case 'set-texts':
        return listedBack(change, now, undoing);
    }
  };
  const outcome = await settle(cluster, change.address, 'not-taken-back', decide, signal);
  if (outcome.state === 'taken-back') return outcome;
  // What another attempt needs to know stays.
  return { ...(result.uid !== undefined && { uid: result.uid }), ...outcome, state: undoing.isOurs ? 'not-taken-back' : 'failed' };
}

function uncreated({ address }: CreateObject, { uid: made }: ChangeResult, now: RawObject | undefined, { cluster, requestId, signal }: Undoing): NextStep {
  if (now === undefined) return TAKEN_BACK;
  const uid = uidOf(now);
  const isSame = made === undefined || uid === made;
  const isMarked = isMadeFor(now, requestId);
  // Another's object of the same name; ours has gone.
  if (uid === undefined || (!isMarked && (made === undefined || !isSame))) return TAKEN_BACK;
  if (!isMarked) return notTakenBack(`somebody has taken the label off ${nameOf(address)} that says for which request it was made`);
  if (!isSame) return notTakenBack(`somebody has made ${nameOf(address)} anew since`);
  if (isBeingDeleted(now)) return notTakenBack(beingDeleted(address, now));
  const resourceVersion = textAt(now, 'metadata', 'resourceVersion');
  return async (options) => {
    await cluster.delete(address, { uid, ...(resourceVersion !== undefined && { resourceVersion }) }, options, signal);
    return undefined;
  };
}

/** Whoever took the note of its parts off the object that was written is told so; another object of that name is none of ours. */
function withoutMine({ address, body }: CreateObject | ReplaceObject, written: string | undefined, now: RawObject | undefined, { cluster, requestId, signal }: Undoing): NextStep {
  const isOurs = now !== undefined && (isMadeFor(now, requestId) || (compositionOf(now) === undefined && uidOf(now) === written));
  if (!isOurs) return TAKEN_BACK;
  return partsOut({ address, installation: installationOf(body), isOver: ({ request }) => request === requestId }, now, cluster, signal);
}

async function restored({ address, before, irreversible }: DeleteObject, now: RawObject | undefined, undoing: Undoing): Promise<NextStep> {
  const { cluster, requestId, signal, isOurs } = undoing;
  if (now !== undefined) {
    if (uidOf(now) === uidOf(before)) return isBeingDeleted(now) ? notTakenBack(beingDeleted(address, now)) : TAKEN_BACK;
    return isRestoredBy(now, requestId) ? TAKEN_BACK : notTakenBack(`there is a new ${nameOf(address)} already`);
  }
  if (!isOurs) return unsure(address);
  if (irreversible !== undefined) return notTakenBack(irreversible);
  if (isMetadataOnly(address.apiVersion, address.kind)) return notTakenBack(`${SECRET_CONTENT}, so it cannot be made anew`);
  const body = restoredBy(await withLivingOwners(withoutServerFields(before), undoing, address.cluster), requestId);
  return (options) => cluster.create(address, body, options, signal);
}

function givenBack({ address, path, item, before }: RemoveItem, now: RawObject | undefined, { cluster, signal, isOurs }: Undoing): NextStep {
  if (now !== undefined && placesOf(now, path, item).length > 0) {
    return roleRefOf(now) === roleRefOf(before) ? TAKEN_BACK : notTakenBack(`${nameOf(address)} gives another role by now`);
  }
  if (!isOurs) return unsure(address);
  if (now === undefined) {
    const [field] = path;
    if (path.length !== 1 || typeof field !== 'string') return notTakenBack(`${nameOf(address)} is not there any more`);
    const body = { ...withoutOwners(withoutServerFields(before)), [field]: [item] };
    return (options) => cluster.create(address, body, options, signal);
  }
  if (isBeingDeleted(now)) return notTakenBack(beingDeleted(address, now));
  if (roleRefOf(now) !== roleRefOf(before)) return notTakenBack(`${nameOf(address)} gives another role by now`);
  return (options) => cluster.patch(address, [...unchanged(now), appendStep(now, path, item)], options, signal);
}

function setBack({ address, path, previous, value, before }: SetText, now: RawObject | undefined, { cluster, signal, isOurs }: Undoing): NextStep {
  if (isBeyondSight(address, path)) return notTakenBack(`${SECRET_CONTENT}, so it cannot be changed from here`);
  if (now === undefined) return notTakenBack(`${nameOf(address)} is not there any more`);
  const found = at(now, ...path);
  if (found === previous) return TAKEN_BACK;
  if (uidOf(now) !== uidOf(before)) return notTakenBack(`${nameOf(address)} was deleted and made anew since`);
  if (found !== value) return notTakenBack(`${formatPath(path)} of ${nameOf(address)} was changed by somebody else since`);
  if (!isOurs) return unsure(address);
  return (options) => cluster.patch(address, textSteps(now, path, previous), options, signal);
}

function listedBack({ address, path, previous, value, before }: SetTexts, now: RawObject | undefined, { cluster, requestId, signal, isOurs }: Undoing): NextStep {
  if (now === undefined) return notTakenBack(`${nameOf(address)} is not there any more`);
  if (uidOf(now) !== uidOf(before)) return notTakenBack(`${nameOf(address)} was deleted and made anew since`);
  const found = listOf(now, path);
  const wanted = withoutOurs(found, previous, value);
  if (wanted === 'unclear') {
    const stands = found === undefined ? 'nothing' : found.join(', ');
    return notTakenBack(`${formatPath(path)} of ${nameOf(address)} was changed since, and people have to say what stays. It holds now: ${stands}`, kubectlPatch(address, path, previous));
  }
  const forget = forgetSteps(now, requestId);
  const isDone = isSameList(found, wanted);
  if (isDone && (forget.length === 0 || isBeingDeleted(now))) return TAKEN_BACK;
  if (!isDone && !isOurs) return unsure(address);
  if (isBeingDeleted(now)) return notTakenBack(beingDeleted(address, now));
  return (options) => cluster.patch(address, [...textsSteps(now, path, wanted), ...forget], options, signal);
}

function unsure(address: ObjectAddress): ChangeResult {
  return failed(`nobody knows whether k8ssec or somebody else changed ${nameOf(address)}, so it is left as it is`);
}

function withoutOwners(object: RawObject): RawObject {
  const { ownerReferences, annotations, ...metadata } = objectAt(object, 'metadata') ?? {};
  const { [LAST_APPLIED]: applied, ...others } = objectAt({ annotations }, 'annotations') ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(others).length > 0 && { annotations: others }) } };
}

/** An object whose owner has gone would be deleted at once; what cannot be looked at counts as gone. */
async function withLivingOwners(object: RawObject, undoing: Undoing, cluster: string): Promise<RawObject> {
  const { ownerReferences, ...metadata } = objectAt(object, 'metadata') ?? {};
  const owners: RawObject[] = [];
  for (const [, owner] of objectsAt({ ownerReferences }, 'ownerReferences')) {
    if (await isAlive(owner, textAt(metadata, 'namespace'), undoing, cluster)) owners.push(owner);
  }
  return { ...object, metadata: { ...metadata, ...(owners.length > 0 && { ownerReferences: owners }) } };
}

async function isAlive(owner: RawObject, namespace: string | undefined, { cluster, signal }: Undoing, name: string): Promise<boolean> {
  const address = addressOf(name, { ...owner, metadata: { name: textAt(owner, 'name'), namespace } });
  if (address === undefined) return false;
  try {
    const found = await cluster.get(address, signal);
    return found !== undefined && uidOf(found) === textAt(owner, 'uid') && !isBeingDeleted(found);
  } catch (error) {
    if (error instanceof ChangeFailed) return false;
    throw error;
  }
}
