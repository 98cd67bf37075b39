import { describe, expect, test } from '@jest/globals';
import { manifestOf } from '../support/manifest.ts';
import { call, errorOf, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const names = (answer: Json) => (answer.channels as Json[]).map(({ name }) => name);
const cursorOf = (answer: Json) => (answer.response_metadata as Json).next_cursor;

describe('src/sandbox/slack/api/conversations.ts', () => {
  test('conversations.list has public channels, and private ones that the app is in', async () => {
    const slack = await startSlack();

    expect(names(await call(slack, 'conversations.list', { types: 'public_channel,private_channel', exclude_archived: true }))).toEqual([
      'general',
      'sec-prod',
      'sec-dev',
      'team-shop',
      'sec-private',
      'partner-acme',
      'partner-new',
    ]);
  });

  test('conversations.list gives pages until the cursor is empty', async () => {
    const slack = await startSlack();
    const pages: unknown[][] = [];
    let cursor: unknown = '';

    do {
      const answer = await call(slack, 'conversations.list', { limit: 3, cursor });
      pages.push(names(answer));
      cursor = cursorOf(answer);
    } while (cursor !== '');

    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flat()).size).toBe(7);
  });

  test.each<[what: string, args: Json, error: string]>([
    ['an invented cursor', { cursor: 'bm8=' }, 'invalid_cursor'],
    ['a limit of 0', { limit: 0 }, 'invalid_limit'],
    ['a limit over 1,000', { limit: 1001 }, 'invalid_limit'],
    ['an unknown kind', { types: 'canvas' }, 'invalid_types'],
  ])('conversations.list refuses %s', async (_what, args, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'conversations.list', args))).toBe(error);
  });

  test('needs the scope of each kind of channel', async () => {
    const slack = await startSlack({ manifest: manifestOf({ without: ['groups:read'] }) });

    expect(await call(slack, 'conversations.list', { types: 'public_channel,private_channel' })).toMatchObject({ error: 'missing_scope', needed: 'groups:read' });
    expect(await call(slack, 'conversations.info', { channel: workspaceOf(slack).channelId('sec-private') })).toMatchObject({ error: 'missing_scope', needed: 'groups:read' });
    expect(errorOf(await call(slack, 'conversations.info', { channel: workspaceOf(slack).channelId('sec-prod') }))).toBe('ok');
  });

  test.each<[channel: string, facts: Json]>([
    ['sec-prod', { is_member: true, is_private: false, is_ext_shared: false, is_pending_ext_shared: false, is_archived: false }],
    ['sec-dev', { is_member: false }],
    ['sec-private', { is_member: true, is_private: true }],
    ['old-incidents', { is_archived: true }],
    ['partner-acme', { is_ext_shared: true, is_pending_ext_shared: false, shared_team_ids: [expect.stringMatching(/^T/), expect.stringMatching(/^T/)] }],
    ['partner-new', { is_ext_shared: false, is_pending_ext_shared: true }],
  ])('conversations.info tells what #%s is', async (channel, facts) => {
    const slack = await startSlack();

    expect(await call(slack, 'conversations.info', { channel: workspaceOf(slack).channelId(channel) })).toMatchObject({ ok: true, channel: { name: channel, ...facts } });
  });

  test('conversations.info does not know a private channel without the app', async () => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'conversations.info', { channel: workspaceOf(slack).channelId('leads') }))).toBe('channel_not_found');
  });

  test('conversations.members gives pages of ids, outsiders included', async () => {
    const slack = await startSlack();
    const workspace = workspaceOf(slack);

    const first = await call(slack, 'conversations.members', { channel: workspace.channelId('partner-acme'), limit: 3 });
    const second = await call(slack, 'conversations.members', { channel: workspace.channelId('partner-acme'), limit: 3, cursor: cursorOf(first) });

    expect([...(first.members as string[]), ...(second.members as string[])]).toEqual(expect.arrayContaining(['ann', 'bo', 'stan', 'xena', 'k8ssec'].map((handle) => workspace.userId(handle))));
    expect(cursorOf(second)).toBe('');
  });

  test('conversations.open gives the same direct message every time', async () => {
    const slack = await startSlack();
    const users = workspaceOf(slack).userId('gus');

    const first = await call(slack, 'conversations.open', { users });
    const second = await call(slack, 'conversations.open', { users });

    expect(first).toMatchObject({ ok: true, channel: { id: expect.stringMatching(/^D/) } });
    expect(second.channel).toEqual(first.channel);
  });

  test.each<[handle: string, error: string]>([
    ['hal', 'user_disabled'],
    ['deploybot', 'cannot_dm_bot'],
  ])('conversations.open refuses %s', async (handle, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'conversations.open', { users: workspaceOf(slack).userId(handle) }))).toBe(error);
  });

  test('conversations.join is for public channels that are not archived', async () => {
    const slack = await startSlack();
    const join = async (name: string) => call(slack, 'conversations.join', { channel: workspaceOf(slack).channelId(name) });

    expect(errorOf(await join('sec-dev'))).toBe('ok');
    expect(await join('sec-dev')).toMatchObject({ ok: true, warning: 'already_in_channel' });
    expect(errorOf(await join('sec-private'))).toBe('method_not_supported_for_channel_type');
    expect(errorOf(await join('old-incidents'))).toBe('is_archived');
  });

  test('users.conversations lists the channels of the app, which shrink when it is kicked', async () => {
    const slack = await startSlack();
    const before = names(await call(slack, 'users.conversations', { exclude_archived: true }));

    workspaceOf(slack).kickApp('team-shop');

    expect(before).toEqual(['sec-prod', 'team-shop', 'partner-acme', 'partner-new']);
    expect(names(await call(slack, 'users.conversations', { exclude_archived: true }))).toEqual(['sec-prod', 'partner-acme', 'partner-new']);
  });
});
