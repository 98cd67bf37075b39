import type { PeopleSnapshot } from '#src/model/people-store.ts';
import type { PeopleList, PeopleSourceType, Person, SourceDeps } from '#src/model/people.ts';

/** Lists people with settings as the configuration has them. */
export async function listOf<Settings>(type: PeopleSourceType<Settings>, settings: unknown, deps: SourceDeps, signal: AbortSignal = new AbortController().signal): Promise<PeopleList> {
  return type.create(type.settings.parse(settings), type.name, deps).list(signal);
}

export function aPerson(id: string, more: Partial<Person> = {}): Person {
  return { id, name: id, emails: [`${id}@corp.example`], logins: [], kind: 'person', state: 'active', evidence: 'status: ACTIVE', ...more };
}

/** What is known from Okta; without people and without a whole answer where none is given. */
export function aSnapshot(more: Partial<PeopleSnapshot> = {}): PeopleSnapshot {
  return { source: 'okta', type: 'okta', authority: 'identity-provider', people: [], askedAt: '2026-11-23T07:00:00.000Z', ...more };
}
