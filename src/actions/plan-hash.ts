import { createHash } from 'node:crypto';
import type { Change, Plan } from '#src/model/plan.ts';
import { canonicalJson, contentOf, itemKey, roleRefOf, uidOf, withoutServerFields } from './canonical.ts';

/**
 * The same text for plans that do the same to the same objects on the same grounds. How a plan is worded, and what else is written on
 * the objects or changes there, does not matter.
 */
export function planHash({ changes, stays, proofs, basis }: Plan): string {
  return createHash('sha256').update(canonicalJson({ changes: changes.map(effectOf), stays, proofs, basis })).digest('hex');
}

function effectOf(change: Change): unknown {
  const { type, address, irreversible = null } = change;
  const common = { type, address, irreversible };
  switch (change.type) {
    case 'create':
      return { ...common, body: withoutServerFields(change.body) };
    case 'delete':
      // All that the object gives goes with it, so all of it was decided on.
      return { ...common, uid: uidOf(change.before), content: contentOf(change.before) };
    case 'replace':
      return { ...common, uid: uidOf(change.before), content: contentOf(change.before), body: withoutServerFields(change.body) };
    case 'remove-item':
      return { ...common, uid: uidOf(change.before), role: roleRefOf(change.before), path: change.path, item: itemKey(change.path, change.item) };
    case 'set-text':
      return { ...common, uid: uidOf(change.before), role: roleRefOf(change.before), path: change.path, previous: change.previous ?? null, value: change.value ?? null };
    case 'set-texts':
      return { ...common, uid: uidOf(change.before), path: change.path, previous: change.previous ?? null, value: change.value };
  }
}
