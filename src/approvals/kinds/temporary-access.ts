import { z } from 'zod';
import type { OpenCluster } from '#src/model/clusters.ts';
import { durationWords, formatDuration } from '#src/model/duration.ts';
import type { Kind } from '#src/model/kinds.ts';
import { OBJECT_PREFIX, type AccessQuestion, type CreateObject, type Plan } from '#src/model/plan.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { rulesOf, ruleWords, type PolicyRule } from '#src/model/rbac-rule.ts';
import { defineApprovalKind, NothingToPropose, type RequestCard } from '#src/model/request.ts';
import type { TemporaryRole } from '#src/model/settings.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { userNameOf } from '#src/people/username.ts';

const RBAC = 'rbac.authorization.k8s.io';
/** Questions that stand for the whole role. */
const QUESTIONS = 3;
/** What `*` is tried with. */
const SOME_VERB = 'get';
const SOME_RESOURCE = 'pods';
const SHORTER_MS = [30 * 60_000, 3600_000, 4 * 3600_000, 8 * 3600_000];

const subject = z.strictObject({
  /** Slack user id of whoever wants it, and their name. */
  person: z.string(),
  name: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  /** Name of a TemporaryRole. */
  role: z.string(),
  lastsMs: z.int().positive(),
  reason: z.string(),
  ticket: z.string().optional(),
  /** Of the RoleBinding. */
  binding: z.string(),
});
export type TemporaryAccess = z.output<typeof subject>;

/** Gives one person one role in one namespace for a time. The time runs from when the access is there. */
export const kind = defineApprovalKind<TemporaryAccess>({
  name: 'temporary-access',
  summary: 'A person asks for a role in a namespace for a time.',
  subject,
  expiresAfterMs: 8 * 3600_000,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  identity: ({ person, cluster, namespace, role }) => `${person}/${cluster}/${namespace}/${role}`,
  async propose(wish, world, signal) {
    const role = allowedRole(wish, world);
    const user = await userOf(wish, world);
    const cluster = await world.clusters.open(wish.cluster, signal);
    try {
      if ((await find(cluster, 'Namespace', wish.namespace, signal)) === undefined) throw new NothingToPropose(`There is no namespace ${wish.namespace} in ${wish.cluster}.`);
      const given = await find(cluster, 'ClusterRole', role.clusterRole, signal);
      if (given === undefined) throw new NothingToPropose(`There is no ClusterRole ${role.clusterRole} in ${wish.cluster}, so the role ${role.name} cannot be given.`);
      const rules = rulesOf(given).map(([, rule]) => rule);
      const questions = questionsOf(rules, wish, user);
      const news = await notHeld(questions, cluster, signal);
      if (news.length === 0 && questions.length > 0) throw new NothingToPropose(`You have ${role.name} in ${wish.cluster}/${wish.namespace} already.`);
      return {
        card: cardOf(wish, role, user),
        plan: { ...planOf(wish, role, user, rules, questions), undone: news.map((question) => ({ question, expect: 'denied' })) },
        clusters: [wish.cluster],
        namespaces: [wish.namespace],
        targets: [wish.person],
        lastsMs: wish.lastsMs,
        sensitive: role.sensitive && (world.clusters.find(wish.cluster)?.production ?? false),
      };
    } finally {
      cluster.close();
    }
  },
});

/** Whether a role may be asked for there. */
export function mayBeAsked({ clusters, namespaces }: TemporaryRole, cluster: string, namespace?: string): boolean {
  return (clusters?.includes(cluster) ?? true) && (namespace === undefined || (namespaces?.includes(namespace) ?? true));
}

function allowedRole({ role: name, cluster, namespace, lastsMs }: TemporaryAccess, { settings }: ProposalWorld): TemporaryRole {
  const role = settings.temporaryRoles.find((one) => one.name === name);
  if (role === undefined) throw new NothingToPropose(`The role ${name} cannot be asked for. Those that can: ${settings.temporaryRoles.map((one) => one.name).join(', ') || 'none, until temporaryAccess.roles is configured'}.`);
  if (!mayBeAsked(role, cluster, namespace)) throw new NothingToPropose(`The role ${name} cannot be asked for in ${cluster}/${namespace}.`);
  if (lastsMs > role.maxMs) throw new NothingToPropose(`The role ${name} is given for ${durationWords(role.maxMs)} at most.`);
  return role;
}

/** The person's name in Kubernetes. Only somebody whom a system of the organisation knows as active gets anything. */
async function userOf({ person }: TemporaryAccess, { people, settings }: ProposalWorld): Promise<string> {
  const known = (await people.all()).filter(({ slackId }) => slackId === person);
  const [found] = known;
  if (found === undefined || known.length > 1) throw new NothingToPropose('Nobody knows which Kubernetes user your Slack account is. Ask whoever runs this bot to configure people.sources, or an alias for you under people.aliases.');
  if (found.state !== 'active') throw new NothingToPropose('Your account does not count as active in every system of the organisation, so no access is given.');
  const user = userNameOf(found, settings);
  if (user === undefined) throw new NothingToPropose('Your Kubernetes user name cannot be told: several were set down for you under people.aliases, or none fits people.usernames.');
  if (user.startsWith('system:')) throw new NothingToPropose('Names that begin with system: belong to Kubernetes, and are given nothing.');
  return user;
}

async function find(cluster: OpenCluster, kindName: Kind, name: string, signal: AbortSignal): Promise<RawObject | undefined> {
  for await (const page of cluster.list(kindName, signal)) {
    const found = page.find(({ object }) => textAt(object, 'metadata', 'name') === name);
    if (found !== undefined) return found.object;
  }
  return undefined;
}

/** A right of each of the first rules, asked for the namespace. Rules about URLs or single objects cannot be given this way. */
function questionsOf(rules: readonly PolicyRule[], { cluster, namespace }: TemporaryAccess, user: string): readonly AccessQuestion[] {
  return rules
    .filter(({ resources, names }) => resources.length > 0 && names.length === 0)
    .slice(0, QUESTIONS)
    .map(({ verbs: [verb = SOME_VERB], groups: [group = ''] = [], resources: [resource = SOME_RESOURCE] }) => {
      const [name = SOME_RESOURCE, subresource] = (resource === '*' ? SOME_RESOURCE : resource).split('/');
      return { cluster, user, groups: ['system:authenticated'], verb: verb === '*' ? SOME_VERB : verb, group: group === '*' ? '' : group, resource: name === '*' ? SOME_RESOURCE : name, ...(subresource !== undefined && { subresource }), namespace };
    });
}

/** What the person may not do for good. What an earlier request gave for a time does not count: it may be asked for again before it ends. */
async function notHeld(questions: readonly AccessQuestion[], cluster: OpenCluster, signal: AbortSignal): Promise<readonly AccessQuestion[]> {
  const held = await Promise.all(questions.map((question) => cluster.may(question, signal)));
  return questions.filter((_, index) => {
    const answer = held[index];
    return answer?.allowed !== true || answer.reason.includes(`RoleBinding "${OBJECT_PREFIX}`);
  });
}

function planOf({ cluster, namespace, binding }: TemporaryAccess, { name, clusterRole }: TemporaryRole, user: string, rules: readonly PolicyRule[], questions: readonly AccessQuestion[]): Plan {
  const grant: CreateObject = {
    type: 'create',
    address: { cluster, apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', resource: 'rolebindings', namespace, name: binding },
    text: `${name} in ${cluster}/${namespace} for ${user} (RoleBinding ${binding})`,
    body: {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: binding, namespace },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: clusterRole },
      subjects: [{ kind: 'User', apiGroup: RBAC, name: user }],
    },
  };
  return { changes: [grant], stays: [], proofs: questions.map((question) => ({ question, expect: 'allowed' })), basis: rules.map(ruleWords) };
}

function cardOf({ name, cluster, namespace, lastsMs, reason, ticket }: TemporaryAccess, role: TemporaryRole, user: string): RequestCard {
  return {
    header: `Access request: ${role.name} in ${cluster}/${namespace}`,
    ask: `${name} asks for ${role.name} in ${cluster}/${namespace} for ${durationWords(lastsMs)}: ${reason}`,
    facts: [
      ['Reason', reason],
      ...(ticket === undefined ? [] : [['Ticket', ticket] as const]),
      ['Role means', role.text],
      ['Kubernetes user', user],
      ['Time', `${durationWords(lastsMs)}, from approval`],
    ],
    effect: 'Would be given',
    approve: `Approve ${formatDuration(lastsMs)}`,
    shorter: SHORTER_MS.filter((ms) => ms < lastsMs).map((ms) => ({ label: durationWords(ms), lastsMs: ms })),
    again: { label: `Ask ${formatDuration(lastsMs)} more`, command: 'access', args: ['request', `--cluster=${cluster}`, `--namespace=${namespace}`, `--role=${role.name}`, `--for=${formatDuration(lastsMs)}`, `--reason=${reason}`, ...(ticket === undefined ? [] : [`--ticket=${ticket}`])] },
    undo: 'End now',
  };
}
