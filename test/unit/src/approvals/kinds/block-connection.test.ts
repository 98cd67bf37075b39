import { afterEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { kind } from '#src/approvals/kinds/block-connection.ts';
import { ownAddress } from '#src/enforcement/own-policy.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { Change, Plan } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { CLUSTER, enforcementScene, seen, watchedConnections, WORKLOAD, type EnforcementScene, type Plugin } from '#test/build/enforcement.ts';

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
  for (const change of plan.changes) results.push(await makeChange(change, cluster, request, signal));
  cluster.close();
  return results;
}

async function look(mechanism: 'cilium' | 'calico' | 'network-policy') {
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
        { to: [{ ipBlock: { cidr: '198.51.100.7/32' } }, { ipBlock: { cidr: '2001:db8::7/128' } }], ports: [{ protocol: 'TCP', port: 443 }] },
        { to: [{ ipBlock: { cidr: '192.0.2.4/32' } }], ports: [{ protocol: 'TCP', port: 5432 }] },
      ],
    });
    expect(Object.fromEntries(card.facts)).toMatchObject({ Kept: 'DNS, everything in the cluster, and what was approved, learned or is not decided about', Simulated: 'would have dropped 0 of 14,201 other connections that were seen' });
    expect(plan.stays).toContainEqual('Whatever the workload connects to outside for the first time from then on is blocked until it is approved.');
    expect(await made(plan)).toMatchObject([{ state: 'done' }]);
  });

  test.each<[Plugin, 'cilium' | 'calico']>([
    ['Cilium', 'cilium'],
    ['Calico', 'calico'],
  ])('adds to the one policy that there is under %s, once, and goes back step by step', async (plugin, mechanism) => {
    const second = seen('second', { state: 'denied', key: { remote: { kind: 'address', address: '2001:db8::9' } } });
    const first = await proposed(plugin, { connections: [...KNOWN, second] });
    const [one] = await made(first.plan);
    const before = await look(mechanism);
    await expect(again()).rejects.toThrow(/^shop\/checkout → 203.0.113.9:443: \w+ shop\/k8ssec-[0-9a-f]{8} blocks it already\.$/);

    const next = await again(['second']);
    expect(next.plan.changes).toMatchObject([{ type: 'replace' }]);
    const [two] = await made(next.plan, 'r22222');
    expect(JSON.stringify(await look(mechanism))).toContain('203.0.113.9/32');
    expect(JSON.stringify(await look(mechanism))).toContain('2001:db8::9/128');

    const cluster = await opened();
    const [addition, creation] = [next.plan.changes[0], first.plan.changes[0]];
    if (addition === undefined || creation === undefined || one === undefined || two === undefined) throw new Error('nothing was changed');
    expect(await takeBack(creation, one, cluster, 'r11111', signal)).toMatchObject({ state: 'not-taken-back' });
    expect(await takeBack(addition, two, cluster, 'r22222', signal)).toMatchObject({ state: 'taken-back' });
    expect((await look(mechanism))?.spec).toEqual(before?.spec);
    expect(await takeBack(creation, one, cluster, 'r11111', signal)).toMatchObject({ state: 'taken-back' });
    expect(await look(mechanism)).toBeUndefined();
    cluster.close();
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

    await expect(proposed('kindnet', { more: [foreign] })).rejects.toThrow(`There is a NetworkPolicy shop/${name} that k8ssec has not made, and nothing is written over it.`);
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

  test.each(['observe', 'propose'] as const)('in mode %s says what would block it, and changes nothing', async (mode) => {
    const proposal = proposed('Cilium', { settings: { mode } });

    await expect(proposal).rejects.toMatchObject({ message: `Policies of prod shop are in mode ${mode}, so nothing is changed. This would block it:`, patch: expect.stringMatching(/^apiVersion: cilium\.io\/v2\nkind: CiliumNetworkPolicy\n[^]*cidr: 203\.0\.113\.9\/32/) as unknown });
  });

  test('names what else goes with an address that several names share', async () => {
    const shared = seen('shared', { count: 12, addresses: ['203.0.113.9'], key: { remote: { kind: 'name', name: 'cdn.example.com' } } });

    const { card } = await proposed('Cilium', { connections: [...KNOWN, shared] });

    expect(Object.fromEntries(card.facts)).toMatchObject({ Simulated: 'would have dropped 12 of 14,213 other connections that were seen', 'Also cut': 'cdn.example.com:443' });
  });
});
