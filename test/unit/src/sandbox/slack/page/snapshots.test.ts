import { describe, expect, test } from '@jest/globals';
import type { Workspace } from '#src/sandbox/slack/page/contract.ts';
import { connectApp } from '../support/app.ts';
import { pageOf } from '../support/page.ts';
import { call, one, post, section, startSlack, workspaceOf } from '../support/slack.ts';

describe('src/sandbox/slack/page/snapshots.ts', () => {
  describe('the workspace', () => {
    test('is as the person sees it', async () => {
      const slack = await startSlack({ teamName: 'Corp' });
      await connectApp(slack);

      const workspace = await pageOf(slack, 'ann').workspace();

      expect(workspace).toMatchObject({
        team: { name: 'Corp' },
        app: { name: 'k8ssec', isConnected: true, isInstalled: true, hasHome: true, commands: [{ command: '/k8ssec', usageHint: 'scan [cluster] | help' }, { usageHint: '' }], shortcuts: [{ type: 'global' }, { type: 'message' }] },
        me: { handle: 'ann', sort: 'member', canAct: true },
        directMessage: { kind: 'im', name: '', canWrite: true, unread: 0 },
        now: '2026-11-23T09:00:00.000Z',
      });
      expect(workspace.channels.map(({ name, isMember }) => [name, isMember])).toContainEqual(['sec-private', true]);
      expect(workspace.channels.map(({ name }) => name)).not.toContain('leads');
    });

    test('has first the person who comes first', async () => {
      const slack = await startSlack();

      const { me } = (await (await fetch(`${slack.pageUrl}sandbox/workspace`)).json()) as Workspace;

      expect(me.handle).toBe('ann');
    });

    test.each<[handle: string, sort: string, canAct: boolean]>([
      ['gus', 'guest', true],
      ['xena', 'outsider', true],
      ['deploybot', 'bot', false],
      ['slackbot', 'slack', false],
      ['hal', 'member', false],
      ['noa', 'member', false],
    ])('knows %s as %s', async (handle, sort, canAct) => {
      const slack = await startSlack();

      const { people } = await pageOf(slack, 'ann').workspace();

      expect(people.find((person) => person.handle === handle)).toMatchObject({ sort, canAct });
    });

    test('shows a guest and an outsider only their channels', async () => {
      const slack = await startSlack();

      const [guest, outsider] = [await pageOf(slack, 'gus').workspace(), await pageOf(slack, 'xena').workspace()];

      expect(guest.channels.map(({ name }) => name)).toEqual(['sec-prod']);
      expect(outsider.channels.map(({ name, isShared }) => [name, isShared])).toEqual([['partner-acme', true]]);
      expect(outsider).not.toHaveProperty('directMessage');
    });

    test('counts what was not read', async () => {
      const slack = await startSlack();
      const page = pageOf(slack, 'ann');
      const parent = await post(slack, '#sec-prod');
      await post(slack, '#sec-prod', { text: 'Reply', thread_ts: parent });
      await slack.as('ann').say('#sec-prod', 'Own');
      const unread = async () => (await page.workspace()).channels.find(({ name }) => name === 'sec-prod')?.unread;
      const before = await unread();

      await page.act({ do: 'read', channel: workspaceOf(slack).channelId('sec-prod') });

      expect([before, await unread()]).toEqual([1, 0]);
    });

    test('says when the app is away', async () => {
      const slack = await startSlack();

      expect((await pageOf(slack, 'ann').workspace()).app.isConnected).toBe(false);
    });
  });

  describe('messages', () => {
    test('come with threads, ephemeral ones and files, as far as the person sees them', async () => {
      const slack = await startSlack();
      const channel = workspaceOf(slack).channelId('sec-prod');
      const parent = await post(slack, channel, { text: 'Parent', blocks: [section('Parent')] });
      await post(slack, channel, { text: 'Reply', thread_ts: parent, reply_broadcast: true });
      await call(slack, 'chat.postEphemeral', { channel, user: workspaceOf(slack).userId('ann'), text: 'Only you' });
      await slack.as('bo').say('#sec-prod', 'Hello');

      const [first, reply, ephemeral, hello] = await pageOf(slack, 'ann').messages();

      expect(first).toMatchObject({ ts: parent, text: 'Parent', blocks: [{ type: 'section' }], isEphemeral: false, isEdited: false });
      expect(reply).toMatchObject({ threadTs: parent, isBroadcast: true });
      expect(ephemeral).toMatchObject({ text: 'Only you', isEphemeral: true });
      expect(hello).toMatchObject({ author: workspaceOf(slack).userId('bo') });
      expect((await pageOf(slack, 'bo').messages()).map(({ text }) => text)).toEqual(['Parent', 'Reply', 'Hello']);
    });

    test('name files, and pictures that blocks show, by an address of the page', async () => {
      const slack = await startSlack();
      const { upload_url: url, file_id: id } = await call(slack, 'files.getUploadURLExternal', { filename: 'map.png', length: 3, alt_text: 'A map' });
      await fetch(String(url), { method: 'POST', body: 'png' });
      await call(slack, 'files.completeUploadExternal', { files: [{ id }], channel_id: workspaceOf(slack).channelId('sec-prod') });
      await post(slack, '#sec-prod', { text: 'Map', blocks: [{ type: 'image', alt_text: 'Map', slack_file: { id } }] });

      const [shared, shown] = await pageOf(slack, 'ann').messages();
      const file = one(shared?.files ?? []);
      const download = await fetch(new URL(file.url, slack.pageUrl));

      expect(file).toMatchObject({ name: 'map.png', mimeType: 'image/png', size: 3, altText: 'A map' });
      expect(shown?.pictures).toEqual([file]);
      expect([download.headers.get('content-type'), await download.text()]).toEqual(['image/png', 'png']);
    });

    test('that are no pictures are only saved, and run nothing', async () => {
      const slack = await startSlack();
      const { upload_url: url, file_id: id } = await call(slack, 'files.getUploadURLExternal', { filename: 'a.svg', length: 6 });
      await fetch(String(url), { method: 'POST', body: '<svg/>' });
      await call(slack, 'files.completeUploadExternal', { files: [{ id }] });

      const { headers } = await fetch(`${slack.pageUrl}sandbox/files/${String(id)}/a.svg`);

      expect(headers.get('content-disposition')).toMatch(/^attachment;/);
      expect(headers.get('content-security-policy')).toBe('sandbox');
    });

    test('of a channel that the person does not see are not told', async () => {
      const slack = await startSlack();
      const { userId, channelId } = workspaceOf(slack);

      expect((await fetch(`${slack.pageUrl}sandbox/messages?as=${userId('eli')}&channel=${channelId('leads')}`)).status).toBe(404);
    });
  });
});
