import { describe, expect, test } from '@jest/globals';
import { createEnforcementWatcher } from '#src/app/events/enforcement-watch.ts';
import { connectionId } from '#src/model/connection-key.ts';
import type { Sighting } from '#src/model/connection.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { Available } from '#src/enforcement/available.ts';
import type { Flow } from '#src/model/flow.ts';
import type { Plan } from '#src/model/plan.ts';
import type { ApprovalRequest, Observed } from '#src/model/request.ts';
import { aConnection, CHECKOUT, connectionsOf } from '#test/build/connections.ts';
import { aFlow, podEnd } from '#test/build/flow.ts';
import { aRequest } from '#test/build/request.ts';
import { aSighting } from '#test/build/sighting.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const APPLIED = Date.parse('2026-11-25T09:14:00.000Z');
const MINUTE_MS = 60_000;
const SUBJECT = connectionId(CHECKOUT);
const OTHER = { key: { port: 5432 } };
const POLICY_DROP = { verdict: 'dropped', droppedByPolicy: true } as const;

function applied(traffic: Plan['traffic'], more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return aRequest({
    kind: traffic === 'dropped' ? 'block-connection' : 'first-connection',
    state: 'applied',
    plan: { changes: [], stays: [], proofs: [], basis: [], ...(traffic !== undefined && { traffic, trafficOf: [SUBJECT] }) },
    podsBefore: { available: 3 },
    observed: { state: 'waiting', at: new Date(APPLIED).toISOString(), text: 'no traffic seen yet' },
    journal: [{ at: new Date(APPLIED).toISOString(), by: { name: 'job' }, what: 'applied', planHash: 'hash-1' }],
    ...more,
  });
}

/** A watcher whose clock stands right after the change, and what it told. */
function watching(open: ApprovalRequest[], pods: () => Available | undefined = () => undefined, subject: Parameters<typeof aConnection>[0] = {}) {
  const clock = createMovedClock(new Date(APPLIED).toISOString());
  const told: (readonly [string, Observed['state'], string])[] = [];
  const watcher = createEnforcementWatcher({
    cluster: 'prod-eu',
    approvals: { open: () => Promise.resolve(open) },
    runs: {
      observe(id, { state, text }) {
        told.push([id, state, text]);
        return Promise.resolve();
      },
    },
    store: connectionsOf([aConnection({ ...subject, id: SUBJECT })]),
    available: () => new Promise((resolve) => resolve(pods())),
    clock,
    log: createKeptLog(),
  });
  /** A connection of the workload so many minutes after the change; without a sighting it leads to somewhere in the cluster. */
  const see = async (minute: number, flow: Partial<Flow>, sighting?: Parameters<typeof aSighting>[0]): Promise<void> => {
    const atMs = APPLIED + minute * MINUTE_MS;
    if (clock.now().getTime() < atMs) clock.advance(atMs - clock.now().getTime());
    watcher.note(aFlow({ source: podEnd({ workload: CHECKOUT.workload }), timeMs: atMs, ...flow }), sighting === undefined ? undefined : sightingOf(flow, sighting, atMs));
    await watcher.settle();
  };
  return { told, see };
}

function sightingOf({ verdict }: Partial<Flow>, sighting: Parameters<typeof aSighting>[0], atMs: number): Sighting {
  return aSighting({ atMs, outcome: verdict === 'dropped' ? 'dropped' : 'connected', ...sighting });
}

describe('src/app/events/enforcement-watch.ts', () => {
  test.each([
    ['a block, by a drop of a policy', 'dropped', POLICY_DROP, 'drops seen'],
    ['an opening, by traffic that passes', 'forwarded', { verdict: 'forwarded' }, 'traffic passes'],
  ] as const)('%s, is proven once', async (_, traffic, flow, text) => {
    const { told, see } = watching([applied(traffic)]);
    await see(1, flow, {});
    await see(2, flow, {});

    expect(told).toEqual([['r7k2m9', 'proven', text]]);
  });

  test.each<readonly [string, Plan['traffic'], Partial<Flow>, Parameters<typeof aSighting>[0], number]>([
    ['a drop that is of no policy', 'dropped', { verdict: 'dropped' }, {}, 1],
    ['a block when it passes', 'dropped', {}, {}, 1],
    ['a drop from before', 'dropped', POLICY_DROP, {}, -1],
    ['a drop of another connection', 'dropped', POLICY_DROP, OTHER, 1],
    ['traffic of another connection', 'forwarded', {}, OTHER, 1],
    ['traffic from before', 'forwarded', {}, {}, -1],
    ['an opening when it is dropped', 'forwarded', POLICY_DROP, {}, 1],
    ['what was only tried', 'forwarded', { verdict: 'other', attempt: true }, { outcome: 'attempted' }, 1],
    ['what a profile names without saying when', 'forwarded', { verdict: 'other', timeMs: undefined }, { outcome: 'attempted' }, 1],
    ['traffic of a change that traffic shows nothing of', undefined, {}, {}, 1],
  ])('%s is no proof', async (_, traffic, flow, sighting, minute) => {
    const { told, see } = watching([applied(traffic)]);
    await see(minute, flow, sighting);

    expect(told).toEqual([]);
  });

  test.each<readonly [string, Parameters<typeof aConnection>[0], number, Observed['state'] | undefined]>([
    ['what came all the time is gone when it is silent', { count: 600 }, 1, 'proven'],
    ['what came seldom may come again', { count: 20 }, 1, undefined],
    ['what came in one burst may come again', { count: 600, firstSeen: '2026-11-25T09:12:50.000Z' }, 1, undefined],
    ['what was silent before shows nothing by being silent', { count: 600, lastSeen: '2026-11-25T09:09:00.000Z' }, 1, undefined],
    ['nobody knows what came before they began to look', { count: 600 }, 6, undefined],
  ])('%s', async (_, connection, from, state) => {
    const { told, see } = watching([applied('gone')], () => undefined, { firstSeen: '2026-11-25T07:13:00.000Z', lastSeen: '2026-11-25T09:13:00.000Z', ...connection });
    await see(from, {}, OTHER);
    await see(9, {}, OTHER);

    expect(told.map(([, one]) => one)).toEqual(state === undefined ? [] : [state]);
  });

  test('what still comes in when the load balancer has had its time is not gone', async () => {
    const { told, see } = watching([applied('gone')]);
    await see(3, {}, {});
    expect(told).toEqual([]);
    await see(6, {}, {});

    expect(told).toEqual([['r7k2m9', 'unproven', 'it still came in 6 minutes after the change: the load balancer does not act on source ranges, or lets it in by one that stays']]);
  });

  test.each<readonly [Plan['traffic'], string, Parameters<typeof aSighting>[0] | undefined, string]>([
    ['dropped', 'to the outside', OTHER, '11 drops to api.stripe.com:5432 after the change'],
    ['forwarded', 'to the outside', OTHER, '11 drops to api.stripe.com:5432 after the change'],
    ['dropped', 'inside the cluster', undefined, '11 drops to web:443 after the change'],
    ['forwarded', 'inside the cluster', undefined, '11 drops to web:443 after the change'],
  ])('after a change that expects %s, drops %s take it back', async (traffic, _, sighting, text) => {
    const { told, see } = watching([applied(traffic)]);
    const flow = { ...POLICY_DROP, destination: podEnd({ port: 443 }) };
    await see(1, { ...flow, connections: 10 }, sighting);
    expect(told).toEqual([]);
    await see(2, flow, sighting);

    expect(told).toEqual([['r7k2m9', 'rolled-back', text]]);
  });

  test('drops of another workload, and drops that are of no policy, take nothing back', async () => {
    const { told, see } = watching([applied('dropped')]);
    await see(1, { ...POLICY_DROP, connections: 99, source: podEnd() });
    await see(1, { verdict: 'dropped', connections: 99 }, OTHER);

    expect(told).toEqual([]);
  });

  test('what was dropped in the hour before is no harm of the change, five times over', async () => {
    const open: ApprovalRequest[] = [];
    const { told, see } = watching(open);
    await see(-59, { ...POLICY_DROP, connections: 4 }, OTHER);
    await see(-61, { ...POLICY_DROP, connections: 1000 }, OTHER);
    open.push(applied('forwarded'));
    await see(1, { ...POLICY_DROP, connections: 20 }, OTHER);
    expect(told).toEqual([]);
    await see(2, POLICY_DROP, OTHER);

    expect(told).toEqual([['r7k2m9', 'rolled-back', '21 drops to api.stripe.com:5432 after the change']]);
  });

  test('drops of the connection itself, before it was opened, are not among them', async () => {
    const open: ApprovalRequest[] = [];
    const { told, see } = watching(open);
    await see(-5, { ...POLICY_DROP, connections: 1000 }, {});
    open.push(applied('forwarded'));
    await see(1, { ...POLICY_DROP, connections: 11 }, OTHER);

    expect(told).toEqual([['r7k2m9', 'rolled-back', '11 drops to api.stripe.com:5432 after the change']]);
  });

  describe('after a workload was closed, but for one connection', () => {
    const closing = () => {
      const request = applied(undefined);
      return { ...request, plan: { ...request.plan, traffic: 'closed', trafficOf: [SUBJECT], trafficIn: CHECKOUT.workload } } as const;
    };

    test('a drop of any other one that leads outside is the proof, and no harm', async () => {
      const { told, see } = watching([closing()]);
      await see(1, { ...POLICY_DROP, connections: 99 }, OTHER);

      expect(told).toEqual([['r7k2m9', 'proven', 'drops seen']]);
    });

    test.each<readonly [string, Parameters<typeof aSighting>[0] | undefined, string]>([
      ['of what goes on', {}, '11 drops to api.stripe.com:443 after the change'],
      ['inside the cluster', undefined, '11 drops to web:443 after the change'],
      ['of what comes in', { key: { direction: 'ingress', port: 8443 } }, '11 drops to api.stripe.com → shop/checkout:8443 after the change'],
    ])('drops %s take it back', async (_, sighting, text) => {
      const { told, see } = watching([closing()]);
      await see(1, { ...POLICY_DROP, destination: podEnd({ port: 443 }), connections: 11 }, sighting);

      expect(told).toEqual([['r7k2m9', 'rolled-back', text]]);
    });

    test('what was dropped before counts only where it is to go on', async () => {
      const open: ApprovalRequest[] = [];
      const { told, see } = watching(open);
      await see(-5, { ...POLICY_DROP, connections: 1000 }, OTHER);
      await see(-5, { ...POLICY_DROP, connections: 4 }, {});
      open.push(closing());
      await see(1, { ...POLICY_DROP, connections: 20 }, {});
      expect(told).toEqual([]);
      await see(2, POLICY_DROP, {});

      expect(told).toEqual([['r7k2m9', 'rolled-back', '21 drops to api.stripe.com:443 after the change']]);
    });

    test('what was dropped before already proves nothing, and does no harm', async () => {
      const open: ApprovalRequest[] = [];
      const { told, see } = watching(open);
      await see(-5, POLICY_DROP, OTHER);
      open.push(closing());
      await see(1, { ...POLICY_DROP, connections: 99 }, OTHER);
      expect(told).toEqual([]);
      await see(2, POLICY_DROP, { key: { port: 8443 } });

      expect(told).toEqual([['r7k2m9', 'proven', 'drops seen']]);
    });

    test('pods are looked at also where nothing was seen of the workload before', async () => {
      const request = closing();
      const { told, see } = watching([{ ...request, plan: { ...request.plan, trafficOf: [] } }], () => ({ pods: 1, wanted: 3 }));
      await see(1, {}, OTHER);

      expect(told).toEqual([['r7k2m9', 'rolled-back', '1 of its pods is available after the change, and 3 were before']]);
    });
  });

  test('another process goes on from what is known of the request', async () => {
    const { told, see } = watching([applied('forwarded', { observed: { state: 'proven', at: new Date(APPLIED + MINUTE_MS).toISOString(), text: 'traffic passes' } })]);
    await see(2, {}, {});
    expect(told).toEqual([]);
    await see(3, { ...POLICY_DROP, connections: 11 }, OTHER);

    expect(told).toEqual([['r7k2m9', 'rolled-back', '11 drops to api.stripe.com:5432 after the change']]);
  });

  test.each<readonly [string, Partial<ApprovalRequest>]>([
    ['of another cluster', { clusters: ['dev'] }],
    ['that is taken back already', { state: 'reverting' }],
    ['that turned out harmful', { observed: { state: 'rolled-back', at: new Date(APPLIED).toISOString(), text: '11 drops' } }],
    ['that was made long ago', { journal: [{ at: new Date(APPLIED - 60 * MINUTE_MS).toISOString(), by: { name: 'job' }, what: 'applied', planHash: 'hash-1' }] }],
  ])('nothing is told of a request %s', async (_, more) => {
    const { told, see } = watching([applied('dropped', more)]);
    await see(1, POLICY_DROP, {});

    expect(told).toEqual([]);
  });

  test('what was made or ended meanwhile is heard of', async () => {
    const open: ApprovalRequest[] = [];
    const { told, see } = watching(open);
    await see(0, POLICY_DROP, {});
    open.push(applied('dropped'));
    await see(1, POLICY_DROP, {});
    open.splice(0);
    await see(2, { ...POLICY_DROP, connections: 99 }, OTHER);

    expect(told).toEqual([['r7k2m9', 'proven', 'drops seen']]);
  });

  test.each<readonly [string, Available, string | undefined]>([
    ['fewer pods than before', { pods: 1, wanted: 3 }, '1 of its pods is available after the change, and 3 were before'],
    ['as many pods as before', { pods: 3, wanted: 3 }, undefined],
    ['a workload that was made smaller', { pods: 1, wanted: 1 }, undefined],
  ])('after the change, with %s', async (_, after, text) => {
    const { told, see } = watching([applied('dropped')], () => after);
    await see(2, {}, OTHER);

    expect(told).toEqual(text === undefined ? [] : [['r7k2m9', 'rolled-back', text]]);
  });

  test('its pods are looked at half a minute after the change, and no sooner', async () => {
    const { told, see } = watching([applied('dropped')], () => ({ pods: 1, wanted: 3 }));
    await see(0.4, {}, OTHER);
    expect(told).toEqual([]);
    await see(0.5, {}, OTHER);

    expect(told).toHaveLength(1);
  });

  test('a process that begins minutes after the change measures its pods by what they were before it', async () => {
    const { told, see } = watching([applied('dropped')], () => ({ pods: 2, wanted: 3 }));
    await see(9, {}, OTHER);

    expect(told).toEqual([['r7k2m9', 'rolled-back', '2 of its pods are available after the change, and 3 were before']]);
  });

  test.each<readonly [string, ApprovalRequest['podsBefore'], string]>([
    ['could not be looked at', { unseen: 'Could not look at deployments: forbidden.' }, 'drops seen; whether its pods stay available is not known: Could not look at deployments: forbidden'],
    ['were not looked at', undefined, 'drops seen; whether its pods stay available is not known: they were not looked at when the change was made'],
    ['say no such thing', {}, 'drops seen'],
  ])('pods that %s before the change take nothing back', async (_, podsBefore, text) => {
    const { podsBefore: __, ...request } = applied('dropped');
    const { told, see } = watching([{ ...request, ...(podsBefore && { podsBefore }) }], () => ({ pods: 0, wanted: 3 }));
    await see(2, POLICY_DROP, {});

    expect(told).toEqual([['r7k2m9', 'proven', text]]);
  });

  test('pods that cannot be looked at take nothing back, and the proof says so', async () => {
    let isAway = false;
    const { told, see } = watching([applied('dropped')], () => {
      if (isAway) throw new ClusterUnreachable('the API server does not answer');
      return { pods: 3, wanted: 3 };
    });
    await see(0.5, {}, OTHER);
    isAway = true;
    await see(2, {}, OTHER);
    expect(told).toEqual([]);
    await see(3, POLICY_DROP, {});

    expect(told).toEqual([['r7k2m9', 'proven', 'drops seen; whether its pods stay available is not known: the API server does not answer']]);
  });
});
