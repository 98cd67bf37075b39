import { defineCommand } from '#src/model/command.ts';
import type { UserStatus } from '#src/model/known-users.ts';
import { calledOf } from '#src/model/people-view.ts';
import { byDanger, describeAddress, describePath } from '#src/people/access-path.ts';
import { readAccess } from '#src/people/read-access.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import { standingText, stillStands } from '#src/people/need-steps.ts';
import { rulingText } from '#src/people/rulings.ts';
import { activityText, reviewAccess, type AccessReview, type ClusterReview, type ReviewedUser } from '#src/people/review.ts';
import { describePrincipal } from '#src/people/who-can.ts';
import { ENTRIES, PEOPLE, template as users, type LeaverLine, type UsersMessage } from '#templates/users.ts';
import { namedCluster, permittedClusters } from './support/clusters.ts';
import { readingSignal } from './support/people.ts';

const LEAVERS = { departed: 'Departed', suspended: 'Suspended', inactive: 'Inactive' } as const;
const LISTED: readonly (readonly [status: UserStatus, title: string])[] = [
  ['conflict', 'Doubtful: systems or names disagree'],
  ['unsure', 'May be somebody, but not for certain'],
  ['exempt', 'Exempt'],
];

/** Lists who has access and should not. The review buttons ask for approval; nothing is taken away here. */
export const command = defineCommand({
  name: 'users',
  usage: 'users [cluster]',
  summary: 'Show departed, suspended and inactive people who still have access, and users that match nobody.',
  examples: ['users', 'users prod-eu'],
  access: 'viewer',
  maxWords: 1,
  flags: {},
  async run({ words: [named] }, caller, services) {
    const permitted = await permittedClusters('viewer', caller, services);
    const targets = named === undefined ? permitted : [namedCluster(named, permitted)];
    const now = services.clock.now();
    const [people, { maps, unreached }] = await Promise.all([services.people.all(), readAccess(services.clusters, targets.map(({ name }) => name), now, readingSignal())]);
    const review = await reviewAccess({ people, maps, settings: services.accessSettings, activity: services.activity, now });
    const questions = new Map((await services.needs.all()).map((question) => [keyOf(question), question]));
    const leavers = leaversOf(review, { limit: services.accessSettings.removalsPerReview, questions, now });
    const nobody = people.length === 0 ? ['Nobody is known to belong to the organisation: no source of people has answered yet, so that nobody can be told to have left.'] : [];
    const notes = [...nobody, ...unreached, ...review.clusters.flatMap(({ unread }) => unread.map(({ text }) => text))];
    return { message: users.render({ clusters: maps.map(({ cluster }) => cluster), leavers: leavers.slice(0, PEOPLE), leaverCount: leavers.length, lists: listsOf(review), notes }, services) };
  },
});

interface Leaver {
  readonly status: keyof typeof LEAVERS;
  readonly found: readonly { readonly review: ClusterReview; readonly user: ReviewedUser }[];
}

interface Around {
  readonly limit: number;
  /** By {@link keyOf}. */
  readonly questions: ReadonlyMap<string, NeedQuestion>;
  readonly now: Date;
}

/** One entry for each person and state, over all clusters; the most dangerous first. */
function leaversOf({ clusters }: AccessReview, around: Around): readonly LeaverLine[] {
  const leavers = new Map<string, Leaver>();
  for (const review of clusters) {
    for (const user of review.users) {
      if (user.person === undefined || !isLeaver(user.status)) continue;
      const key = `${user.status}/${user.person.id}`;
      leavers.set(key, { status: user.status, found: [...(leavers.get(key)?.found ?? []), { review, user }] });
    }
  }
  const worst = ({ found }: Leaver): number => Math.min(...found.flatMap(({ user }) => user.paths.map(({ rank }) => rank)));
  return [...leavers.values()].sort((a, b) => worst(a) - worst(b)).flatMap((leaver) => leaverLine(leaver, around) ?? []);
}

function isLeaver(status: UserStatus): status is keyof typeof LEAVERS {
  return Object.hasOwn(LEAVERS, status);
}

function leaverLine({ status, found }: Leaver, around: Around): LeaverLine | undefined {
  const [first] = found;
  const person = first?.user.person;
  if (first === undefined || person === undefined) return undefined;
  const has = (list: 'proposable' | 'beyondLimit') => found.filter(({ review }) => review[list].some((candidate) => candidate.person.id === person.id)).map(({ review }) => review.cluster);
  const [where, beyond] = [has('proposable'), has('beyondLimit')];
  const kept = found.flatMap(({ review }) => review.kept.filter((candidate) => candidate.person.id === person.id).map(({ ruling }) => rulingText(ruling)));
  const rights = found.flatMap(({ review, user }) => user.paths.map((path) => ({ path, text: `${review.cluster}: ${describePath(path)}` }))).sort((a, b) => byDanger(a.path, b.path));
  const latest = found.map(({ user }) => user.activity).toSorted((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''))[0];
  const whyNot = beyond.length > 0 ? `one review proposes ${around.limit} people in a cluster at most` : 'nothing of it can be taken away from here';
  return {
    state: LEAVERS[status],
    who: calledOf(person),
    why: first.user.why,
    activity: latest === undefined ? 'not observed' : activityText(latest),
    rights: rights.map(({ text }) => text),
    rightCount: rights.length,
    ...(kept.length > 0 && { kept: [...new Set(kept)] }),
    ...(status === 'inactive' ? askedNote(person.id, found.map(({ review }) => review), around) : where.length > 0 ? { remove: [person.id, '--reason', status, '--cluster', [...new Set(where)].join(',')] } : kept.length > 0 && beyond.length === 0 ? {} : { whyNot }),
  };
}

/** Whoever is inactive is asked themselves before anybody is asked to take their access away. */
function askedNote(person: string, reviews: readonly ClusterReview[], { questions, now }: Around): Pick<LeaverLine, 'whyNot'> {
  const texts = [...new Set(reviews)].filter(({ kept }) => !kept.some((candidate) => candidate.person.id === person)).map(({ cluster, inactive }) => {
    const question = questions.get(keyOf({ person, cluster }));
    const isAsked = question !== undefined && stillStands(question, now);
    const coming = inactive.some((candidate) => candidate.person.id === person) ? 'to be asked by one of the next reviews' : 'not asked: nothing of it can be taken away from here, or they were seen by another name';
    return `${cluster}: ${isAsked ? standingText(question, now).replace(/\.$/, '') : coming}`;
  });
  return texts.length === 0 ? {} : { whyNot: texts.join(' · ') };
}

function keyOf({ person, cluster }: Pick<NeedQuestion, 'person' | 'cluster'>): string {
  return JSON.stringify([cluster, person]);
}

function listsOf({ clusters, unknown }: AccessReview): UsersMessage['lists'] {
  const all = clusters.flatMap(({ cluster, users: reviewed }) => reviewed.map((user) => ({ cluster, ...user })));
  const dangling = clusters.flatMap(({ cluster, dangling: paths }) => paths.map((path) => `${describePrincipal(path.principal)} in ${cluster}: ${path.text} (${describeAddress(path.address)})`));
  const lists = [
    { title: 'Match nobody that a source of people knows', entries: unknown.map(({ user, clusters: where, said }) => `${user} in ${where.join(', ')}${said === undefined ? '' : `: ${said}`}`) },
    { title: 'ServiceAccounts that are bound and do not exist: whoever makes one has the rights', entries: dangling },
    ...LISTED.map(([status, title]) => ({ title, entries: entriesOf(all.filter((user) => user.status === status)) })),
  ];
  return lists.filter(({ entries }) => entries.length > 0).map(({ title, entries }) => ({ title, entries: entries.slice(0, ENTRIES), count: entries.length }));
}

/** The same of several clusters is one entry. */
function entriesOf(found: readonly (Pick<ReviewedUser, 'user' | 'why'> & { readonly cluster: string })[]): readonly string[] {
  const same = Map.groupBy(found, ({ user, why }) => `${user}\n${why}`);
  return [...same.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : [`${first.user} in ${[first, ...rest].map(({ cluster }) => cluster).join(', ')}: ${first.why}`]));
}
