import type { NeedQuestion } from '#src/model/needs.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { Services } from '#src/model/services.ts';
import { describePath } from '#src/people/access-path.ts';
import { askedPeople } from '#src/people/asked-people.ts';
import { activityText, inactiveText, isInactive, type ClusterReview, type RemovalCandidate } from '#src/people/review.ts';

const RIGHTS = 8;

/** Asks inactive people of one cluster whether they still need their access, so many in one review, and closes questions that do not arise any more. */
export async function askInactive(review: ClusterReview, people: readonly KnownPerson[], services: Pick<Services, 'needs' | 'approvals' | 'accessSettings' | 'clock'>): Promise<void> {
  const { needs, accessSettings: settings } = services;
  for (const question of await needs.all()) if (question.cluster === review.cluster) await lookAfter(question, review, services);
  let asked = 0;
  for (const { person, paths } of review.inactive) {
    if (asked >= settings.removalsPerReview) return;
    const need = { person: person.id, called: calledOf(person), cluster: review.cluster, ...rightsOf(paths), why: inactiveText(settings.inactiveDays), ...askedPeople(person, people, settings) };
    if (await needs.ask(need)) asked += 1;
  }
}

async function lookAfter(question: NeedQuestion, review: ClusterReview, { needs, approvals, accessSettings, clock }: Parameters<typeof askInactive>[2]): Promise<void> {
  const { state, request, person } = question;
  if (state === 'open') {
    const why = whyOver(review.users.filter((user) => user.person?.id === person), accessSettings.inactiveDays, clock.now());
    if (why !== undefined) await needs.close(question, why);
  } else if (request !== undefined && (await approvals.get(request))?.state === 'expired') {
    // Nobody has decided, so it is asked once more.
    await needs.filed(question, undefined);
  }
}

/** Why somebody need not be asked any more; undefined while they have to be, and while nobody can tell. */
function whyOver(users: ClusterReview['users'], inactiveDays: number, now: Date): string | undefined {
  const [first] = users;
  if (first === undefined) return 'there is no access any more';
  if (first.status === 'departed' || first.status === 'suspended') return `the person is ${first.status} (${first.why}), and the removal is asked for by that`;
  if (first.status === 'exempt') return first.why;
  const seen = users.find(({ activity }) => activity.lastSeen !== undefined && !isInactive({ ...activity, coverage: 'complete' }, inactiveDays, now));
  return seen && `seen again: ${activityText(seen.activity)}`;
}

function rightsOf(paths: RemovalCandidate['paths']): Pick<NeedQuestion, 'rights' | 'rightCount'> {
  return { rights: paths.slice(0, RIGHTS).map(describePath), rightCount: paths.length };
}

function calledOf({ name, emails }: KnownPerson): string {
  return emails[0] === undefined ? name : `${name} (${emails[0]})`;
}
