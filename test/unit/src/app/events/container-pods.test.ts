import { describe, expect, test } from '@jest/globals';
import { createContainerPods } from '#src/app/events/container-pods.ts';
import type { Detected } from '#src/events/detect.ts';
import { ClusterUnreachable, readOnlyCluster, type OpenCluster } from '#src/model/clusters.ts';
import type { RawObject } from '#src/model/raw.ts';
import { aFlow, anEnd, outsideEnd, podEnd } from '#test/build/flow.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { sourceOf } from '#test/fakes/source.ts';

const [WEB, SIDE, OLD, INIT, DEBUG, DB] = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1'].map((text) => text.repeat(32)) as [string, string, string, string, string, string];
/** The same twelve digits at the beginning. */
const [TWIN, OTHER_TWIN, SAME_POD] = ['1', '2', '3'].map((digit) => 'cc'.repeat(6) + digit.repeat(52)) as [string, string, string];

function aPod(name: string, status: object): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name }, status };
}

const POD = aPod('web', {
  containerStatuses: [{ containerID: `containerd://${WEB}`, lastState: { terminated: { containerID: `containerd://${OLD}` } } }, { containerID: `docker://${SIDE}` }, { containerID: '' }, {}],
  initContainerStatuses: [{ containerID: `cri-o://${INIT}` }],
  ephemeralContainerStatuses: [{ containerID: `containerd://${DEBUG}` }],
});

function world(pods: readonly RawObject[] = [POD, aPod('db', { containerStatuses: [{ containerID: `containerd://${DB}` }] })], most?: number) {
  const clock = createMovedClock();
  const log = createKeptLog();
  const state = { pods, opened: 0, closed: 0, isAway: false };
  const open = (): Promise<OpenCluster> => {
    state.opened += 1;
    if (state.isAway) return Promise.reject(new ClusterUnreachable('away'));
    return Promise.resolve({ ...readOnlyCluster(sourceOf(state.pods)), close: () => (state.closed += 1) });
  };
  const containers = createContainerPods({ cluster: 'prod', clusters: { open }, clock, log, ...(most !== undefined && { most }) });
  const podOf = async (containerId: string) => (await containers.ofFlows([aFlow({ source: anEnd({ containerId }) })]))[0]?.source.pod;
  return { clock, log, state, containers, podOf };
}

function anAlarm(over: Partial<Detected> = {}): Detected {
  return { detection: 'connections/falco-alert', severity: 'high', actor: null, object: null, message: 'm', group: 'g', fingerprint: 'f', ...over };
}

describe('src/app/events/container-pods.ts', () => {
  test.each([
    ['a container', WEB, 'web'],
    ['another container of the pod', SIDE, 'web'],
    ['an init container', INIT, 'web'],
    ['an ephemeral container', DEBUG, 'web'],
    ['a container before its restart', OLD, 'web'],
    ['twelve digits', WEB.slice(0, 12), 'web'],
    ['an id with its runtime', `containerd://${DB}`, 'db'],
    ['capital letters', DB.toUpperCase(), 'db'],
    ['a container of nobody', 'ff'.repeat(32), undefined],
    ['another beginning', WEB.slice(0, 16), undefined],
    ['an id that only begins the same', `${WEB.slice(0, 12)}${'0'.repeat(52)}`, undefined],
  ])('%s', async (_, id, name) => {
    expect(await world().podOf(id)).toEqual(name === undefined ? undefined : { namespace: 'shop', name });
  });

  test('a short id that may be of two pods is of none, and the whole one still tells', async () => {
    const { podOf } = world([aPod('one', { containerStatuses: [{ containerID: `docker://${TWIN}` }, { containerID: `docker://${SAME_POD}` }] }), aPod('two', { containerStatuses: [{ containerID: `docker://${OTHER_TWIN}` }] })]);

    expect(await podOf(TWIN.slice(0, 12))).toBeUndefined();
    expect(await podOf(OTHER_TWIN)).toEqual({ namespace: 'shop', name: 'two' });
  });

  test('a short id of two containers of one pod is of that pod', async () => {
    const { podOf } = world([aPod('one', { containerStatuses: [{ containerID: `docker://${TWIN}` }, { containerID: `docker://${SAME_POD}` }] })]);

    expect(await podOf(TWIN.slice(0, 12))).toEqual({ namespace: 'shop', name: 'one' });
  });

  test('of more containers than are remembered, short ids tell nothing and the whole ones that are known still do', async () => {
    const { podOf, log } = world([POD, aPod('late', { containerStatuses: [{ containerID: `docker://${TWIN}` }] })], 2);

    expect(await podOf(WEB)).toEqual({ namespace: 'shop', name: 'web' });
    expect(await podOf(WEB.slice(0, 12))).toBeUndefined();
    expect(await podOf(TWIN)).toBeUndefined();
    expect(log.texts('warn')).toHaveLength(1);
  });

  test('both ends of a flow are found, and ends whose pod is known are left alone', async () => {
    const { containers } = world();
    const known = podEnd({ containerId: DB });
    const [flow] = await containers.ofFlows([aFlow({ source: anEnd({ containerId: DB, address: '10.0.0.1' }), destination: anEnd({ containerId: WEB }) })]);

    expect(flow).toMatchObject({ source: { pod: { name: 'db' }, address: '10.0.0.1' }, destination: { pod: { name: 'web' } } });
    expect(await containers.ofFlows([aFlow({ source: known })])).toMatchObject([{ source: known }]);
  });

  test('an alarm about a container is about its pod, and keeps what groups it', async () => {
    const { containers } = world();
    const alarms = [anAlarm({ containerId: WEB.slice(0, 12) }), anAlarm({ containerId: 'ff'.repeat(6) }), anAlarm()];

    expect(await containers.ofAlarms(alarms)).toEqual([{ ...alarms[0], object: { kind: 'Pod', namespace: 'shop', name: 'web' } }, alarms[1], alarms[2]]);
  });

  test('nothing is listed for flows and alarms without such ids', async () => {
    const { containers, state } = world();
    await containers.ofFlows([aFlow(), aFlow({ source: podEnd({ containerId: WEB }), destination: outsideEnd() }), aFlow({ source: anEnd({ containerId: 'my-container' }) })]);
    await containers.ofAlarms([anAlarm({ containerId: 'host' })]);

    expect(state.opened).toBe(0);
  });

  test('pods are listed once for what is known, and again for what is new', async () => {
    const { clock, state, podOf } = world();
    for (const id of [WEB, DB, WEB.slice(0, 12)]) await podOf(id);
    expect(state).toMatchObject({ opened: 1, closed: 1 });
    state.pods = [aPod('new', { containerStatuses: [{ containerID: `containerd://${TWIN}` }] })];
    expect(await podOf(TWIN)).toBeUndefined();

    clock.advance(15_000);

    expect(await podOf(TWIN)).toEqual({ namespace: 'shop', name: 'new' });
    expect(state).toMatchObject({ opened: 2, closed: 2 });
  });

  test('while nothing is found they are listed less and less often, at most every ten minutes', async () => {
    const { clock, state, podOf } = world();
    const listed: number[] = [];
    for (let second = 0; second < 2000; second += 5) {
      const before = state.opened;
      await podOf('ff'.repeat(32));
      if (state.opened > before) listed.push(second);
      clock.advance(5000);
    }

    expect(listed).toEqual([0, 30, 90, 210, 450, 930, 1530]);
  });

  test('a cluster that is away keeps what was known, is said once in an hour, and is asked again', async () => {
    const { clock, log, state, podOf } = world();
    await podOf(WEB);
    state.isAway = true;
    for (let times = 0; times < 3; times += 1) {
      clock.advance(10 * 60_000);
      expect(await podOf(TWIN)).toBeUndefined();
    }
    expect(log.texts('warn')).toHaveLength(1);
    expect(await podOf(WEB)).toEqual({ namespace: 'shop', name: 'web' });

    state.isAway = false;
    state.pods = [aPod('new', { containerStatuses: [{ containerID: `containerd://${TWIN}` }] })];
    clock.advance(10 * 60_000);

    expect(await podOf(TWIN)).toEqual({ namespace: 'shop', name: 'new' });
  });
});
