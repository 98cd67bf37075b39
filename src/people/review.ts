import type { Activity, ActivityView } from '#src/model/activity.ts';
import { givenAt, isOlderThan } from '#src/model/binding-age.ts';
import { USER_STATUSES, type UserStanding, type UserStatus } from '#src/model/known-users.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { Ruling } from '#src/model/rulings.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { byDanger, describeAddress, type AccessMap, type AccessPath, type BindingPath, type Unread } from './access-path.ts';
import { createMatcher, type Match, type Matcher } from './match.ts';
import { isSure, ownedAccess, type NamedAccess } from './person-access.ts';
import { isHumanName, protectionOf } from './protection.ts';
import { assessRemoval } from './removal.ts';
import { keepingOf } from './rulings.ts';

export interface ReviewedUser extends UserStanding {
  readonly user: string;
  readonly person?: KnownPerson;
  readonly match: Match;
  readonly paths: readonly AccessPath[];
  readonly activity: Activity;
  /** Why somebody who was not seen is not inactive: a binding that may not have named them for so long. */
  readonly lately?: string;
}

/** Somebody whose access may be proposed for removal; whoever is inactive is asked first. */
export interface RemovalCandidate {
  readonly person: KnownPerson;
  readonly reason: 'departed' | 'suspended' | 'inactive';
  /** That would go, the most dangerous first. */
  readonly paths: readonly AccessPath[];
}

export interface ClusterReview {
  readonly cluster: string;
  /** In the order of the statuses, the most dangerous first. */
  readonly users: readonly ReviewedUser[];
  /** At most as many as one review may propose, the most dangerous first. */
  readonly proposable: readonly RemovalCandidate[];
  /** Those above that number, which are only listed. */
  readonly beyondLimit: readonly RemovalCandidate[];
  /** All who are to be asked whether they still need their access, the most dangerous first. */
  readonly inactive: readonly RemovalCandidate[];
  /** Whose access approvers have kept as it is, or did not want taken away lately, so that nobody is asked about it. */
  readonly kept: readonly (RemovalCandidate & { readonly ruling: Ruling })[];
  /** Bindings to ServiceAccounts that do not exist: whoever makes one of that name has the rights. */
  readonly dangling: readonly BindingPath[];
  readonly unread: readonly Unread[];
}

export interface AccessReview {
  readonly clusters: readonly ClusterReview[];
  /** Each user name that matches nobody, once, with the clusters where it has access, and what approvers have said of it. */
  readonly unknown: readonly { readonly user: string; readonly clusters: readonly string[]; readonly said?: string }[];
}

export interface ReviewWorld {
  readonly people: readonly KnownPerson[];
  readonly maps: readonly AccessMap[];
  readonly settings: AccessSettings;
  readonly activity: Pick<ActivityView, 'of'>;
  readonly now: Date;
}

const DAY_MS = 24 * 3600_000;

/** Joins who belongs to the organisation with who has access. */
export async function reviewAccess({ people, maps, settings, activity, now }: ReviewWorld): Promise<AccessReview> {
  const matcher = createMatcher(people, settings);
  const clusters = await Promise.all(maps.map((map) => reviewCluster(map, { matcher, settings, activity, now })));
  const unknown = Map.groupBy(clusters.flatMap(({ cluster, users }) => users.filter(({ status }) => status === 'unknown').map((user) => ({ cluster, ...user }))), ({ user }) => user);
  return { clusters, unknown: [...unknown].map(([user, found]) => ({ user, clusters: found.map(({ cluster }) => cluster), ...saidOf(found) })) };
}

function saidOf([first]: readonly Pick<ReviewedUser, 'match'>[]): { readonly said?: string } {
  return first?.match.isDisowned ? { said: first.match.why } : {};
}

type ClusterWorld = Pick<ReviewWorld, 'settings' | 'activity' | 'now'> & { readonly matcher: Matcher };

async function reviewCluster(map: AccessMap, world: ClusterWorld): Promise<ClusterReview> {
  const named = ownedAccess(map, world.matcher).filter(({ user, match }) => isHumanName(user) || match.person !== undefined);
  const users = await Promise.all(named.map(async (access) => reviewedUser(access, await world.activity.of(map.cluster, access.user), world)));
  const found = candidatesOf(map, users, world).map((candidate) => ({ candidate, ruling: keepingOf(candidate.person, candidate.paths, world.now) }));
  const candidates = found.flatMap(({ candidate, ruling }) => (ruling === undefined ? [candidate] : []));
  const gone = candidates.filter(({ reason }) => reason !== 'inactive');
  const { removalsPerReview } = world.settings;
  return {
    cluster: map.cluster,
    users: users.toSorted((a, b) => USER_STATUSES.indexOf(a.status) - USER_STATUSES.indexOf(b.status) || worstFirst(a, b)),
    proposable: gone.slice(0, removalsPerReview),
    beyondLimit: gone.slice(removalsPerReview),
    inactive: candidates.filter(({ reason }) => reason === 'inactive'),
    kept: found.flatMap(({ candidate, ruling }) => (ruling === undefined ? [] : [{ ...candidate, ruling }])),
    dangling: map.dangling,
    unread: map.unread,
  };
}

/** Whoever was given something within the window had no time not to use it. How old entries of aws-auth and tokens are is not known. */
function reviewedUser(access: NamedAccess, activity: Activity, world: ClusterWorld): ReviewedUser {
  const standing = standingOf(access, activity, world);
  const lately = standing.status === 'inactive' ? givenLately(access, world) : undefined;
  if (lately === undefined) return { ...access, ...standing, activity };
  return { ...access, ...standing, status: 'active', why: `${standing.why}, but ${lately}`, activity, lately };
}

/** `RoleBinding shop/dev was made or its subjects were changed on 2026-11-20`. */
function givenLately({ paths }: NamedAccess, { settings: { inactiveDays }, now }: ClusterWorld): string | undefined {
  const young = paths.flatMap((path) => {
    const since = path.type === 'binding' ? givenAt(path.object) : undefined;
    return path.type === 'binding' && since !== undefined && isOlderThan(inactiveDays, since, now) === false ? [{ path, since }] : [];
  });
  const [latest] = young.sort((a, b) => (a.since < b.since ? 1 : -1));
  return latest && `${describeAddress(latest.path.address)} was made or its subjects were changed on ${latest.since.slice(0, 10)}`;
}

/** What is to be thought of a user, by whose it is and what was seen of it. The review and the scan both go by this. */
export function standingOf({ user, match }: Pick<NamedAccess, 'user' | 'match'>, activity: Activity, { settings, now }: Pick<ReviewWorld, 'settings' | 'now'>): Pick<ReviewedUser, keyof UserStanding> {
  const { person } = match;
  const judged = (status: UserStatus, why: string): ReturnType<typeof standingOf> => ({ status, why, ...(person && { person }) });
  const protection = protectionOf(user, person, settings);
  if (protection !== undefined) return judged('exempt', protection);
  if (match.isNobodys) return judged('exempt', match.why);
  if (match.certainty === 'ambiguous') return judged('conflict', match.why);
  if (person === undefined) return judged('unknown', match.why);
  if (!isSure(match)) return judged('unsure', `possibly ${person.name}: ${match.why}`);
  if (person.state === 'conflict') return judged('conflict', person.doubt ?? 'systems disagree about the person');
  if (person.state !== 'active') return judged(person.state, evidenceOf(person));
  return isInactive(activity, settings.inactiveDays, now) ? judged('inactive', inactiveText(settings.inactiveDays)) : judged('active', match.why);
}

/** What proves the state: `okta: status: DEPROVISIONED since 2026-11-20`. */
export function evidenceOf({ state, testimonies, since }: KnownPerson): string {
  const told = testimonies.filter(({ person }) => person.state === state).map(({ source, person }) => `${source}: ${person.evidence}`);
  return `${told.length > 0 ? told.join(', ') : state}${since === undefined ? '' : ` since ${since.slice(0, 10)}`}`;
}

/** Why somebody counts as inactive. */
export function inactiveText(inactiveDays: number): string {
  return `nothing seen for ${inactiveDays} days, all of them watched`;
}

/** Not seen is inactive only when the whole time was watched. */
export function isInactive({ lastSeen, coverage }: Activity, inactiveDays: number, now: Date): boolean {
  if (coverage !== 'complete') return false;
  return lastSeen === undefined || now.getTime() - Date.parse(lastSeen) >= inactiveDays * DAY_MS;
}

/** `2026-11-20 (exec in shop)`, `not observed`, `cannot tell: 51 of 60 days were watched`. */
export function activityText({ lastSeen, lastDeed, coverage }: Activity): string {
  if (lastSeen !== undefined) return `${lastSeen.slice(0, 10)}${lastDeed === undefined ? '' : ` (${lastDeed})`}`;
  if (coverage === 'none') return 'not observed';
  if (coverage === 'writes-only') return 'cannot tell: the audit log leaves out what only reads';
  return coverage === 'complete' ? 'nothing seen' : `cannot tell: ${coverage.observedDays} of ${coverage.ofDays} days were watched`;
}

/** People of whom something can be taken away, the most dangerous first. One person may have several names, and is inactive only by all of them. */
function candidatesOf(map: AccessMap, users: readonly ReviewedUser[], { matcher, settings }: ClusterWorld): readonly RemovalCandidate[] {
  const found = new Map<string, RemovalCandidate>();
  for (const { status, person } of users) {
    if (person === undefined || found.has(person.id) || (status !== 'departed' && status !== 'suspended' && status !== 'inactive')) continue;
    if (status === 'inactive' && users.some((other) => other.person?.id === person.id && other.status === 'active')) continue;
    const { removed } = assessRemoval({ person, maps: [map], matcher, settings });
    if (removed.length > 0) found.set(person.id, { person, reason: status, paths: removed });
  }
  return [...found.values()].sort((a, b) => rankOf(a) - rankOf(b) || (a.person.id < b.person.id ? -1 : 1));
}

function rankOf({ paths }: RemovalCandidate): number {
  return paths[0]?.rank ?? Infinity;
}

function worstFirst(a: ReviewedUser, b: ReviewedUser): number {
  const [pathA, pathB] = [a.paths[0], b.paths[0]];
  return pathA !== undefined && pathB !== undefined ? byDanger(pathA, pathB) : 0;
}
