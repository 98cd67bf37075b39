import type { NeedQuestion } from '#src/model/needs.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { standing } from '#src/model/request-standing.ts';
import { calledOf, type KnownPerson } from '#src/model/people-view.ts';
import type { Services } from '#src/model/services.ts';
import { describePath } from '#src/people/access-path.ts';
import { askedPeople } from '#src/people/asked-people.ts';
import { activityText, inactiveText, isInactive, type ClusterReview, type RemovalCandidate } from '#src/people/review.ts';
import { unreadBindings } from '#src/people/stays.ts';

const RIGHTS = 8;

/** Asks inactive people of one cluster whether they still need their access, so many in one review, and closes questions that do not arise any more. */
export async function askInactive(review: ClusterReview, people: readonly KnownPerson[], services: Pick<Services, 'needs' | 'approvals' | 'accessSettings' | 'clock'>): Promise<void> {
  const { needs, accessSettings: settings } = services;
  for (const question of await needs.all()) if (question.cluster === review.cluster) await lookAfter(question, review, people, services);
  let asked = 0;
  for (const { person, paths } of review.inactive) {
    if (asked >= settings.removalsPerReview) return;
    const need = { person: person.id, called: calledOf(person), cluster: review.cluster, ...rightsOf(paths), why: inactiveText(settings.inactiveDays), ...askedPeople(person, people, settings) };
    if (await needs.ask(need)) asked += 1;
  }
}

async function lookAfter(question: NeedQuestion, review: ClusterReview, people: readonly KnownPerson[], { needs, approvals, accessSettings, clock }: Parameters<typeof askInactive>[2]): Promise<void> {
  const { state, request: id } = question;
  if (state === 'open') {
    const why = people.some((person) => person.id === question.person) ? whyOver(question, review, accessSettings.inactiveDays, clock.now()) : 'no source of people knows them by that id any more';
    if (why !== undefined) await needs.close(question, why);
    return;
  }
  const request = id === undefined ? undefined : await lastOf(id, approvals);
  // Nobody has decided, so it is asked once more.
  if (request?.state === 'expired') await needs.filed(question, undefined);
  // What approvers have said holds for a time of its own, after which they are asked anew.
  if (request?.ruling !== undefined) await needs.close(question, ruledWhy(request.ruling));
  // Whoever gives something up and then cancels that has not answered: they are asked anew.
  if (request?.state === 'canceled' || request?.state === 'void') await needs.close(question, standing(request, clock.now()).replace(/\.$/, ''));
}

function ruledWhy(ruling: NonNullable<ApprovalRequest['ruling']>): string {
  if (ruling.type === 'not-theirs') return 'the user name is not theirs, as approvers have said';
  return ruling.type === 'keep' ? `approvers keep the access until ${ruling.until}` : `approvers have denied to take the access away, which may be asked again after ${ruling.until}`;
}

/** The request, or the one that followed it. */
async function lastOf(id: string, approvals: Pick<Services['approvals'], 'get'>): Promise<ApprovalRequest | undefined> {
  const request = await approvals.get(id);
  return request?.successor === undefined ? request : lastOf(request.successor, approvals);
}

/** Why somebody need not be asked any more; undefined while they have to be, and while nobody can tell. */
function whyOver({ person }: NeedQuestion, review: ClusterReview, inactiveDays: number, now: Date): string | undefined {
  const users = review.users.filter((user) => user.person?.id === person);
  const [first] = users;
  if (first === undefined) return unreadBindings(review).length === 0 ? 'there is no access any more' : undefined;
  if (first.status === 'departed' || first.status === 'suspended') return `the person is ${first.status} (${first.why}), and the removal is asked for by that`;
  if (first.status === 'exempt') return first.why;
  const seen = users.find(({ activity }) => activity.lastSeen !== undefined && !isInactive({ ...activity, coverage: 'complete' }, inactiveDays, now));
  return seen ? `seen again: ${activityText(seen.activity)}` : users.find(({ lately }) => lately !== undefined)?.lately;
}

function rightsOf(paths: RemovalCandidate['paths']): Pick<NeedQuestion, 'rights' | 'rightCount'> {
  return { rights: paths.slice(0, RIGHTS).map(describePath), rightCount: paths.length };
}
