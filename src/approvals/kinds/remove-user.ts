import { z } from 'zod';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { calledOf, type KnownPerson } from '#src/model/people-view.ts';
import { printable } from '#src/model/printable.ts';
import { defineApprovalKind, NothingToPropose, type Proposal, type RequestCard } from '#src/model/request.ts';
import { createMatcher, type Matcher } from '#src/people/match.ts';
import { accessOfPerson, isSure } from '#src/people/person-access.ts';
import { readAccess, type AccessReadings } from '#src/people/read-access.ts';
import { removalPlan, type Removal } from '#src/people/removal.ts';
import { AccessKept, keepingOf, lastSaid, rulingText } from '#src/people/rulings.ts';
import { activityText, evidenceOf, isInactive } from '#src/people/review.ts';

const HOUR_MS = 3600_000;

const subject = z.strictObject({
  /** Id of a KnownPerson. */
  person: z.string().min(1),
  /** Absent for all. */
  clusters: z.array(z.string()).min(1).optional(),
  /** Why: the state that the person must still be in when it is done; `asked` holds in any, and so does `given-up`, by the person themselves. */
  reason: z.enum(['departed', 'suspended', 'inactive', 'given-up', 'asked']),
  /** What came of asking the person, for people. */
  asked: z.string().optional(),
  /** Keys of the paths to take away; absent for all that can be. */
  bindings: z.array(z.string()).min(1).optional(),
});
export type RemoveUser = z.output<typeof subject>;

const HEADERS: Readonly<Record<RemoveUser['reason'], string>> = {
  departed: 'Departed user still has access',
  suspended: 'Suspended user still has access',
  inactive: 'Inactive user',
  'given-up': 'Access that is not needed any more',
  asked: 'Remove the access of a user',
};

/** Where it is not the state of the person that tells. */
const SIGNALS: Readonly<Partial<Record<RemoveUser['reason'], string>>> = { inactive: 'no activity seen', 'given-up': 'says that it is not needed any more' };

/** Takes the access of one person away: exactly their subjects, the most dangerous first. */
export const kind = defineApprovalKind<RemoveUser>({
  name: 'remove-user',
  summary: 'The access of somebody who has left, is suspended or inactive, is to be taken away.',
  subject,
  expiresAfterMs: 72 * HOUR_MS,
  approvals: { usual: 1, production: 2 },
  reasonNeeded: true,
  identity: ({ person, clusters, bindings }) => JSON.stringify([person, sorted(clusters), sorted(bindings)]),
  async confirm({ person: id, reason }, { people }, signal) {
    if (reason !== 'departed' && reason !== 'suspended') return;
    const person = (await people.all()).find((candidate) => candidate.id === id);
    // Whoever nobody knows any more is told of by `propose`.
    if (person === undefined) return;
    // Whoever is suspended in one system, as before, has left all the same by what another one says.
    const back = (await people.stateNow(person, signal)).find(({ told, person: now }) => now?.state === 'active' || (now?.state === 'suspended' && told === 'departed' && reason === 'departed'));
    if (back !== undefined) throw new NothingToPropose(`${person.name} is not ${reason} any more: ${back.source} says now ${back.person?.evidence ?? ''}.`);
  },
  narrow: (wish, bindings) => ({ ...wish, bindings: [...bindings] }),
  async propose(wish, world, signal) {
    const all = await world.people.all();
    const person = all.find(({ id }) => id === wish.person);
    if (person === undefined) throw new NothingToPropose('No source of people knows that person any more.');
    const names = wish.clusters ?? world.clusters.all().map(({ name }) => name);
    const matcher = createMatcher(all, world.settings);
    const readings = await readAccess(world.clusters, names, world.clock.now(), signal);
    if (readings.maps.length === 0) throw unread(names, readings, world);
    const lastActivity = await judgedReason(wish, person, readings, matcher, world);
    const { unreached: alsoStays, maps } = readings;
    const removal = removalPlan({ person, maps, matcher, settings: world.settings, alsoStays, ...(wish.bindings && { choice: wish.bindings }) });
    requireNotKept(wish, person, removal, world);
    const addresses = removal.plan.changes.map(({ address }) => address);
    return {
      card: cardOf(wish, person, removal, lastActivity),
      plan: removal.plan,
      parts: removal.parts,
      clusters: unique(addresses.map(({ cluster }) => cluster)),
      namespaces: unique(addresses.flatMap(({ namespace }) => namespace ?? [])),
      targets: person.slackId === undefined ? [] : [person.slackId],
      about: { person: person.id, called: calledOf(person), state: person.state, users: removal.users, paths: removal.removed.map(({ key, rank }) => ({ key, rank })) },
      sensitive: removal.administrator !== undefined,
      ...retypeOf(removal),
      ...(wish.reason === 'given-up' && { consented: true as const }),
    };
  },
});

/** What cannot be seen in a name is typed as it is shown. */
function retypeOf({ administrator = '' }: Removal): Pick<Proposal, 'retype'> {
  const retype = printable(administrator).trim();
  return retype === '' ? {} : { retype };
}

/** Clusters that are away are asked again; those that are not watched any more never answer. */
function unread(names: readonly string[], { unreached }: AccessReadings, { clusters }: ProposalWorld): Error {
  const isWatched = names.some((name) => clusters.find(name) !== undefined);
  return isWatched ? new ClusterUnreachable(unreached.join(' ').replace(/\.$/, '')) : new NothingToPropose(unreached.join(' ') || 'No cluster is watched.');
}

/** The person's last activity in words. @throws {NothingToPropose} when what was given as the reason is not so. */
async function judgedReason({ reason }: RemoveUser, person: KnownPerson, { maps }: AccessReadings, matcher: Matcher, { activity, settings, clock }: ProposalWorld): Promise<string> {
  const { name, state } = person;
  if (reason !== 'asked' && reason !== 'given-up' && state === 'conflict') throw new NothingToPropose(`Systems disagree about ${name}${person.doubt === undefined ? '' : `: ${person.doubt}`}. Nothing is proposed until they agree.`);
  const hasGone = state === 'departed' || state === 'suspended';
  if ((reason === 'departed' && state !== 'departed') || (reason === 'suspended' && !hasGone)) throw new NothingToPropose(`${name} is not ${reason}: ${evidenceOf(person)}.`);
  const users = maps.flatMap((map) => accessOfPerson(person, map, matcher).names.filter(({ match }) => isSure(match)).map(({ user }) => ({ cluster: map.cluster, user })));
  const seen = await Promise.all(users.map(({ cluster, user }) => activity.of(cluster, user)));
  if (reason === 'inactive' && !hasGone) {
    const active = seen.find((one) => !isInactive(one, settings.inactiveDays, clock.now()));
    if (active !== undefined) throw new NothingToPropose(`Nobody can tell that ${name} is inactive. Last activity: ${activityText(active)}.`);
  }
  const [latest] = seen.toSorted((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''));
  return latest === undefined ? 'not observed' : activityText(latest);
}

/** What the state of a person says is weaker than what approvers have said knowing it. @throws {AccessKept} */
function requireNotKept({ reason }: RemoveUser, person: KnownPerson, { removed }: Removal, { clock }: ProposalWorld): void {
  const ruling = reason === 'asked' || reason === 'given-up' ? undefined : keepingOf(person, removed, clock.now());
  if (ruling !== undefined) throw new AccessKept(`The access of ${person.name} is ${rulingText(ruling)}.`);
}

function cardOf({ reason, asked }: RemoveUser, person: KnownPerson, { plan, removed, users }: Removal, lastActivity: string): RequestCard {
  const { name, emails, confidence, doubt, manager } = person;
  const clusters = unique(plan.changes.map(({ address }) => address.cluster)).length;
  const said = lastSaid(person, removed);
  // Of somebody whom every source calls active, the sources prove nothing.
  const signal = person.state === 'active' ? SIGNALS[reason] : evidenceOf(person);
  return {
    header: HEADERS[reason],
    ask: `Remove the access of ${emails[0] ?? name}: ${counted(removed.length, 'binding')} in ${counted(clusters, 'cluster')}`,
    facts: [
      ['Person', calledOf(person)],
      ['User name', users.join(', ')],
      ...(signal === undefined ? [] : [['Signal', signal] as const]),
      ['Confidence', doubt === undefined ? confidence : `${confidence}: ${doubt}`],
      ['Last activity', lastActivity],
      ['Manager', manager ?? 'not known'],
      ...(asked === undefined ? [] : [['Answer', asked] as const]),
      ...(said === undefined ? [] : [['Before', rulingText(said)] as const]),
    ],
    effect: 'Would be removed',
    approve: 'Review and remove…',
    undo: 'Restore',
    undone: 'Restored',
  };
}

function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function sorted(texts: readonly string[] | undefined): readonly string[] | null {
  return texts === undefined ? null : texts.toSorted();
}
