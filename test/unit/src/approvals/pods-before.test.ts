import { afterEach, describe, expect, test } from '@jest/globals';
import { podsBefore } from '#src/approvals/pods-before.ts';
import { ClusterUnreachable, readOnlyCluster, type OpenCluster } from '#src/model/clusters.ts';
import type { Plan } from '#src/model/plan.ts';
import type { PodsBefore } from '#src/model/request.ts';
import { NotListed } from '#src/model/source.ts';
import { CLUSTER, enforcementScene, seen, watchedConnections, WORKLOAD, type EnforcementScene } from '#test/build/enforcement.ts';
import { aRequest } from '#test/build/request.ts';

const signal = new AbortController().signal;
const KNOWN = [seen('c1'), seen('c2', { key: { workload: { ...WORKLOAD, kind: 'CronJob' } } }), seen('c3', { key: { workload: { ...WORKLOAD, name: 'gone' } } })];

let scene: EnforcementScene | undefined;
afterEach(async () => {
  await scene?.stop();
  scene = undefined;
});

function asked(more: Partial<Plan>) {
  return aRequest({ clusters: [CLUSTER], plan: { changes: [], stays: [], proofs: [], basis: [], ...more } });
}

const look = (more: Partial<Plan>, open: () => Promise<OpenCluster>) => podsBefore(asked(more), { connections: watchedConnections(KNOWN) }, open, signal);

describe('src/approvals/pods-before.ts', () => {
  test.each<readonly [string, Partial<Plan>, PodsBefore | undefined]>([
    ['a workload says how many are available', { traffic: 'dropped', trafficOf: ['c1'] }, { available: 2 }],
    ['a kind that says no such thing', { traffic: 'forwarded', trafficOf: ['c2'] }, {}],
    ['a workload that has gone', { traffic: 'gone', trafficOf: ['c3'] }, {}],
    ['a connection that is not known any more', { traffic: 'dropped', trafficOf: ['c9'] }, undefined],
    ['a workload of which nothing was seen', { traffic: 'closed', trafficOf: [], trafficIn: WORKLOAD }, { available: 2 }],
    ['a change that traffic shows nothing of', {}, undefined],
  ])('%s', async (_, plan, expected) => {
    scene = await enforcementScene('Cilium', KNOWN);
    const [workload] = scene.kube.objects.list('apps/v1', 'Deployment', WORKLOAD.namespace);
    scene.kube.objects.put({ ...workload, status: { availableReplicas: 2 } });
    const cluster = await scene.world.clusters.open(CLUSTER, signal);
    try {
      expect(await look(plan, () => Promise.resolve(cluster))).toEqual(expected);
    } finally {
      cluster.close();
    }
  });

  test('what the bot may not list is remembered as not seen', async () => {
    const forbidden = readOnlyCluster({
      list() {
        throw new NotListed('no permission to list deployments');
      },
    } as unknown as OpenCluster);

    expect(await look({ traffic: 'dropped', trafficOf: ['c1'] }, () => Promise.resolve(forbidden))).toEqual({ unseen: 'Could not look at deployments: no permission to list deployments.' });
  });

  test('a cluster that does not answer is asked again', async () => {
    await expect(look({ traffic: 'dropped', trafficOf: ['c1'] }, () => Promise.reject(new ClusterUnreachable('prod does not answer')))).rejects.toThrow(ClusterUnreachable);
  });
});
