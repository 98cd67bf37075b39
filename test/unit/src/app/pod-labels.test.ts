import { describe, expect, test } from '@jest/globals';
import { createPodLabels } from '#src/app/pod-labels.ts';
import { ChangeFailed, ClusterUnreachable, readOnlyCluster } from '#src/model/clusters.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { sourceOf } from '#test/fakes/source.ts';

const TEMPLATE = { metadata: { labels: { app: 'web', tier: 'front' } }, spec: { containers: [] } };

function begin(objects: readonly RawObject[] = []) {
  const [clock, log] = [createMovedClock(), createKeptLog()];
  const world: { opened: number; closed: number; readonly asked: ObjectAddress[]; openFault: Error | undefined; getFault: Error | undefined; objects: readonly RawObject[] } = { opened: 0, closed: 0, asked: [], openFault: undefined, getFault: undefined, objects };
  const clusters = {
    open() {
      if (world.openFault !== undefined) return Promise.reject(world.openFault);
      world.opened += 1;
      return Promise.resolve({
        ...readOnlyCluster(sourceOf([])),
        get(address: ObjectAddress) {
          world.asked.push(address);
          return world.getFault === undefined ? Promise.resolve(world.objects.find(({ apiVersion, kind }) => apiVersion === address.apiVersion && kind === address.kind)) : Promise.reject(world.getFault);
        },
        close: () => (world.closed += 1),
      });
    },
  };
  const labels = createPodLabels({ clusters, clock, log });
  const of = async (kind: string, name = 'web') => {
    const found = await labels('prod', { namespace: 'shop', kind, name });
    return found && Object.fromEntries(found);
  };
  return { clock, log, world, of };
}

describe('src/app/pod-labels.ts', () => {
  test.each<readonly [string, RawObject]>([
    ['Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', labels: { app: 'other' } }, spec: { template: TEMPLATE } }],
    ['StatefulSet', { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' }, spec: { template: TEMPLATE } }],
    ['CronJob', { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'web' }, spec: { jobTemplate: { spec: { template: TEMPLATE } } } }],
    ['Pod', { apiVersion: 'v1', kind: 'Pod', ...TEMPLATE }],
  ])('those of the pod template of a %s are known', async (kind, object) => {
    const { world, of } = begin([object]);

    expect(await of(kind)).toEqual({ app: 'web', tier: 'front' });
    expect(world).toMatchObject({ opened: 1, closed: 1, asked: [{ cluster: 'prod', namespace: 'shop', name: 'web' }] });
  });

  test('a template without labels has none, which is not the same as not known', async () => {
    expect(await begin([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: { containers: [] } } } }]).of('Deployment')).toEqual({});
  });

  test.each(['Deployment', 'Rollout'])('of a %s that is gone, or of a kind that is not known, nothing is', async (kind) => {
    expect(await begin().of(kind)).toBeUndefined();
  });

  test('are remembered for a minute, and are what they are then', async () => {
    const { clock, world, of } = begin([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: TEMPLATE } }]);
    await of('Deployment');
    world.objects = [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { ...TEMPLATE, metadata: { labels: { app: 'admin' } } } } }];
    clock.advance(59_999);
    expect([await of('Deployment'), world.asked.length]).toEqual([{ app: 'web', tier: 'front' }, 1]);

    clock.advance(1);
    expect([await of('Deployment'), world.asked.length]).toEqual([{ app: 'admin' }, 2]);
  });

  test('a cluster that is away is asked again after a minute, and it is said once', async () => {
    const { clock, log, world, of } = begin([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: TEMPLATE } }]);
    world.openFault = new ClusterUnreachable('away');
    expect([await of('Deployment', 'a'), await of('Deployment', 'b')]).toEqual([undefined, undefined]);
    world.openFault = undefined;
    expect([await of('Deployment', 'c'), world.opened]).toEqual([undefined, 0]);

    clock.advance(60_000);
    expect(await of('Deployment', 'c')).toEqual({ app: 'web', tier: 'front' });
    expect(log.texts('warn')).toEqual(['the labels of workloads could not be read; entries of the allowlist that are for labels cover nothing until they can be']);
  });

  test('a right that is missing for one keeps nobody from the others', async () => {
    const { log, world, of } = begin([{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'web' }, spec: { jobTemplate: { spec: { template: TEMPLATE } } } }]);
    world.getFault = new ChangeFailed('forbidden', 'no');
    expect(await of('Deployment')).toBeUndefined();
    world.getFault = undefined;

    expect(await of('CronJob')).toEqual({ app: 'web', tier: 'front' });
    expect([world.opened, world.closed, log.texts('warn').length]).toEqual([2, 2, 1]);
  });
});
