import { describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { createFirstUseGate } from '#src/app/events/first-uses.ts';
import { detection } from '#src/events/detections/connections/first-api-source-address/detection.ts';
import { createBatchJudge } from '#src/events/judge-batch.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import type { DayWatch } from '#src/model/activity.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { createFirstUses } from '#src/store/first-uses.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const OTHER = { detection: 'audit/pod-exec', severity: 'high', actor: null, object: null, message: 'm', group: 'g', fingerprint: 'f' } as const;

function failOn(id: string, error: unknown): never {
  throw new Error(id, { cause: error });
}

/** What handles the events of one cluster, as `start.ts` puts it together; `restart` forgets all that is not in Redis. */
function scene(redis: Redis) {
  const clock = createMovedClock('2026-11-23T08:00:30.000Z');
  const activity = createActivityStore(redis);
  const begin = () => ({
    judge: createBatchJudge({ cluster: 'prod', detections: [detection], settings: NO_DETECTION_SETTINGS, onFault: failOn }),
    gate: createFirstUseGate({ cluster: 'prod', uses: createFirstUses(redis), activity, clock }),
  });
  let work = begin();
  let count = 0;
  const judged = (addresses: readonly string[]) => {
    const events = addresses.map((address) => ({
      ...{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', stage: 'ResponseComplete', auditID: `e${(count += 1)}`, verb: 'list', requestURI: '/api/v1/pods' },
      ...{ user: { username: 'oidc:ann@corp.example' }, sourceIPs: [address], objectRef: { resource: 'pods', apiVersion: 'v1' }, responseStatus: { code: 200 }, requestReceivedTimestamp: clock.now().toISOString() },
    }));
    return work.judge({ feed: 'audit', text: events.map((event) => JSON.stringify(event)).join('\n'), cameAtMs: clock.now().getTime() });
  };
  const pass = async (batch: ReturnType<typeof judged>) => {
    const passed = await work.gate(batch.alarms);
    await activity.add('prod', batch.activity);
    return passed.map(({ message }) => message);
  };
  return {
    clock,
    judged,
    pass,
    gate: () => work.gate,
    see: (...addresses: string[]) => pass(judged(addresses)),
    restart: () => {
      work = begin();
    },
    /** As a cluster that is never quiet. */
    watch: async (minutes: number) => {
      const days = new Map<string, DayWatch>();
      for (let index = 0; index < minutes; index += 1) {
        const now = clock.now();
        const name = now.toISOString().slice(0, 10);
        const day = days.get(name) ?? { minutes: new Uint8Array(180), lost: 0, reads: true };
        const minute = Math.floor((now.getTime() % DAY_MS) / MINUTE_MS);
        day.minutes[minute >> 3] = (day.minutes[minute >> 3] ?? 0) | (1 << (minute & 7));
        days.set(name, day);
        clock.advance(MINUTE_MS);
      }
      await activity.add('prod', { users: new Map(), bindings: new Map(), actedAs: new Map(), tools: new Map(), days });
    },
  };
}

describe('src/app/events/first-uses.ts', () => {
  onEveryRedis(({ redis }) => {
    test('after a day of learning, a new network is told once, whatever is restarted', async () => {
      const { see, watch, restart, clock } = scene(redis());
      expect(await see('203.0.113.9')).toEqual([]);
      await watch(1440);

      expect(await see('203.0.113.10', '198.51.100.7', '198.51.100.8')).toEqual(['oidc:ann@corp.example came from 198.51.100.7, the first time from 198.51.100.0/24']);
      restart();
      expect(await see('198.51.100.7', '203.0.113.9')).toEqual([]);
      clock.advance(DAY_MS);
      expect(await see('198.51.100.7', '203.0.113.9')).toEqual([]);
    });

    test('only watched time counts for learning, and none from before', async () => {
      const { see, watch, clock, gate } = scene(redis());
      await watch(2000);
      await gate()([]);
      clock.advance(3 * DAY_MS);
      await watch(1439);
      expect(await see('203.0.113.9')).toEqual([]);
      clock.advance(2 * MINUTE_MS);

      expect(await see('198.51.100.7')).toHaveLength(1);
    });

    test('learning begins with the first batch, not with the first request from outside', async () => {
      const { see, watch, gate } = scene(redis());
      await gate()([]);
      await watch(1440);

      expect(await see('203.0.113.9')).toHaveLength(1);
    });

    test('a batch that comes again is told again as before, and other alarms always pass', async () => {
      const { judged, pass, watch, gate, see } = scene(redis());
      await see('203.0.113.9');
      await watch(1440);
      const batch = judged(['198.51.100.7', '203.0.113.9']);

      expect([await pass(batch), await pass(batch)]).toEqual([[expect.stringContaining('198.51.100.7')], [expect.stringContaining('198.51.100.7')]]);
      expect(await gate()([OTHER])).toEqual([OTHER]);
    });
  });
});
