import type { Caller } from '#src/model/access.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';

/** Who is asked whether somebody still needs their access: themselves, and their manager, or the configured owners where none is known. */
export function askedPeople(person: KnownPerson, people: readonly KnownPerson[], { inactiveOwners }: Pick<AccessSettings, 'inactiveOwners'>): Pick<NeedQuestion, 'slackId' | 'owners'> {
  const slackId = reachable(person);
  const manager = managerOf(person, people);
  const boss = manager === undefined ? undefined : reachable(manager);
  const owners = (boss === undefined ? inactiveOwners : [boss]).filter((id) => id !== person.slackId);
  return { owners, ...(slackId !== undefined && { slackId }) };
}

/** Whoever was asked, by what is stored and not by what was pressed. */
export function mayAnswer({ slackId, owners }: Pick<NeedQuestion, 'slackId' | 'owners'>, { userId }: Pick<Caller, 'userId'>): boolean {
  return userId === slackId || owners.includes(userId);
}

/** Ids of a manager count in the system that tells of them, addresses everywhere. */
function managerOf({ manager, testimonies }: KnownPerson, people: readonly KnownPerson[]): KnownPerson | undefined {
  if (manager === undefined) return undefined;
  const source = testimonies.find((testimony) => testimony.person.manager === manager)?.source;
  const address = manager.toLowerCase();
  return people.find((other) => other.emails.some((email) => email.toLowerCase() === address) || other.testimonies.some((told) => told.source === source && told.person.id === manager));
}

/** Slack user id of somebody who can read a direct message. */
function reachable({ slackId, state, testimonies }: KnownPerson): string | undefined {
  const isGone = state === 'departed' || testimonies.some(({ person }) => person.id === slackId && person.state !== 'active');
  return isGone ? undefined : slackId;
}
