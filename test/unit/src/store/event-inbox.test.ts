import { describe, expect, test } from '@jest/globals';
import type { EventBatch, EventInbox } from '#src/model/event-intake.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const CLUSTER = 'prod';
const MINUTE_MS = 60_000;
const COUNTS = { events: 1, malformed: 0, lost: 0 };

/** Settles what is waiting. */
async function settleAll(inbox: EventInbox): Promise<readonly EventBatch[]> {
  const settled: EventBatch[] = [];
  for (;;) {
    const batch = await inbox.next(CLUSTER);
    if (batch === undefined) return settled;
    await inbox.settle(CLUSTER, batch, COUNTS);
    settled.push(batch);
  }
}

async function ofLate(inbox: EventInbox): Promise<readonly EventBatch[]> {
  const batches: EventBatch[] = [];
  for await (const batch of inbox.ofLate(CLUSTER)) batches.push(batch);
  return batches;
}

describe('src/store/event-inbox.ts', () => {
  onEveryRedis(({ redis }) => {
    const keep = async (inbox: EventInbox, ...batches: readonly (readonly [text: string | undefined, minute: number])[]) => {
      for (const [text, minute] of batches) await inbox.keep(CLUSTER, { feed: 'audit', text, cameAtMs: minute * MINUTE_MS });
    };

    test('nothing is of late before something was settled', async () => {
      const inbox = createEventInbox(redis());
      await keep(inbox, ['a', 1]);

      expect(await ofLate(inbox)).toEqual([]);
    });

    test('what was settled in the last ten minutes is told again as it came, the oldest first', async () => {
      const inbox = createEventInbox(redis());
      await keep(inbox, ['over', 1], ['a', 2], [undefined, 3], ['b', 12]);
      const [, a, , b] = await settleAll(inbox);

      expect(await ofLate(inbox)).toEqual([a, b]);
      expect(a).toMatchObject({ feed: 'audit', text: 'a', cameAtMs: 2 * MINUTE_MS });
    });

    test('a batch that is settled twice is told once', async () => {
      const inbox = createEventInbox(redis());
      await keep(inbox, ['a', 1]);
      const batches = await settleAll(inbox);
      for (const batch of batches) await inbox.settle(CLUSTER, batch, COUNTS);

      expect(await ofLate(inbox)).toEqual(batches);
    });

    test('what takes too much room is forgotten, the oldest first', async () => {
      const text = 'x'.repeat(50);
      const roomy = createEventInbox(redis());
      await keep(roomy, [text, 1]);
      const room = (await settleAll(roomy)).reduce((sum, { bytes }) => sum + 2 * bytes, 1);
      const inbox = createEventInbox(redis(), room);
      await keep(inbox, [text, 2], [text, 3], [text, 4], [Array.from({ length: 500 }, (_, index) => index * index).join(), 5]);
      await settleAll(inbox);

      expect((await ofLate(inbox)).map(({ cameAtMs }) => cameAtMs / MINUTE_MS)).toEqual([3, 4]);
    });
  });
});
