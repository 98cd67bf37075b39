import { describe, expect, test } from '@jest/globals';
import { readOnlyCluster } from '#src/model/clusters.ts';
import type { MapSnapshot } from '#src/model/network-map.ts';
import type { OutgoingMessage } from '#src/model/outbox.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { job } from '#jobs/draw-daily-map.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { servicesWith } from '#test/build/queue.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { sourceOf } from '#test/fakes/source.ts';
import type { MapMessage } from '#templates/map.ts';

const DAY_MS = 24 * 3600_000;
const WEB: RawObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', ports: [{ containerPort: 8080 }] }] } } } };
const DOOR: RawObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 443, targetPort: 8080 }] } };

/** A cluster whose map is drawn day by day. */
function createWorld({ channel = 'C0MAPS', connections = connectionsOf([], { settings: [] }) }: { readonly channel?: string | null; readonly connections?: ReturnType<typeof connectionsOf> } = {}) {
  const clock = createMovedClock('2026-11-23T07:30:00Z');
  const kept = new Map<string, MapSnapshot>();
  const posts: OutgoingMessage<unknown>[] = [];
  const log = createKeptLog();
  let objects: readonly RawObject[] = [WEB];
  let unlisted: Readonly<Record<string, string>> = {};
  const cluster = { name: 'prod-eu', production: true, channel: channel ?? undefined, schedule: 'off', timeZone: 'UTC' };
  const services = servicesWith(
    {
      clock,
      connections,
      clusters: { all: () => [cluster], find: (name) => (name === cluster.name ? cluster : undefined), open: () => Promise.resolve(readOnlyCluster(sourceOf(objects, { complete: true, unlisted }))), settings: NO_SETTINGS },
      maps: {
        ask: () => Promise.resolve(),
        before: (_, day) => Promise.resolve([...kept].filter(([one]) => one < day).toSorted().at(-1)?.[1]),
        keep: (_, day, snapshot) => Promise.resolve(void kept.set(day, snapshot)),
      },
      outbox: { put: (message) => Promise.resolve(void posts.push(message as OutgoingMessage<unknown>)), putFile: () => Promise.resolve() },
      attachesFiles: () => false,
    },
    log,
  );
  return {
    kept,
    posts,
    log,
    clock,
    holds: (...now: readonly RawObject[]) => (objects = now),
    hides: (kinds: Readonly<Record<string, string>>) => (unlisted = kinds),
    run: (name = 'prod-eu') => job.run({ cluster: name, due: clock.now().toISOString() }, services, { signal: new AbortController().signal, attempt: 3, last: true }),
  };
}

describe('jobs/draw-daily-map.ts', () => {
  test('keeps the first map and posts nothing', async () => {
    const world = createWorld();

    await world.run();

    expect([...world.kept.keys()]).toEqual(['2026-11-23']);
    expect(world.posts).toEqual([]);
  });

  test('posts nothing on a day that is like the one before', async () => {
    const world = createWorld();
    await world.run();
    world.clock.advance(DAY_MS);

    await world.run();

    expect(world.kept.size).toBe(2);
    expect(world.posts).toEqual([]);
  });

  test('posts what is new and what is gone, named after the time it was due', async () => {
    const world = createWorld();
    await world.run();
    world.clock.advance(DAY_MS);
    world.holds(WEB, DOOR);
    await world.run();
    await world.run();
    world.clock.advance(DAY_MS);
    world.holds(WEB);
    await world.run();

    expect(world.posts.map(({ id, channel }) => [id, channel])).toEqual([
      ['map/daily/prod-eu/2026-11-24T07:30:00.000Z', 'C0MAPS'],
      ['map/daily/prod-eu/2026-11-24T07:30:00.000Z', 'C0MAPS'],
      ['map/daily/prod-eu/2026-11-25T07:30:00.000Z', 'C0MAPS'],
    ]);
    expect(world.posts.map(({ data }) => (data as MapMessage).shown?.changes)).toMatchObject([{ freshCount: 1, goneCount: 0 }, { freshCount: 1, goneCount: 0 }, { freshCount: 0, goneCount: 1 }]);
    expect(world.posts.every(({ data }) => (data as MapMessage).person === undefined)).toBe(true);
  });

  test('shows what was observed where connections are watched', async () => {
    const connections = connectionsOf([aConnection({ state: 'denied', key: { cluster: 'prod-eu' } })], { settings: [connectionSettings({ cluster: 'prod-eu' })] });
    const world = createWorld({ connections });
    await world.run();
    world.clock.advance(DAY_MS);
    world.holds(WEB, DOOR);
    await world.run();

    const { shown } = world.posts[0]?.data as MapMessage;
    expect(shown?.observedText).toMatch(/^Connections with the outside that were observed: 1 denied/);
    expect(shown?.observed).toHaveLength(1);
  });

  test('keeps maps of a cluster that has no channel', async () => {
    const world = createWorld({ channel: null });
    await world.run();
    world.clock.advance(DAY_MS);
    world.holds(WEB, DOOR);
    await world.run();

    expect(world.kept.size).toBe(2);
    expect(world.posts).toEqual([]);
  });

  test('says that there is no map when the cluster could not be read, and keeps none', async () => {
    const world = createWorld();
    world.hides({ NetworkPolicy: 'no permission to list networkpolicies' });

    await world.run();

    expect(world.kept.size).toBe(0);
    expect(world.posts.map(({ data }) => (data as MapMessage).failure?.reason)).toEqual(['no permission to list networkpolicies']);
  });

  test('does nothing for a cluster that is not watched any more', async () => {
    const world = createWorld();

    await world.run('gone');

    expect(world.posts).toEqual([]);
    expect(world.log.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
