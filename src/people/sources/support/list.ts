import { SourceFailed, type PeopleList, type Person } from '#src/model/people.ts';

/** Who is believed when an account was read twice: a list may change while it is read, and a departure must not be taken from the older half. */
const PRESENCE: readonly Person['state'][] = ['departed', 'suspended', 'active'];

/**
 * What a source returns when it has read all pages.
 *
 * Each account stands in it once. An address or login that was given to somebody else after a departure belongs to the one who has it now.
 *
 * @throws {SourceFailed} `empty` when nobody is left who has not departed: an organisation without people is an error of the answer.
 */
export function wholeList(title: string, people: readonly Person[], listsDeparted: boolean): PeopleList {
  const byId = new Map<string, Person>();
  for (const person of people) {
    const known = byId.get(person.id);
    if (known === undefined || PRESENCE.indexOf(person.state) > PRESENCE.indexOf(known.state)) byId.set(person.id, person);
  }
  const once = [...byId.values()];
  const present = once.filter(({ state }) => state !== 'departed');
  if (present.length === 0) throw new SourceFailed('empty', `${title} answered that there is nobody`);
  const taken = new Set(present.flatMap(({ emails, logins }) => [...emails, ...logins]).map((name) => name.toLowerCase()));
  const free = (name: string) => !taken.has(name.toLowerCase());
  return {
    people: once.map((person) => (person.state === 'departed' ? { ...person, emails: person.emails.filter(free), logins: person.logins.filter(free) } : person)),
    listsDeparted,
  };
}

/** Names without blanks, gaps and repeats, in their order; case tells no two apart. */
export function distinct(names: readonly (string | null | undefined)[]): readonly string[] {
  const byKey = new Map<string, string>();
  for (const name of names) {
    const trimmed = name?.trim() ?? '';
    const key = trimmed.toLowerCase();
    if (trimmed !== '' && !byKey.has(key)) byKey.set(key, trimmed);
  }
  return [...byKey.values()];
}

/** A moment as ISO 8601 in UTC; nothing for what is absent, no date, or the zero that stands for never. */
export function momentOf(text: string | null | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) || at <= 0 ? undefined : new Date(at).toISOString();
}
