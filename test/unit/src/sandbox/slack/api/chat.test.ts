import { describe, expect, test } from '@jest/globals';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { manifestOf } from '../support/manifest.ts';
import { call, errorOf, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';


describe('src/sandbox/slack/api/chat.ts', () => {
  describe('chat.postMessage', () => {
    test('shows the message to the members of the channel', async () => {
      const slack = await startSlack();

      const { channel, ts } = await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).channelId('sec-prod'), text: 'Hello <@' + workspaceOf(slack).userId('ann') + '>' });

      const [message] = slack.as('ann').messages('#sec-prod');
      expect(message).toMatchObject({ channel, ts, author: 'k8ssec', words: 'Hello @ann', isEphemeral: false });
      expect(slack.as('xena').messages('#sec-prod')).toEqual([]);
    });

    test.each<[why: string, channel: string, error: string]>([
      ['a public channel that the app is not in', 'sec-dev', 'not_in_channel'],
      ['a private channel that the app is not in', 'leads', 'channel_not_found'],
      ['an archived channel', 'old-incidents', 'is_archived'],
    ])('refuses %s', async (_why, channel, error) => {
      const slack = await startSlack();

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).channelId(channel), text: 'Hello' }))).toBe(error);
    });

    test.each(['C0NOWHERE', '', '#nowhere'])('does not find the channel "%s"', async (channel) => {
      const slack = await startSlack();

      expect(errorOf(await call(slack, 'chat.postMessage', { channel, text: 'Hello' }))).toBe('channel_not_found');
    });

    test('takes the name of a channel', async () => {
      const slack = await startSlack();

      expect(await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello' })).toMatchObject({ ok: true, channel: workspaceOf(slack).channelId('sec-prod') });
    });

    test('posts anywhere public with chat:write.public', async () => {
      const slack = await startSlack({ manifest: manifestOf({ withScopes: ['chat:write.public'] }) });

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: '#sec-dev', text: 'Hello' }))).toBe('ok');
    });

    test('takes a person’s id for the direct message and answers with its own id', async () => {
      const slack = await startSlack();

      const { channel } = await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).userId('ann'), text: 'Hello' });

      expect(channel).toMatch(/^D/);
      expect(slack.as('ann').messages('dm')).toMatchObject([{ words: 'Hello' }]);
      expect(slack.as('bo').messages('dm')).toEqual([]);
    });

    test.each<[who: string, handle: string]>([
      ['somebody deactivated', 'hal'],
      ['a bot', 'deploybot'],
      ['Slackbot', 'slackbot'],
    ])('has no direct message with %s', async (_who, handle) => {
      const slack = await startSlack();

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).userId(handle), text: 'Hello' }))).toBe('channel_not_found');
    });

    test('refuses direct messages while the messages tab is off', async () => {
      const slack = await startSlack();
      slack.control.app.setMessagesTab(false);

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).userId('ann'), text: 'Hello' }))).toBe('messages_tab_disabled');
    });

    test('warns when blocks come without a text', async () => {
      const slack = await startSlack();

      expect(await call(slack, 'chat.postMessage', { channel: '#sec-prod', blocks: [section('Hello')] })).toMatchObject({
        ok: true,
        warning: 'missing_text_in_message',
        response_metadata: { warnings: ['missing_text_in_message'] },
      });
    });

    test('refuses a message with nothing in it', async () => {
      const slack = await startSlack();

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: '#sec-prod' }))).toBe('no_text');
    });

    test('cuts a text of more than 40,000 characters', async () => {
      const slack = await startSlack();

      const answer = await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'a'.repeat(40_001) });

      expect(answer.warning).toBe('message_truncated');
      expect(slack.as('ann').messages('#sec-prod')[0]?.text).toHaveLength(40_000);
    });

    test.each<[what: string, metadata: unknown, error: string]>([
      ['that is no object', '"text"', 'invalid_metadata_format'],
      ['without an event payload', { event_type: 'sent' }, 'invalid_metadata_schema'],
      ['that is too large', { event_type: 'sent', event_payload: { id: 'a'.repeat(17_000) } }, 'metadata_too_large'],
      ['that fits', { event_type: 'sent', event_payload: { id: '1' } }, 'ok'],
    ])('judges metadata %s', async (_what, metadata, error) => {
      const slack = await startSlack();

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello', metadata }))).toBe(error);
    });

    test('puts a reply to a reply into the thread of the first message, and in the channel only as a broadcast', async () => {
      const slack = await startSlack();
      const parent = await post(slack, '#sec-prod', { text: 'Parent' });
      const reply = await post(slack, '#sec-prod', { text: 'Reply', thread_ts: parent });

      await post(slack, '#sec-prod', { text: 'Deeper', thread_ts: reply });
      await post(slack, '#sec-prod', { text: 'Loud', thread_ts: parent, reply_broadcast: true });

      const [first, ...others] = slack.as('ann').messages('#sec-prod');
      expect(others.map(({ words }) => words)).toEqual(['Loud']);
      expect(first && slack.as('ann').messages(first).map(({ words }) => words)).toEqual(['Reply', 'Deeper', 'Loud']);
    });

    test('does not find a thread that is not there', async () => {
      const slack = await startSlack();

      expect(errorOf(await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello', thread_ts: '1.000001' }))).toBe('thread_not_found');
    });
  });

  describe('chat.postEphemeral', () => {
    const ephemeral = (slack: SlackSandbox, handle: string, args: Json = {}) =>
      call(slack, 'chat.postEphemeral', { channel: workspaceOf(slack).channelId('sec-prod'), user: workspaceOf(slack).userId(handle), text: 'Only you', ...args });

    test('is seen by one person and can be changed or deleted by no method', async () => {
      const slack = await startSlack();

      const { message_ts: ts } = await ephemeral(slack, 'ann');

      const channel = workspaceOf(slack).channelId('sec-prod');
      expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ words: 'Only you', isEphemeral: true }]);
      expect(slack.as('bo').messages('#sec-prod')).toEqual([]);
      expect(errorOf(await call(slack, 'chat.update', { channel, ts, text: 'New' }))).toBe('message_not_found');
      expect(errorOf(await call(slack, 'chat.delete', { channel, ts }))).toBe('message_not_found');
    });

    test.each(['xena', 'hal', 'noa'])('refuses %s, who is not in the channel', async (handle) => {
      const slack = await startSlack();

      expect(errorOf(await ephemeral(slack, handle))).toBe('user_not_in_channel');
    });

    test('is not shown in a thread that has no replies yet', async () => {
      const slack = await startSlack();
      const parent = await post(slack, '#sec-prod', { text: 'Parent' });

      const early = await ephemeral(slack, 'ann', { thread_ts: parent });
      await post(slack, '#sec-prod', { text: 'Reply', thread_ts: parent });
      const late = await ephemeral(slack, 'ann', { thread_ts: parent });

      expect([errorOf(early), errorOf(late)]).toEqual(['ok', 'ok']);
      const [first] = slack.as('ann').messages('#sec-prod');
      expect(first && slack.as('ann').messages(first).map(({ words }) => words)).toEqual(['Reply', 'Only you']);
    });
  });

  describe('chat.update', () => {
    test('replaces text and blocks, and what is not given goes', async () => {
      const slack = await startSlack();
      const ts = await post(slack, '#sec-prod', { text: 'Old', blocks: [section('Old')] });

      await call(slack, 'chat.update', { channel: workspaceOf(slack).channelId('sec-prod'), ts, text: 'New' });

      expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ ts, words: 'New', blocks: [], isEdited: true }]);
    });

    test.each<[what: string, text: string, error: string]>([
      ['4,000 bytes', 'a'.repeat(4000), 'ok'],
      ['more than 4,000 bytes', 'a'.repeat(4001), 'msg_too_long'],
      ['4,000 characters of several bytes', 'é'.repeat(4000), 'msg_too_long'],
    ])('judges a text of %s', async (_what, text, error) => {
      const slack = await startSlack();
      const ts = await post(slack, '#sec-prod');

      expect(errorOf(await call(slack, 'chat.update', { channel: workspaceOf(slack).channelId('sec-prod'), ts, text }))).toBe(error);
    });

    test('refuses messages of others, unknown ones and those in archived channels', async () => {
      const slack = await startSlack();
      const foreign = (await slack.as('ann').say('#sec-prod', 'Hello')).ts;
      const own = await post(slack, '#sec-prod');
      const update = async (ts: string) => errorOf(await call(slack, 'chat.update', { channel: workspaceOf(slack).channelId('sec-prod'), ts, text: 'New' }));

      expect(await update(foreign)).toBe('cant_update_message');
      expect(await update('1.000001')).toBe('message_not_found');
      workspaceOf(slack).archive('sec-prod');
      expect(await update(own)).toBe('is_inactive');
    });

    test('needs the id of the direct message, not of the person', async () => {
      const slack = await startSlack();
      const { channel, ts } = await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).userId('ann'), text: 'Old' });

      expect(errorOf(await call(slack, 'chat.update', { channel: workspaceOf(slack).userId('ann'), ts, text: 'New' }))).toBe('channel_not_found');
      expect(errorOf(await call(slack, 'chat.update', { channel, ts, text: 'New' }))).toBe('ok');
    });

    test('refuses when the workspace allows no more edits', async () => {
      const slack = await startSlack();
      slack.control.behaviour.editWindowSeconds = 60;
      const ts = await post(slack, '#sec-prod');

      await slack.control.clock.advance(61_000);

      expect(errorOf(await call(slack, 'chat.update', { channel: workspaceOf(slack).channelId('sec-prod'), ts, text: 'New' }))).toBe('edit_window_closed');
    });
  });

  test('chat.delete takes away own messages only', async () => {
    const slack = await startSlack();
    const channel = workspaceOf(slack).channelId('sec-prod');
    const foreign = (await slack.as('ann').say('#sec-prod', 'Hello')).ts;
    const own = await post(slack, '#sec-prod');

    expect(errorOf(await call(slack, 'chat.delete', { channel, ts: foreign }))).toBe('cant_delete_message');
    expect(errorOf(await call(slack, 'chat.delete', { channel, ts: own }))).toBe('ok');
    expect(slack.as('ann').messages('#sec-prod').map(({ ts }) => ts)).toEqual([foreign]);
  });

  test('chat.getPermalink names the channel, the message and its thread', async () => {
    const slack = await startSlack({ teamName: 'Corp' });
    const channel = workspaceOf(slack).channelId('sec-prod');
    const parent = await post(slack, '#sec-prod');
    const reply = await post(slack, '#sec-prod', { text: 'Reply', thread_ts: parent });

    const { permalink } = await call(slack, 'chat.getPermalink', { channel, message_ts: reply });

    expect(permalink).toBe(`https://corp.slack.com/archives/${channel}/p${reply.replace('.', '')}?thread_ts=${parent}&cid=${channel}`);
  });
});
