import { describe, expect, test } from '@jest/globals';
import type { ScanRun } from '#src/model/scan-runs.ts';
import { keys } from '#src/store/keys.ts';
import { createScanStore, hasEnded } from '#src/store/scans.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { aClusterState, aScan } from '#test/build/scan-record.ts';

const KEEP_MS = 60_000;
const ANN = { person: 'U0ANN00001', channel: 'C0SECPROD1' };
const CANCELED_AT = new Date('2026-11-23T08:00:09.000Z');
const CY = { person: 'U0CYR00001', channel: 'C0OTHER001' };

describe('src/store/scans.ts', () => {
  onEveryRedis(({ redis }) => {
    const store = () => createScanStore(redis(), KEEP_MS);
    const begun = async (id = 'a1'): Promise<ScanRun> => {
      const run = await store().begin(id);
      if (run === undefined) throw new Error(`${id} could not be begun`);
      return run;
    };

    describe('claim', () => {
      test('makes the first scan of a cluster the one under way', async () => {
        const claimed = await store().claim(aScan(), [ANN]);

        expect(claimed).toEqual(aScan());
        expect(await store().activeId('prod-eu')).toBe('a1');
        expect(await store().get('a1')).toEqual(aScan());
        expect(await store().audience('a1')).toEqual([ANN]);
      });

      test('joins the scan under way, and its end is told to both, each where they asked', async () => {
        await store().claim(aScan(), [ANN]);

        const claimed = await store().claim(aScan({ id: 'b2' }), [CY]);

        expect(claimed.id).toBe('a1');
        expect(await store().get('b2')).toBeUndefined();
        expect(await store().audience('a1')).toEqual([ANN, CY]);
      });

      test('tells nobody about the scan of a schedule, and a person without a channel by name alone', async () => {
        await store().claim(aScan({ asker: { schedule: 'nightly' } }), []);
        expect(await store().audience('a1')).toEqual([]);

        await store().claim(aScan({ id: 'b2' }), [{ person: 'U0ANN00001' }]);
        expect(await store().audience('a1')).toEqual([{ person: 'U0ANN00001' }]);
      });

      test('lets other clusters be scanned meanwhile', async () => {
        await store().claim(aScan(), []);

        expect((await store().claim(aScan({ id: 'b2', cluster: 'dev-us' }), [])).id).toBe('b2');
      });

      test('makes one scan of twenty requests at once', async () => {
        const ids = Array.from({ length: 20 }, (_, index) => `scan${index}`);

        const claimed = await Promise.all(ids.map((id) => store().claim(aScan({ id }), [{ person: `U0${id.toUpperCase()}` }])));

        expect(new Set(claimed.map(({ id }) => id)).size).toBe(1);
        expect(await store().audience(claimed[0]?.id ?? '')).toHaveLength(20);
      });

      test('is not held up by a scan that is forgotten', async () => {
        await store().claim(aScan(), [ANN]);
        await redis().del(keys.scan('a1'));

        expect((await store().claim(aScan({ id: 'b2' }), [CY])).id).toBe('b2');
        expect(await store().activeId('prod-eu')).toBe('b2');
        expect(await store().audience('b2')).toEqual([CY]);
      });

      test('forgets a scan and its audience after the time to keep, but never what is known of a cluster', async () => {
        await store().claim(aScan(), [ANN]);
        await (await begun()).end({ state: 'done' }, aClusterState());

        for (const key of [keys.scan('a1'), keys.scanAudience('a1')]) {
          const left = await redis().pttl(key);
          expect(left).toBeGreaterThan(KEEP_MS - 10_000);
          expect(left).toBeLessThanOrEqual(KEEP_MS);
        }
        expect(await redis().pttl(keys.clusterState('prod-eu'))).toBe(-1);
      });
    });

    describe('cancel', () => {
      test('ends the scan, frees its cluster and says who did it', async () => {
        await store().claim(aScan(), []);
        const run = await begun();
        await run.report({ state: 'running', startedAt: '2026-11-23T08:00:01.000Z' });

        expect(await store().cancel(aScan(), 'U0CYR00001', CANCELED_AT)).toBe(true);

        expect(await store().get('a1')).toEqual(aScan({ runs: 1, state: 'canceled', startedAt: '2026-11-23T08:00:01.000Z', canceledBy: 'U0CYR00001', endedAt: CANCELED_AT.toISOString() }));
        expect((await store().claim(aScan({ id: 'b2' }), [])).id).toBe('b2');
      });

      test('leaves nothing to change for whoever works at it, nor to begin for whoever comes later', async () => {
        await store().claim(aScan(), []);
        const run = await begun();
        await store().cancel(aScan(), 'U0CYR00001', CANCELED_AT);

        expect(await run.report({ state: 'running' })).toBeUndefined();
        expect(await run.end({ state: 'done' }, aClusterState())).toBeUndefined();

        expect(await store().begin('a1')).toBeUndefined();
        expect(await store().get('a1')).toMatchObject({ state: 'canceled' });
        expect(await store().state('prod-eu')).toBeUndefined();
      });

      test('is done by the first of several people', async () => {
        await store().claim(aScan(), []);

        expect(await store().cancel(aScan(), 'U0CYR00001', CANCELED_AT)).toBe(true);
        expect(await store().cancel(aScan(), 'U0ANN00001', CANCELED_AT)).toBe(false);

        expect((await store().get('a1'))?.canceledBy).toBe('U0CYR00001');
      });

      test('does not free the cluster for a scan that took its place', async () => {
        await store().claim(aScan(), []);
        await redis().set(keys.activeScan('prod-eu'), 'b2');

        await store().cancel(aScan(), 'U0CYR00001', CANCELED_AT);

        expect(await store().activeId('prod-eu')).toBe('b2');
      });

      test('comes too late for a scan that has ended, and is for nothing where there is none', async () => {
        await store().claim(aScan(), []);
        await (await begun()).end({ state: 'done' });

        expect(await store().cancel(aScan(), 'U0CYR00001', CANCELED_AT)).toBe(false);
        expect(await store().cancel(aScan({ id: 'zz' }), 'U0CYR00001', CANCELED_AT)).toBe(false);
        expect(await store().get('zz')).toBeUndefined();
      });
    });

    describe('a run', () => {
      test('counts how often work on the scan was begun', async () => {
        await store().claim(aScan(), []);

        expect((await begun()).scan.runs).toBe(1);
        expect((await begun()).scan.runs).toBe(2);
        expect((await store().get('a1'))?.runs).toBe(2);
      });

      test('cannot begin on a scan that has ended or that nobody knows', async () => {
        await store().claim(aScan(), []);
        await (await begun()).end({ state: 'failed' });

        expect(await store().begin('a1')).toBeUndefined();
        expect(await store().begin('zz')).toBeUndefined();
        expect(await redis().exists(keys.scan('zz'))).toBe(0);
      });

      test('adds what each report says to what the ones before it said', async () => {
        await store().claim(aScan(), []);
        const run = await begun();

        await run.report({ state: 'running', startedAt: '2026-11-23T08:00:01.000Z' });
        await run.report({ progress: { kind: 'Pod', objects: 7, areas: ['workload'], areasDone: [] } });

        expect(await store().get('a1')).toMatchObject({ state: 'running', startedAt: '2026-11-23T08:00:01.000Z', progress: { objects: 7 } });
      });

      test('loses nothing of two reports that are under way at once', async () => {
        await store().claim(aScan(), []);
        const run = await begun();

        await Promise.all([run.report({ state: 'queued', setback: { at: '2026-11-23T08:00:09.000Z', reason: 'the bot was stopped' } }), run.report({ progress: { kind: 'Pod', objects: 7, areas: [], areasDone: [] } })]);

        expect(await store().get('a1')).toMatchObject({ state: 'queued', setback: { reason: 'the bot was stopped' }, progress: { objects: 7 } });
      });

      test('frees the cluster at its end and keeps what it found', async () => {
        await store().claim(aScan(), []);
        const run = await begun();

        expect(await run.end({ state: 'done', endedAt: '2026-11-23T08:00:41.000Z' }, aClusterState())).toEqual(aScan({ runs: 1, state: 'done', endedAt: '2026-11-23T08:00:41.000Z' }));

        expect(await store().activeId('prod-eu')).toBeUndefined();
        expect(await store().state('prod-eu')).toEqual(aClusterState());
        expect((await store().claim(aScan({ id: 'b2' }), [])).id).toBe('b2');
      });

      test('keeps what was known of the cluster when it ends without a result', async () => {
        await store().claim(aScan(), []);
        await (await begun()).end({ state: 'done' }, aClusterState());
        await store().claim(aScan({ id: 'b2' }), []);

        await (await begun('b2')).end({ state: 'failed', failure: { reason: 'the API server did not answer', reference: '7f3a' } });

        expect(await store().state('prod-eu')).toEqual(aClusterState());
      });

      test('can change nothing once a later one has begun', async () => {
        await store().claim(aScan(), []);
        const earlier = await begun();
        const later = await begun();
        await later.report({ state: 'running' });

        expect(await earlier.report({ state: 'queued' })).toBeUndefined();
        expect(await earlier.end({ state: 'done' }, aClusterState())).toBeUndefined();

        expect((await store().get('a1'))?.state).toBe('running');
        expect(await store().state('prod-eu')).toBeUndefined();
        expect(await store().activeId('prod-eu')).toBe('a1');
        expect(await later.end({ state: 'done' })).toBeDefined();
      });

      test('can change nothing after its own end', async () => {
        await store().claim(aScan(), []);
        const run = await begun();
        await run.end({ state: 'done' }, aClusterState());

        expect(await run.report({ state: 'running' })).toBeUndefined();
        expect(await run.end({ state: 'failed' })).toBeUndefined();

        expect((await store().get('a1'))?.state).toBe('done');
      });

      test('does not free the cluster for a scan that took its place', async () => {
        await store().claim(aScan(), []);
        const run = await begun();
        await redis().set(keys.activeScan('prod-eu'), 'b2');

        await run.end({ state: 'done' });

        expect(await store().activeId('prod-eu')).toBe('b2');
      });
    });
  });

  test.each([
    ['queued', false],
    ['running', false],
    ['done', true],
    ['failed', true],
    ['canceled', true],
  ] as const)('a %s scan has ended: %s', (state, ended) => {
    expect(hasEnded(aScan({ state }))).toBe(ended);
  });
});
