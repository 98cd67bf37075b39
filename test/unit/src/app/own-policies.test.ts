import { afterEach, describe, expect, test } from '@jest/globals';
import { stamped, withParts } from '#src/actions/composition.ts';
import { bodyFor } from '#src/actions/own-objects.ts';
import { createOwnPolicies, policyHealth } from '#src/app/own-policies.ts';
import { changeTo, ownAddress } from '#src/enforcement/own-policy.ts';
import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import type { PolicyLook } from '#src/model/own-policies.ts';
import { NOW } from '#test/build/access.ts';
import { POLICY_FORMS } from '#test/build/changes.ts';
import { connectionSettings } from '#test/build/connections.ts';
import { CLUSTER, enforcementScene, WORKLOAD, type EnforcementScene } from '#test/build/enforcement.ts';
import { INSTALLATION, installation } from '#test/build/installation.ts';
import { aRequest } from '#test/build/request.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const signal = new AbortController().signal;
const PLACE = { cluster: CLUSTER, workload: WORKLOAD, installation: INSTALLATION };
const AT = NOW.toISOString();

function ownPolicies(clusters: Pick<Clusters, 'open'>, names: readonly string[], requests: Readonly<Record<string, ReturnType<typeof aRequest>>> = {}, sourceRanges: readonly string[] = []) {
  const [looks, entries] = [new Map<string, PolicyLook>(), [] as DecisionEntry[]];
  const all: readonly ConnectionSettings[] = names.map((cluster) => connectionSettings({ cluster, mode: 'enforce', sourceRanges }));
  const kept = { get: (cluster: string) => Promise.resolve(looks.get(cluster)), put: (cluster: string, look: PolicyLook) => Promise.resolve(void looks.set(cluster, look)) };
  const service = createOwnPolicies({
    clusters,
    connections: { all: () => all },
    requests: { get: (id) => Promise.resolve(requests[id]) },
    looks: kept,
    installation,
    decisions: { append: (entry) => Promise.resolve(void entries.push(entry)) },
    clock: { now: () => NOW },
    log: createKeptLog(),
  });
  return { service, looks, entries, health: () => policyHealth(all, kept) };
}

describe('src/app/own-policies.ts', () => {
  let scene: EnforcementScene | undefined;
  afterEach(async () => {
    await scene?.stop();
    scene = undefined;
  });

  /** A policy that keeps one address out for good and another one until a moment that is past. */
  async function withPolicy(): Promise<EnforcementScene> {
    const live = await enforcementScene('kindnet', []);
    scene = live;
    const [form] = POLICY_FORMS;
    const lasting = stamped(withParts(form.start, form.closing('198.51.100.7/32')), 'r22222', undefined);
    const made = stamped(withParts(lasting, form.closing('203.0.113.9/32')), 'r11111', '2020-01-01T00:00:00.000Z');
    const address = ownAddress('network-policy', PLACE);
    const cluster = await live.world.clusters.open(CLUSTER, signal);
    await cluster.create(address, bodyFor(changeTo(made, address, PLACE, undefined, 'x'), { request: 'r00000' }), {}, signal);
    cluster.close();
    return live;
  }

  test('what had its time is ended and stands in the log of decisions; what nobody can undo is told by status', async () => {
    const { world } = await withPolicy();
    const { service, entries, health } = ownPolicies(world.clusters, [CLUSTER]);
    await service.sweep(signal);

    expect(entries).toEqual([{ at: AT, kind: 'part-ended', who: 'clock', what: expect.stringMatching(/^NetworkPolicy shop\/k8ssec-\w+: egress, 203\.0\.113\.9\/32$/) as unknown, cluster: CLUSTER, request: 'r11111' }]);
    expect(await health()).toEqual([{ cluster: 'prod', ok: true, text: expect.stringMatching(/^prod policies: 1 of this bot at \S+ \S+ UTC; of requests that are not known any more, so that nobody can undo them here: NetworkPolicy shop\/k8ssec-\w+ \(r22222\); whoever needs one no more deletes it$/) as unknown }]);
    await service.sweep(signal);
    expect(entries).toHaveLength(1);
  });

  test('source ranges that had their time are ended where the configuration names them, and those that have time left are counted', async () => {
    const note = (until: string, put: string) => ({ installation: INSTALLATION, request: put === '203.0.113.9/32' ? 'r11111' : 'r22222', until, put: [put] });
    const annotations = { 'k8ssec.io/source-ranges': JSON.stringify([note('2020-01-01T00:00:00.000Z', '203.0.113.9/32'), note('2099-01-01T00:00:00.000Z', '192.0.2.0/24')]) };
    scene = await enforcementScene('kindnet', [], {}, [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', annotations }, spec: { type: 'LoadBalancer', selector: { app: 'checkout' }, ports: [{ port: 443 }], loadBalancerSourceRanges: ['198.51.100.0/24', '203.0.113.9/32', '192.0.2.0/24'] } }]);
    const blind = ownPolicies(scene.world.clusters, [CLUSTER]);
    await blind.service.sweep(signal);
    expect([blind.entries, await blind.health()]).toEqual([[], []]);

    const { service, entries, health } = ownPolicies(scene.world.clusters, [CLUSTER], {}, ['*']);
    await service.sweep(signal);

    expect(entries).toEqual([{ at: AT, kind: 'part-ended', who: 'clock', what: 'Service shop/web: 203.0.113.9/32', cluster: CLUSTER, request: 'r11111' }]);
    expect(await health()).toEqual([{ cluster: 'prod', ok: true, text: expect.stringMatching(/^prod policies: 0 of this bot at \S+ \S+ UTC; source ranges of 1 Service end by a note on it$/) as unknown }]);
  });

  test('a policy whose requests are known is only counted', async () => {
    const { world } = await withPolicy();
    const { service, health } = ownPolicies(world.clusters, [CLUSTER], { r11111: aRequest(), r22222: aRequest() });
    await service.sweep(signal);

    expect(await health()).toEqual([{ cluster: 'prod', ok: true, text: expect.stringMatching(/ 1 of this bot at \S+ \S+ UTC$/) as unknown }]);
  });

  test('a cluster that does not answer keeps no other from being looked at, and is told of', async () => {
    const { world } = await withPolicy();
    const open: Clusters['open'] = (name, ...rest) => (name === 'away' ? Promise.reject(new ClusterUnreachable('it does not answer')) : world.clusters.open(name, ...rest));
    const { service, looks, health } = ownPolicies({ open }, ['away', CLUSTER]);
    await service.sweep(signal);

    expect(looks.get(CLUSTER)).toMatchObject({ count: 1, problems: [] });
    expect(await health()).toContainEqual({ cluster: 'away', ok: false, text: expect.stringMatching(/^away policies: could not be looked at, .* UTC: it does not answer$/) as unknown });
  });

  test('nothing is said of a cluster without policies', async () => {
    scene = await enforcementScene('kindnet', []);
    const { service, health } = ownPolicies(scene.world.clusters, [CLUSTER]);
    expect(await health()).toEqual([]);
    await service.sweep(signal);

    expect(await health()).toEqual([]);
  });
});
