import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { manifestOf } from '../support/manifest.ts';
import { afterTest, call, formOf, startSlack, type Json } from '../support/slack.ts';

/** A request with any path and headers, which `fetch` would put right. */
async function raw(slack: SlackSandbox, path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(slack.pageUrl, { path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

async function startWithPage(): Promise<SlackSandbox> {
  const directory = await mkdtemp(join(tmpdir(), 'page-'));
  await mkdir(join(directory, 'site/assets'), { recursive: true });
  await writeFile(join(directory, 'site/index.html'), '<h1>Slack</h1>');
  await writeFile(join(directory, 'site/assets/page.js'), 'export {};');
  await writeFile(join(directory, 'secret.js'), 'secret');
  return startSlack({ pageAssets: join(directory, 'site') });
}

async function send(slack: SlackSandbox, type: string, body: string | FormData | URLSearchParams, authorization = `Bearer ${slack.botToken}`): Promise<Json> {
  const headers = { authorization, ...(type !== '' && { 'content-type': type }) };
  return (await (await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body })).json()) as Json;
}

describe('src/sandbox/slack/server/server.ts', () => {
  test('is found on this machine only, under its own names', async () => {
    const slack = await startSlack();
    const { host, port, hostname } = new URL(slack.pageUrl);

    expect(hostname).toBe('127.0.0.1');
    expect(await raw(slack, '/api/api.test', { host })).toBe(200);
    expect(await raw(slack, '/api/api.test', { host: `localhost:${port}` })).toBe(200);
    for (const other of ['evil.example', `evil.example:${port}`, '127.0.0.1:1']) expect(await raw(slack, '/api/api.test', { host: other })).toBe(421);
  });

  test('lets no page of another origin read anything', async () => {
    const slack = await startSlack();

    for (const path of ['sandbox/workspace', 'api/api.test']) {
      const { headers } = await fetch(slack.pageUrl + path, { headers: { origin: 'https://evil.example' } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('serves the page and its assets, and nothing beside them', async () => {
    const slack = await startWithPage();
    const page = await fetch(slack.pageUrl);

    expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html; charset=utf-8', '<h1>Slack</h1>']);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await raw(slack, '/assets/page.js')).toBe(200);
    for (const path of ['/../secret.js', '/%2e%2e/secret.js', '/assets/..%2f..%2fsecret.js', '/missing.js', '/assets', '/%']) expect(await raw(slack, path)).toBe(404);
  });

  test('has no page without its directory', async () => {
    const slack = await startSlack();

    expect((await fetch(slack.pageUrl)).status).toBe(404);
  });

  test('refuses a port that is taken', async () => {
    const slack = await startSlack();

    await expect(startSlackSandbox({ manifest: manifestOf(), port: Number(new URL(slack.pageUrl).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  describe('the Web API', () => {
    test('takes arguments in a form, in a multipart form, in JSON and in the address', async () => {
      const slack = await startSlack();
      const args = { channel: '#sec-prod', text: 'é "1"', blocks: [{ type: 'divider' }] };
      const form = new FormData();
      for (const [name, value] of formOf(args)) form.append(name, value);

      const answers = [
        await send(slack, '', formOf(args)),
        await send(slack, '', form),
        await send(slack, 'application/json; charset=utf-8', JSON.stringify(args)),
        (await (await fetch(`${slack.apiUrl}chat.postMessage?${formOf({ ...args, token: slack.botToken }).toString()}`)).json()) as Json,
      ];

      expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
      expect(slack.as('ann').messages('#sec-prod').map(({ text, blocks }) => [text, blocks.length])).toEqual(Array.from({ length: 4 }, () => ['é "1"', 1]));
    });

    test.each<[what: string, type: string, body: string, error: string]>([
      ['text', 'text/plain', 'channel=1', 'invalid_post_type'],
      ['broken JSON', 'application/json', '{', 'invalid_json'],
      ['JSON that is no object', 'application/json', '[]', 'json_not_object'],
      ['a multipart form without a boundary', 'multipart/form-data', 'x', 'invalid_form_data'],
    ])('refuses %s with status 200', async (_what, type, body, error) => {
      const slack = await startSlack();

      expect(await send(slack, type, body)).toEqual({ ok: false, error });
    });

    test('takes a token in a form and none in a JSON body', async () => {
      const slack = await startSlack();
      const args = { channel: '#sec-prod', text: 'Hello', token: slack.botToken };

      expect(await send(slack, '', formOf(args), '')).toMatchObject({ ok: true });
      expect(await send(slack, 'application/json', JSON.stringify(args), '')).toMatchObject({ ok: false, error: 'not_authed' });
    });

    test('knows no other methods', async () => {
      const slack = await startSlack();

      expect(await call(slack, 'conversations.history')).toEqual({ ok: false, error: 'unknown_method', req_method: 'conversations.history' });
    });

    test('logs every request with its arguments and answer, without tokens', async () => {
      const slack = await startSlack();
      await send(slack, '', formOf({ channel: '#sec-prod', text: 'Hello', blocks: [{ type: 'divider' }], token: slack.botToken }));

      const [logged] = slack.requests('chat.postMessage');

      expect(logged).toMatchObject({ method: 'chat.postMessage', args: { text: 'Hello', blocks: [{ type: 'divider' }] }, status: 200, answer: { ok: true } });
      expect(JSON.stringify(slack.requests())).not.toContain(slack.botToken);
    });

    test('answers with status 500 for a fault of its own, which stopping reveals', async () => {
      const slack = await startSlackSandbox({ manifest: manifestOf() });
      afterTest(() => slack.stop().catch(() => undefined));
      Object.defineProperty(slack.control.rates, 'enabled', {
        get: () => {
          throw new Error('broken');
        },
      });

      expect(await call(slack, 'auth.test')).toEqual({ ok: false, error: 'internal_error' });
      await expect(slack.stop()).rejects.toThrow('The Slack stand-in failed in these requests.');
    });
  });
});
