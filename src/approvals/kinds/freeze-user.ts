import { z } from 'zod';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { defineApprovalKind, NothingToPropose, type RequestCard } from '#src/model/request.ts';
import { readAccessMap } from '#src/people/access-map.ts';
import type { AccessMap, AccessPath } from '#src/people/access-path.ts';
import { keepsAdministrator, makesAdministrator } from '#src/people/administrators.ts';
import { describeManager } from '#src/people/managed.ts';
import { createMatcher, type Matcher } from '#src/people/match.ts';
import { ownedAccess } from '#src/people/person-access.ts';
import { proofsOf } from '#src/people/proofs.ts';
import { protectionOf } from '#src/people/protection.ts';
import { changesOf } from '#src/people/removal-changes.ts';
import { certificateStays, groupRights, groupStays, notTouched, requireBindings, unreadStays } from '#src/people/stays.ts';

/** Everybody who has signed in is in them. */
const EVERYBODYS = ['system:authenticated', 'system:unauthenticated'];

const subject = z.strictObject({
  cluster: z.string(),
  /** User name of Kubernetes. */
  user: z.string().min(1),
  /** Groups that the API server saw the user in. */
  groups: z.array(z.string()),
  /** Slack user id of whoever asks for their own access to be locked. */
  self: z.string().optional(),
  why: z.string(),
});
export type FreezeUser = z.output<typeof subject>;

/** Takes the own rights of a user at once, the most dangerous first. One person is enough: it only takes rights away, and can be taken back. */
export const kind = defineApprovalKind<FreezeUser>({
  name: 'freeze-user',
  summary: 'Somebody else may be acting in the name of a user, whose rights are taken at once.',
  subject,
  expiresAfterMs: 8 * 3600_000,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  // Nobody holds it up by giving the user one more right in the meantime.
  holdsForAnyPlan: true,
  identity: ({ cluster, user, self }) => JSON.stringify([cluster, user, self ?? null]),
  async propose(wish, world, signal) {
    const matcher = createMatcher(await world.people.all(), world.settings);
    const { person } = matcher(wish.user);
    const protection = protectionOf(wish.user, person, { ...world.settings, exempt: [] });
    if (protection !== undefined) throw new NothingToPropose(`Nothing is taken from ${wish.user}: ${protection}.`);
    const cluster = await world.clusters.open(wish.cluster, signal);
    try {
      const now = world.clock.now();
      const map = await readAccessMap(wish.cluster, cluster, now, signal, await world.clusters.certificates?.of(wish.cluster, now));
      const own = wish.self === undefined ? {} : { ownCase: true as const };
      const targets = wish.self ?? person?.slackId;
      return { ...proposal(wish, map, matcher, world), clusters: [wish.cluster], targets: targets === undefined ? [] : [targets], sensitive: false, ...own };
    } finally {
      cluster.close();
    }
  },
});

function proposal(wish: FreezeUser, map: AccessMap, matcher: Matcher, { settings }: ProposalWorld) {
  const { cluster, user } = wish;
  const paths = map.users.get(user) ?? [];
  const kept = lastAdministrator(paths, map, matcher, settings);
  const { changes, removed, stays } = changesOf(paths.filter((path) => !kept.includes(path)).map((path) => ({ map, user, path, stays: undefined })));
  const proven = proofsOf(removed);
  const all = [
    ...kept.map((path) => notTouched(cluster, path, 'nobody else who is still here is known as cluster administrator, so make somebody one first')),
    ...groupsLeft(wish, map),
    ...stays,
    ...proven.stays,
    ...paths.flatMap((path) => staysOf(cluster, path)),
    ...groupStays(map, [{ user, match: matcher(user), paths }], removed.map(({ path }) => path.key)),
    ...unreadStays(map, []),
  ];
  const unique = [...new Set(all)];
  if (changes.length === 0) requireBindings([map]);
  if (changes.length === 0) throw new NothingToPropose([`Nothing was found in ${cluster} that could be taken from ${user}.`, ...unique].join(' '));
  const namespaces = [...new Set(changes.flatMap(({ address }) => address.namespace ?? []))];
  return { card: cardOf(wish, paths, changes.length), plan: { changes, stays: unique, proofs: proven.proofs, basis: [] }, namespaces };
}

/** Nobody may be left without an administrator: what makes this user one stays, and so does the way by which they sign in as one. */
function lastAdministrator(paths: readonly AccessPath[], map: AccessMap, matcher: Matcher, settings: ProposalWorld['settings']): readonly AccessPath[] {
  const isAdministrator = (path: AccessPath) => makesAdministrator(path, map);
  if (!paths.some(isAdministrator)) return [];
  if (keepsAdministrator(map, ownedAccess(map, matcher), new Set(paths.map(({ key }) => key)), settings)) return [];
  return paths.filter((path) => isAdministrator(path) || path.type === 'cloud-user');
}

/** What the user may still do by groups that the API server has seen them in. */
function groupsLeft({ user, groups, cluster }: FreezeUser, map: AccessMap): readonly string[] {
  return groups.flatMap((group) => {
    const bindings = EVERYBODYS.includes(group) ? [] : (map.groups.get(group) ?? []);
    return bindings.length === 0 ? [] : [`The group ${group} still gives ${user} access in ${cluster} (${groupRights(bindings)}): whoever keeps the group in the identity provider has to take the person out there.`];
  });
}

function staysOf(cluster: string, path: AccessPath): readonly string[] {
  if (path.type === 'certificate') return [certificateStays(cluster, path)];
  if (!('manager' in path)) return [];
  return [`${path.address.kind} ${path.address.name} is managed by ${describeManager(path.manager)}, which will put the right back: change it in git too.`];
}

function cardOf({ cluster, user, self, why }: FreezeUser, [worst]: readonly AccessPath[], changes: number): RequestCard {
  return {
    header: self === undefined ? 'Freeze a user' : 'Somebody locks their own access',
    ask: `Freeze ${user} in ${cluster}: ${changes} ${changes === 1 ? 'change' : 'changes'}`,
    facts: [
      ['User', user],
      ['Why', why],
      ['Can do at worst', worst?.text ?? 'nothing by itself'],
      ['Can be undone', 'yes, for 30 days'],
    ],
    effect: 'Would be frozen',
    approve: 'Freeze now',
    undo: 'Restore',
    undone: 'Restored',
  };
}
