import type { Plan } from '#src/model/plan.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { byDanger, type AccessMap, type AccessPath } from './access-path.ts';
import { keepsAdministrator, makesAdministrator } from './administrators.ts';
import type { JudgedPath } from './judged-path.ts';
import { managedPatch, type ManagedPatch } from './managed-patch.ts';
import type { Matcher } from './match.ts';
import { accessOfPerson, isSure, ownedAccess, type NamedAccess } from './person-access.ts';
import { proofsOf } from './proofs.ts';
import { protectionOf } from './protection.ts';
import { changesOf } from './removal-changes.ts';
import { certificateStays, groupStays, notTouched, requireBindings, tokenStays, unreadStays } from './stays.ts';

export interface RemovalRequest {
  readonly person: KnownPerson;
  /** One for each cluster that could be read. */
  readonly maps: readonly AccessMap[];
  readonly matcher: Matcher;
  readonly settings: AccessSettings;
  /** Keys of the paths to take away; absent for all that can be. */
  readonly choice?: readonly string[];
  /** What else is to be said of what stays, such as clusters that could not be read. */
  readonly alsoStays?: readonly string[];
}

/** What would be taken away from a person, and what would not. */
export interface Removal {
  readonly plan: Plan;
  /** Keys of the paths that each change takes away. */
  readonly parts: readonly (readonly string[])[];
  /** In the order of the changes; several entries of one map are one change. */
  readonly removed: readonly AccessPath[];
  /** User names that these are of. */
  readonly users: readonly string[];
  /** For objects that are kept as they are in git. */
  readonly patches: readonly ManagedPatch[];
  /** User name of a cluster administrator who is none any more by it; absent where it takes that from nobody. */
  readonly administrator?: string;
}

/** What can be taken away of a person's access, and what stays. Never throws for lack of it: `changes` may be empty. */
export function assessRemoval(request: RemovalRequest): Removal {
  const { person, maps, matcher, settings, choice, alsoStays = [] } = request;
  const perMap = maps.map((map) => ({ map, names: accessOfPerson(person, map, matcher).names }));
  const judged = perMap.flatMap(({ map, names }) => guarded(map, names.flatMap((name) => judgedPaths(map, name, request)), matcher, settings));
  const chosen = judged.filter(({ stays, path }) => stays === undefined && (choice?.includes(path.key) ?? true));
  const made = changesOf(chosen);
  const unchosen = judged.filter(({ stays, path }) => stays === undefined && !(choice?.includes(path.key) ?? true));
  const removed = made.removed.toSorted((a, b) => byDanger(a.path, b.path));
  const proven = proofsOf(removed);
  const sentences = [
    ...judged.flatMap(({ stays }) => stays ?? []),
    ...made.stays,
    ...unchosen.map(({ map, path }) => notTouched(map.cluster, path, 'it was not chosen')),
    ...proven.stays,
    ...perMap.flatMap(({ map, names }) => groupStays(map, names.filter(({ match }) => isSure(match)), removed.map(({ path }) => path.key))),
    ...perMap.flatMap(({ map, names }) => unreadStays(map, names)),
    ...alsoStays,
  ];
  const administrator = removed.find(({ map, path }) => makesAdministrator(path, map))?.user;
  return {
    plan: { changes: made.changes, stays: [...new Set(sentences)], proofs: proven.proofs, basis: [...basisOf(person, perMap.flatMap(({ names }) => names)), ...(administrator === undefined ? [] : [`what is taken away makes ${administrator} a cluster administrator`])] },
    parts: made.parts,
    removed: removed.map(({ path }) => path),
    users: [...new Set(removed.map(({ user }) => user))],
    patches: judged.flatMap(({ patch }) => patch ?? []),
    ...(administrator !== undefined && { administrator }),
  };
}

/** The same for a proposal. @throws {NothingToPropose} when nothing can be taken away. @throws {ClusterUnreachable} when that cannot be said. */
export function removalPlan(request: RemovalRequest): Removal {
  const removal = assessRemoval(request);
  const { plan: { changes, stays } } = removal;
  if (changes.length > 0) return removal;
  requireBindings(request.maps);
  const where = request.maps.map(({ cluster }) => cluster).join(', ');
  if (removalIsUnheardOf(request)) throw new NothingToPropose([`No access of ${request.person.name} was found in ${where}.`, ...stays].join(' '));
  throw new NothingToPropose([`Nothing of the access of ${request.person.name} in ${where} can be taken away from here.`, ...stays].join(' '));
}

function removalIsUnheardOf({ person, maps, matcher }: RemovalRequest): boolean {
  return maps.every((map) => accessOfPerson(person, map, matcher).names.length === 0);
}

function judgedPaths(map: AccessMap, { user, match, paths }: NamedAccess, { person, settings }: RemovalRequest): readonly JudgedPath[] {
  const doubt = isSure(match) ? undefined : `it is not certain that ${user} is theirs (${match.why})`;
  const protection = protectionOf(user, person, settings);
  const reason = doubt ?? (protection === undefined ? undefined : `of ${user} nothing is taken away, because ${protection}`);
  return paths.map((path) => {
    const patch = reason === undefined ? managedPatch(path) : undefined;
    return { map, user, path, stays: stayingOf(map, path, reason), ...(patch && { patch }) };
  });
}

function stayingOf({ cluster }: AccessMap, path: AccessPath, reason: string | undefined): string | undefined {
  if (path.type === 'token') return tokenStays(cluster, path);
  if (path.type === 'certificate') return certificateStays(cluster, path);
  const why = reason ?? path.manager;
  return why === undefined ? undefined : notTouched(cluster, path, why);
}

/** Nobody may be left without an administrator: what makes this person one stays, and so does the way by which they sign in as one. */
function guarded(map: AccessMap, judged: readonly JudgedPath[], matcher: Matcher, settings: AccessSettings): readonly JudgedPath[] {
  const leaving = judged.filter(({ stays, patch }) => stays === undefined || patch !== undefined);
  const administrators = new Set(leaving.filter(({ path }) => makesAdministrator(path, map)).map(({ user }) => user));
  if (administrators.size === 0) return judged;
  if (keepsAdministrator(map, ownedAccess(map, matcher), new Set(leaving.map(({ path }) => path.key)), settings)) return judged;
  return judged.map(({ patch, ...one }) => {
    const isKept = administrators.has(one.user) && (makesAdministrator(one.path, map) || one.path.type === 'cloud-user');
    if (!isKept || (one.stays !== undefined && patch === undefined)) return { ...one, ...(patch && { patch }) };
    return { ...one, stays: notTouched(map.cluster, one.path, 'nobody else who is still here is known as cluster administrator, so make somebody one first') };
  });
}

/** Words that stay the same as long as the decision would. */
function basisOf({ id, state }: KnownPerson, names: readonly NamedAccess[]): readonly string[] {
  return [`${id} is ${state}`, ...new Set(names.map(({ user, match }) => `${user}: ${match.certainty}, ${match.why}`))];
}
