import { describe, expect, test } from '@jest/globals';
import { connectionHealth, createConnections } from '#src/app/connections.ts';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { CHECKOUT, connectionSettings } from '#test/build/connections.ts';
import { FLOW_TIME } from '#test/build/flow.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { aSighting } from '#test/build/sighting.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const HOUR_MS = 3600_000;
const CART = { ...CHECKOUT.workload, name: 'cart' };

describe('src/app/connections.ts', () => {
  onEveryRedis(({ redis }) => {
    test('says how connections stand, and what nobody could tell', async () => {
      const [store, watch] = [createConnectionStore(redis()), createConnectionWatch(redis())];
      const problems: string[] = [];
      const health = () => connectionHealth([connectionSettings({ learnMs: HOUR_MS })], store, watch, createMovedClock(FLOW_TIME), () => problems);
      await watch.begin('prod-eu', [CHECKOUT.workload]);
      await store.see('prod-eu', [1, 2].map((port) => aSighting({ key: { port } })), ({ key }) => ({ state: key.port === 1 ? 'learned' : 'new' }));
      expect(await health()).toEqual([{ cluster: 'prod-eu', ok: true, text: 'prod-eu connections: 1 new, 1 learned, 1 workload is still learned' }]);

      problems.push('aws still has its old ranges');
      expect(await health()).toMatchObject([{ ok: false, text: expect.stringMatching(/still learned; aws still has its old ranges$/) as unknown }]);
      problems.pop();

      await watch.countUntold('prod-eu', FLOW_TIME.slice(0, 10), { uncertain: 1200 });

      const [line] = await health();
      expect(line?.ok).toBe(false);
      expect(line?.text).toMatch(/; not told today: 1,200 × uncertain \(name the ranges of the cluster’s pods, nodes and services in clusterRanges\)$/);
    });

    test('tells which workloads are still learned', async () => {
      const [store, watch] = [createConnectionStore(redis()), createConnectionWatch(redis())];
      const connections = createConnections([connectionSettings({ learnMs: HOUR_MS })], store, watch, () => Promise.resolve(undefined));
      const unseen = { ...CART, name: 'unseen' };
      await watch.seenUntil('prod-eu', 0, HOUR_MS);
      await watch.begin('prod-eu', [CHECKOUT.workload]);
      // Nobody knows what it needs until its cluster was watched for long enough.
      expect(await connections.learning('prod-eu', [unseen])).toEqual([true]);
      await watch.seenUntil('prod-eu', HOUR_MS, HOUR_MS);
      await watch.begin('prod-eu', [CART]);

      expect(await connections.learning('prod-eu', [CHECKOUT.workload, CART, unseen])).toEqual([false, true, false]);
      expect([connections.settings('prod-eu')?.learnMs, connections.settings('dev')]).toEqual([HOUR_MS, undefined]);
    });
  });
});
