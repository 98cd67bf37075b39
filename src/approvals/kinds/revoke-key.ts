import { z } from 'zod';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { Change } from '#src/model/plan.ts';
import { defineApprovalKind, NothingToPropose, type RequestCard } from '#src/model/request.ts';
import type { AccessMap, AccessPath } from '#src/people/access-path.ts';
import { readAccessMap } from '#src/people/access-map.ts';
import { readAccountUses, recreation, tokenChange, type Account, type AccountUses } from '#src/people/credentials.ts';
import type { JudgedPath } from '#src/people/judged-path.ts';
import { describeManager } from '#src/people/managed.ts';
import { proofsOf } from '#src/people/proofs.ts';
import { protectionOf } from '#src/people/protection.ts';
import { changesOf } from '#src/people/removal-changes.ts';
import { certificateStays, requireBindings, unreadStays } from '#src/people/stays.ts';
import { accountOf } from '#src/people/who-can.ts';

/** Accounts of Kubernetes' own parts, which a cluster does not work without. */
const OWN_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];
const NAMED_PODS = 5;

const subject = z.strictObject({
  cluster: z.string(),
  /** As Kubernetes names it: `system:serviceaccount:ci:deployer`, or the name of a user. */
  user: z.string().min(1),
  /** `freeze` can be taken back, `kill` deletes tokens. */
  how: z.enum(['freeze', 'kill']),
  /** Also ends tokens that pods got for themselves, by making the ServiceAccount anew. */
  recreate: z.boolean(),
  /** On which it was asked, `2026-11-25`: tokens are refused since then. */
  day: z.iso.date(),
  why: z.string(),
});
export type RevokeKey = z.output<typeof subject>;

/** Takes everything from an identity whose key is in wrong hands. One approver is enough: it only takes rights away. */
export const kind = defineApprovalKind<RevokeKey>({
  name: 'revoke-key',
  summary: 'The key of a pipeline, a ServiceAccount or a person is compromised and is to be worth nothing.',
  subject,
  expiresAfterMs: 8 * 3600_000,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  identity: ({ cluster, user, how, recreate }) => JSON.stringify([cluster, user, how, recreate]),
  async propose(wish, world, signal) {
    const account = accountOf(wish.user);
    const protection = protectionFrom(wish, account, world);
    if (protection !== undefined) throw new NothingToPropose(`Nothing is taken from ${wish.user}: ${protection}.`);
    const cluster = await world.clusters.open(wish.cluster, signal);
    try {
      const map = await readAccessMap(wish.cluster, cluster, world.clock.now(), signal, await world.clusters.certificates?.of(wish.cluster, world.clock.now()));
      const paths = map.users.get(wish.user) ?? [];
      const uses = account === undefined ? undefined : await readAccountUses(cluster, account, signal);
      if (uses !== undefined && uses.object === undefined && uses.unread.length === 0 && paths.length === 0) throw new NothingToPropose(`There is no ServiceAccount ${account?.namespace}/${account?.name} in ${wish.cluster}.`);
      return await proposal(wish, { cluster, map, paths, account, uses }, signal);
    } finally {
      cluster.close();
    }
  },
});

interface Scene {
  readonly cluster: OpenCluster;
  readonly map: AccessMap;
  readonly paths: readonly AccessPath[];
  readonly account: Account | undefined;
  readonly uses: AccountUses | undefined;
}

async function proposal(wish: RevokeKey, scene: Scene, signal: AbortSignal) {
  const { cluster, map, paths, account, uses } = scene;
  const judged = paths.map((path): JudgedPath => ({ map, user: wish.user, path, stays: undefined }));
  const rights = changesOf(judged);
  const tokens: Change[] = [];
  for (const path of paths) {
    const change = path.type === 'token' ? await tokenChange(cluster, wish.cluster, path, wish.how, wish.day, signal) : undefined;
    if (change !== undefined) tokens.push(change);
  }
  const anew = wish.recreate && account !== undefined && uses?.object !== undefined ? recreation(wish.cluster, account, uses.object) : [];
  const changes = [...rights.changes, ...tokens, ...anew];
  const { proofs, stays } = proofsOf(rights.removed);
  const all = [...rights.stays, ...stays, ...staysOf(wish, scene), ...ownersTasks(uses)];
  if (changes.length === 0) requireBindings([map]);
  if (changes.length === 0) throw new NothingToPropose([`Nothing was found in ${wish.cluster} that could be taken from ${wish.user}.`, ...all].join(' '));
  const namespaces = [...new Set(changes.flatMap(({ address }) => address.namespace ?? []))];
  return { card: cardOf(wish, scene, changes), plan: { changes, stays: all, proofs, basis: [] }, clusters: [wish.cluster], namespaces, targets: [], sensitive: false };
}

function protectionFrom({ user }: RevokeKey, account: Account | undefined, { settings }: ProposalWorld): string | undefined {
  if (account !== undefined) return OWN_NAMESPACES.includes(account.namespace) ? 'it is an account of Kubernetes itself' : undefined;
  return protectionOf(user, undefined, { ...settings, exempt: [] });
}

/** What goes on working, and who has to end it. */
function staysOf({ cluster: name, recreate }: RevokeKey, { map, paths, account, uses }: Scene): readonly string[] {
  const managed = paths.flatMap((path) => ('manager' in path ? [`${path.address.kind} ${path.address.name} is managed by ${describeManager(path.manager)}, which will put the right back: change it in git too.`] : []));
  const certificates = paths.flatMap((path) => (path.type === 'certificate' ? [certificateStays(name, path)] : []));
  const bound = account === undefined || uses === undefined ? [] : podsText(uses.pods, recreate);
  const unread = unreadStays(map, [{ user: account === undefined ? '' : `system:serviceaccount:${account.namespace}:${account.name}`, match: { certainty: 'none', why: '' }, paths }]);
  return [...managed, ...certificates, ...bound, ...unread, ...(uses?.unread ?? [])];
}

function podsText(pods: readonly string[], recreate: boolean): readonly string[] {
  if (pods.length === 0) return recreate ? [] : ['Tokens that were made for the account by TokenRequest cannot be listed: without rights they are of no use, and they end at their time. Ask again with --recreate to end them now.'];
  const named = `${pods.slice(0, NAMED_PODS).join(', ')}${pods.length > NAMED_PODS ? ` and ${pods.length - NAMED_PODS} more` : ''}`;
  return recreate
    ? [`${pods.length === 1 ? 'The pod that runs as the account has to be restarted, because its token ends' : `The ${pods.length} pods that run as the account have to be restarted, because their tokens end`}: ${named}.`]
    : [`${pods.length === 1 ? 'A pod runs' : `${pods.length} pods run`} as the account and will be refused by the API server: ${named}.`];
}

/** Keys outside of the cluster, which only their owner can revoke. */
function ownersTasks(uses: AccountUses | undefined): readonly string[] {
  const registries = (uses?.pullSecrets ?? []).map((secret) => `The password in the Secret ${secret} is the registry's: only its owner can revoke it there, and then every pull with it fails.`);
  return [
    ...registries,
    'If the key also opens a cloud account, its owner ends it there: `aws iam update-access-key --status Inactive --access-key-id ID --user-name NAME`, `gcloud iam service-accounts keys disable ID --iam-account=NAME`, `az ad app credential delete --id APP --key-id ID`, `scw iam api-key delete ID` (the last two for good).',
  ];
}

function cardOf({ cluster, user, how, why }: RevokeKey, { paths }: Scene, changes: readonly Change[]): RequestCard {
  const [worst] = paths;
  return {
    header: 'Compromised key',
    ask: `${how === 'freeze' ? 'Freeze' : 'Kill'} the key of ${user} in ${cluster}: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`,
    facts: [
      ['Identity', user],
      ['Why', why],
      ['Can do at worst', worst?.text ?? 'nothing by itself'],
      ['Can be undone', changes.some(({ irreversible }) => irreversible !== undefined) ? 'not all of it' : 'yes, for 30 days'],
    ],
    effect: how === 'freeze' ? 'Would be frozen' : 'Would be revoked',
    approve: how === 'freeze' ? 'Freeze now' : 'Revoke now',
    undo: 'Restore',
    undone: 'Restored',
  };
}
