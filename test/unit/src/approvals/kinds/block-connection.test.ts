import { afterEach, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { canonicalJson } from '#src/actions/canonical.ts';
import { withoutParts } from '#src/actions/composition.ts';
import { makeChange } from '#src/actions/make-change.ts';
import { compositionOf } from '#src/actions/own-objects.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { kind } from '#src/approvals/kinds/block-connection.ts';
import { ownAddress, type Mechanism } from '#src/enforcement/own-policy.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { Change, Plan } from '#src/model/plan.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { isObject, objectAt, type RawObject } from '#src/model/raw.ts';
import { CLUSTER, definition, enforcementScene, seen, watchedConnections, WORKLOAD, type EnforcementScene, type Plugin } from '#test/build/enforcement.ts';

const signal = new AbortController().signal;
const PLACE = { cluster: CLUSTER, workload: WORKLOAD };
const DENIED = seen('denied', { state: 'denied' });
const STRIPE = seen('stripe', { state: 'approved', count: 14_000, addresses: ['198.51.100.7', '2001:db8::7'], key: { remote: { kind: 'name', name: 'api.stripe.com' } } });
const LEARNED = seen('learned', { state: 'learned', count: 201, key: { remote: { kind: 'address', address: '::ffff:192.0.2.4' }, port: 5432 } });
const KNOWN = [DENIED, STRIPE, LEARNED];

let scene: EnforcementScene | undefined;
afterEach(async () => {
  await scene?.stop();
  scene = undefined;
});

async function proposed(plugin: Plugin, { connections = KNOWN, settings = {}, more = [], ids = ['denied'] }: { readonly connections?: readonly Connection[]; readonly settings?: Partial<ConnectionSettings>; readonly more?: readonly RawObject[]; readonly ids?: readonly string[] } = {}) {
  scene ??= await enforcementScene(plugin, connections, settings, more);
  return again(ids);
}

async function again(ids: readonly string[] = ['denied']) {
  if (scene === undefined) throw new Error('there is no cluster');
  return kind.propose({ cluster: CLUSTER, connections: ids, reason: 'denied by Bo: unknown host' }, scene.watched, signal);
}

async function opened() {
  if (scene === undefined) throw new Error('there is no cluster');
  return scene.world.clusters.open(CLUSTER, signal);
}

async function made(plan: Plan, request = 'r11111') {
  const cluster = await opened();
  const results = [];
  for (const change of plan.changes) results.push(await makeChange(change, cluster, { request }, signal));
  cluster.close();
  return results;
}

async function look(mechanism: Mechanism) {
  const cluster = await opened();
  try {
    return await cluster.get(ownAddress(mechanism, PLACE), signal);
  } finally {
    cluster.close();
  }
}

function specOf(change: Change | undefined): RawObject | undefined {
  return change?.type === 'create' || change?.type === 'replace' ? objectAt(change.body, 'spec') : undefined;
}

function changeOf({ changes: [change] }: Plan): Change {
  if (change === undefined) throw new Error('nothing would be changed');
  return change;
}

function bodyOf(plan: Plan): RawObject {
  const change = changeOf(plan);
  return change.type === 'create' || change.type === 'replace' ? change.body : {};
}

/** Which rule came first says nothing. */
function sorted(spec: unknown): unknown {
  return Array.isArray(spec) ? spec.map(canonicalJson).sort() : isObject(spec) ? Object.fromEntries(Object.entries(spec).map(([field, value]) => [field, sorted(value)])) : spec;
}

describe('src/approvals/kinds/block-connection', () => {
  test('denies with one rule of Cilium that closes nothing else, and one person decides', async () => {
    const { plan, card, sensitive, namespaces } = await proposed('Cilium');

    expect(plan.changes).toMatchObject([{ type: 'create', text: 'CiliumNetworkPolicy shop/checkout: 203.0.113.9:443 is denied', address: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: expect.stringMatching(/^k8ssec-[0-9a-f]{8}$/) as unknown } }]);
    expect(specOf(plan.changes[0])).toEqual({
      endpointSelector: { matchLabels: { app: 'checkout' } },
      enableDefaultDeny: { egress: false, ingress: false },
      egressDeny: [{ toCIDRSet: [{ cidr: '203.0.113.9/32' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
    });
    expect({ sensitive, namespaces, traffic: plan.traffic }).toEqual({ sensitive: false, namespaces: ['shop'], traffic: 'dropped' });
    expect(card).toMatchObject({ ask: 'Block shop/checkout → 203.0.113.9:443 in prod', approve: 'Block', undo: 'Undo' });
    expect(Object.fromEntries(card.facts)).toMatchObject({ Workload: 'shop/checkout (Deployment), 2 pods, no restart', Simulated: 'would have dropped 0 of 14,201 other connections that were seen', 'Also cut': 'nothing that was seen', Why: 'denied by Bo: unknown host' });
  });

  test.each([
    ['', 'other.example'],
    [', which the isolation of the workload lets through: undo that and isolate it anew', 'api.stripe.com'],
  ])('says whether new addresses of a name pass%s', async (gets, matchName) => {
    const { name } = ownAddress('cilium-allow', PLACE);
    const isolation = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec: { egress: [{ toFQDNs: [{ matchName }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }] } };
    const { plan } = await proposed('Cilium', { connections: [{ ...STRIPE, state: 'denied' }], ids: ['stripe'], more: [isolation] });

    expect(plan.stays).toContainEqual(expect.stringMatching(new RegExp(`^Only the addresses of api.stripe.com that were seen are blocked, since [-0-9]+; the name may get others${gets}\\.$`)));
  });

  test('is the same plan when it is made anew, whatever was counted meanwhile', async () => {
    const { plan } = await proposed('Cilium');
    await scene?.stop();
    scene = await enforcementScene('Cilium', KNOWN.map((connection) => ({ ...connection, count: connection.count + 9, lastSeen: '2026-11-25T00:00:00.000Z' })));

    expect(planHash((await again()).plan)).toBe(planHash(plan));
  });

  test('closes all but what is known where there is only the NetworkPolicy of Kubernetes, and two people decide', async () => {
    const { plan, card, sensitive } = await proposed('kindnet');

    expect(sensitive).toBe(true);
    expect(specOf(plan.changes[0])).toEqual({
      podSelector: { matchLabels: { app: 'checkout' } },
      policyTypes: ['Egress'],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { name: 'coredns' } } }], ports: [{ protocol: 'UDP', port: 5353 }, { protocol: 'TCP', port: 5353 }] },
        { to: [{ ipBlock: { cidr: '10.96.0.10/32' } }, { ipBlock: { cidr: '169.254.20.10/32' } }], ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }] },
        { to: [{ namespaceSelector: {} }] },
        { to: [{ ipBlock: { cidr: '198.51.100.7/32' } }], ports: [{ protocol: 'TCP', port: 443 }] },
        { to: [{ ipBlock: { cidr: '2001:db8::7/128' } }], ports: [{ protocol: 'TCP', port: 443 }] },
        { to: [{ ipBlock: { cidr: '192.0.2.4/32' } }], ports: [{ protocol: 'TCP', port: 5432 }] },
      ],
    });
    expect(Object.fromEntries(card.facts)).toMatchObject({ Kept: 'DNS, everything in the cluster, and what was approved, learned or is not decided about', Simulated: 'would have dropped 0 of 14,201 other connections that were seen' });
    expect(plan.stays).toContainEqual('Whatever the workload connects to outside for the first time from then on is blocked until it is approved.');
    expect(await made(plan)).toMatchObject([{ state: 'done' }]);
  });

  test('where no Service answers DNS, queries go on wherever they go, and the card says so', async () => {
    scene = await enforcementScene('kindnet', KNOWN, {}, [], ['kube-dns']);

    const { plan } = await again();

    expect(objectAt(specOf(plan.changes[0]), 'egress', '0')).toEqual({ ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }] });
    expect(plan.stays).toContain('No Service that answers DNS was found, so port 53 stays open to every address.');
    expect(await made(plan)).toMatchObject([{ state: 'done' }]);
  });

  test('a denied server for DNS cannot be kept out where nobody knows which ones are needed', async () => {
    const server = seen('denied', { state: 'denied', key: { remote: { kind: 'address', address: '203.0.113.9' }, port: 53, protocol: 'udp' } });
    scene = await enforcementScene('kindnet', [server], {}, [], ['kube-dns']);

    await expect(again()).rejects.toThrow('203.0.113.9/32 cannot be kept out: it is in a range that stays open as a whole');
  });

  describe.each<[Plugin, Mechanism]>([
    ['Cilium', 'cilium'],
    ['Calico', 'calico'],
    ['kindnet', 'network-policy'],
  ])('two blocks of one workload under %s', (plugin, mechanism) => {
    const second = seen('second', { state: 'denied', key: { remote: { kind: 'address', address: '2001:db8::9' } } });

    /** The spec that keeps this alone out of everything that is known. */
    async function alone(id: string) {
      const other = await enforcementScene(plugin, [STRIPE, LEARNED, { ...DENIED, state: 'new' }, { ...second, state: 'new' }]);
      const { plan } = await kind.propose({ cluster: CLUSTER, connections: [id], reason: 'x' }, other.watched, signal);
      await other.stop();
      return specOf(plan.changes[0]);
    }

    test.each([
      ['the later one first', ['second', 'denied']],
      ['the earlier one first', ['denied', 'second']],
    ] as const)('stand in one policy and are taken back in any order: %s', async (_, order) => {
      const first = await proposed(plugin, { connections: [...KNOWN, { ...second, state: 'new' }] });
      const [one] = await made(first.plan);
      await expect(again()).rejects.toThrow(/^shop\/checkout → 203.0.113.9:443: \w+ shop\/k8ssec-[0-9a-f]{8} blocks it already\.$/);
      if (scene !== undefined) scene = { ...scene, watched: { ...scene.watched, connections: watchedConnections([...KNOWN, second]) } };
      const next = await again(['second']);
      expect(next.plan.changes).toMatchObject([{ type: 'replace' }]);
      const [two] = await made(next.plan, 'r22222');
      if (one === undefined || two === undefined) throw new Error('nothing was changed');

      const cluster = await opened();
      const back = (id: 'denied' | 'second') => (id === 'denied' ? takeBack(changeOf(first.plan), one, cluster, 'r11111', signal) : takeBack(changeOf(next.plan), two, cluster, 'r22222', signal));
      const [gone, left] = order;
      expect(await back(gone)).toMatchObject({ state: 'taken-back' });
      expect(sorted((await look(mechanism))?.spec)).toEqual(sorted(await alone(left)));
      expect(await back(left)).toMatchObject({ state: 'taken-back' });
      expect(await look(mechanism)).toBeUndefined();
      cluster.close();
    });
  });

  test('what shares an address with what is blocked already is blocked for itself, and stays so', async () => {
    const shared = seen('shared', { state: 'denied', addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } });
    const first = await proposed('Cilium', { connections: [...KNOWN, shared] });
    const [one] = await made(first.plan);
    const next = await again(['shared']);
    await made(next.plan, 'r22222');
    const before = await look('cilium');

    const cluster = await opened();
    if (one !== undefined) expect(await takeBack(changeOf(first.plan), one, cluster, 'r11111', signal)).toMatchObject({ state: 'taken-back' });
    cluster.close();
    expect((await look('cilium'))?.spec).toEqual(before?.spec);
  });

  describe('what was approved for a time before a workload is isolated', () => {
    const until = '2026-11-25T09:00:00.000Z';
    const briefly = (given: Parameters<typeof seen>[1]) => seen('briefly', { state: 'approved', request: 'r33333', decision: { by: 'Bo', at: '2026-11-24T09:00:00.000Z', until }, ...given });
    const allowing = (cidr: string) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port: 443 }] });

    test('is let through in the name of its request, and until then', async () => {
      const { plan } = await proposed('kindnet', { connections: [...KNOWN, briefly({ key: { remote: { kind: 'address', address: '2001:db8::77' } } })] });

      expect(specOf(plan.changes[0])).toMatchObject({ egress: expect.arrayContaining([allowing('2001:db8::77/128')]) as unknown });
      const composition = compositionOf(bodyOf(plan));
      expect(composition?.parts).toContainEqual({ request: 'r33333', until, what: '[2001:db8::77]:443', field: 'egress', opens: [allowing('2001:db8::77/128')] });
      expect(JSON.stringify(composition?.ground)).not.toContain('2001:db8::77');
    });

    test('and shares an address with what is denied is blocked with it', async () => {
      const { plan } = await proposed('kindnet', { connections: [...KNOWN, briefly({ addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } })] });

      expect(JSON.stringify(specOf(plan.changes[0]))).not.toContain('203.0.113.9');
    });

    test('and shares an address with what is approved for good stays after that', async () => {
      const { plan } = await proposed('kindnet', { connections: [...KNOWN, briefly({ addresses: ['198.51.100.7'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } })] });

      const made = compositionOf(bodyOf(plan));
      expect(JSON.stringify(made?.parts)).toContain('198.51.100.7');
      expect(JSON.stringify(made && withoutParts(made, ({ request }) => request === 'r33333'))).toContain('198.51.100.7');
    });
  });

  test('refuses more than fits into the annotations of one object', async () => {
    const many = Array.from({ length: 4000 }, (_, index) => seen(`many-${index}`, { state: 'approved', key: { remote: { kind: 'address', address: `198.18.${Math.floor(index / 250)}.${index % 250}` } } }));

    await expect(proposed('kindnet', { connections: [...KNOWN, ...many] })).rejects.toThrow(/^What NetworkPolicy shop\/k8ssec-\w+ would be made of does not fit into its annotations, which Kubernetes limits to 256 KiB\. Undo/);
  });

  describe('a group with thousands of ranges', () => {
    const cloud = (state: Connection['state']) => seen('cloud', { state, key: { remote: { kind: 'group', name: 'cloud' } } });
    const settings = { groups: new Map([['cloud', Array.from({ length: 10_000 }, (_, index) => `100.${Math.floor(index / 100)}.${2 * (index % 100)}.0/24`)]]) };

    test.each<Plugin>(['Cilium', 'Calico', 'kindnet'])('is not denied by a policy of %s', async (plugin) => {
      await expect(proposed(plugin, { connections: [...KNOWN, cloud('denied')], settings, ids: ['cloud'] })).rejects.toThrow('cloud has 10,000 ranges, and a policy names 500 at most. Make a group of those that matter in the configuration file, or block it where the network of the cluster ends.');
    });

    test('is not kept open by a policy that closes all the rest', async () => {
      await expect(proposed('kindnet', { connections: [...KNOWN, cloud('approved')], settings })).rejects.toThrow('A policy would have to name all that goes on, and cloud has 10,000 ranges, and a policy names 500 at most. Make a group of those that are needed in the configuration file.');
    });

    test('goes on beside what a policy denies', async () => {
      const { plan, card } = await proposed('Cilium', { connections: [...KNOWN, cloud('approved')], settings });

      expect(plan.changes).toHaveLength(1);
      expect(JSON.stringify(card)).not.toContain('100.7.0.0');
    });
  });

  test('takes one more out of an isolation and keeps every other rule', async () => {
    const later = seen('later', { state: 'approved', key: { remote: { kind: 'address', address: '203.0.113.77' } } });
    const first = await proposed('kindnet', { connections: [...KNOWN, later] });
    await made(first.plan);
    const before = specOf(first.plan.changes[0]);
    await expect(again(['later'])).rejects.toThrow('The connection is approved by now.');
    if (scene === undefined) throw new Error('there is no cluster');
    scene = { ...scene, watched: { ...scene.watched, connections: watchedConnections([...KNOWN, { ...later, state: 'denied' }]) } };

    const { plan } = await again(['later']);

    const without = (before?.egress as readonly RawObject[]).filter((rule) => !JSON.stringify(rule).includes('203.0.113.77'));
    expect(plan.changes).toMatchObject([{ type: 'replace' }]);
    expect(specOf(plan.changes[0])).toEqual({ ...before, egress: without });
  });

  test('writes over no policy of somebody else, whatever it is called', async () => {
    const { apiVersion, kind: objectKind, name, namespace } = ownAddress('network-policy', PLACE);
    const foreign = { apiVersion, kind: objectKind, metadata: { name, namespace }, spec: { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Ingress'], ingress: [{}] } };

    await expect(proposed('kindnet', { more: [foreign] })).rejects.toThrow(`NetworkPolicy shop/${name} does not bear the label of k8ssec, and nothing is written over it.`);
    expect(await look('network-policy')).toMatchObject({ spec: foreign.spec });
  });

  test('writes over no change of somebody else, and says whose it is', async () => {
    const { plan } = await proposed('Cilium', { connections: [...KNOWN, seen('second', { key: { port: 80 } })] });
    await made(plan);
    const cluster = await opened();
    await cluster.patch(ownAddress('cilium', PLACE), [{ op: 'add', path: '/spec/ingress', value: [{}] }], {}, signal);
    cluster.close();

    await expect(again(['second'])).rejects.toThrow(/^CiliumNetworkPolicy shop\/k8ssec-\w+ was changed by somebody else, and nothing is written over that/);
  });

  const allowing = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'to-the-web', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] } };
  const closing = { ...allowing, metadata: { name: 'closed', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [] } };
  test.each<[string, Plugin, Parameters<typeof proposed>[1], string]>([
    ['what another policy allows', 'kindnet', { more: [allowing] }, 'NetworkPolicy shop/to-the-web lets it through, and what one policy allows no other can forbid. Change that policy instead.'],
    ['what another policy blocks', 'kindnet', { more: [closing] }, 'Another policy of the workload blocks it already.'],
    ['to write what has no effect', 'flannel', {}, 'The network plugin of the cluster, flannel, does not enforce policies: denying is recorded only.'],
    ['what is approved', 'Cilium', { connections: [{ ...DENIED, state: 'approved' }] }, 'The connection is approved by now.'],
    ['what nobody knows', 'Cilium', { connections: [] }, 'The connection in prod is not known any more.'],
    ['a name without addresses', 'Cilium', { connections: [{ ...STRIPE, id: 'denied', state: 'denied', addresses: [] }] }, 'No address of api.stripe.com is known, and a policy denies addresses alone.'],
    ['the DNS of the cluster', 'Cilium', { connections: [seen('denied', { key: { remote: { kind: 'address', address: '10.96.0.10' }, port: 53, protocol: 'udp' } })] }, '10.96.0.10 is an address of the cluster itself, which is never blocked.'],
    ['an address in a range that stays open', 'kindnet', { settings: { corporateRanges: ['203.0.113.0/24'] } }, '203.0.113.9/32 cannot be kept out: it is in a range that stays open as a whole, of the cluster, the organisation or another connection.'],
    ['a workload that has gone', 'Cilium', { connections: [seen('denied', { key: { workload: { ...WORKLOAD, name: 'gone' } } })] }, 'There is no Deployment shop/gone any more.'],
  ])('refuses %s', async (_, plugin, given, reason) => {
    await expect(proposed(plugin, given)).rejects.toThrow(reason);
  });

  const CNPS = definition('policy.networking.k8s.io', 'v1beta1', 'ClusterNetworkPolicy', 'clusternetworkpolicies', 'Cluster');
  const cnp = (spec: object, name = 'admin'): RawObject => ({ apiVersion: 'policy.networking.k8s.io/v1beta1', kind: 'ClusterNetworkPolicy', metadata: { name }, spec: { tier: 'Admin', priority: 10, subject: { namespaces: {} }, ...spec } });
  const accept = (to: object, more: object = {}): RawObject => cnp({ egress: [{ action: 'Accept', to: [to] }], ...more });
  const WIDE = { networks: ['203.0.0.0/8'] };
  const LETS = 'ClusterNetworkPolicy admin lets 203.0.113.9:443 through, and is asked before every other policy. Change that policy instead.';
  const UNTOLD = 'so that nobody can tell whether it lets 203.0.113.9:443 through before every other policy.';
  test.each<[string, Plugin, readonly RawObject[], string]>([
    ['accepts what is denied', 'Cilium', [accept(WIDE)], LETS],
    ['accepts what is denied', 'Calico', [accept(WIDE)], LETS],
    ['accepts it on its port', 'kindnet', [cnp({ egress: [{ action: 'Accept', to: [WIDE], protocols: [{ tcp: { destinationPort: { range: { start: 400, end: 500 } } } }] }] })], LETS],
    ['accepts it with the priority of one that denies it', 'kindnet', [accept(WIDE), cnp({ egress: [{ action: 'Deny', to: [WIDE] }] }, 'a-denial')], LETS],
    ['accepts it after one that denies its neighbors', 'Cilium', [accept(WIDE), cnp({ priority: 1, egress: [{ action: 'Deny', to: [{ networks: ['203.0.114.0/24'] }] }] }, 'first')], LETS],
    ['has an action that is not understood', 'Calico', [cnp({ egress: [{ action: 'Log', to: [WIDE] }] })], `ClusterNetworkPolicy admin is not understood at spec.egress[0].action, ${UNTOLD}`],
    ['has a tier that is not understood', 'kindnet', [accept(WIDE, { tier: 'Default' })], `ClusterNetworkPolicy admin is not understood at spec.tier, ${UNTOLD}`],
  ])('refuses where a policy of administrators %s (%s)', async (_, plugin, policies, reason) => {
    await expect(proposed(plugin, { more: [CNPS, ...policies] })).rejects.toThrow(reason);
  });

  test('refuses a name that administrators accept, and says of an address that theirs are not known', async () => {
    const policy = accept({ domainNames: ['*.Stripe.com.', 'example.org'] });
    const refused = proposed('Cilium', { more: [CNPS, policy], connections: [{ ...STRIPE, id: 'denied', state: 'denied' }] });
    await expect(refused).rejects.toThrow('ClusterNetworkPolicy admin lets api.stripe.com:443 through, and is asked before every other policy.');
    await scene?.stop();
    scene = undefined;

    const { plan } = await proposed('Cilium', { more: [CNPS, policy] });

    expect(plan.stays).toContain('ClusterNetworkPolicy admin lets *.Stripe.com., example.org through before every other policy: an address that is theirs as well is not blocked.');
  });

  test.each<[string, RawObject]>([
    ['accepts it as a baseline', accept(WIDE, { tier: 'Baseline' })],
    ['accepts it on another port', cnp({ egress: [{ action: 'Accept', to: [WIDE], protocols: [{ tcp: { destinationPort: { number: 80 } } }] }] })],
    ['accepts it for other pods', accept(WIDE, { subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'other' } } } } })],
    ['denies it before it accepts it', cnp({ egress: [{ action: 'Deny', to: [WIDE] }, { action: 'Accept', to: [WIDE] }] })],
    ['passes it on before it accepts it', cnp({ egress: [{ action: 'Pass', to: [WIDE] }, { action: 'Accept', to: [WIDE] }] })],
    ['has what is not understood in the other direction', cnp({ ingress: [{ action: 'Log', from: [{ namespaces: {} }] }] })],
  ])('blocks all the same where a policy of administrators %s', async (_, policy) => {
    expect((await proposed('kindnet', { more: [CNPS, policy] })).plan.changes).toHaveLength(1);
  });

  test.each(['observe', 'propose'] as const)('in mode %s says what would block it, and changes nothing', async (mode) => {
    const proposal = proposed('Cilium', { settings: { mode } });

    await expect(proposal).rejects.toMatchObject({ message: `Policies of prod shop are in mode ${mode}, so nothing is changed. This would block it:`, patch: expect.stringMatching(/^apiVersion: cilium\.io\/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: k8ssec-\w+\n  namespace: shop\nspec:\n[^]*cidr: 203\.0\.113\.9\/32/) as unknown });
  });

  test.each<readonly [string, Plugin, readonly RawObject[], boolean]>([
    ['Calico with staged policies', 'Calico', [definition('projectcalico.org', 'v3', 'StagedNetworkPolicy', 'stagednetworkpolicies')], true],
    ['an older Calico', 'Calico', [], false],
    ['staged policies that another plugin left', 'Cilium', [definition('projectcalico.org', 'v3', 'StagedNetworkPolicy', 'stagednetworkpolicies')], false],
  ])('with %s, a preview that denies nothing is offered only where the cluster has it', async (_, plugin, more, isOffered) => {
    const patch = await proposed(plugin, { settings: { mode: 'propose' }, more }).then(() => '', (error: unknown) => (error instanceof NothingToPropose ? (error.patch ?? '') : ''));
    const [policy, staged] = parseAllDocuments(patch).map((document) => document.toJS() as unknown);

    expect(policy).toMatchObject({ metadata: { namespace: 'shop' } });
    if (!isOffered) return expect(staged).toBeUndefined();
    const { spec, ...rest } = policy as RawObject & { readonly spec: object };
    expect(staged).toEqual({ ...rest, kind: 'StagedNetworkPolicy', spec: { stagedAction: 'Set', ...spec } });
    expect(patch).toContain('policies.pending');
  });

  test('names what else goes with an address that several names share', async () => {
    const shared = seen('shared', { count: 12, addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } });

    const { card } = await proposed('Cilium', { connections: [...KNOWN, shared] });

    expect(Object.fromEntries(card.facts)).toMatchObject({ Simulated: 'would have dropped 12 of 14,213 other connections that were seen', 'Also cut': 'cdn.example.com:443' });
  });
});
