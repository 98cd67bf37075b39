import { describe, expect, test } from '@jest/globals';
import type { NewRow } from '#src/model/message-row.ts';
import { createOutbox } from '#src/outbox/outbox.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { note } from '#test/build/outbox.ts';
import { onEveryRedis } from '#test/build/redis.ts';

describe('src/outbox/outbox.ts', () => {
  onEveryRedis(({ redis }) => {
    test('records a message before anybody is woken for it', async () => {
      const rows = createMessageRows(redis(), 60_000);
      const due: string[] = [];
      const outbox = createOutbox(rows, async (channel) => void due.push(...(await rows.work(channel)).map(({ id, data }) => `${channel} ${id} ${data}`)));

      await outbox.put({ id: 'a', channel: 'C1', template: note, data: { text: 'Hello.' } });
      await outbox.putFile({ id: 'b', channel: 'C2', filename: 'all.csv', title: 'All', content: 'a,b' });

      expect(due).toEqual(['C1 a {"text":"Hello."}', 'C2 b {"filename":"all.csv","title":"All","content":"a,b"}']);
    });

    test('wakes nobody for what stands already, and again for what a failed wake-up left behind', async () => {
      const rows = createMessageRows(redis(), 60_000);
      let failures = 1;
      let woken = 0;
      const outbox = createOutbox(rows, () => {
        if (failures > 0) {
          failures -= 1;
          return Promise.reject(new Error('Redis is away'));
        }
        woken += 1;
        return Promise.resolve();
      });
      const put = () => outbox.put({ id: 'a', channel: 'C1', template: note, data: { text: 'Hello.' } });

      await expect(put()).rejects.toThrow('away');
      await put();
      expect(woken).toBe(1);

      const [row] = await rows.work('C1');
      const taken = row && (await rows.take(row, 1));
      if (taken !== undefined) await rows.settle(taken, { state: 'sent', found: { channel: 'C1', ts: '1.0' }, sentVersion: 1 });
      await put();
      expect(woken).toBe(1);
    });
  });

  test('wakes for the channel that the message was taken to', async () => {
    const put: NewRow[] = [];
    const woken: string[] = [];
    const outbox = createOutbox(
      { put: (row) => Promise.resolve({ pending: put.push(row) > 0, channel: 'U1' }) } as Parameters<typeof createOutbox>[0],
      (channel) => Promise.resolve(void woken.push(channel)),
    );

    await outbox.put({ id: 'a', channel: 'C1', thread: 't', fallbackUser: 'U1', template: note, data: { text: 'Hello.' }, urgency: 'progress' });

    expect(woken).toEqual(['U1']);
    expect(put).toEqual([{ id: 'a', channel: 'C1', thread: 't', fallbackUser: 'U1', kind: 'message', template: 'note', data: '{"text":"Hello."}', urgency: 'progress' }]);
  });
});
