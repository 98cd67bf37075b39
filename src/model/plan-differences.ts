import { createHash } from 'node:crypto';
import type { Change, Plan } from './plan.ts';

/** Named one by one; the rest is counted. */
const NAMED = 5;
/** Characters; enough to tell the changes of one plan apart. */
const MARK_LENGTH = 6;

/** What would be done now, beside what was asked, in whole sentences. */
export function differences(asked: Plan, now: Plan): readonly string[] {
  const texts = (plan: Plan): readonly string[] => plan.changes.map(({ text, address }) => `${text} (${address.cluster})`);
  const [before, after] = [texts(asked), texts(now)];
  const told = [
    ...named('Not to be changed any more', without(before, after)),
    ...named('To be changed now', without(after, before)),
    ...named('What it rests on was', asked.basis.filter((text) => !now.basis.includes(text))),
    ...named('What it rests on is now', now.basis.filter((text) => !asked.basis.includes(text))),
    ...named('Stays now', now.stays.filter((text) => !asked.stays.includes(text))),
  ];
  return told.length > 0 ? told : ['The objects that would be changed are not what they were.'];
}

/** A mark of each change as people read it, so that a form can keep what it showed. */
export function marksOf({ changes }: Plan): string {
  return changes.map(markOf).join('.');
}

/** What would be done now, beside what these marks are of, in whole sentences. */
export function changedSince(marks: string, { changes }: Plan): readonly string[] {
  const shown = marks.split('.');
  const now = changes.map(markOf);
  const gone = shown.filter((mark) => !now.includes(mark)).length;
  const told = [
    ...named('To be changed now', changes.filter((_, index) => !shown.includes(now[index] ?? '')).map(({ text }) => text)),
    ...(gone === 0 ? [] : [`Of what was shown, ${gone} ${gone === 1 ? 'change is' : 'changes are'} not to be made any more.`]),
  ];
  return told.length > 0 ? told : ['What the changed objects give, or what stays, is not what it was.'];
}

function markOf({ address: { cluster, kind, namespace, name }, text }: Change): string {
  return createHash('sha256').update(JSON.stringify([cluster, kind, namespace, name, text])).digest('base64url').slice(0, MARK_LENGTH);
}

/** Of several that read the same, each other takes one away. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...texts];
  for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1);
  return left;
}

function named(what: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [];
  const more = texts.length - NAMED;
  const shown = texts.slice(0, NAMED).map((text) => text.replace(/\.$/, ''));
  return [`${what}: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`];
}
