import { describe, expect, test } from '@jest/globals';
import type { Delivery } from '#src/model/courier.ts';
import { deliver } from '#src/outbox/deliver.ts';
import { anOutbox, note } from '#test/build/outbox.ts';
import { onEveryRedis, onRealRedis } from '#test/build/redis.ts';
import type { CourierCall, FakeCourier } from '#test/fakes/courier.ts';

const LOST: Delivery = { outcome: 'lost' };
const DOWN: Delivery = { outcome: 'unavailable', reason: 'Slack cannot be reached' };
const GONE: Delivery = { outcome: 'gone', reason: 'message_not_found' };
const MINUTE_MS = 60_000;

describe('src/outbox/deliver.ts', () => {
  onEveryRedis(({ redis }) => {
    describe('posts', () => {
      test('go out in the order in which they were asked for, 1.1 seconds apart', async () => {
        const { put, run, courier } = anOutbox(redis());
        for (const id of ['a', 'b', 'c', 'd']) await put(id);

        await run();

        expect(texts(courier)).toEqual(['a', 'b', 'c', 'd']);
        expect(gaps(courier.calls)).toEqual([1100, 1100, 1100]);
      });

      test('of what cannot wait go before all others of the channel, in their order', async () => {
        const { put, run, courier } = anOutbox(redis());
        for (const id of ['a', 'b', 'c']) await put(id);
        await put('critical', { ahead: true });
        await put('critical too', { ahead: true });

        await run();

        expect(texts(courier)).toEqual(['critical', 'critical too', 'a', 'b', 'c']);
      });

      test('go before all others as soon as they cannot wait any more, and stay there', async () => {
        const { put, run, courier } = anOutbox(redis());
        for (const id of ['a', 'b', 'c']) await put(id);
        await put('c', { data: { text: 'c, critical' }, ahead: true });
        await put('critical', { ahead: true });
        await put('c', { data: { text: 'c, critical, again' }, ahead: true });

        await run();

        expect(texts(courier)).toEqual(['c, critical, again', 'critical', 'a', 'b']);
      });

      test('of one channel do not wait for those of another', async () => {
        const { put, look, courier } = anOutbox(redis());
        for (const id of ['a', 'b']) await put(id);
        await put('other', { channel: 'C2' });

        expect(await look('C1')).toBe(1100);
        expect(await look('C2')).toBeUndefined();

        expect(texts(courier)).toEqual(['a', 'other']);
      });

      test('are made once, however often they are put', async () => {
        const { put, run, courier } = anOutbox(redis());
        await put('a');
        await put('a');
        await run();
        await put('a');
        await run();

        expect(texts(courier)).toEqual(['a']);
      });

      test('carry tokens in place of what their buttons do, also where two do nearly the same', async () => {
        const { put, run, courier } = anOutbox(redis());
        await put('a', { data: { text: 'a', hasButton: true } });

        await run();

        expect(courier.calls[0]?.blocks[1]).toMatchObject({ elements: [{ action_id: 'scan:1', value: 'token of scan on a' }, { action_id: 'scan:2', value: 'token of scan on a' }] });
      });

      test('of files go out in their turn', async () => {
        const { put, outbox, run, row, courier } = anOutbox(redis());
        await put('a');
        await outbox.putFile({ id: 'file', channel: 'C1', thread: 'a', filename: 'all.csv', title: 'All', content: 'a,b' });
        await put('b');

        await run();

        expect(courier.calls.map(({ method, text, ts }) => [method, text, ts])).toEqual([['post', 'a', undefined], ['upload', 'all.csv', '1.000'], ['post', 'b', undefined]]);
        expect((await row('file'))?.state).toBe('sent');
      });

      test('of a file beside a message go where the message came to stand, and not into its thread', async () => {
        const { put, outbox, run, courier } = anOutbox(redis());
        courier.next({ outcome: 'channel-refused', reason: 'not_in_channel' }, { outcome: 'sent', place: { channel: 'D1', ts: '7.000' } });
        await put('a', { fallbackUser: 'U1' });
        await outbox.putFile({ id: 'file', channel: 'C1', thread: 'a', beside: true, filename: 'map.png', title: 'Map', content: 'iVBO', encoding: 'base64', altText: 'A map.' });

        await run('C1');
        await run('U1');

        expect(courier.calls.map(({ method, text, channel, ts }) => [method, text, channel, ts])).toEqual([['post', 'a', 'C1', undefined], ['post', 'a', 'U1', undefined], ['upload', 'map.png', 'D1', undefined]]);
      });
    });

    describe('threads', () => {
      test('wait until the message above them shows its result', async () => {
        const { put, look, run, clock, courier } = anOutbox(redis());
        await put('scan', { urgency: 'progress' });
        await look();
        await put('scan', { data: { text: 'done' } });
        await put('detail', { thread: 'scan' });

        expect(await look()).toBe(3000);
        clock.advance(2999);
        expect(await look()).toBe(1);
        clock.advance(1);
        await run();

        expect(courier.calls.map(({ method, text, ts }) => [method, text, ts])).toEqual([['post', 'scan', undefined], ['update', 'done', '1.000'], ['post', 'detail', '1.000']]);
      });

      test('do not wait for progress', async () => {
        const { put, look, clock, courier } = anOutbox(redis());
        await put('scan', { urgency: 'progress' });
        await look();
        await put('scan', { data: { text: '1 of 8' }, urgency: 'progress' });
        await put('detail', { thread: 'scan' });

        clock.advance(1100);
        await look();

        expect(texts(courier)).toEqual(['scan', 'detail']);
      });

      test('are not sent when the message above them was not', async () => {
        const { put, run, row, rows, log, courier } = anOutbox(redis());
        courier.next({ outcome: 'rejected', reason: 'msg_too_long' });
        await put('scan');
        for (const id of ['detail', 'further']) await put(id, { thread: 'scan' });
        await put('other');

        await run();

        expect(texts(courier)).toEqual(['scan', 'other']);
        expect((await row('detail'))?.state).toBe('failed');
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 0, failed: 3 });
        expect(log.texts('warn')).toHaveLength(2);
      });

      test('follow the message above them to where it was told instead', async () => {
        const { put, run, woken, courier } = anOutbox(redis());
        courier.next({ outcome: 'channel-refused', reason: 'not_in_channel' }, { outcome: 'sent', place: { channel: 'D1', ts: '7.000' } });
        await put('scan', { fallbackUser: 'U1' });
        await put('detail', { thread: 'scan' });

        await run('C1');
        await run('U1');

        expect(courier.calls.map(({ channel, text, ts }) => [channel, text, ts])).toEqual([['C1', 'scan', undefined], ['U1', 'scan', undefined], ['D1', 'detail', '7.000']]);
        expect(woken).toContain('U1');
      });

      test('do not hold up a message above them that was given up and put again after them', async () => {
        const { put, run, courier } = anOutbox(redis());
        courier.next({ outcome: 'rejected', reason: 'msg_too_long' });
        await put('scan');
        await run();
        await put('first');
        await put('detail', { thread: 'scan' });
        await put('scan', { data: { text: 'shorter' } });

        await run();

        expect(texts(courier)).toEqual(['scan', 'first', 'shorter', 'detail']);
      });
    });

    describe('changes', () => {
      test('are made at most every three seconds, and only the newest of them', async () => {
        const { put, look, run, clock, courier } = anOutbox(redis());
        await put('scan', { urgency: 'progress' });
        await look();
        for (const text of ['1 of 8', '2 of 8', '3 of 8']) {
          await put('scan', { data: { text }, urgency: 'progress' });
          await look();
          clock.advance(500);
        }
        await run();

        expect(texts(courier)).toEqual(['scan', '3 of 8']);
        expect(gaps(courier.calls)).toEqual([3000]);
      });

      test('of decisions are shown within a second, however lately the message changed', async () => {
        const { put, look, run, clock, courier } = anOutbox(redis());
        await put('request', { urgency: 'decision' });
        await look();
        clock.advance(10);
        await put('request', { data: { text: 'decided' }, urgency: 'decision' });
        await run();

        expect(texts(courier)).toEqual(['request', 'decided']);
        expect(Math.max(...gaps(courier.calls))).toBeLessThan(500);
      });

      test('of what was posted ahead of others wait like all others', async () => {
        const { put, run, clock, courier } = anOutbox(redis());
        await put('a');
        await put('critical', { ahead: true });
        await run();
        clock.advance(MINUTE_MS);
        await put('a', { data: { text: 'a, changed' } });
        await put('critical', { data: { text: 'critical, changed' }, ahead: true });
        await run();

        expect(texts(courier)).toEqual(['critical', 'a', 'a, changed', 'critical, changed']);
      });

      test('are rarer when many messages show progress at once', async () => {
        const { put, look, run, clock, courier } = anOutbox(redis());
        const ids = ['a', 'b', 'c', 'd', 'e'];
        for (const id of ids) await put(id, { urgency: 'progress' });
        await run();
        for (let second = 0; second < 30; second += 1) {
          for (const id of ids) await put(id, { data: { text: `${id} ${second}` }, urgency: 'progress' });
          await look();
          clock.advance(1000);
        }

        const ofOne = courier.of('update').filter(({ text }) => text.startsWith('a'));
        expect(ofOne.length).toBeGreaterThanOrEqual(2);
        expect(Math.min(...gaps(ofOne))).toBeGreaterThanOrEqual(10_000);
      });

      test('do not wait for posts, nor posts for them', async () => {
        const { put, run, clock, courier } = anOutbox(redis());
        await put('old');
        await run();
        clock.advance(MINUTE_MS);
        for (let index = 0; index < 5; index += 1) await put(`post ${index}`);
        await put('old', { data: { text: 'changed' } });

        await run();

        expect(texts(courier)).toEqual(['old', 'post 0', 'changed', 'post 1', 'post 2', 'post 3', 'post 4']);
      });

      test('reach every post of the message, and count as so many', async () => {
        const { put, run, rows, row, courier } = anOutbox(redis());
        await put('a');
        await run();
        await rows.adopt('a', { channel: 'C1', ts: '9.000' });
        await run();
        await put('a', { data: { text: 'changed' } });
        courier.next({ outcome: 'gone', reason: 'message_not_found' });
        await run();

        expect(courier.of('update').map(({ text, ts }) => [text, ts])).toEqual([['a', '1.000'], ['a', '9.000'], ['changed', '1.000'], ['changed', '9.000']]);
        expect(await row('a')).toMatchObject({ state: 'sent', place: { ts: '9.000' }, copies: [] });
      });
    });

    describe('when Slack refuses', () => {
      test('too many posts: the channel waits to the second, the others go on, and the order is kept', async () => {
        const { put, run, look, courier } = anOutbox(redis());
        courier.next({ outcome: 'rate-limited', waitMs: 7000 });
        for (const id of ['a', 'b']) await put(id);
        await put('other', { channel: 'C2' });

        expect(await look('C1')).toBe(7000);
        expect(await look('C2')).toBeUndefined();
        await run('C1');

        expect(texts(courier)).toEqual(['a', 'other', 'a', 'b']);
        expect(gaps(courier.calls.filter(({ channel }) => channel === 'C1'))).toEqual([7000, 1100]);
      });

      test('too many changes: every change waits to the second, posts go on', async () => {
        const { put, run, look, clock, courier } = anOutbox(redis());
        for (const id of ['a', 'b']) await put(id, { channel: id });
        for (const id of ['a', 'b']) await run(id);
        clock.advance(MINUTE_MS);
        courier.next({ outcome: 'rate-limited', waitMs: 12_000 });
        for (const id of ['a', 'b']) await put(id, { channel: id, data: { text: 'changed' } });
        await put('c', { channel: 'b' });

        expect(await look('a')).toBe(12_000);
        expect(await look('b')).toBe(12_000);
        clock.advance(12_000);
        await look('b');
        await look('a');

        const [refused, ...made] = courier.of('update');
        expect(made.map(({ channel, at }) => [channel, at - (refused?.at ?? 0)])).toEqual([['b', 12_000], ['a', 12_000]]);
        expect(texts(courier)).toContain('c');
      });

      test('its blocks: the text is sent alone, within the pace of the channel', async () => {
        const { put, run, row, log, courier } = anOutbox(redis());
        courier.next({ outcome: 'invalid-blocks', detail: 'invalid_blocks: /blocks/0' });
        await put('a');

        await run();

        expect(courier.calls.map(({ text, blocks }) => [text, blocks.length])).toEqual([['a', 1], ['a', 0]]);
        expect(gaps(courier.calls)).toEqual([1100]);
        expect((await row('a'))?.state).toBe('sent');
        expect(log.texts('error')).toEqual(['Slack refused the blocks of a message; its text is sent alone']);
      });

      test('even the text alone: the message is given up', async () => {
        const { put, run, row, courier } = anOutbox(redis());
        const refusal: Delivery = { outcome: 'invalid-blocks', detail: 'invalid_blocks' };
        courier.next(refusal, refusal);
        await put('a');

        await run();

        expect((await row('a'))?.state).toBe('failed');
        expect(courier.calls).toHaveLength(2);
      });

      test('the channel: the person is told directly, and later changes go there', async () => {
        const { put, run, row, courier } = anOutbox(redis());
        courier.next({ outcome: 'channel-refused', reason: 'is_archived' });
        await put('a', { fallbackUser: 'U1' });
        await run('C1');
        await run('U1');
        await put('a', { fallbackUser: 'U1', data: { text: 'changed' } });
        await run('U1');

        expect(courier.calls.map(({ method, channel, text }) => [method, channel, text])).toEqual([['post', 'C1', 'a'], ['post', 'U1', 'a'], ['update', 'U1', 'changed']]);
        expect(await row('a')).toMatchObject({ channel: 'U1', state: 'sent' });
      });

      test('the channel and the direct message, or there is nobody to tell: it is given up with one line', async () => {
        const { put, run, rows, log, courier } = anOutbox(redis());
        const refusal: Delivery = { outcome: 'channel-refused', reason: 'not_in_channel' };
        courier.next(refusal, refusal, refusal);
        await put('a', { fallbackUser: 'U1' });
        await put('b');

        await run('C1');
        await run('U1');

        expect(courier.calls).toHaveLength(3);
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 0, failed: 2 });
        expect(log.texts('error')).toEqual(['a message could not be sent', 'a message could not be sent']);
      });

      test('the message for good: it is given up, and the ones behind it go on', async () => {
        const { put, run, row, courier } = anOutbox(redis());
        courier.next({ outcome: 'rejected', reason: 'msg_too_long' });
        for (const id of ['a', 'b']) await put(id);

        await run();

        expect((await row('a'))?.state).toBe('failed');
        expect((await row('b'))?.state).toBe('sent');
      });

      test('the token: everything waits half a minute at a time, says so once each, and nothing is lost', async () => {
        const { put, run, look, log, courier } = anOutbox(redis());
        courier.next({ outcome: 'unauthorized', reason: 'token_revoked' });
        for (const id of ['a', 'b']) await put(id);

        expect(await look()).toBe(30_000);
        await run();

        expect(texts(courier)).toEqual(['a', 'a', 'b']);
        expect(log.texts('error')).toEqual(['Slack refuses the bot token']);
      });
    });

    describe('when a message was deleted', () => {
      test('its result is posted anew, and its thread goes below the new one', async () => {
        const { put, run, clock, row, courier } = anOutbox(redis());
        await put('scan', { urgency: 'progress' });
        await run();
        clock.advance(MINUTE_MS);
        courier.next(GONE);
        await put('scan', { data: { text: 'done' } });
        await put('detail', { thread: 'scan' });

        await run();

        expect(courier.calls.map(({ method, text, ts }) => [method, text, ts])).toEqual([['post', 'scan', undefined], ['update', 'done', '1.000'], ['post', 'done', undefined], ['post', 'detail', '2.000']]);
        expect(await row('scan')).toMatchObject({ state: 'sent', place: { ts: '2.000' } });
      });

      test('its progress is not', async () => {
        const { put, run, clock, log, courier } = anOutbox(redis());
        await put('scan', { urgency: 'progress' });
        await run();
        clock.advance(MINUTE_MS);
        courier.next(GONE);
        await put('scan', { data: { text: '2 of 8' }, urgency: 'progress' });

        await run();

        expect(texts(courier)).toEqual(['scan', '2 of 8']);
        expect(log.texts('error')).toEqual([]);
      });
    });

    describe('when an answer is lost', () => {
      test('the post is made once more, and counted as perhaps double', async () => {
        const { put, run, row, rows, courier } = anOutbox(redis());
        courier.next(LOST);
        await put('a');
        await put('b');

        await run();

        expect(courier.of('post').map(({ text }) => text)).toEqual(['a', 'a', 'b']);
        expect(await row('a')).toMatchObject({ state: 'sent', lost: 1 });
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 0 });
      });

      test('twice, the post is given up rather than made a third time', async () => {
        const { put, run, rows, courier } = anOutbox(redis());
        courier.next(LOST, LOST);
        await put('a');
        await put('b');

        await run();

        expect(courier.of('post').map(({ text }) => text)).toEqual(['a', 'a', 'b']);
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 1 });
      });

      test('because Slack does not answer at all, the further post waits until it does', async () => {
        const { put, look, run, clock, row, courier } = anOutbox(redis());
        courier.setAnswering(false);
        await put('a');
        for (let spent = 0; spent < 10 * MINUTE_MS; ) {
          const waitMs = (await look()) ?? 0;
          expect(waitMs).toBeLessThanOrEqual(MINUTE_MS);
          clock.advance(waitMs);
          spent += waitMs;
        }
        expect(courier.of('post')).toHaveLength(1);

        courier.setAnswering(true);
        await run();

        expect(courier.of('post')).toHaveLength(2);
        expect(await row('a')).toMatchObject({ state: 'sent', lost: 1 });
      });

      test('of a change, it is made again until it is known to stand', async () => {
        const { put, run, clock, rows, courier } = anOutbox(redis());
        await put('a');
        await run();
        clock.advance(MINUTE_MS);
        courier.next(LOST, LOST, LOST);
        await put('a', { data: { text: 'changed' } });

        await run();

        expect(courier.of('update')).toHaveLength(4);
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 0, failed: 0 });
      });

      test('and its first post turns up, both are kept at the same state', async () => {
        const { put, run, rows, row, courier } = anOutbox(redis());
        courier.next(LOST);
        await put('a');
        await run();

        await rows.adopt('a', { channel: 'C1', ts: '0.900' });
        await run();

        expect(courier.of('update').map(({ ts }) => ts)).toEqual(['1.000', '0.900']);
        expect(await row('a')).toMatchObject({ copies: [{ ts: '0.900' }] });
      });
    });

    test('tries again at growing intervals while Slack cannot be reached, at most a minute apart', async () => {
      const { put, run, row, courier } = anOutbox(redis());
      courier.next(...Array.from({ length: 9 }, () => DOWN));
      await put('a');

      await run();

      expect(gaps(courier.calls)).toEqual([1100, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
      expect(await row('a')).toMatchObject({ state: 'sent', failures: 0, lost: 0 });
    });

    describe('after a crash in the middle of a call', () => {
      test('of a post, it is made once more after the time that a call takes, and counted', async () => {
        const { put, run, rows, row, clock, courier } = anOutbox(redis());
        await put('a');
        await rows.take(await the(row('a')), clock.now().getTime() + 12_000);

        await run();

        expect(courier.of('post').map(({ at }) => at)).toEqual([Date.parse('2026-11-23T08:00:12.000Z')]);
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 0 });
      });

      test('of the further post too, it is given up', async () => {
        const { put, run, look, rows, row, clock, courier } = anOutbox(redis());
        courier.next(LOST);
        await put('a');
        await look();
        await rows.take(await the(row('a')), clock.now().getTime() + 12_000);

        await run();

        expect(courier.of('post')).toHaveLength(1);
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 1 });
      });

      test('of a change, it is made again and nothing is counted', async () => {
        const { put, run, rows, row, clock, courier } = anOutbox(redis());
        await put('a');
        await run();
        await put('a', { data: { text: 'changed' } });
        await rows.take(await the(row('a')), clock.now().getTime() + 12_000);

        await run();

        expect(courier.of('update')).toHaveLength(1);
        expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 0, failed: 0 });
      });
    });

    describe('two workers on one channel', () => {
      test('post a message once', async () => {
        const { put, look, courier } = anOutbox(redis());
        await put('a');

        await Promise.all([look(), look(), look()]);

        expect(texts(courier)).toEqual(['a']);
      });

      test('do not disturb each other: a call that is under way is waited for', async () => {
        const { put, look, clock, courier } = anOutbox(redis());
        const answer = Promise.withResolvers<Delivery>();
        courier.next(() => answer.promise);
        await put('a');
        const first = look();
        await until(() => courier.calls.length === 1);

        expect(await look()).toBe(12_000);
        clock.advance(11_999);
        expect(await look()).toBe(1);
        answer.resolve({ outcome: 'sent', place: { channel: 'C1', ts: '1.000' } });
        await first;

        expect(texts(courier)).toEqual(['a']);
      });

      test('know both posts when one was so slow that the other took over', async () => {
        const { put, look, row, clock, courier } = anOutbox(redis());
        const slow = Promise.withResolvers<Delivery>();
        courier.next(() => slow.promise);
        await put('a');
        const first = look();
        await until(() => courier.calls.length === 1);

        clock.advance(12_000);
        await look();
        slow.resolve({ outcome: 'sent', place: { channel: 'C1', ts: '0.900' } });
        await first;

        expect(courier.of('post')).toHaveLength(2);
        expect(await row('a')).toMatchObject({ state: 'sent', place: { ts: '1.000' }, copies: [{ ts: '0.900' }], lost: 1 });
      });
    });

    describe('a message that cannot be made', () => {
      test('because another version of the bot recorded its data is given up, and the ones behind it go on', async () => {
        const { put, run, row, log, courier } = anOutbox(redis());
        await put('a', { data: { text: 'a', fault: 'throws' } });
        await put('b');

        await run();

        expect(texts(courier)).toEqual(['b']);
        expect(await row('a')).toMatchObject({ state: 'failed', lost: 0 });
        expect(log.texts('error')).toEqual(['a message could not be rendered', 'a message could not be sent']);
      });

      test('because its template is there no more is given up', async () => {
        const { outbox, run, row, courier } = anOutbox(redis());
        await outbox.put({ id: 'a', channel: 'C1', template: { ...note, name: 'removed' }, data: { text: 'a' } });

        await run();

        expect(courier.calls).toEqual([]);
        expect((await row('a'))?.state).toBe('failed');
      });

      test('within Slack’s limits is sent as its text alone', async () => {
        const { put, run, log, courier } = anOutbox(redis());
        await put('a', { data: { text: 'a', fault: 'breaks the limits' } });

        await run();

        expect(courier.calls.map(({ text, blocks }) => [text, blocks.length])).toEqual([['a', 0]]);
        expect(log.texts('error')).toEqual(['a message breaks the limits of Slack; its text is sent alone']);
      });
    });

    test('stops between two messages, never in the middle of one', async () => {
      const { put, deps, row, courier } = anOutbox(redis());
      const stopping = new AbortController();
      for (const id of ['a', 'b']) await put(id);
      courier.next(() => {
        stopping.abort(new Error('stopping'));
        return { outcome: 'sent', place: { channel: 'C1', ts: '1.000' } };
      });

      await expect(deliver('C1', deps, stopping.signal)).rejects.toThrow('stopping');

      expect((await row('a'))?.state).toBe('sent');
      expect((await row('b'))?.state).toBe('pending');
    });
  });

  onRealRedis(({ redis }) => {
    test('changes stay within 30 a minute for progress and 45 in all, and none is lost', async () => {
      const { put, run, look, clock, courier, rows } = anOutbox(redis());
      const progress = Array.from({ length: 40 }, (_, index) => `progress${index}`);
      const results = Array.from({ length: 20 }, (_, index) => `result${index}`);
      const channels = [...progress, ...results];
      const urgencyOf = (id: string) => (progress.includes(id) ? 'progress' : 'result');
      for (const id of channels) await put(id, { channel: id, urgency: urgencyOf(id) });
      for (const channel of channels) await run(channel);
      clock.advance(5 * MINUTE_MS);
      for (const id of channels) await put(id, { channel: id, data: { text: id.slice(0, 6) }, urgency: urgencyOf(id) });

      const made = () => [courier.of('update').length, courier.of('update').filter(({ text }) => text === 'result').length];
      for (const channel of channels) await look(channel);
      expect(made()).toEqual([45, 15]);
      clock.advance(MINUTE_MS - 1);
      for (const channel of channels) await look(channel);
      expect(made()).toEqual([45, 15]);
      clock.advance(1);
      for (const channel of channels) await look(channel);
      expect(made()).toEqual([60, 20]);
      expect((await rows.counts()).unsent).toBe(0);
    });

    test('a thousand messages arrive, each once, in order, and never faster than Slack takes them', async () => {
      const { put, run, rows, courier } = anOutbox(redis());
      const ids = Array.from({ length: 1000 }, (_, index) => `m${index}`);
      for (const id of ids) await put(id, { channel: `C${Number(id.slice(1)) % 4}` });
      expect((await rows.counts()).unsent).toBe(1000);
      courier.next(...Array.from({ length: 20 }, (_, index): Delivery => (index % 5 === 4 ? { outcome: 'rate-limited', waitMs: 3000 } : index % 7 === 6 ? DOWN : { outcome: 'sent', place: { channel: 'C', ts: `x${index}` } })));

      for (const channel of ['C0', 'C1', 'C2', 'C3']) await run(channel);

      for (const channel of ['C0', 'C1', 'C2', 'C3']) {
        const made = courier.calls.filter((call) => call.channel === channel);
        expect([...new Set(made.map(({ text }) => text))]).toEqual(ids.filter((id) => `C${Number(id.slice(1)) % 4}` === channel));
        expect(Math.min(...gaps(made))).toBeGreaterThanOrEqual(1100);
      }
      expect(await rows.counts()).toEqual({ unsent: 0, maybeDouble: 0, failed: 0 });
    });
  });
});

function texts({ calls }: FakeCourier): readonly string[] {
  return calls.filter(({ method }) => method !== 'answers').map(({ text }) => text);
}

/** Milliseconds between one call and the next. */
function gaps(calls: readonly CourierCall[]): readonly number[] {
  return calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
}

async function the<T>(value: Promise<T | undefined>): Promise<T> {
  const found = await value;
  if (found === undefined) throw new Error('it is not there');
  return found;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
