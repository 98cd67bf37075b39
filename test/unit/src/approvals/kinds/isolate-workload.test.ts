import { afterEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { compositionOf } from '#src/actions/own-objects.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { kind as blocking } from '#src/approvals/kinds/block-connection.ts';
import { kind as approving } from '#src/approvals/kinds/first-connection.ts';
import { kind } from '#src/approvals/kinds/isolate-workload.ts';
import { ownAddress, type Mechanism } from '#src/enforcement/own-policy.ts';
import type { AllowEntry, Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { ChangeResult, Plan } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { CLUSTER, definition, enforcementScene, seen, WORKLOAD, type EnforcementScene, type Plugin } from '#test/build/enforcement.ts';

const signal = new AbortController().signal;
const PLACE = { cluster: CLUSTER, workload: WORKLOAD };
const WISH = { cluster: CLUSTER, workload: WORKLOAD, reason: 'it handles cards' };

const named = (name: string) => ({ remote: { kind: 'name', name } }) as const;
const to = (address: string) => ({ remote: { kind: 'address', address } }) as const;
const DENIED = seen('denied', { state: 'denied', count: 7, decision: { by: 'Bo', at: '2026-11-24T10:00:00.000Z' } });
const STRIPE = seen('stripe', { state: 'approved', count: 14_000, addresses: ['198.51.100.7', '2001:db8::7'], key: named('api.stripe.com') });
const LEARNED = seen('learned', { state: 'learned', count: 201, key: { ...to('::ffff:192.0.2.4'), port: 5432 } });
const OPEN = seen('open', { state: 'pending', count: 5, key: to('192.0.2.77') });
const NEVER = seen('never', { state: 'new', outcome: 'dropped', count: 40, key: to('192.0.2.99') });
const KNOWN = [DENIED, STRIPE, LEARNED, OPEN, NEVER];

const RULE = (cidr: string, port = 443) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] });
const entry = (remote: string, given: Partial<AllowEntry> = {}): AllowEntry => ({ id: remote, direction: 'egress', remote, owner: 'Cy', reason: 'x', ...given });

let scene: EnforcementScene | undefined;
let known: readonly Connection[] = [];
afterEach(async () => {
  await scene?.stop();
  scene = undefined;
});

interface Given {
  readonly connections?: readonly Connection[];
  readonly settings?: Partial<ConnectionSettings>;
  readonly more?: readonly RawObject[];
  readonly entries?: readonly AllowEntry[];
  readonly without?: readonly string[];
  readonly learning?: boolean;
}

async function inCluster(plugin: Plugin, { connections = KNOWN, settings = {}, more = [], entries = [], without = [], learning = false }: Given = {}): Promise<void> {
  scene = await enforcementScene(plugin, connections, {}, more, without);
  known = connections;
  watch({ settings, entries, learning });
}

function watch({ connections = known, settings = {}, entries = [], learning = false }: Given = {}): void {
  if (scene === undefined) throw new Error('there is no cluster');
  scene = { ...scene, watched: { ...scene.watched, connections: connectionsOf(connections, { settings: [connectionSettings({ cluster: CLUSTER, mode: 'enforce', ...settings })], entries, learning: () => learning }) } };
}

function world() {
  if (scene === undefined) throw new Error('there is no cluster');
  return scene.watched;
}

const proposal = (wish: Partial<Parameters<typeof kind.propose>[0]> = {}) => kind.propose({ ...WISH, ...wish }, world(), signal);
const denial = (...ids: readonly string[]) => blocking.propose({ cluster: CLUSTER, connections: ids, reason: 'denied by Bo' }, world(), signal);
const approval = (...ids: readonly string[]) => approving.propose({ cluster: CLUSTER, connections: ids }, world(), signal);

async function planned(plugin: Plugin, given: Given = {}) {
  await inCluster(plugin, given);
  return proposal();
}

async function within<T>(work: (cluster: Awaited<ReturnType<EnforcementScene['world']['clusters']['open']>>) => Promise<T>): Promise<T> {
  if (scene === undefined) throw new Error('there is no cluster');
  const cluster = await scene.world.clusters.open(CLUSTER, signal);
  try {
    return await work(cluster);
  } finally {
    cluster.close();
  }
}

/** The plan carried out for a request, and how to take it back. */
async function made({ plan }: { readonly plan: Plan }, request: string): Promise<() => Promise<readonly ChangeResult[]>> {
  const results = await within(async (cluster) => {
    const found: ChangeResult[] = [];
    for (const change of plan.changes) found.push(await makeChange(change, cluster, { request }, signal));
    return found;
  });
  expect(results.map(({ state }) => state)).toEqual(plan.changes.map(() => 'done'));
  return () => within((cluster) => Promise.all(plan.changes.map((change, index) => takeBack(change, results[index] ?? { state: 'failed' }, cluster, request, signal))));
}

const look = (mechanism: Mechanism) => within((cluster) => cluster.get(ownAddress(mechanism, PLACE), signal));
const specNow = async (mechanism: Mechanism) => objectAt(await look(mechanism), 'spec');

function bodyOf({ changes: [change] }: Plan): RawObject {
  return change?.type === 'create' || change?.type === 'replace' ? change.body : {};
}
const specOf = (plan: Plan) => objectAt(bodyOf(plan), 'spec');

describe('src/approvals/kinds/isolate-workload', () => {
  describe('with the NetworkPolicy of Kubernetes', () => {
    test('closes everything outside but what is approved, learned or not decided about, and two people decide', async () => {
      const { plan, card, sensitive, namespaces } = await planned('kindnet', { settings: { corporateRanges: ['10.20.0.0/16'] } });

      expect(specOf(plan)).toEqual({
        podSelector: { matchLabels: { app: 'checkout' } },
        policyTypes: ['Egress'],
        egress: [
          { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { name: 'coredns' } } }], ports: [{ protocol: 'UDP', port: 5353 }, { protocol: 'TCP', port: 5353 }] },
          { to: [{ ipBlock: { cidr: '10.96.0.10/32' } }, { ipBlock: { cidr: '169.254.20.10/32' } }], ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }] },
          { to: [{ namespaceSelector: {} }, { ipBlock: { cidr: '10.20.0.0/16' } }] },
          RULE('198.51.100.7/32'),
          RULE('2001:db8::7/128'),
          RULE('192.0.2.4/32', 5432),
          RULE('192.0.2.77/32'),
        ],
      });
      expect({ sensitive, namespaces, traffic: plan.traffic, of: plan.trafficOf, in: plan.trafficIn }).toEqual({ sensitive: true, namespaces: ['shop'], traffic: 'closed', of: ['learned', 'open', 'stripe'], in: WORKLOAD });
      expect(card).toMatchObject({ ask: 'Isolate shop/checkout in prod, but for what is known or approved', approve: 'Isolate', undo: 'Undo' });
      expect(Object.fromEntries(card.facts)).toEqual({
        Workload: 'shop/checkout (Deployment), 2 pods, no restart',
        How: 'a NetworkPolicy, which kindnet enforces: everything outside is closed but for what is known',
        'Stays open': 'DNS, and the pods, nodes and API server of the cluster; 10.20.0.0/16',
        Kept: '3 connections (1 approved, 1 learned, 1 not decided about), seen since 2026-11-24 09:14 UTC',
        Allowlist: 'no entry for it',
        'Stays out': '203.0.113.9:443, which people denied',
        Simulated: 'would have dropped 0 of 14,206 connections, from what was seen in the last day',
        'Also cut': 'nothing that was seen',
        Time: 'until somebody undoes it',
        Why: 'it handles cards',
      });
      expect(card.items).toHaveLength(3);
      expect(plan.stays).toContain('Whatever the workload connects to outside for the first time from then on is blocked until it is approved.');
      expect(JSON.stringify(specOf(plan))).not.toContain('169.254.169.254');
    });

    test('is the same plan when it is made anew, whatever was counted meanwhile', async () => {
      const { plan } = await planned('kindnet');
      watch({ connections: KNOWN.map((connection) => ({ ...connection, count: connection.count + 9, lastSeen: '2026-11-24T12:00:00.000Z' })) });

      expect(planHash((await proposal()).plan)).toBe(planHash(plan));
    });

    test('what has no known address is told, and counts as dropped', async () => {
      const { plan, card } = await planned('kindnet', { connections: [...KNOWN, seen('lost', { state: 'approved', count: 3, addresses: [], key: named('mail.example') })] });

      expect(plan.stays).toContain('mail.example:443 is blocked as well: no address of it is known.');
      expect(Object.fromEntries(card.facts)).toMatchObject({ Simulated: 'would have dropped 3 of 14,209 connections, from what was seen in the last day', 'Also cut': 'mail.example:443' });
      expect(plan.trafficOf).toEqual(['learned', 'open', 'stripe']);
    });

    test('what was denied and shares an address with what is kept passes all the same, and the card says so', async () => {
      const { plan, card } = await planned('kindnet', { connections: [...KNOWN, seen('cdn', { state: 'denied', addresses: ['198.51.100.7'], key: named('cdn.example'), decision: { by: 'Bo', at: '2026-11-24T10:00:00.000Z' } })] });

      expect(plan.stays).toContain('cdn.example:443 was denied by Bo, and passes here all the same: its address or its name is among what is let through.');
      expect(Object.fromEntries(card.facts)).toMatchObject({ 'Stays out': '203.0.113.9:443, which people denied' });
    });

    test('entries of the allowlist are let through in the name of the request, without what was denied of them', async () => {
      const entries = [entry('203.0.113.8/30', { port: 443 }), entry('office'), entry('198.18.0.0/15', { workload: 'other', namespace: 'shop' }), entry('api.mail.example', { port: 25 }), entry('192.0.2.128/25', { until: '2026-11-30T00:00:00.000Z' })];
      const { plan, card } = await planned('kindnet', { entries, settings: { groups: new Map([['office', ['192.0.2.0/28']]]) } });

      const parts = compositionOf(bodyOf(plan))?.parts ?? [];
      expect(parts.filter(({ request, opens }) => request === '' && opens !== undefined)).toMatchObject([
        { what: '203.0.113.8/30:443', opens: ['TCP', 'UDP'].flatMap((protocol) => ['203.0.113.8/32', '203.0.113.10/31'].map((cidr) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol, port: 443 }] }))) },
        { what: 'office', opens: [{ to: [{ ipBlock: { cidr: '192.0.2.0/28' } }] }] },
      ]);
      expect(parts).toContainEqual({ request: 'allowlist', until: '2026-11-30T00:00:00.000Z', what: '192.0.2.128/25', field: 'egress', opens: [{ to: [{ ipBlock: { cidr: '192.0.2.128/25' } }] }] });
      expect(Object.fromEntries(card.facts).Allowlist).toBe('203.0.113.8/30:443, office, api.mail.example:25, 192.0.2.128/25');
      expect(plan.stays).toContain('Of the allowlist, api.mail.example:25 cannot be let through by the policy: what was seen of it is kept, and what is not is blocked without anybody being asked. End the entry to be asked.');
      expect(plan.stays).toContain('203.0.113.8/30:443 is let through without 203.0.113.9/32, which was denied.');
    });

    test('where a denial has closed the workload, it stays closed when the denial is taken back', async () => {
      await inCluster('kindnet');
      const undoDenial = await made(await denial('denied'), 'r11111');
      const before = await specNow('network-policy');
      const isolation = await proposal();
      expect(isolation.plan.stays).toContain('A denial has closed the workload already, with what was kept at that time: this keeps it closed when the denial is taken back.');
      const undo = await made(isolation, 'r22222');
      expect(await specNow('network-policy')).toEqual(before);

      await undoDenial();
      const left = await specNow('network-policy');
      // The denial had taken it out of what was let through before; it is not kept out by the isolation.
      expect(left).toEqual({ ...before, egress: expect.arrayContaining([RULE('198.51.100.7/32'), RULE('203.0.113.9/32')]) as unknown });
      await undo();
      expect(await look('network-policy')).toBeUndefined();
    });
  });

  describe.each<[Plugin, Mechanism, unknown]>([
    ['kindnet', 'network-policy', RULE('203.0.113.50/32')],
    ['Calico', 'calico', { action: 'Allow', protocol: 'TCP', source: {}, destination: { nets: ['203.0.113.50/32'], ports: [443] } }],
    ['Cilium', 'cilium-allow', { toCIDRSet: [{ cidr: '203.0.113.50/32' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
  ])('under %s', (plugin, mechanism, opened) => {
    const FRESH = seen('fresh', { state: 'pending', outcome: 'dropped', key: to('203.0.113.50') });

    test('a first connection is blocked until it is approved, which adds its rule; undo takes that out, and the object goes with the isolation', async () => {
      await inCluster(plugin);
      const undo = await made(await proposal(), 'r11111');
      const closed = await specNow(mechanism);
      watch({ connections: [...KNOWN, FRESH] });

      const asked = await approval('fresh');
      expect(asked.card.now).toMatch(/^Now: blocked by policy k8ssec-\w+; approving opens exactly this destination\.$/);
      expect(asked.plan).toMatchObject({ traffic: 'forwarded', trafficOf: ['fresh'] });
      const close = await made(asked, 'r22222');
      expect(await specNow(mechanism)).toEqual({ ...closed, egress: [...(closed?.egress as readonly unknown[]), opened] });
      expect(await close()).toMatchObject([{ state: 'taken-back' }]);
      expect(await specNow(mechanism)).toEqual(closed);
      expect(await undo()).toMatchObject([{ state: 'taken-back' }]);
      expect(await look(mechanism)).toBeUndefined();
    });

    test('what was approved for a time passes for that time, in the name of its request', async () => {
      const until = '2026-11-25T09:00:00.000Z';
      const briefly = seen('briefly', { state: 'approved', request: 'r33333', decision: { by: 'Bo', at: '2026-11-24T09:00:00.000Z', until }, key: to('203.0.113.50') });
      await inCluster(plugin, { connections: [...KNOWN, briefly] });
      if (plugin === 'Calico') await made(await denial('denied'), 'r11111');

      const { plan } = await proposal();

      expect(compositionOf(bodyOf(plan))?.parts.filter(({ request }) => request === 'r33333')).toEqual([{ request: 'r33333', until, what: '203.0.113.50:443', field: 'egress', opens: [opened] }]);
      expect(JSON.stringify(specOf(plan)).split('203.0.113.50')).toHaveLength(2);
    });

    test('what is kept passes without a rule of its own, and what is closed already is not closed twice', async () => {
      await inCluster(plugin);
      await made(await proposal(), 'r11111');

      expect((await approval('stripe')).plan.changes).toEqual([]);
      await expect(proposal()).rejects.toThrow(/^The workload is isolated already, by request r11111 \(\w+ shop\/k8ssec-\w+\)\./);
    });

    test('a denial before or after it is taken back without the other', async () => {
      const later = seen('later', { state: 'denied', key: to('192.0.2.200') });
      await inCluster(plugin, { connections: [...KNOWN, { ...later, state: 'pending' }] });
      const undoFirst = await made(await denial('denied'), 'r11111');
      const undo = await made(await proposal(), 'r22222');
      watch({ connections: [...KNOWN, later] });
      const undoLater = await made(await denial('later'), 'r33333');

      for (const back of [undo, undoLater, undoFirst]) expect(await back()).toMatchObject([{ state: 'taken-back' }]);
      const objects: readonly Mechanism[] = plugin === 'Cilium' ? ['cilium', mechanism] : [mechanism];
      for (const object of objects) expect(await look(object)).toBeUndefined();
    });

    const closing = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'closed', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [] } };
    test('what another policy closes is not closed once more', async () => {
      await expect(planned(plugin, { more: [closing] })).rejects.toThrow('Deployment shop/checkout is closed by NetworkPolicy shop/closed already. Policies only add to each other: one more would let more through, and keep out nothing. Change that one instead.');
    });
  });

  test('under Calico what denies comes first, and the rule that passes everything on is gone as long as the workload is closed', async () => {
    await inCluster('Calico');
    await made(await denial('denied'), 'r11111');
    const before = await specNow('calico');
    expect(before).toMatchObject({ egress: [{ action: 'Deny' }, { action: 'Pass' }] });
    const undo = await made(await proposal(), 'r22222');

    const during = (await specNow('calico'))?.egress as readonly RawObject[];
    expect(during.map(({ action }) => action)).toEqual(['Deny', ...during.slice(1).map(() => 'Allow')]);
    expect(during).toContainEqual({ action: 'Allow', source: {}, destination: { namespaceSelector: 'all()' } });
    // Calico's API server fills in both sides of every rule.
    for (const rule of [...during, ...(before?.egress as readonly RawObject[])]) expect(Object.keys(rule)).toEqual(expect.arrayContaining(['source', 'destination']));
    await undo();
    expect(await specNow('calico')).toEqual(before);
  });

  test.each(['Ingress', 'Egress'])('under Calico another policy of it for %s is in the way only where it closes the same direction', async (type) => {
    // Calico's own API server serves the same objects under another name.
    const stored = definition('crd.projectcalico.org', 'v1', 'NetworkPolicy', 'networkpolicies');
    const more = [stored, { apiVersion: 'crd.projectcalico.org/v1', kind: 'NetworkPolicy', metadata: { name: 'default.ours', namespace: 'shop' }, spec: { selector: 'all()', types: [type], order: 20 } }];
    const asked = planned('Calico', { more });

    if (type === 'Egress') await expect(asked).rejects.toThrow('is closed by NetworkPolicy of Calico shop/default.ours already.');
    else expect(specOf((await asked).plan)).toMatchObject({ order: 19, types: ['Egress'] });
  });

  describe('under Cilium', () => {
    const DNS = { rules: { dns: [{ matchPattern: '*' }] } };
    const both = (port: string) => [{ port, protocol: 'UDP' }, { port, protocol: 'TCP' }];
    const web = { toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] };

    test('names are let through as names, beside the object that denies and closes nothing', async () => {
      await inCluster('Cilium');
      await made(await denial('denied'), 'r11111');
      const { plan } = await proposal();

      expect(specOf(plan)).toEqual({
        endpointSelector: { matchLabels: { app: 'checkout' } },
        egress: [
          { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:name': 'coredns' } }], toPorts: [{ ports: both('5353'), ...DNS }] },
          { toEntities: ['cluster'], toPorts: [{ ports: both('53'), ...DNS }] },
          { toCIDRSet: [{ cidr: '10.96.0.10/32' }, { cidr: '169.254.20.10/32' }], toPorts: [{ ports: both('53'), ...DNS }] },
          { toEntities: ['cluster', 'kube-apiserver'] },
          { toFQDNs: [{ matchName: 'api.stripe.com' }], ...web },
          { toCIDRSet: [{ cidr: '192.0.2.4/32' }], toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }] },
          { toCIDRSet: [{ cidr: '192.0.2.77/32' }], ...web },
        ],
      });
      expect(plan.changes[0]?.address.name).not.toBe(ownAddress('cilium', PLACE).name);
      expect(plan.stays).toContain('Cilium lets a name through once a pod has looked it up after this. A client that goes on using an address from before, open connections included, is cut off until it looks the name up again.');
      await made({ plan }, 'r22222');
      expect(await specNow('cilium')).toMatchObject({ enableDefaultDeny: { egress: false } });
    });

    test('a name that is approved later is let through whatever addresses it gets, even if none is known', async () => {
      await inCluster('Cilium');
      await made(await proposal(), 'r11111');
      const fresh = seen('fresh', { state: 'pending', outcome: 'dropped', addresses: [], key: named('api.mail.example') });
      watch({ connections: [...KNOWN, fresh] });

      const { plan } = await approval('fresh');

      expect(compositionOf(bodyOf(plan))?.parts.at(-1)).toMatchObject({ what: 'api.mail.example:443', opens: [{ toFQDNs: [{ matchName: 'api.mail.example' }], ...web }] });
      expect(plan.stays).toEqual([]);
    });

    test('an address that a rule denies stays blocked when its name is approved, and the card names both', async () => {
      const shared = seen('shared', { state: 'pending', addresses: ['203.0.113.9'], key: named('cdn.example') });
      await inCluster('Cilium', { connections: KNOWN });
      await made(await denial('denied'), 'r11111');
      await made(await proposal(), 'r22222');
      watch({ connections: [...KNOWN, shared] });

      const { plan, card } = await approval('shared');

      expect(plan.stays).toContainEqual(expect.stringMatching(/^cdn\.example:443 is blocked by request r11111 \(CiliumNetworkPolicy shop\/k8ssec-\w+\): undo that first\.$/));
      expect(card.now).toContain('blocked by request r11111');
      expect(plan.stays.join(' ')).not.toContain('is let through with it');
    });

    test.each(['*', '*.com', '*.evil.example', 'x*y.example'])('%s, as a pod may ask DNS for, is let through by its addresses alone', async (name) => {
      const starred = seen('starred', { state: 'new', addresses: ['198.51.100.99'], key: named(name) });
      const { plan } = await planned('Cilium', { connections: [...KNOWN, starred, seen('lost', { state: 'new', addresses: [], key: { ...named(name), port: 8443 } })] });

      const egress = specOf(plan)?.egress as readonly RawObject[];
      expect(egress.filter((rule) => 'toFQDNs' in rule)).toEqual([{ toFQDNs: [{ matchName: 'api.stripe.com' }], ...web }]);
      expect(egress).toContainEqual({ toCIDRSet: [{ cidr: '198.51.100.99/32' }], ...web });
      expect(plan.stays).toEqual(expect.arrayContaining(['Names with a star that stay allowed are allowed by the addresses that were seen, and are blocked when they get others.', `${name}:8443 is blocked as well: no address of it is known.`]));
      expect(plan.trafficOf).toEqual(['learned', 'open', 'starred', 'stripe']);
    });

    test('approving a name with a star opens its addresses alone, and the card says so', async () => {
      await inCluster('Cilium');
      await made(await proposal(), 'r11111');
      watch({ connections: [...KNOWN, seen('starred', { state: 'pending', outcome: 'dropped', addresses: ['198.51.100.99'], key: named('*.evil.example') })] });

      const { plan } = await approval('starred');

      expect(compositionOf(bodyOf(plan))?.parts.at(-1)).toMatchObject({ what: '*.evil.example:443', opens: [{ toCIDRSet: [{ cidr: '198.51.100.99/32' }], ...web }] });
      expect(plan.stays).toContain('Only addresses that were seen are let through; a name that gets others is blocked again.');
    });

    test('what a rule denies stays out although a group that is kept has its address', async () => {
      await inCluster('Cilium', { connections: [...KNOWN, seen('group', { state: 'approved', key: { remote: { kind: 'group', name: 'office' } } })], settings: { groups: new Map([['office', ['203.0.113.0/28']]]) } });
      const without = (await proposal()).plan.stays;
      await made(await denial('denied'), 'r11111');
      const { plan, card } = await proposal();

      const passes = '203.0.113.9:443 was denied by Bo, and passes here all the same: its address or its name is among what is let through.';
      expect([without.includes(passes), plan.stays.includes(passes)]).toEqual([true, false]);
      expect(Object.fromEntries(card.facts)['Stays out']).toBe('203.0.113.9:443, which people denied');
    });

    test('an entry with a star is let through for as many parts as Cilium can be told', async () => {
      const { plan } = await planned('Cilium', { entries: [entry('*.amazonaws.com', { port: 443 })] });

      expect(compositionOf(bodyOf(plan))?.parts).toContainEqual({
        request: '',
        what: '*.amazonaws.com:443',
        field: 'egress',
        opens: ['TCP', 'UDP'].map((protocol) => ({ toFQDNs: [{ matchPattern: '*.amazonaws.com' }, { matchPattern: '*.*.amazonaws.com' }, { matchPattern: '*.*.*.amazonaws.com' }], toPorts: [{ ports: [{ port: '443', protocol }] }] })),
      });
      expect(plan.stays).toContain('Names of the allowlist with a star are let through with up to 3 parts in its place; longer ones are blocked without anybody being asked.');
    });

    test.each<readonly [string, RawObject | undefined, string, readonly string[]]>([
      ['switched off', { 'enable-l7-proxy': 'false' }, 'The DNS proxy of Cilium is switched off (enable-l7-proxy).', ['198.51.100.7/32', '2001:db8::7/128']],
      ['not to be looked at', undefined, 'Whether the DNS proxy of Cilium is switched on could not be read from ConfigMap kube-system/cilium-config (enable-l7-proxy). It is taken to be on, as by default; where it is off, Cilium refuses a policy with names, and nothing is isolated.', ['api.stripe.com']],
    ])('with the DNS proxy %s it says so', async (_, data, text, kept) => {
      const { plan } = await planned('Cilium', { more: data === undefined ? [] : [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data }] });

      expect(plan.stays).toContain(text);
      const written = JSON.stringify(specOf(plan));
      expect({ hasNames: written.includes('toFQDNs'), hasDns: written.includes('"dns"') }).toEqual({ hasNames: data === undefined, hasDns: data === undefined });
      for (const one of kept) expect(written).toContain(one);
    });

    test('where no Service answers DNS, queries go through the proxy wherever they go', async () => {
      const { plan } = await planned('Cilium', { without: ['kube-dns'] });

      expect(specOf(plan)?.egress).toContainEqual({ toPorts: [{ ports: both('53'), ...DNS }] });
    });

    test('what a policy of Cilium closes is not closed once more, and one that only denies closes nothing', async () => {
      const spec = { endpointSelector: {}, egress: [{ toEntities: ['cluster'] }] };
      const policy = (name: string, content: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec: content });
      const denying = policy('denying', { endpointSelector: {}, enableDefaultDeny: { egress: false }, egressDeny: [{ toCIDRSet: [{ cidr: '192.0.2.1/32' }] }] });
      expect((await planned('Cilium', { more: [denying] })).plan.changes).toHaveLength(1);
      await scene?.stop();

      await expect(planned('Cilium', { more: [denying, policy('inside', spec)] })).rejects.toThrow('Deployment shop/checkout is closed by CiliumNetworkPolicy shop/inside already.');
    });
  });

  describe('where an administrator has a policy', () => {
    const served = definition('policy.networking.k8s.io', 'v1beta1', 'ClusterNetworkPolicy', 'clusternetworkpolicies', 'Cluster');
    const admin = (...egress: readonly object[]) => [served, { apiVersion: 'policy.networking.k8s.io/v1beta1', kind: 'ClusterNetworkPolicy', metadata: { name: 'admin' }, spec: { tier: 'Admin', priority: 10, subject: { namespaces: {} }, egress } }];

    test.each<readonly [string, object, string]>([
      ['ranges', { action: 'Accept', to: [{ networks: ['198.18.0.0/15'] }] }, '198.18.0.0/15 stays open: ClusterNetworkPolicy admin lets it through, whatever other policies say.'],
      ['one port to everywhere', { action: 'Accept', to: [{ networks: ['0.0.0.0/0'] }], protocols: [{ udp: { destinationPort: { number: 53 } } }] }, '0.0.0.0/0 on UDP/53 stays open: ClusterNetworkPolicy admin lets it through, whatever other policies say.'],
      ['names', { action: 'Accept', to: [{ domainNames: ['*.example.org'] }] }, 'ClusterNetworkPolicy admin lets *.example.org through before every other policy.'],
      ['something that is not understood', { action: 'Log', to: [{ networks: ['198.18.0.0/15'] }] }, 'ClusterNetworkPolicy admin is not understood at spec.egress[0].action, so that nobody can tell whether it lets more through before every other policy.'],
    ])('that lets through %s, the card says so', async (_, rule, text) => {
      expect((await planned('kindnet', { more: admin(rule) })).plan.stays).toContain(text);
    });

    test('that lets everything through, nothing is isolated', async () => {
      await expect(planned('kindnet', { more: admin({ action: 'Accept', to: [{ networks: ['0.0.0.0/0'] }] }) })).rejects.toThrow('A policy of an administrator lets Deployment shop/checkout connect to everywhere, which no other policy can forbid.');
    });
  });

  test('the card says that groups are let through as they are now', async () => {
    const settings = { groups: new Map([['bank', ['198.51.100.128/25']], ['office', ['192.0.2.0/28']], ['other', ['192.0.2.128/25']]]) };
    const { plan } = await planned('kindnet', { connections: [...KNOWN, seen('bank', { state: 'approved', key: { remote: { kind: 'group', name: 'bank' } } })], entries: [entry('office')], settings });

    expect(plan.stays).toContain('Of bank, office, the ranges of now are let through: what comes into these groups later is blocked without anybody being asked, and what leaves stays let through.');
  });

  describe('a group of more ranges than a policy names', () => {
    const groups = new Map([['cloud', Array.from({ length: 501 }, (_, index) => `198.${18 + Math.floor(index / 250)}.${index % 250}.0/24`)]]);

    test('is refused where it is to go on', async () => {
      const cloud = seen('cloud', { state: 'approved', key: { remote: { kind: 'group', name: 'cloud' } } });

      await expect(planned('Cilium', { connections: [...KNOWN, cloud], settings: { groups } })).rejects.toThrow('A policy would have to name all that goes on, and cloud has 501 ranges, and a policy names 500 at most.');
    });

    test('is left out where the allowlist alone names it, and the card says so', async () => {
      const { plan } = await planned('Cilium', { entries: [entry('cloud')], settings: { groups } });

      expect(plan.stays).toContain('Of the allowlist, cloud cannot be let through by the policy: what was seen of it is kept, and what is not is blocked without anybody being asked. End the entry to be asked.');
      expect(JSON.stringify(specOf(plan))).not.toContain('198.18.');
    });
  });

  test.each<[string, Plugin, Given, string]>([
    ['where nothing is enforced', 'flannel', {}, 'The network plugin of the cluster, flannel, does not enforce policies: nothing can be isolated.'],
    ['while the workload is learned', 'kindnet', { learning: true }, 'Deployment shop/checkout is still learned: what it needs is known when it was watched for 1 day. Ask again then.'],
    ['in mode observe, with how to change that', 'kindnet', { settings: { mode: 'observe' } }, 'Connections of prod shop are only observed (mode observe), so nothing is changed. The configuration file can say mode: enforce'],
  ])('refuses %s', async (_, plugin, given, reason) => {
    await expect(planned(plugin, given)).rejects.toThrow(reason);
  });

  test('what another workload owns is not isolated by itself: what it needs is known of its owner', async () => {
    const owned = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'checkout-7d4b9', namespace: 'shop', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout', uid: 'y', controller: true }] }, spec: { selector: { matchLabels: { app: 'checkout' } }, template: { metadata: { labels: { app: 'checkout' } }, spec: { containers: [{ name: 'main', image: 'registry.example/checkout:1' }] } } } };
    await inCluster('kindnet', { more: [owned] });

    await expect(proposal({ workload: { namespace: 'shop', kind: 'ReplicaSet', name: 'checkout-7d4b9' } })).rejects.toThrow('ReplicaSet shop/checkout-7d4b9 belongs to Deployment shop/checkout, of which its connections are known. Name that one.');
    await expect(proposal({ workload: { namespace: 'shop', kind: 'Pod', name: 'checkout-7d4b9-a' } })).rejects.toThrow('Pod shop/checkout-7d4b9-a belongs to ReplicaSet shop/checkout-7d4b9, of which its connections are known. Name that one.');
  });

  test('in mode propose says what would isolate it, and changes nothing', async () => {
    await expect(planned('kindnet', { settings: { modes: new Map([['shop', 'propose']]) } })).rejects.toMatchObject({ message: 'Policies of prod shop are in mode propose, so nothing is changed. This would isolate it:', patch: expect.stringMatching(/^apiVersion: networking\.k8s\.io\/v1\nkind: NetworkPolicy\nmetadata:\n  name: k8ssec-\w+\n  namespace: shop\nspec:\n/) as unknown });
  });

  test('for a time, every part of it says until when', async () => {
    await inCluster('kindnet');
    const { plan, lastsMs, card } = await proposal({ lastsMs: 7 * 24 * 3600_000 });
    const until = '2026-12-01T10:00:00.000Z';
    await within((cluster) => Promise.all(plan.changes.map((change) => makeChange(change, cluster, { request: 'r11111', until }, signal))));

    expect([lastsMs, Object.fromEntries(card.facts).Time]).toEqual([7 * 24 * 3600_000, '7 days, from approval']);
    expect(compositionOf((await look('network-policy')) ?? {})?.parts).toEqual([
      { request: 'r11111', until, what: 'egress', field: 'policyTypes', add: ['Egress'] },
      { request: 'r11111', until, what: 'everything that is not let through', field: 'egress', remove: [] },
    ]);
  });
});
