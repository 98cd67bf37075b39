import { describe, expect, test } from '@jest/globals';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { manifestOf } from '../support/manifest.ts';
import { call, errorOf, post, request, startSlack, workspaceOf, type Json } from '../support/slack.ts';

/** Asks for an address and sends the content there. */
async function upload(slack: SlackSandbox, filename: string, content: string, length = Buffer.byteLength(content)): Promise<{ id: unknown; response: Response }> {
  const { upload_url: url, file_id: id } = await call(slack, 'files.getUploadURLExternal', { filename, length });
  return { id, response: await fetch(String(url), { method: 'POST', body: content }) };
}

const complete = (slack: SlackSandbox, id: unknown, args: Json = {}) => call(slack, 'files.completeUploadExternal', { files: [{ id, title: 'All findings' }], ...args });

describe('src/sandbox/slack/api/files.ts', () => {
  test('shares an upload in a channel, or in a thread of it', async () => {
    const slack = await startSlack();
    const channel = workspaceOf(slack).channelId('sec-prod');
    const parent = await post(slack, channel);

    const { id } = await upload(slack, 'findings.csv', 'é;1');
    const answer = await complete(slack, id, { channel_id: channel, thread_ts: parent, initial_comment: 'Here' });

    expect(answer).toMatchObject({ ok: true, files: [{ id, name: 'findings.csv', mimetype: 'text/csv', size: 4 }] });
    const [first] = slack.as('ann').messages('#sec-prod');
    expect(first && slack.as('ann').messages(first)).toMatchObject([{ words: 'Here', files: [{ name: 'findings.csv', title: 'All findings', content: 'é;1' }] }]);
  });

  test('takes the content of a form', async () => {
    const slack = await startSlack();
    const { upload_url: url, file_id: id } = await call(slack, 'files.getUploadURLExternal', { filename: 'a.txt', length: 7 });
    const form = new FormData();
    form.append('filename', 'a.txt');
    form.append('file', new Blob(['a\r\n--b\n']), 'a.txt');

    const response = await fetch(String(url), { method: 'POST', body: form });

    expect(await response.text()).toBe('OK - 7');
    expect(errorOf(await complete(slack, id))).toBe('ok');
  });

  test('refuses content of another length than announced', async () => {
    const slack = await startSlack();

    const { id, response } = await upload(slack, 'a.txt', 'abc', 4);

    expect(response.status).toBe(400);
    expect(errorOf(await complete(slack, id))).toBe('file_not_found');
  });

  test('completes an upload once, and none without content', async () => {
    const slack = await startSlack();
    const { id } = await upload(slack, 'a.txt', 'abc');
    const { file_id: empty } = await call(slack, 'files.getUploadURLExternal', { filename: 'a.txt', length: 1 });

    expect(errorOf(await complete(slack, id))).toBe('ok');
    expect(errorOf(await complete(slack, id))).toBe('file_not_found');
    expect(errorOf(await complete(slack, empty))).toBe('file_not_found');
  });

  test('shares nothing where the app is not', async () => {
    const slack = await startSlack();
    const { id } = await upload(slack, 'a.txt', 'abc');

    expect(errorOf(await complete(slack, id, { channel_id: workspaceOf(slack).channelId('sec-dev') }))).toBe('not_in_channel');
  });

  test.each<[what: string, args: Json, error: string]>([
    ['a length of 0', { filename: 'a.txt', length: 0 }, 'invalid_arguments'],
    ['no name', { length: 1 }, 'invalid_arguments'],
    ['more than 1 GB', { filename: 'a.txt', length: 1024 ** 3 + 1 }, 'file_upload_size_restricted'],
  ])('gives no address for %s', async (_what, args, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'files.getUploadURLExternal', args))).toBe(error);
  });

  test('files.getUploadURLExternal takes no JSON', async () => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'files.getUploadURLExternal', { filename: 'a.txt', length: 1 }, { json: true }))).toBe('invalid_arguments');
  });

  test('needs files:write', async () => {
    const slack = await startSlack({ optionalScopes: false });

    expect(await call(slack, 'files.getUploadURLExternal', { filename: 'a.txt', length: 1 })).toMatchObject({ error: 'missing_scope', needed: 'files:write' });
  });

  test('shows a picture in a message only some moments after it was completed', async () => {
    const slack = await startSlack();
    slack.control.behaviour.fileReadyMs = 2000;
    const { id } = await upload(slack, 'map.png', 'png');
    await complete(slack, id);
    const show = () => call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Map', blocks: [{ type: 'image', alt_text: 'Map', slack_file: { id } }] });

    const early = await show();
    await slack.control.clock.advance(2000);

    expect(early).toMatchObject({ error: 'invalid_blocks', errors: ['invalid slack file [json-pointer:/blocks/0/slack_file]'] });
    expect(errorOf(await show())).toBe('ok');
  });

  test('shows only pictures', async () => {
    const slack = await startSlack();
    const { id } = await upload(slack, 'findings.csv', 'a;b');
    await complete(slack, id);

    expect(errorOf(await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'A', blocks: [{ type: 'image', alt_text: 'A', slack_file: { id } }] }))).toBe('invalid_blocks');
  });

  test.each<[scopes: readonly string[], status: number]>([
    [['files:read'], 200],
    [[], 302],
  ])('with the scopes %j a download has status %i', async (withScopes, status) => {
    const slack = await startSlack({ manifest: manifestOf({ withScopes }) });
    const { id } = await upload(slack, 'findings.csv', 'a;b');
    const { files } = await complete(slack, id);

    const response = await fetch(String((files as Json[])[0]?.url_private), { headers: { authorization: `Bearer ${slack.botToken}` }, redirect: 'manual' });

    expect(response.status).toBe(status);
    expect(errorOf((await (await request(slack, 'files.info', { file: id })).json()) as Json)).toBe(status === 200 ? 'ok' : 'missing_scope');
  });
});
