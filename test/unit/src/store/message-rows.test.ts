import { describe, expect, test } from '@jest/globals';
import type { MessageRow, NewRow } from '#src/model/message-row.ts';
import { keys } from '#src/store/keys.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { aNewRow } from '#test/build/message-row.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const KEEP_MS = 60_000;
const UNTIL = 1_000_000;
const FIRST = { channel: 'C1', ts: '1.1' };
const SECOND = { channel: 'C1', ts: '2.2' };

describe('src/store/message-rows.ts', () => {
  onEveryRedis(({ redis }) => {
    const rows = () => createMessageRows(redis(), KEEP_MS);
    const row = async (id = 'scan/a1'): Promise<MessageRow> => {
      const found = await rows().get(id);
      if (found === undefined) throw new Error(`no message ${id}`);
      return found;
    };
    const taken = async (id = 'scan/a1'): Promise<MessageRow> => {
      const mine = await rows().take(await row(id), UNTIL);
      if (mine === undefined) throw new Error(`${id} could not be taken`);
      return mine;
    };
    const sent = async (id: string, place = FIRST): Promise<void> => {
      const mine = await taken(id);
      await rows().settle(mine, { state: 'sent', found: place, sentVersion: mine.version, sentAt: 7, failures: 0 });
    };
    const due = async (channel = 'C1'): Promise<readonly string[]> => (await rows().work(channel)).map(({ id }) => id);
    const put = (overrides: Partial<NewRow> = {}) => rows().put(aNewRow(overrides));

    describe('put', () => {
      test('records a message before it is sent', async () => {
        expect(await put({ thread: 'scan/a0', fallbackUser: 'U1' })).toEqual({ pending: true, channel: 'C1' });

        expect(await row()).toEqual({
          ...aNewRow({ thread: 'scan/a0', fallbackUser: 'U1' }),
          version: 1,
          sentVersion: 0,
          state: 'pending',
          taken: 0,
          copies: [],
          lost: 0,
          failures: 0,
          notBefore: 0,
          sentAt: 0,
          plain: false,
        });
        expect(await due()).toEqual(['scan/a1']);
        expect(await rows().busyChannels()).toEqual(['C1']);
      });

      test.each<[string, readonly Partial<NewRow>[], string]>([
        ['an earlier revision that comes late', [{ data: 'second', revision: 2 }, { data: 'first', revision: 1 }], 'second'],
        ['none at all after one', [{ data: 'second', revision: 2 }, { data: 'first' }], 'second'],
        ['progress of a later revision', [{ data: 'failed', revision: 2 }, { data: 'trying again', revision: 3, urgency: 'progress' }], 'trying again'],
        ['a later revision', [{ data: 'first', revision: 9 }, { data: 'second', revision: 10 }], 'second'],
      ])('shows the latest revision: %s', async (_name, puts, shown) => {
        for (const put of puts) await rows().put(aNewRow(put));

        expect((await row()).data).toBe(shown);
      });

      test('keeps the result when progress comes late', async () => {
        await put({ urgency: 'progress', data: '"half"' });
        await put({ urgency: 'result', data: '"done"' });

        expect(await put({ urgency: 'progress', data: '"three quarters"' })).toEqual({ pending: true, channel: 'C1' });

        expect(await row()).toMatchObject({ urgency: 'result', data: '"done"', version: 2 });
      });

      test('hurries with what follows a decision that nobody has seen yet', async () => {
        await put({ urgency: 'decision', data: '"approved"' });
        await put({ urgency: 'progress', data: '"1 of 2"', revision: 1 });

        expect(await row()).toMatchObject({ urgency: 'decision', data: '"1 of 2"' });
      });

      test('changes nothing when it says the same, and tells whether it is still to be sent', async () => {
        await put();
        expect((await put()).pending).toBe(true);
        await sent('scan/a1');

        expect((await put()).pending).toBe(false);
        expect((await row()).version).toBe(1);
        expect(await due()).toEqual([]);
      });

      test('makes a message due again when it says something else', async () => {
        await put();
        await sent('scan/a1');

        expect((await put({ data: '{"text":"Bye."}' })).pending).toBe(true);

        expect(await row()).toMatchObject({ version: 2, sentVersion: 1, state: 'pending', place: FIRST, data: '{"text":"Bye."}' });
        expect(await due()).toEqual(['scan/a1']);
      });

      test('does not shorten the wait after a failure', async () => {
        await put();
        await rows().settle(await taken(), { state: 'pending', failures: 3, notBefore: UNTIL });

        await put({ data: '{"text":"Bye."}' });

        expect(await row()).toMatchObject({ version: 2, failures: 3, notBefore: UNTIL });
      });

      test('gives a message that was given up another chance', async () => {
        await put();
        await rows().settle(await taken(), { state: 'failed', failures: 3, notBefore: UNTIL });
        expect(await rows().counts()).toEqual({ unsent: 0, maybeDouble: 0, failed: 1 });

        await put({ data: '{"text":"Bye."}' });

        expect(await row()).toMatchObject({ state: 'pending', failures: 0, notBefore: 0 });
        expect(await rows().counts()).toEqual({ unsent: 1, maybeDouble: 0, failed: 0 });
      });

      test('forgets that Slack refused other blocks', async () => {
        await put();
        await rows().settle(await taken(), { state: 'pending', plain: true });
        expect((await row()).plain).toBe(true);

        await put({ data: '{"text":"Bye."}' });

        expect((await row()).plain).toBe(false);
      });

      test('stays where the message was taken to', async () => {
        await put();
        await rows().retarget(await row(), 'U1');

        expect(await put({ data: '{"text":"Bye."}' })).toEqual({ pending: true, channel: 'U1' });
        expect(await due('C1')).toEqual([]);
      });

      test('keeps a message as long as configured after its last change', async () => {
        await put();

        expect(await redis().pttl(keys.message('scan/a1'))).toBeGreaterThan(KEEP_MS - 10_000);
      });

      test('makes one message of a hundred at once', async () => {
        await Promise.all(Array.from({ length: 100 }, () => put()));

        expect((await row()).version).toBe(1);
        expect(await due()).toEqual(['scan/a1']);
      });
    });

    describe('work', () => {
      test('is the oldest post and every change, oldest first', async () => {
        for (const id of ['a', 'b', 'c', 'd']) await put({ id });
        await sent('a');
        await sent('b', SECOND);
        await put({ id: 'b', data: '{"text":"Bye."}' });
        await put({ id: 'a', data: '{"text":"Bye."}' });

        expect(await due()).toEqual(['c', 'b', 'a']);
      });

      test('keeps the turn of a post that is put again', async () => {
        for (const id of ['a', 'b']) await put({ id });
        await put({ id: 'a', data: '{"text":"Bye."}' });

        expect(await due()).toEqual(['a']);
      });

      test('does not hide a change behind a thousand posts', async () => {
        await put({ id: 'first' });
        await sent('first');
        await Promise.all(Array.from({ length: 1000 }, (_, index) => put({ id: `post/${index}` })));

        await put({ id: 'first', data: '{"text":"Bye."}' });

        expect(await due()).toContain('first');
      });

      test('passes over messages that are forgotten, and the channel with them', async () => {
        for (const id of ['a', 'b', 'c']) await put({ id });
        await redis().del(keys.message('a'), keys.message('b'));
        expect(await due()).toEqual(['c']);

        await redis().del(keys.message('c'));

        expect(await due()).toEqual([]);
        expect(await rows().busyChannels()).toEqual([]);
      });
    });

    describe('take and settle', () => {
      test('one of two workers gets a message', async () => {
        await put();
        const seen = await row();

        const mine = await Promise.all([rows().take(seen, UNTIL), rows().take(seen, UNTIL)]);

        expect(mine.filter((one) => one !== undefined)).toEqual([{ ...seen, state: 'sending', taken: 1, notBefore: UNTIL }]);
        expect(await row()).toEqual({ ...seen, state: 'sending', taken: 1, notBefore: UNTIL });
      });

      test('a message that changed meanwhile has to be looked at again', async () => {
        await put();
        const seen = await row();
        await put({ data: '{"text":"Bye."}' });

        expect(await rows().take(seen, UNTIL)).toBeUndefined();
      });

      test('what was sent is due no more', async () => {
        await put();

        await sent('scan/a1');

        expect(await row()).toMatchObject({ state: 'sent', place: FIRST, sentVersion: 1, sentAt: 7 });
        expect(await due()).toEqual([]);
        expect(await rows().busyChannels()).toEqual([]);
      });

      test('what changed while it was sent is due again at once', async () => {
        await put();
        const mine = await taken();
        await put({ data: '{"text":"Bye."}' });

        await rows().settle(mine, { state: 'sent', found: FIRST, sentVersion: mine.version });

        expect(await row()).toMatchObject({ state: 'pending', version: 2, sentVersion: 1, place: FIRST, notBefore: 0 });
        expect(await due()).toEqual(['scan/a1']);
      });

      test('what changed while it was given up is tried all the same', async () => {
        await put();
        const mine = await taken();
        await put({ data: '{"text":"Bye."}' });

        await rows().settle(mine, { state: 'failed' });

        expect((await row()).state).toBe('pending');
        expect(await rows().counts()).toMatchObject({ unsent: 1, failed: 0 });
      });

      test('what failed stays due and keeps its turn', async () => {
        for (const id of ['a', 'b']) await put({ id });

        await rows().settle(await taken('a'), { state: 'pending', failures: 1, notBefore: UNTIL });

        expect(await due()).toEqual(['a']);
        expect(await row('a')).toMatchObject({ failures: 1, notBefore: UNTIL });
      });

      test('a worker whose message was taken over changes nothing, but the place of its post is kept', async () => {
        await put();
        const slow = await taken();
        const quick = await taken();
        await rows().settle(quick, { state: 'sent', found: SECOND, sentVersion: 1 });

        await rows().settle(slow, { state: 'failed', found: FIRST });

        expect(await row()).toMatchObject({ state: 'sent', place: SECOND, copies: [FIRST] });
      });

      test('two posts of one message are both kept, whoever answers first', async () => {
        await put();
        const slow = await taken();
        const quick = await taken();

        await rows().settle(slow, { state: 'sent', found: FIRST, sentVersion: 1 });
        expect(await row()).toMatchObject({ state: 'sending', place: FIRST });
        await rows().settle(quick, { state: 'sent', found: SECOND, sentVersion: 1 });

        expect(await row()).toMatchObject({ state: 'sent', place: FIRST, copies: [SECOND] });
        expect(await due()).toEqual([]);
      });

      test('settles nothing for a message that is forgotten', async () => {
        await put();
        const mine = await taken();
        await redis().del(keys.message('scan/a1'));

        await rows().settle(mine, { state: 'sent', found: FIRST });

        expect(await redis().exists(keys.message('scan/a1'))).toBe(0);
      });

      test('the next of several posts takes the place of one that is gone, and without any it is a post again', async () => {
        await put();
        await sent('scan/a1');
        await rows().adopt('scan/a1', SECOND);

        await rows().settle(await taken(), { state: 'sent', found: SECOND, gone: [FIRST], sentVersion: 2 });
        expect(await row()).toMatchObject({ place: SECOND, copies: [] });

        await put({ data: '{"text":"Bye."}' });
        await rows().settle(await taken(), { state: 'pending', gone: [SECOND] });
        expect((await row()).place).toBeUndefined();
        expect(await redis().zrange(keys.channelPosts('C1'), '0', '-1')).toEqual(['scan/a1']);
        expect(await redis().exists(keys.channelChanges('C1'))).toBe(0);
      });

      test('counts a message that may stand twice once', async () => {
        await put();
        await rows().settle(await taken(), { state: 'pending', lost: 1 });
        await rows().settle(await taken(), { state: 'failed', lost: 2 });

        expect(await rows().counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 1 });
      });
    });

    describe('adopt', () => {
      test('brings a post that nobody knew of to the current state', async () => {
        await put();
        await sent('scan/a1');

        await rows().adopt('scan/a1', SECOND);

        expect(await row()).toMatchObject({ state: 'pending', place: FIRST, copies: [SECOND] });
        expect(await due()).toEqual(['scan/a1']);
      });

      test('does so also while a change is under way', async () => {
        await put();
        await sent('scan/a1');
        await put({ data: '{"text":"Bye."}' });
        const mine = await taken();

        await rows().adopt('scan/a1', SECOND);
        await rows().settle(mine, { state: 'sent', found: FIRST, sentVersion: mine.version });

        expect(await row()).toMatchObject({ state: 'pending', copies: [SECOND] });
        expect(await due()).toEqual(['scan/a1']);
      });

      test('knows a place once, and from several replicas at once', async () => {
        await put();
        await sent('scan/a1');
        const third = { channel: 'C1', ts: '3.3' };

        await Promise.all([SECOND, third, SECOND, FIRST].map((place) => rows().adopt('scan/a1', place)));

        const { place, copies } = await row();
        expect([place, ...copies].map((one) => one?.ts).sort()).toEqual(['1.1', '2.2', '3.3']);
        expect((await row()).version).toBe(3);
      });

      test('saves a message that was given up for lost', async () => {
        await put();
        await rows().settle(await taken(), { state: 'failed', lost: 2 });

        await rows().adopt('scan/a1', FIRST);

        expect(await row()).toMatchObject({ state: 'pending', place: FIRST, copies: [] });
        expect(await rows().counts()).toMatchObject({ unsent: 1, failed: 0 });
      });

      test('makes no message of one that is forgotten', async () => {
        await rows().adopt('scan/a1', FIRST);

        expect(await redis().exists(keys.message('scan/a1'))).toBe(0);
        expect(await rows().busyChannels()).toEqual([]);
      });
    });

    describe('retarget', () => {
      test('moves a message to another channel, behind what waits there', async () => {
        await put();
        await put({ id: 'other', channel: 'U1' });

        await rows().retarget(await taken(), 'U1');

        expect(await row()).toMatchObject({ channel: 'U1', state: 'pending', notBefore: 0 });
        expect(await due('C1')).toEqual([]);
        expect(await due('U1')).toEqual(['other']);
        expect((await rows().busyChannels()).toSorted()).toEqual(['U1']);
      });

      test('leaves a message alone that another worker has taken', async () => {
        await put();
        const seen = await row();
        await taken();

        await rows().retarget(seen, 'U1');

        expect(await row()).toMatchObject({ channel: 'C1', state: 'sending' });
      });
    });

    test('counts what every channel is due', async () => {
      await put();
      await put({ id: 'b', channel: 'C2' });
      await sent('b', SECOND);
      await put({ id: 'b', channel: 'C2', data: '{"text":"Bye."}' });

      expect(await rows().counts()).toEqual({ unsent: 2, maybeDouble: 0, failed: 0 });
      expect((await rows().busyChannels()).toSorted()).toEqual(['C1', 'C2']);
    });
  });
});
