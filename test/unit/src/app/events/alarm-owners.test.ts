import { describe, expect, test } from '@jest/globals';
import { createAlarmOwners } from '#src/app/events/alarm-owners.ts';
import type { Detected } from '#src/events/detect.ts';
import { ChangeFailed, ClusterUnreachable, readOnlyCluster, type OpenCluster } from '#src/model/clusters.ts';
import type { RawObject } from '#src/model/raw.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { sourceOf } from '#test/fakes/source.ts';

const WEB = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const OWNERS: Readonly<Record<string, object>> = {
  'web-7d9f8c6b5-x2x4z': { controller: true, kind: 'ReplicaSet', name: 'web-7d9f8c6b5' },
  'web-7d9f8c6b5-k4m7z': { controller: true, kind: 'ReplicaSet', name: 'web-7d9f8c6b5' },
  'db-0': { controller: true, kind: 'StatefulSet', name: 'db' },
};

function podOf(name: string): RawObject {
  const owner = OWNERS[name];
  return { kind: 'Pod', metadata: { namespace: 'shop', name, labels: { 'pod-template-hash': '7d9f8c6b5' }, ownerReferences: owner === undefined ? [] : [owner] } };
}

function alarmOf(name: string, over: Partial<Detected> = {}): Detected {
  return { detection: 'audit/pod-exec', severity: 'high', actor: null, object: { kind: 'Pod', namespace: 'shop', name }, message: 'm', group: `of ${name}`, anyPodGroup: 'any', fingerprint: name, ...over };
}

const isGone = (name: string): boolean => name.startsWith('gone');

function world(lookMs?: number) {
  const clock = createMovedClock();
  const log = createKeptLog();
  const state = { opened: 0, closed: 0, asked: new Array<string>(), atOnce: 0, most: 0, isAway: false, isSlow: false, refusal: undefined as ChangeFailed | undefined };
  const get: OpenCluster['get'] = async ({ name }, signal) => {
    state.asked.push(name);
    state.atOnce += 1;
    state.most = Math.max(state.most, state.atOnce);
    try {
      if (state.refusal !== undefined) throw state.refusal;
      if (state.isSlow) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new ChangeFailed('busy', 'no answer'))));
      await Promise.resolve();
      return isGone(name) ? undefined : podOf(name);
    } finally {
      state.atOnce -= 1;
    }
  };
  const open = (): Promise<OpenCluster> => {
    state.opened += 1;
    if (state.isAway) return Promise.reject(new ClusterUnreachable('away'));
    return Promise.resolve({ ...readOnlyCluster(sourceOf([])), get, close: () => (state.closed += 1) });
  };
  const withOwners = createAlarmOwners({ cluster: 'prod', clusters: { open }, clock, log, ...(lookMs !== undefined && { lookMs }) });
  const workloadsOf = async (...names: readonly string[]) => (await withOwners(names.map((name) => alarmOf(name)))).map(({ owner }) => owner?.workload);
  return { clock, log, state, withOwners, workloadsOf };
}

describe('src/app/events/alarm-owners.ts', () => {
  test('pods of one Deployment have one owner and one group of it; the alarm is the same otherwise', async () => {
    const { withOwners, state } = world();
    const alarms = ['web-7d9f8c6b5-x2x4z', 'web-7d9f8c6b5-k4m7z'].map((name) => alarmOf(name));
    const [a, b] = await withOwners(alarms);

    expect(a).toEqual({ ...alarms[0], owner: { workload: WEB, group: expect.any(String) as unknown } });
    expect(b?.owner).toEqual(a?.owner);
    expect(state).toMatchObject({ opened: 1, closed: 1 });
  });

  test.each<readonly [string, Detected]>([
    ['a pod that nobody owns', alarmOf('alone')],
    ['a pod that is gone', alarmOf('gone-1')],
    ['another object', alarmOf('web', { object: WEB })],
    ['nothing', alarmOf('web', { object: null })],
  ])('an alarm about %s stays as it is', async (_, alarm) => {
    expect(await world().withOwners([alarm])).toEqual([alarm]);
  });

  test('a cluster is not opened for alarms that are about no pod', async () => {
    const { withOwners, state } = world();
    await withOwners([alarmOf('web', { object: WEB })]);

    expect(state.opened).toBe(0);
  });

  test('a pod is looked up once, and one that is gone again after a minute', async () => {
    const { clock, state, workloadsOf } = world();
    await workloadsOf('db-0', 'db-0', 'gone-1');
    await workloadsOf('db-0', 'gone-1');
    expect(state).toMatchObject({ opened: 1, asked: ['db-0', 'gone-1'] });

    clock.advance(60_001);
    await workloadsOf('db-0', 'gone-1');
    expect(state).toMatchObject({ opened: 2, asked: ['db-0', 'gone-1', 'gone-1'] });
  });

  test('all pods of a batch are looked up, a limited number at a time', async () => {
    const { state, workloadsOf } = world();
    const names = Array.from({ length: 170 }, (_, index) => `db-${index}`);
    await workloadsOf(...names);

    expect(state.asked).toEqual(names);
    expect(state.most).toBeLessThanOrEqual(50);
  });

  test('without the right to read pods alarms are told of their pods, and the log says so once', async () => {
    const { clock, state, workloadsOf, log } = world();
    state.refusal = new ChangeFailed('forbidden', 'no permission to get pods');
    expect(await workloadsOf('db-0', 'db-1')).toEqual([undefined, undefined]);
    clock.advance(61_000);
    await workloadsOf('db-0');

    expect(log.texts('warn')).toHaveLength(1);
    state.refusal = undefined;
    clock.advance(61_000);
    expect(await workloadsOf('db-0')).toEqual([{ kind: 'StatefulSet', namespace: 'shop', name: 'db' }]);
  });

  test('a cluster that cannot be opened is left alone for half a minute', async () => {
    const { clock, state, workloadsOf, log } = world();
    state.isAway = true;
    expect(await workloadsOf('db-0')).toEqual([undefined]);
    state.isAway = false;
    expect(await workloadsOf('db-0')).toEqual([undefined]);
    expect(state.opened).toBe(1);

    clock.advance(30_000);
    expect(await workloadsOf('db-0')).toEqual([{ kind: 'StatefulSet', namespace: 'shop', name: 'db' }]);
    expect(log.texts('warn')).toHaveLength(1);
  });

  test('a cluster that does not answer is waited for no longer than a look, once for many batches', async () => {
    const { state, workloadsOf } = world(20);
    state.isSlow = true;
    const names = Array.from({ length: 170 }, (_, index) => `db-${index}`);
    expect(await workloadsOf(...names)).toEqual(names.map(() => undefined));
    await workloadsOf('late-1');

    expect(state).toMatchObject({ opened: 1, closed: 1 });
    expect(state.asked).toHaveLength(50);
  });
});
