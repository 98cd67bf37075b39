import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { message, section } from '#src/blocks/build.ts';
import { md } from '#src/blocks/text.ts';
import type { Delivery } from '#src/model/courier.ts';
import { createCourier, type WatchedCourier } from '#src/slack/courier.ts';
import { slackFailure } from '#src/slack/failure.ts';
import { sdkLogger } from '#src/slack/logger.ts';
import { fetchHere, startSlackApi, type SlackAnswer, type SlackApi } from '#test/build/slack-api.ts';
import { createMovedClock, type MovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const HELLO = message('Hello.', [section(md`*Hello*`)]);
const PLACE = { channel: 'C1', ts: '1.1' };
const SENT = { ok: true, channel: 'C1', ts: '1.1' };
const no = (error: string, more: object = {}): SlackAnswer => ({ ok: false, error, ...more });

describe('src/slack/courier.ts', () => {
  let api: SlackApi;
  let clock: MovedClock;
  let courier: WatchedCourier;
  let before: number;
  beforeAll(async () => {
    api = await startSlackApi();
  });
  beforeEach(() => {
    clock = createMovedClock();
    courier = createCourier(api.client, clock);
    before = api.calls.length;
  });
  afterAll(() => api.close());
  const made = () => api.calls.slice(before);

  test('S18: posts with its blocks, as plain as Slack can be asked for', async () => {
    api.answer(SENT);

    expect(await courier.post('C1', HELLO)).toEqual({ outcome: 'sent', place: PLACE });

    expect(made()).toEqual([{ method: 'chat.postMessage', args: { channel: 'C1', text: 'Hello.', blocks: JSON.stringify(HELLO.blocks), parse: 'none', unfurl_links: 'false', unfurl_media: 'false' } }]);
  });

  test('posts in a thread, and learns where a direct message stands', async () => {
    api.answer({ ok: true, channel: 'D0ANN00001', ts: '2.2' });

    expect(await courier.post('U0ANN00001', HELLO, '1.1')).toEqual({ outcome: 'sent', place: { channel: 'D0ANN00001', ts: '2.2' } });
    expect(made()[0]?.args.thread_ts).toBe('1.1');
  });

  test('changes text and blocks together', async () => {
    api.answer(SENT);

    expect(await courier.update(PLACE, { text: 'Bye.', blocks: [] })).toEqual({ outcome: 'sent', place: PLACE });

    expect(made()).toEqual([{ method: 'chat.update', args: { channel: 'C1', ts: '1.1', text: 'Bye.', blocks: '[]', parse: 'none' } }]);
  });

  test('uploads a file into a thread', async () => {
    api.answer({ ok: true, upload_url: `${api.url}upload`, file_id: 'F1' });

    expect(await courier.upload('C1', { filename: 'all.csv', title: 'All', content: 'a,b' }, '1.1')).toEqual({ outcome: 'sent', place: { channel: 'C1', ts: '' } });

    expect(made().map(({ method }) => method)).toEqual(['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal']);
    expect(made()[2]?.args).toMatchObject({ channel_id: 'C1', thread_ts: '1.1' });
  });

  test('uploads a picture byte for byte, with a text for who does not see it', async () => {
    api.answer({ ok: true, upload_url: `${api.url}upload`, file_id: 'F1' });
    const bytes = Buffer.from([0x89, 0x50, 0x00, 0xff]);

    await courier.upload('C1', { filename: 'map.png', title: 'Map', content: bytes.toString('base64'), encoding: 'base64', altText: 'A map.' });

    expect(made()[0]?.args).toMatchObject({ filename: 'map.png', length: '4', alt_text: 'A map.' });
    expect(made()[2]?.args).not.toHaveProperty('thread_ts');
  });

  describe('what becomes of a post', () => {
    test.each<[string, SlackAnswer, Delivery]>([
      ['the blocks are refused', no('invalid_blocks', { response_metadata: { messages: ['[ERROR] must be … [json-pointer:/blocks/0]'] } }), { outcome: 'invalid-blocks', detail: 'invalid_blocks: [ERROR] must be … [json-pointer:/blocks/0]' }],
      ['the blocks are too long', no('msg_blocks_too_long'), { outcome: 'invalid-blocks', detail: 'msg_blocks_too_long' }],
      ['the bot is not in the channel', no('not_in_channel'), { outcome: 'channel-refused', reason: 'not_in_channel' }],
      ['the channel is archived', no('is_archived'), { outcome: 'channel-refused', reason: 'is_archived' }],
      ['there is no such channel', no('channel_not_found'), { outcome: 'channel-refused', reason: 'channel_not_found' }],
      ['the channel may be read only', no('restricted_action_read_only_channel'), { outcome: 'channel-refused', reason: 'restricted_action_read_only_channel' }],
      ['the bot may not write to people', no('messages_tab_disabled'), { outcome: 'channel-refused', reason: 'messages_tab_disabled' }],
      ['the message above is gone', no('thread_not_found'), { outcome: 'gone', reason: 'thread_not_found' }],
      ['the message to change is gone', no('message_not_found'), { outcome: 'gone', reason: 'message_not_found' }],
      ['it is too old to be changed', no('edit_window_closed'), { outcome: 'gone', reason: 'edit_window_closed' }],
      ['the token is refused', no('invalid_auth'), { outcome: 'unauthorized', reason: 'invalid_auth' }],
      ['the token was revoked', no('token_revoked'), { outcome: 'unauthorized', reason: 'token_revoked' }],
      ['Slack has a fault', no('internal_error'), { outcome: 'unavailable', reason: 'internal_error' }],
      ['a scope is missing', no('missing_scope', { needed: 'files:write' }), { outcome: 'rejected', reason: 'missing_scope: files:write' }],
      ['Slack says something new', no('something_new'), { outcome: 'rejected', reason: 'something_new' }],
      ['there are too many, and Slack does not say until when', no('ratelimited'), { outcome: 'rate-limited', waitMs: 30_000 }],
      ['the workspace sends too many', no('message_limit_exceeded'), { outcome: 'rate-limited', waitMs: 30_000 }],
      ['there are too many for seven seconds', (_request, response) => void response.writeHead(429, { 'retry-after': '7' }).end(), { outcome: 'rate-limited', waitMs: 7000 }],
      ['there are too many without a header', (_request, response) => void response.writeHead(429).end(), { outcome: 'rate-limited', waitMs: 30_000 }],
      ['Slack fails', (_request, response) => void response.writeHead(503).end('<html>'), { outcome: 'unavailable', reason: 'Slack failed (503)' }],
      ['the answer says nothing of a place', { ok: true }, { outcome: 'lost' }],
      ['the answer is a page of a proxy', (_request, response) => void response.setHeader('content-type', 'text/html').end('<html>Please log in</html>'), { outcome: 'lost' }],
      ['the answer is no JSON object', [], { outcome: 'lost' }],
      ['no answer comes', () => undefined, { outcome: 'lost' }],
      ['the answer breaks off', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"ok":', () => response.destroy()), { outcome: 'lost' }],
      ['the answer never ends', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"ok":'), { outcome: 'lost' }],
      ['the connection breaks off', (request) => void request.socket.destroy(), { outcome: 'lost' }],
    ])('when %s', async (_name, answer, delivery) => {
      api.answer(answer);

      expect(await courier.post('C1', HELLO)).toEqual(delivery);
    });

    test('when nobody listens: it was not made', async () => {
      const closed = createServer().listen(0, '127.0.0.1');
      await once(closed, 'listening');
      const { port } = closed.address() as AddressInfo;
      closed.close();
      const client = new WebClient('xoxb-1', { slackApiUrl: `http://127.0.0.1:${port}/api/`, retryConfig: { retries: 0 }, fetch: fetchHere, logger: sdkLogger(createKeptLog()) });

      expect(await createCourier(client, clock).post('C1', HELLO)).toEqual({ outcome: 'unavailable', reason: 'Slack cannot be reached' });
    });

    test('is not decided for a fault of our own', () => {
      expect(() => slackFailure(new TypeError('bug'))).toThrow('bug');
      expect(() => slackFailure(new Error('bug'))).toThrow('bug');
    });
  });

  test.each<[string, SlackAnswer, boolean]>([
    ['it says yes', { ok: true }, true],
    ['it says no', no('invalid_auth'), true],
    ['it is asked too often', no('ratelimited'), true],
    ['it fails', (_request, response) => void response.writeHead(503).end(), false],
    ['it says nothing', () => undefined, false],
  ])('Slack answers when %s: %#', async (_name, answer, answers) => {
    api.answer(answer);

    expect(await courier.answers()).toBe(answers);
    expect(made()[0]?.method).toBe('api.test');
  });

  describe('S7: Slack counts as degraded', () => {
    test('after half a minute without a success, and says why', async () => {
      api.answer((_request, response) => void response.writeHead(503).end());
      await courier.post('C1', HELLO);
      expect(courier.problem()).toBeUndefined();
      clock.advance(30_000);
      expect(courier.problem()).toBe('Slack failed (503)');

      api.answer(SENT);
      await courier.post('C1', HELLO);

      expect(courier.problem()).toBeUndefined();
    });

    test('counted from the first failure, with the reason of the last', async () => {
      api.answer((_request, response) => void response.writeHead(503).end(), no('token_revoked'));
      await courier.post('C1', HELLO);
      clock.advance(29_999);
      await courier.post('C1', HELLO);
      expect(courier.problem()).toBeUndefined();
      clock.advance(1);

      expect(courier.problem()).toBe('token_revoked');
    });

    test('not for a refusal that is about the message', async () => {
      api.answer(no('not_in_channel'));
      await courier.post('C1', HELLO);
      clock.advance(60_000);

      expect(courier.problem()).toBeUndefined();
    });
  });
});
