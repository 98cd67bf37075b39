import type { Plan } from '#src/model/plan.ts';

/** Named one by one; the rest is counted. */
const NAMED = 5;

/** What would be done now, beside what was asked, in whole sentences. */
export function differences(asked: Plan, now: Plan): readonly string[] {
  const texts = (plan: Plan): readonly string[] => plan.changes.map(({ text, address }) => `${text} (${address.cluster})`);
  const [before, after] = [texts(asked), texts(now)];
  const told = [
    ...named('Not to be changed any more', before.filter((text) => !after.includes(text))),
    ...named('To be changed now', after.filter((text) => !before.includes(text))),
    ...named('What it rests on was', asked.basis.filter((text) => !now.basis.includes(text))),
    ...named('What it rests on is now', now.basis.filter((text) => !asked.basis.includes(text))),
    ...named('Stays now', now.stays.filter((text) => !asked.stays.includes(text))),
  ];
  return told.length > 0 ? told : ['The objects that would be changed are not what they were.'];
}

function named(what: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [];
  const more = texts.length - NAMED;
  const shown = texts.slice(0, NAMED).map((text) => text.replace(/\.$/, ''));
  return [`${what}: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`];
}
