import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster, type Redis } from 'ioredis';
import { createRedisMock } from 'js-redis-server';
import { createButtons } from '#src/store/buttons.ts';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { keys, QUEUE_PREFIX } from '#src/store/keys.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { createOnce } from '#src/store/once.ts';
import { createPace } from '#src/store/pace.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { createScanStore } from '#src/store/scans.ts';
import { createTimes } from '#src/store/times.ts';
import { entriesOf, firstBroken } from '#test/build/decisions.ts';
import { aNewRow } from '#test/build/message-row.ts';
import { aRequest } from '#test/build/request.ts';
import { aClusterState, aScan } from '#test/build/scan-record.ts';

const HOSTILE_NAMES = ['prod}eu', '{other}', 'arn:aws:eks:eu-west-1:1:cluster/a', '', '}{'];

describe('src/store/keys.ts', () => {
  test('every key is in the slot of one hash tag, whatever names it holds', () => {
    const made = Object.values(keys).flatMap((key) => HOSTILE_NAMES.map((name) => key(name)));

    for (const key of [...made, QUEUE_PREFIX]) expect(/\{(.+?)\}/.exec(key)?.[1]).toBe('k8ssec');
  });

  test('no two records share a key', () => {
    const made = Object.values(keys).map((key) => key('x'));

    expect(new Set(made).size).toBe(made.length);
  });

  describe('on a Redis Cluster', () => {
    let server: Awaited<ReturnType<typeof createRedisMock>>;
    let cluster: Cluster;
    const redis = () => cluster as unknown as Redis;
    beforeAll(async () => {
      server = await createRedisMock({ cluster: { masters: 3 }, compatibility: 'redis-7.0' });
      cluster = new Cluster(server.addresses());
    });
    afterAll(async () => {
      cluster.disconnect();
      await server.close();
    });

    test('scans are claimed, run and ended', async () => {
      const store = createScanStore(redis(), 60_000);
      await store.claim(aScan(), [{ person: 'U1' }]);
      const run = await store.begin('a1');
      await run?.report({ state: 'running' });

      expect(await run?.end({ state: 'done' }, aClusterState())).toBeDefined();
      expect(await store.state('prod-eu')).toEqual(aClusterState());
    });

    test('messages are put, taken, settled, adopted and moved', async () => {
      const rows = createMessageRows(redis(), 60_000);
      await rows.put(aNewRow());
      const [row] = await rows.work('C1');
      if (row === undefined) throw new Error('nothing is due');
      const taken = await rows.take(row, 1);
      await rows.settle(taken ?? row, { state: 'sent', found: { channel: 'C1', ts: '1.1' }, sentVersion: 1 });
      await rows.adopt(row.id, { channel: 'C1', ts: '2.2' });
      const [again] = await rows.work('C1');
      await rows.retarget(again ?? row, 'U1');

      expect(await rows.counts()).toEqual({ unsent: 1, maybeDouble: 0, failed: 0 });
      expect(await rows.busyChannels()).toEqual(['U1']);
    });

    test('requests are asked, changed, followed and listed', async () => {
      const store = createRequestStore(redis(), 60_000);
      const filing = { dueAt: 1, openUntil: Infinity, joins: true, isOver: false };
      const request = aRequest();
      await store.create(request, filing);
      const approved = { ...request, version: 2, state: 'approved' } as const;
      await store.write(approved, filing);
      await store.settle({ ...approved, published: 2, logged: 1 }, 5);

      expect(await store.succeed({ ...approved, version: 3, state: 'void' }, { ...filing, openUntil: 0, joins: false }, aRequest({ id: 'r22222' }), filing)).toBe(true);
      expect((await store.open(0)).map(({ id }) => id)).toEqual(['r22222']);
      expect([...(await store.due(9))].sort()).toEqual(['r22222', 'r7k2m9']);
    });

    test('everything else works as well', async () => {
      const pace = createPace(redis());
      await pace.posted('C1', 1);
      await pace.pause('C1', 5);
      const log = createDecisionLog(redis());
      await log.append({ at: '', kind: 'refused', who: 'U1', what: 'scan', reason: '' });
      const buttons = createButtons(redis(), 60_000);
      const button = { action: { command: 'scan', args: [] } };
      await createTimes(redis(), 'ticks').raise('a', new Date(0));

      expect(await pace.takeUpdates(2, 'result', 0)).toBe(0);
      expect(await pace.live('a', 0)).toBe(1);
      expect(firstBroken(await entriesOf(log))).toBeUndefined();
      expect(await buttons.resolve(await buttons.issue(button))).toEqual(button);
      expect(await createOnce(redis()).isFirst('a')).toBe(true);
      expect(await createTimes(redis(), 'ticks').get('a')).toEqual(new Date(0));
    });
  });
});
