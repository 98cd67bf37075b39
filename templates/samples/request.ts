import type { RequestShown, ShownChange } from '#src/model/request-shown.ts';
import type { RequestState } from '#src/model/request.ts';

const ANN = { person: 'U0ANN00001', name: 'Ann' };
const BO = { person: 'U0BO000001', name: 'Bo' };
const DANA = { person: 'U0DANA0001', name: 'Dana' };

const CHANGES: readonly ShownChange[] = [
  { cluster: 'prod-eu', text: 'cluster-admin in the whole cluster', deed: 'delete ClusterRoleBinding ops-bob', state: 'open' },
  { cluster: 'prod-us', text: 'edit in shop', deed: 'update RoleBinding shop/devs: take one entry out of subjects', state: 'open' },
];

/** As it is asked: a person has left, and still has rights. */
export const SAMPLE_REMOVAL: RequestShown = {
  id: 'r7k2m9',
  kind: 'remove-person',
  rulable: true,
  card: {
    header: 'Departed user still has access',
    ask: 'Remove the access of bob@corp.example: 2 bindings in 2 clusters',
    effect: 'Would be removed',
    approve: 'Review and remove…',
    undo: 'Restore',
    undone: 'Restored',
  },
  facts: [
    { name: 'Person', value: 'bob@corp.example' },
    { name: 'Signal', value: 'deactivated in the directory on 20 Nov' },
    { name: 'Last activity', value: '20 Nov, exec in prod-eu/shop' },
  ],
  clusters: ['prod-eu', 'prod-us'],
  production: true,
  requester: { name: 'directory' },
  planHash: '5d41402abc4b2a76b9719d911017c592',
  needed: 2,
  approvals: [],
  state: 'pending',
  createdAt: '2026-11-23T08:00:00.000Z',
  expiresAt: '2026-11-26T08:00:00.000Z',
  approvers: ['S0SECAPPR1', 'U0DANA0001'],
  reminders: 0,
  changes: CHANGES,
  counts: { all: 2, done: 0, failed: 0, takenBack: 0, notTakenBack: 0, irreversible: 0 },
  stays: ['The group devs gives edit in 3 namespaces: remove him from it in the directory.'],
  changedAt: '2026-11-23T08:00:00.000Z',
};

const { rulable: _, ...WITHOUT_RULING } = SAMPLE_REMOVAL;

/** Somebody asks for rights for an hour. */
export const SAMPLE_ACCESS: RequestShown = {
  ...WITHOUT_RULING,
  id: 'a9c4t2',
  kind: 'temporary-access',
  card: {
    header: 'Access request: edit in prod-eu/shop',
    ask: 'Ann asks for edit in prod-eu/shop for 1 hour',
    effect: 'Would be given',
    approve: 'Approve 1 h…',
    shorter: [{ label: '30 minutes', lastsMs: 1_800_000 }],
    again: { label: 'Ask 1h more', command: 'access', args: ['request', '--cluster=prod-eu', '--namespace=shop', '--role=edit', '--for=1h', '--reason=fix stuck migration INC-77'] },
    undo: 'End now',
  },
  facts: [
    { name: 'Reason', value: 'fix stuck migration INC-77' },
    { name: 'Role means', value: 'change workloads, no Secrets' },
  ],
  clusters: ['prod-eu'],
  requester: ANN,
  needed: 1,
  lastsMs: 3_600_000,
  expiresAt: '2026-11-23T16:00:00.000Z',
  changes: [{ cluster: 'prod-eu', text: 'edit in shop', deed: 'create RoleBinding shop/k8ssec-a9c4t2', state: 'open' }],
  counts: { ...SAMPLE_REMOVAL.counts, all: 1 },
  stays: [],
};

const BO_APPROVED = { by: BO, at: '2026-11-23T08:10:00.000Z', reason: 'left the company' };
const DANA_APPROVED = { by: DANA, at: '2026-11-23T08:12:00.000Z', reason: 'agreed with the team lead' };
const DONE_AT = '2026-11-23T08:13:00.000Z';
const APPROVED: Partial<RequestShown> = { approvals: [BO_APPROVED, DANA_APPROVED], decision: { ...DANA_APPROVED, verdict: 'approved' }, changedAt: DONE_AT };

function removalAs(state: RequestState, more: Partial<RequestShown> = {}): RequestShown {
  return { ...SAMPLE_REMOVAL, state, ...more };
}

const DENIED = { by: BO, at: '2026-11-23T08:10:00.000Z', reason: 'he is on leave, not gone', verdict: 'denied' } as const;

function ruled(ruling: RequestShown['ruling']): RequestShown {
  return removalAs('denied', { decision: DENIED, ...(ruling && { ruling }) });
}

function changesAs(...states: readonly ShownChange['state'][]): Pick<RequestShown, 'changes' | 'counts'> {
  const count = (wanted: ShownChange['state']) => states.filter((state) => state === wanted).length;
  return {
    changes: CHANGES.map((change, index) => ({ ...change, state: states[index] ?? 'open', ...(/failed|not-/.test(states[index] ?? '') && { problem: 'the API server refused it (403)' }) })),
    counts: { all: 2, done: count('done'), failed: count('failed'), takenBack: count('taken-back'), notTakenBack: count('not-taken-back'), irreversible: 0 },
  };
}

const ACTIVE: Partial<RequestShown> = {
  approvals: [{ by: BO, at: '2026-11-23T08:20:00.000Z' }],
  decision: { by: BO, at: '2026-11-23T08:20:00.000Z', verdict: 'approved' },
  endsAt: '2026-11-23T09:20:00.000Z',
  changedAt: '2026-11-23T08:20:05.000Z',
  changes: SAMPLE_ACCESS.changes.map((change) => ({ ...change, state: 'done' })),
  counts: { ...SAMPLE_ACCESS.counts, done: 1 },
  verification: { at: '2026-11-23T08:20:05.000Z', failures: [], unknown: [] },
};
const ENDED: Partial<RequestShown> = { ...ACTIVE, undoneVerification: { at: '2026-11-23T09:20:02.000Z', failures: [], unknown: [] }, changedAt: '2026-11-23T09:20:02.000Z', changes: SAMPLE_ACCESS.changes.map((change) => ({ ...change, state: 'taken-back' })), counts: { ...SAMPLE_ACCESS.counts, takenBack: 1 } };
const VERIFIED = { at: DONE_AT, failures: [], unknown: [] };

const CONNECTION: RequestShown = {
  ...WITHOUT_RULING,
  id: 'r4d6f8',
  kind: 'first-connection',
  card: {
    header: 'New external connection',
    ask: 'First connection from prod-eu shop/checkout → api.stripe.com:443 (connected)',
    effect: 'Would be changed',
    approve: 'Approve',
    undo: 'Undo',
    undone: 'Undone',
    shorter: [{ label: '24 hours', lastsMs: 24 * 3_600_000 }],
    owned: true,
    instead: [{ label: 'Allow for the namespace…', command: 'allow', args: ['api.stripe.com', '--cluster=prod-eu', '--namespace=shop', '--port=443'] }],
    now: 'Now: allowed and watched. Approving changes nothing in the cluster.',
    meaning: {
      approved: 'On the allowlist; no policy was needed.',
      denied: 'Not enforced here (mode observe): its owner has to stop it.',
      expired: 'The connection stays allowed and watched. It is asked about again when it is seen after 7 days.',
    },
  },
  facts: [
    { name: 'Workload', value: 'shop/checkout (Deployment)' },
    { name: 'Seen', value: '3 × since 2026-11-23 08:00 UTC, connected' },
    { name: 'Seen by', value: 'hubble' },
  ],
  clusters: ['prod-eu'],
  requester: { name: 'k8ssec' },
  needed: 1,
  changes: [],
  counts: { ...SAMPLE_REMOVAL.counts, all: 0 },
  stays: [],
};
const OWNER: NonNullable<RequestShown['owner']> = { team: 'Payments', who: 'U0CY000001', by: BO, at: '2026-11-23T08:05:00.000Z' };
const KNOWN = { by: { person: 'U0CY000001', name: 'Cy' }, at: '2026-11-23T08:07:00.000Z', isKnown: true, reason: 'our payment provider' };

/** Of which the owner was asked. */
export const OWNED_REQUESTS = {
  'owner asked': { ...CONNECTION, owner: OWNER },
  'channel of the owner asked': { ...CONNECTION, owner: { ...OWNER, who: 'C0TEAMSHOP' } },
  'known to the owner': { ...CONNECTION, owner: { ...OWNER, answer: KNOWN } },
  'not known to the owner': { ...CONNECTION, owner: { ...OWNER, who: 'S0PAYMENTS', answer: { ...KNOWN, isKnown: false, reason: 'nobody here has set this up' } } },
  'known to the owner, and denied': { ...CONNECTION, owner: { ...OWNER, answer: KNOWN }, state: 'denied', decision: { by: BO, at: '2026-11-23T08:10:00.000Z', reason: 'not in this cluster', verdict: 'denied' } },
  'owner asked, expired': { ...CONNECTION, owner: OWNER, state: 'expired', decision: { by: { name: 'clock' }, at: '2026-11-23T16:00:00.000Z', verdict: 'expired' }, expiresAt: '2026-11-23T16:00:00.000Z' },
} as const satisfies Readonly<Record<string, RequestShown>>;

const GROUP: RequestShown = {
  ...CONNECTION,
  card: {
    ...CONNECTION.card,
    header: 'External connections of a workload',
    ask: '18 external destinations of prod-eu shop/newapp (Deployment)',
    approve: 'Approve all',
    items: Array.from({ length: 18 }, (_, index) => `d${index + 1}.example.com:443, connected, ${index + 1} × since 2026-11-23 08:00 UTC`),
    instead: [{ label: 'Review one by one', command: 'connections', args: ['review', 'prod-eu', 'c1', 'c2'] }],
  },
};

/** A denied connection was blocked. */
const BLOCK: RequestShown = {
  ...WITHOUT_RULING,
  ...APPROVED,
  id: 'r6b2k5',
  kind: 'block-connection',
  card: {
    header: 'Block a connection',
    ask: 'Block shop/cart → evil.example.com:443 in prod-eu',
    effect: 'Would be changed',
    approve: 'Block',
    undo: 'Undo',
    undone: 'Unblocked',
    afterUndo: 'What it blocked is not denied any more: it is asked about again when it is seen next.',
  },
  facts: [{ name: 'Workload', value: 'shop/cart (Deployment), 2 pods, no restart' }],
  clusters: ['prod-eu'],
  requester: { name: 'k8ssec' },
  changes: [{ cluster: 'prod-eu', text: 'deny 203.0.113.9/32, port 443', deed: 'create CiliumNetworkPolicy shop/k8ssec-4f1a2b', state: 'done' }],
  counts: { ...SAMPLE_REMOVAL.counts, all: 1, done: 1 },
  stays: [],
};
/** The same by the source ranges of a Service of somebody else. */
const BLOCK_BY_RANGES: RequestShown = {
  ...BLOCK,
  id: 'r8w3d2',
  card: { ...BLOCK.card, ask: 'Block partner → shop/web:8443 in prod-eu: changes the source ranges of Service shop/web, which belongs to you' },
  facts: [
    { name: 'Workload', value: 'shop/web (Deployment), 3 pods, no restart' },
    { name: 'How', value: 'source ranges, because the pods do not see the addresses of clients that come by it' },
    { name: 'Lets in now', value: 'everybody' },
    { name: 'Would let in', value: 'only 192.0.2.0/24, 198.51.100.0/24' },
    { name: 'Simulated', value: 'would have let through 1,204 of 1,207 connections from what was seen in the last day' },
    { name: 'Also cut', value: 'nothing else that was seen; whatever is not named above' },
    { name: 'Undo', value: 'puts back exactly what stood there: no source ranges' },
    { name: 'Why', value: 'denied by Bo: the contract with them has ended' },
  ],
  needed: 2,
  changes: [{ cluster: 'prod-eu', text: 'Service shop/web, which belongs to you: lets in only 192.0.2.0/24, 198.51.100.0/24', deed: 'update Service shop/web: set spec.loadBalancerSourceRanges', state: 'done' }],
  stays: ['Service shop/web is kept by Argo CD (shop), which will probably put it back: the lasting change belongs there.', 'The load balancer may take minutes to follow, or not act on source ranges at all: only connections that are seen later show whether it works.'],
};
/** A workload that may connect to nothing outside but what is known or approved. */
const ISOLATION: RequestShown = {
  ...BLOCK,
  id: 'r5c8t3',
  kind: 'isolate-workload',
  card: {
    header: 'Isolate a workload',
    ask: 'Isolate shop/checkout in prod-eu, but for what is known or approved',
    effect: 'Would be changed',
    approve: 'Isolate',
    undo: 'Undo',
    undone: 'Not isolated any more',
    afterUndo: 'What is new is asked about and not blocked any more, unless a denial keeps the workload closed.',
    items: [
      '192.0.2.4:5432, connected, 201 × since 2026-11-20 08:00 UTC, learned',
      'api.mail.example:443, connected, 5 × since 2026-11-22 17:40 UTC, not decided about',
      'api.stripe.com:443, connected, 14,000 × since 2026-11-20 08:00 UTC, approved',
    ],
  },
  facts: [
    { name: 'Workload', value: 'shop/checkout (Deployment), 2 pods, no restart' },
    { name: 'How', value: 'a CiliumNetworkPolicy: everything outside is closed but for what is known' },
    { name: 'Stays open', value: 'DNS, and the pods, nodes and API server of the cluster; 10.20.0.0/16' },
    { name: 'Kept', value: '3 connections (1 approved, 1 learned, 1 not decided about), seen since 2026-11-20 08:00 UTC' },
    { name: 'Allowlist', value: '*.amazonaws.com:443, 198.51.100.0/24' },
    { name: 'Stays out', value: '203.0.113.9:443, which people denied' },
    { name: 'Simulated', value: 'would have dropped 0 of 14,206 connections, from what was seen in the last day' },
    { name: 'Also cut', value: 'nothing that was seen' },
    { name: 'Time', value: 'until somebody undoes it' },
    { name: 'Why', value: 'it handles cards' },
  ],
  requester: ANN,
  needed: 2,
  changes: [{ cluster: 'prod-eu', text: 'CiliumNetworkPolicy shop/checkout: isolated but for what is kept', deed: 'create CiliumNetworkPolicy shop/k8ssec-7c1d03e2', state: 'done' }],
  stays: [
    'Whatever the workload connects to outside for the first time from then on is blocked until it is approved.',
    'Cilium lets a name through once a pod has looked it up after this. A client that goes on using an address from before, open connections included, is cut off until it looks the name up again.',
  ],
};
const UNBLOCKED: Partial<RequestShown> = { state: 'reverted', changes: BLOCK.changes.map((change) => ({ ...change, state: 'taken-back' })), counts: { ...BLOCK.counts, done: 0, takenBack: 1 }, changedAt: '2026-11-23T10:00:03.000Z' };

/** One of each way in which a request can stand. */
export const SAMPLE_REQUESTS = {
  pending: SAMPLE_REMOVAL,
  'asked again': removalAs('pending', { follows: { id: 'r3h5n8', changed: ['ClusterRoleBinding ops-bob gives another role.'] } }),
  'first of two': removalAs('partly-approved', { approvals: [BO_APPROVED], changedAt: BO_APPROVED.at }),
  'made less': removalAs('partly-approved', { approvals: [BO_APPROVED], narrowable: true, narrowed: { by: BO, from: 7, dropped: 1 }, changedAt: BO_APPROVED.at }),
  approved: removalAs('approved', APPROVED),
  applying: removalAs('applying', { ...APPROVED, ...changesAs('done', 'open') }),
  applied: removalAs('applied', { ...APPROVED, ...changesAs('done', 'done'), verification: VERIFIED }),
  'applied, not as shown': removalAs('applied', { ...APPROVED, ...changesAs('done', 'done'), changedSince: ['To be changed now: view in shop (prod-eu).', 'Of what was shown, 1 change is not to be made any more.'], verification: VERIFIED }),
  'applied, another path left': removalAs('applied', { ...APPROVED, ...changesAs('done', 'done'), verification: { ...VERIFIED, failures: ['bob may still list secrets in shop, by ClusterRoleBinding "ops": whoever may change that binding can end it'] } }),
  'applied, not verified': removalAs('applied', { ...APPROVED, ...changesAs('done', 'done'), verification: { ...VERIFIED, unknown: ['prod-us did not answer'] } }),
  'done, another path left': removalAs('failed', { ...APPROVED, ...changesAs('done', 'done'), verification: { ...VERIFIED, failures: ['may still get secrets in shop, by RoleBinding "dev/shop" of the group devs: whoever keeps the group can take them out of it'] } }),
  failed: removalAs('failed', { ...APPROVED, ...changesAs('done', 'failed') }),
  reverting: removalAs('reverting', { ...APPROVED, ...changesAs('taken-back', 'done'), revert: { by: DANA, at: '2026-11-23T10:00:00.000Z', reason: 'back from leave' } }),
  reverted: removalAs('reverted', { ...APPROVED, ...changesAs('taken-back', 'taken-back'), revert: { by: DANA, at: '2026-11-23T10:00:00.000Z', reason: 'back from leave' }, changedAt: '2026-11-23T10:00:03.000Z' }),
  'revert failed': removalAs('revert-failed', { ...APPROVED, ...changesAs('taken-back', 'not-taken-back'), revert: { by: DANA, at: '2026-11-23T10:00:00.000Z' }, changedAt: '2026-11-23T10:00:03.000Z' }),
  denied: { ...WITHOUT_RULING, state: 'denied', decision: DENIED },
  'denied for now': ruled({ type: 'pause', until: '2026-12-23' }),
  kept: ruled({ type: 'keep', until: '2027-02-21' }),
  'kept, and that day is over': ruled({ type: 'keep', until: '2027-02-21', ended: { by: { name: 'clock' }, at: '2027-02-22T00:00:00.000Z' } }),
  'kept, and that is undone': ruled({ type: 'keep', until: '2027-02-21', ended: { by: DANA, at: '2026-12-01T10:00:00.000Z', reason: 'he is not coming back' } }),
  'not their account': ruled({ type: 'not-theirs', users: ['oidc:bob@corp.example'] }),
  'not their account, undone': ruled({ type: 'not-theirs', users: ['oidc:bob@corp.example', 'bob'], ended: { by: DANA, at: '2026-12-01T10:00:00.000Z' } }),
  expired: removalAs('expired', { decision: { by: { name: 'clock' }, at: '2026-11-26T08:00:00.000Z', verdict: 'expired' }, escalated: true }),
  canceled: removalAs('canceled', { decision: { by: DANA, at: '2026-11-23T08:10:00.000Z', verdict: 'canceled' } }),
  void: removalAs('void', { decision: { by: { name: 'job' }, at: '2026-11-23T08:12:00.000Z', reason: '1 of the 2 objects changed', verdict: 'void' }, successor: 'r8p3q1' }),
  'access asked': SAMPLE_ACCESS,
  'access active': { ...SAMPLE_ACCESS, state: 'applied', ...ACTIVE },
  'access ended on time': { ...SAMPLE_ACCESS, state: 'reverted', ...ENDED, revert: { by: { name: 'clock' }, at: '2026-11-23T09:20:00.000Z' } },
  'connection approved for a day, ended': { ...CONNECTION, state: 'reverted', lastsMs: 24 * 3_600_000, approvals: [BO_APPROVED], decision: { ...BO_APPROVED, verdict: 'approved' }, endsAt: '2026-11-24T08:20:00.000Z', changedAt: '2026-11-24T08:20:02.000Z', changes: [], counts: { ...SAMPLE_REMOVAL.counts, all: 0 }, revert: { by: { name: 'clock' }, at: '2026-11-24T08:20:00.000Z' } },
  'access ended early': { ...SAMPLE_ACCESS, state: 'reverted', ...ENDED, revert: { by: ANN, at: '2026-11-23T08:50:00.000Z' } },
  'access could not be ended': { ...SAMPLE_ACCESS, state: 'revert-failed', ...ACTIVE, changes: SAMPLE_ACCESS.changes.map((change) => ({ ...change, state: 'not-taken-back', problem: 'the API server does not answer' })), counts: { ...SAMPLE_ACCESS.counts, notTakenBack: 1 }, revert: { by: { name: 'clock' }, at: '2026-11-23T09:20:00.000Z' } },
  'connection asked': CONNECTION,
  ...OWNED_REQUESTS,
  'connections of a workload': GROUP,
  'applied, waiting for traffic': removalAs('applied', { ...APPROVED, ...changesAs('done', 'done'), verification: VERIFIED, observed: { state: 'waiting', at: '2026-11-23T08:13:00.000Z', text: 'no traffic seen yet; verification waits until 08:23 UTC' } }),
  'applied, drops seen': removalAs('applied', { ...APPROVED, ...changesAs('done', 'done'), verification: VERIFIED, observed: { state: 'proven', at: '2026-11-23T08:13:00.000Z', text: 'drops seen' } }),
  'rolled back': removalAs('reverted', { ...APPROVED, ...changesAs('taken-back', 'taken-back'), observed: { state: 'rolled-back', at: '2026-11-23T08:13:00.000Z', text: '212 drops to api.example.com:443 and db.example.com:5432 after the change' }, revert: { by: { name: 'job' }, at: '2026-11-23T08:13:00.000Z', reason: '212 drops to api.example.com:443 and db.example.com:5432 after the change' } }),
  'block in place': { ...BLOCK, state: 'applied', observed: { state: 'proven', at: '2026-11-23T08:14:00.000Z', text: 'drops seen' } },
  'block taken back': { ...BLOCK, ...UNBLOCKED, revert: { by: DANA, at: '2026-11-23T10:00:00.000Z', reason: 'it is the new provider' } },
  'block rolled back': { ...BLOCK, ...UNBLOCKED, observed: { state: 'rolled-back', at: '2026-11-23T10:00:00.000Z', text: '12 drops to api.example.com:443 after the change' }, revert: { by: { name: 'job' }, at: '2026-11-23T10:00:00.000Z', reason: '12 drops to api.example.com:443 after the change' } },
  'block by source ranges asked': { ...BLOCK_BY_RANGES, state: 'pending', approvals: [], changes: BLOCK_BY_RANGES.changes.map((change) => ({ ...change, state: 'open' })), counts: { ...BLOCK.counts, done: 0 } },
  'block by source ranges in place': { ...BLOCK_BY_RANGES, state: 'applied', observed: { state: 'waiting', at: '2026-11-23T08:13:00.000Z', text: 'written to the Service; the load balancer may take minutes, or not act on source ranges, and traffic is looked at until 08:23 UTC' } },
  'block by source ranges not taken back': {
    ...BLOCK_BY_RANGES,
    state: 'revert-failed',
    changes: BLOCK_BY_RANGES.changes.map((change) => ({ ...change, state: 'not-taken-back', problem: 'spec.loadBalancerSourceRanges of Service shop/web was changed since, and people have to say what stays. It holds now: 192.0.2.0/24, 203.0.113.0/28', command: `kubectl -n shop patch services web --type=merge -p '{"spec":{"loadBalancerSourceRanges":null}}'` })),
    counts: { ...BLOCK.counts, notTakenBack: 1 },
    revert: { by: DANA, at: '2026-11-23T10:00:00.000Z' },
  },
  'isolation asked': { ...ISOLATION, state: 'pending', approvals: [], changes: ISOLATION.changes.map((change) => ({ ...change, state: 'open' })), counts: { ...BLOCK.counts, done: 0 } },
  'isolation in place': { ...ISOLATION, state: 'applied', observed: { state: 'waiting', at: '2026-11-23T08:13:00.000Z', text: 'nothing that it keeps out was tried yet; traffic is looked at until 08:23 UTC' } },
  'isolation rolled back': { ...ISOLATION, ...UNBLOCKED, changes: ISOLATION.changes.map((change) => ({ ...change, state: 'taken-back' })), observed: { state: 'rolled-back', at: '2026-11-23T10:00:00.000Z', text: '12 drops to api.stripe.com:443 after the change' }, revert: { by: { name: 'job' }, at: '2026-11-23T10:00:00.000Z', reason: '12 drops to api.stripe.com:443 after the change' } },
  'connection approved': { ...CONNECTION, state: 'applied', ...APPROVED, approvals: [BO_APPROVED] },
  'connection approved for a time': { ...CONNECTION, state: 'applied', ...APPROVED, approvals: [BO_APPROVED], lastsMs: 24 * 3_600_000, endsAt: '2026-11-24T08:13:00.000Z' },
  'connection denied': { ...CONNECTION, state: 'denied', decision: { by: BO, at: '2026-11-23T08:10:00.000Z', reason: 'nobody on the team knows it', verdict: 'denied' } },
  'connection not decided': { ...CONNECTION, state: 'expired', decision: { by: { name: 'clock' }, at: '2026-11-23T16:00:00.000Z', verdict: 'expired' }, expiresAt: '2026-11-23T16:00:00.000Z' },
} as const satisfies Readonly<Record<string, RequestShown>>;
