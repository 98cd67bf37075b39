import { afterEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { kind as block } from '#src/approvals/kinds/block-connection.ts';
import { kind } from '#src/approvals/kinds/first-connection.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { ownAddress } from '#src/enforcement/own-policy.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { Connection, ConnectionKey, ConnectionSettings } from '#src/model/connection.ts';
import type { Change, ChangeResult } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { CLUSTER, enforcementScene, seen, watchedConnections, WORKLOAD, type EnforcementScene, type Plugin } from '#test/build/enforcement.ts';

const signal = new AbortController().signal;

function propose(found: readonly Connection[], settings: Partial<ConnectionSettings> = {}, ids = found.map(({ id }) => id)) {
  return kind.propose({ cluster: 'prod-eu', connections: ids }, awayWorld(found, settings), signal);
}

/** Nobody answers, so that whatever is proposed in it was proposed without the cluster. */
function awayWorld(found: readonly Connection[], settings: Partial<ConnectionSettings> = {}) {
  const clusters = { open: () => Promise.reject(new ClusterUnreachable('The API server of prod-eu did not answer.')) };
  return { clusters, connections: connectionsOf(found, { settings: [connectionSettings(settings)] }) } as unknown as ProposalWorld & Parameters<NonNullable<typeof kind.confirm>>[1];
}

const DENIED = seen('denied', { state: 'denied', request: 'r11111', decision: { by: 'Bo', at: '2026-11-24T10:00:00.000Z' } });
const STRIPE = seen('stripe', { state: 'approved', addresses: ['198.51.100.7'], key: { remote: { kind: 'name', name: 'api.stripe.com' } } });
const FRESH = seen('fresh', { outcome: 'dropped', addresses: ['192.0.2.10', '2001:db8::10'], key: { remote: { kind: 'name', name: 'api.mail.example' } } });
const PLACE = { cluster: CLUSTER, workload: WORKLOAD };

describe('src/approvals/kinds/first-connection', () => {
  test('says what connects where, since when, how often, and who else talks to it', async () => {
    const other = aConnection({ id: 'c2', key: { workload: { namespace: 'shop', kind: 'Deployment', name: 'invoices' } } });
    const { card, plan } = await propose([aConnection({ bytes: 12_345 }), other], {}, ['c1']);

    expect(card).toMatchObject({ header: 'New external connection', ask: 'First connection from prod-eu shop/checkout → api.stripe.com:443 (connected)', approve: 'Approve', now: 'Now: allowed and watched. Approving changes nothing in the cluster.' });
    expect(Object.fromEntries(card.facts)).toMatchObject({ Workload: 'shop/checkout (Deployment)', Seen: '3 × since 2026-11-24 09:14 UTC, connected', Bytes: '12,345', Addresses: '203.0.113.7', 'Others that talk to it': 'shop/invoices', 'Seen by': 'hubble' });
    expect(plan.changes).toEqual([]);
  });

  test('says that nobody knows when, where only a profile of Kubescape tells of it', async () => {
    const profiled = { sources: ['kubescape'], outcome: 'attempted' } as const;
    const { card: one } = await propose([aConnection(profiled)]);
    expect(one.ask).toBe('First connection from prod-eu shop/checkout → api.stripe.com:443 (made or only attempted)');
    expect(Object.fromEntries(one.facts)).toMatchObject({ Seen: 'at an unknown time before 2026-11-24 09:14 UTC, made or only attempted', 'Seen by': 'kubescape' });
    const { card: several } = await propose([aConnection(profiled), aConnection({ ...profiled, id: 'c2', key: { port: 80 } })]);
    expect(Object.fromEntries(several.facts)).toMatchObject({ 'First seen': 'at an unknown time before 2026-11-24 09:14 UTC' });

    const { card } = await propose([aConnection(profiled), aConnection({ id: 'c2', sources: ['kubescape', 'hubble'], key: { port: 80 } })]);
    expect(card.items).toEqual(['api.stripe.com:443, made or only attempted, at an unknown time before 2026-11-24 09:14 UTC', 'api.stripe.com:80, connected, 3 × since 2026-11-24 09:14 UTC'].toSorted());
  });

  test.each<[remote: ConnectionKey['remote'], direction: ConnectionKey['direction'], isPrivate: boolean, known: string]>([
    [{ kind: 'group', name: 'office' }, 'egress', true, 'a group of ranges of the configuration · a private address outside the cluster'],
    [{ kind: 'group', name: 'shop/partners' }, 'egress', false, 'a network set of Calico, which tells no address'],
    [{ kind: 'group', name: 'internet' }, 'egress', false, 'somewhere on the Internet: the source tells no address'],
    [{ kind: 'group', name: 'internet' }, 'ingress', false, 'all clients on the Internet, who are asked about together'],
    [{ kind: 'group', name: 'translated' }, 'ingress', true, 'whoever is behind an address of the cluster: after its translation nobody can tell who that is'],
  ])('says of the group %j, %s, what it is', async (remote, direction, isPrivate, known) => {
    const { card } = await propose([aConnection({ isPrivate, key: { remote, direction } })], { groups: new Map([['office', ['10.9.0.0/16']]]) });
    expect(Object.fromEntries(card.facts)).toMatchObject({ 'Known as': known });
  });

  test('forty destinations of a new workload are one request', async () => {
    const found = Array.from({ length: 40 }, (_, index) => aConnection({ id: `c${index}`, key: { remote: { kind: 'name', name: `d${index}.example.com` } } }));
    const { card } = await propose(found);
    expect(card).toMatchObject({ ask: '40 external destinations of prod-eu shop/checkout (Deployment)', approve: 'Approve all', instead: [{ label: 'Review one by one', command: 'connections' }] });
    expect(card.items).toHaveLength(40);
  });

  describe('its owner', () => {
    const SHOP = { team: 'Shop', who: 'C0TEAMSHOP', namespace: 'shop', workload: undefined };
    const PAYMENTS = { team: 'Payments', who: 'U0CY000001', namespace: 'shop', workload: 'Deployment/checkout' };
    const ownerIn = (owners: ConnectionSettings['owners']) => kind.owner?.({ cluster: 'prod-eu', connections: ['c1'] }, awayWorld([aConnection()], { owners }));

    test.each([
      ['the first that fits', [PAYMENTS, SHOP], { team: 'Payments', who: 'U0CY000001' }],
      ['of the namespace', [{ ...PAYMENTS, workload: 'cart' }, SHOP], { team: 'Shop', who: 'C0TEAMSHOP' }],
      ['of everything', [{ ...SHOP, namespace: undefined }], { team: 'Shop', who: 'C0TEAMSHOP' }],
    ])('is %s, and stands on the card', async (_name, owners, expected) => {
      expect(await ownerIn(owners)).toEqual(expected);
      expect((await propose([aConnection()], { owners })).card).toMatchObject({ owned: true, facts: expect.arrayContaining([['Owner', expected.team]]) });
    });

    test('is nobody where nobody is named, with what to do about it', async () => {
      await expect(ownerIn([{ ...SHOP, namespace: 'pay' }])).rejects.toThrow(/Nobody is known as the owner of shop\/checkout.*connections\.owners of prod-eu/);
    });
  });

  test('what comes in is told from what goes out', async () => {
    const { card } = await propose([aConnection({ key: { direction: 'ingress', remote: { kind: 'address', address: '2001:db8::1' }, port: 8443 } })]);
    expect(card).toMatchObject({ header: 'New connection from outside', ask: 'First connection into prod-eu 2001:db8::1 → shop/checkout:8443 (connected)' });
  });

  test.each([
    ['observe', 'Not enforced here (mode observe): its owner has to stop it.'],
    ['enforce', 'A request to block it in the cluster follows.'],
  ] as const)('says what a denial would mean in mode %s', async (mode, denied) => {
    expect((await propose([aConnection()], { mode })).card.meaning?.denied).toBe(denied);
  });

  test('a connection that the network drops already is said to be blocked', async () => {
    const { card } = await propose([aConnection({ outcome: 'dropped' })]);
    expect(card).toMatchObject({ now: 'Now: blocked by the network already. Approving changes nothing in the cluster.', meaning: { denied: 'The network blocks it already; nothing was changed.' } });
  });

  test('the plan stays the same while the connection goes on', async () => {
    const [before, after] = [await propose([aConnection()]), await propose([aConnection({ count: 99, state: 'approved', version: 3 })])];
    expect(after.plan).toEqual(before.plan);
  });

  test('nothing is asked about what is not known', async () => {
    await expect(propose([], {}, ['c9'])).rejects.toThrow(NothingToPropose);
  });

  describe('where k8ssec has written a policy', () => {
    let scene: EnforcementScene | undefined;
    let isolation: { readonly change: Change | undefined; readonly result: ChangeResult };
    afterEach(async () => {
      await scene?.stop();
      scene = undefined;
    });

    /** The denied one is blocked for request r22222. */
    async function blocked(plugin: Plugin, known: readonly Connection[] = [DENIED, STRIPE, FRESH], more: readonly RawObject[] = []): Promise<EnforcementScene> {
      scene = await enforcementScene(plugin, known.filter(({ outcome }) => outcome !== 'dropped'), {}, more);
      const { plan } = await block.propose({ cluster: CLUSTER, connections: ['denied'], reason: 'unknown host' }, scene.watched, signal);
      isolation = { change: plan.changes[0], result: await made(scene, plan.changes[0], 'r22222') };
      scene = { ...scene, watched: { ...scene.watched, connections: watchedConnections(known) } };
      return scene;
    }

    async function within<Result>({ world }: EnforcementScene, work: (cluster: Awaited<ReturnType<typeof world.clusters.open>>) => Promise<Result>): Promise<Result> {
      const cluster = await world.clusters.open(CLUSTER, signal);
      try {
        return await work(cluster);
      } finally {
        cluster.close();
      }
    }

    const changeOf = (change: Change | undefined): Change => {
      if (change === undefined) throw new Error('nothing would be changed');
      return change;
    };
    const made = (where: EnforcementScene, change: Change | undefined, request: string) => within(where, (cluster) => makeChange(changeOf(change), cluster, { request }, signal));
    const look = (where: EnforcementScene) => within(where, (cluster) => cluster.get(ownAddress('network-policy', PLACE), signal));
    const asked = ({ watched }: EnforcementScene, ids: readonly string[] = ['fresh']) => kind.propose({ cluster: CLUSTER, connections: ids }, watched, signal);

    test('the isolation is opened for exactly this destination, and everything else in it stays', async () => {
      const where = await blocked('kindnet');
      const before = await look(where);
      const { plan, card, sensitive } = await asked(where);

      expect(plan).toMatchObject({ changes: [{ type: 'replace', text: 'NetworkPolicy shop/checkout: api.mail.example:443 is let through' }], traffic: 'forwarded', trafficOf: ['fresh'], stays: ['Only addresses that were seen are let through; a name that gets others is blocked again.'] });
      expect(card.now).toMatch(/^Now: blocked by policy k8ssec-[0-9a-f]{8}; approving opens exactly this destination\.$/);
      expect(sensitive).toBe(false);
      expect(await made(where, plan.changes[0], 'r33333')).toMatchObject({ state: 'done' });
      const opened = ['192.0.2.10/32', '2001:db8::10/128'].map((cidr) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port: 443 }] }));
      const spec = objectAt(before, 'spec');
      expect((await look(where))?.spec).toEqual({ ...spec, egress: [...(spec?.egress as readonly RawObject[]), ...opened] });
    });

    test('what is let through by then is not opened again, and the opening is taken back whole', async () => {
      const where = await blocked('kindnet');
      const before = await look(where);
      const { plan } = await asked(where);
      const result = await made(where, plan.changes[0], 'r33333');

      expect((await asked(where)).plan).toMatchObject({ changes: [], stays: [] });
      expect(await within(where, (cluster) => takeBack(changeOf(plan.changes[0]), result, cluster, 'r33333', signal))).toMatchObject({ state: 'taken-back' });
      expect((await look(where))?.spec).toEqual(before?.spec);
    });

    test.each<readonly [string, readonly ('r33333' | 'r44444' | 'r22222')[]]>([
      ['the earlier one first', ['r33333', 'r44444', 'r22222']],
      ['the later one first', ['r44444', 'r33333', 'r22222']],
      ['the isolation first', ['r22222', 'r33333', 'r44444']],
    ])('two openings and the isolation beneath them are taken back in any order: %s', async (_, order) => {
      const second = seen('second', { outcome: 'dropped', key: { remote: { kind: 'address', address: '192.0.2.99' } } });
      const where = await blocked('kindnet', [DENIED, STRIPE, FRESH, second]);
      const closed = JSON.stringify((await look(where))?.spec);
      const one = (await asked(where)).plan.changes[0];
      const first = await made(where, one, 'r33333');
      const next = (await asked(where, ['second'])).plan.changes[0];
      const later = await made(where, next, 'r44444');
      const changes = { r22222: isolation, r33333: { change: one, result: first }, r44444: { change: next, result: later } };
      const addresses = { r22222: '', r33333: '192.0.2.10/32', r44444: '192.0.2.99/32' };

      const gone: string[] = [];
      for (const request of order) {
        const { change, result } = changes[request];
        expect(await within(where, (cluster) => takeBack(changeOf(change), result, cluster, request, signal))).toMatchObject({ state: 'taken-back' });
        gone.push(request);
        const spec = JSON.stringify((await look(where))?.spec);
        if (gone.includes('r22222')) expect(spec).toBeUndefined();
        else for (const opened of ['r33333', 'r44444'] as const) expect(spec.includes(addresses[opened])).toBe(!gone.includes(opened));
        if (gone.length === 2 && !gone.includes('r22222')) expect(spec).toBe(closed);
      }
    });

    test('the plan is the same when it is made anew, and another when another address is known', async () => {
      const where = await blocked('kindnet');
      const first = planHash((await asked(where)).plan);
      const later = (given: Partial<Connection>) => asked({ ...where, watched: { ...where.watched, connections: watchedConnections([DENIED, STRIPE, { ...FRESH, state: 'approved', count: 99, ...given }]) } });

      expect(planHash((await later({})).plan)).toBe(first);
      expect(planHash((await later({ addresses: ['192.0.2.99'] })).plan)).not.toBe(first);
    });

    test('of several only those that are blocked are opened, and only their traffic proves it', async () => {
      const where = await blocked('kindnet', [DENIED, STRIPE, FRESH, seen('passing', { key: { remote: { kind: 'address', address: '192.0.2.77' } } })]);
      const { plan, card } = await asked(where, ['passing', 'fresh']);

      expect(plan.trafficOf).toEqual(['fresh']);
      expect(plan.basis).toEqual(['fresh', 'passing']);
      expect(JSON.stringify(objectAt((plan.changes[0] as Extract<Change, { readonly type: 'replace' }>).body, 'spec')).match(/192\.0\.2\.77/g)).toHaveLength(1);
      expect(card.now).toMatch(/^Now: allowed and watched, except 1 that are blocked by policy k8ssec-\w+; approving opens exactly this destination\.$/);
    });

    test('a name without a known address is not said to be opened', async () => {
      const where = await blocked('kindnet', [DENIED, STRIPE, { ...FRESH, addresses: [] }]);
      const { plan, card } = await asked(where);

      expect(plan.changes).toEqual([]);
      expect(plan.stays).toEqual([expect.stringMatching(/^api\.mail\.example:443 is blocked by NetworkPolicy shop\/k8ssec-\w+, which cannot be opened as long as no address is known\.$/)]);
      expect(card.meaning?.approved).toMatch(/^On the allowlist\. Still blocked by NetworkPolicy/);
    });

    test('what was denied and shares the address is named', async () => {
      const where = await blocked('kindnet', [DENIED, STRIPE, { ...FRESH, addresses: ['203.0.113.9'] }]);

      expect((await asked(where)).plan.stays).toContain('203.0.113.9:443 was denied by Bo, has the same address, and is let through with it.');
    });

    test.each<Plugin>(['Cilium', 'Calico'])('a rule of %s that denies is not taken out, and the request that made it is named', async (plugin) => {
      const where = await blocked(plugin, [DENIED, STRIPE, { ...FRESH, addresses: ['203.0.113.9'] }]);
      const { plan, card } = await asked(where);

      expect(plan.changes).toEqual([]);
      expect(card.now).toMatch(/^Now: blocked by request r22222 \(\w+ shop\/k8ssec-\w+\): undo that first\. Approving changes nothing in the cluster\.$/);
      expect(card.meaning?.approved).toMatch(/^On the allowlist\. Still blocked by request r22222/);
      expect(plan.stays).toEqual([expect.stringMatching(/^api\.mail\.example:443 is blocked by request r22222 .*: undo that first\.$/)]);
    });

    test('a rule that denies something else is nothing in the way', async () => {
      const where = await blocked('Cilium');

      expect(await asked(where)).toMatchObject({ plan: { changes: [], stays: [] }, card: { now: 'Now: blocked by the network already. Approving changes nothing in the cluster.' } });
    });

    test('nothing is written over what somebody else has changed, and the card says who', async () => {
      const where = await blocked('kindnet');
      await within(where, (cluster) => cluster.patch(ownAddress('network-policy', PLACE), [{ op: 'add', path: '/spec/ingress', value: [{}] }], {}, signal));
      const { plan, card } = await asked(where);

      expect(plan.changes).toEqual([]);
      expect(card.now).toMatch(/^Now: blocked by NetworkPolicy shop\/k8ssec-\w+, which was changed by [^,]+, and nothing is written over that: put it back/);
    });

    test('a policy of somebody else, whatever it is called, is left alone', async () => {
      const { apiVersion, kind: objectKind, name, namespace } = ownAddress('network-policy', PLACE);
      scene = await enforcementScene('kindnet', [FRESH], {}, [{ apiVersion, kind: objectKind, metadata: { name, namespace }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [] } }]);

      expect((await asked(scene)).plan).toEqual({ changes: [], stays: [], proofs: [], basis: ['fresh'] });
    });

    test.each(['observe', 'propose'] as const)('in mode %s no cluster is asked', async (mode) => {
      const world = awayWorld([FRESH], { cluster: CLUSTER, mode });

      expect((await kind.propose({ cluster: CLUSTER, connections: ['fresh'] }, world, signal)).card.now).not.toContain('could not be looked at');
      await expect(kind.confirm?.({ cluster: CLUSTER, connections: ['fresh'] }, world, signal)).resolves.toBeUndefined();
    });

    test('people are asked also when the cluster does not answer, but nothing is done before somebody has looked', async () => {
      const world = awayWorld([aConnection()], { mode: 'enforce' });
      const { plan, card } = await kind.propose({ cluster: 'prod-eu', connections: ['c1'] }, world, signal);

      expect(plan.changes).toEqual([]);
      expect(card.now).toBe('Now: allowed and watched. Approving changes nothing in the cluster. Whether a policy of k8ssec blocks it could not be looked at: The API server of prod-eu did not answer.');
      await expect(kind.confirm?.({ cluster: 'prod-eu', connections: ['c1'] }, world, signal)).rejects.toThrow(ClusterUnreachable);
    });

    test('what is denied is not approved by being asked about again', async () => {
      await expect(kind.propose({ cluster: CLUSTER, connections: ['denied'] }, awayWorld([DENIED], { cluster: CLUSTER }), signal)).rejects.toThrow('shop/checkout → 203.0.113.9:443 is denied by Bo, in request r11111.');
    });
  });
});
