import { describe, expect, test } from '@jest/globals';
import type { WorkspaceControl } from '#src/sandbox/slack/control/workspace.ts';
import { call, errorOf, startSlack, workspaceOf, type Json } from '../support/slack.ts';

/** What is done to #sec-prod, and what a post there is then answered with. */
const POSTS: readonly (readonly [what: string, change: (workspace: WorkspaceControl) => void, error: string])[] = [
  ['nothing', () => undefined, 'ok'],
  ['the app is kicked', (workspace) => workspace.kickApp('sec-prod'), 'not_in_channel'],
  ['it is archived', (workspace) => workspace.archive('sec-prod'), 'is_archived'],
  [
    'it is archived and brought back',
    (workspace) => {
      workspace.archive('sec-prod');
      workspace.unarchive('sec-prod');
    },
    'ok',
  ],
  ['it is shared', (workspace) => workspace.shareChannel('sec-prod', ['xena']), 'ok'],
];

describe('src/sandbox/slack/control/workspace.ts', () => {
  test.each(POSTS)('after %s the app can or cannot post', async (_what, change, error) => {
    const slack = await startSlack();

    change(workspaceOf(slack));

    expect(errorOf(await call(slack, 'chat.postMessage', { channel: workspaceOf(slack).channelId('sec-prod'), text: 'Hello' }))).toBe(error);
  });

  test('an outsider sees a channel once it is shared with them', async () => {
    const slack = await startSlack();
    await slack.as('ann').say('#sec-prod', 'Hello');
    const before = slack.as('xena').messages('#sec-prod');

    workspaceOf(slack).shareChannel('sec-prod', ['xena']);

    expect([before.length, slack.as('xena').messages('#sec-prod').length]).toEqual([0, 1]);
  });

  test('an offered channel counts as pending until it is shared', async () => {
    const slack = await startSlack();
    const facts = async () => (await call(slack, 'conversations.info', { channel: workspaceOf(slack).channelId('sec-prod') })).channel as Json;
    workspaceOf(slack).offerChannel('sec-prod');
    const offered = await facts();

    workspaceOf(slack).shareChannel('sec-prod');

    expect(offered).toMatchObject({ is_pending_ext_shared: true, is_ext_shared: false });
    expect(await facts()).toMatchObject({ is_pending_ext_shared: false, is_ext_shared: true });
  });

  test('somebody deactivated cannot act any more, and can again after coming back', async () => {
    const slack = await startSlack();
    workspaceOf(slack).deactivate('ann');

    await expect(slack.as('ann').say('#sec-prod', 'Hello')).rejects.toThrow('ann cannot sign in: deactivated');
    workspaceOf(slack).reactivate('ann');
    expect(await slack.as('ann').say('#sec-prod', 'Hello')).toMatchObject({ words: 'Hello' });
  });

  test('groups change and go out of use', async () => {
    const slack = await startSlack();
    const workspace = workspaceOf(slack);
    const members = async () => call(slack, 'usergroups.users.list', { usergroup: workspace.groupId('operators') });
    workspace.setGroup('operators', ['bo', 'cy']);
    const changed = await members();

    workspace.disableGroup('operators');

    expect(changed.users).toEqual([workspace.userId('bo'), workspace.userId('cy')]);
    expect(errorOf(await members())).toBe('subteam_disabled');
  });

  test('a new channel has the members it is given', async () => {
    const slack = await startSlack();

    workspaceOf(slack).addChannel('war-room', { kind: 'private', members: ['ann'], withApp: true });

    expect(errorOf(await call(slack, 'chat.postMessage', { channel: '#war-room', text: 'Hello' }))).toBe('ok');
    expect([slack.as('ann').messages('#war-room').length, slack.as('bo').messages('#war-room').length]).toEqual([1, 0]);
  });
});
