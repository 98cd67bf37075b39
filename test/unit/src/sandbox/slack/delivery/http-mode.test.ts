import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { afterTest, START, startSlack, workspaceOf, type Json } from '../support/slack.ts';

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Reaction {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An app with a request URL, which answers as the test says; `undefined` never answers. */
async function startHttpApp(react: (asked: Asked, count: number) => Reaction | undefined = () => ({})): Promise<{ slack: SlackSandbox; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      const reaction = react(one, asked.push(one));
      if (reaction !== undefined) response.writeHead(reaction.status ?? 200, reaction.headers).end(reaction.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  const slack = await startSlack({ mode: 'http', requestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack` });
  return { slack, asked };
}

describe('src/sandbox/slack/delivery/http-mode.ts', () => {
  test('signs each request with the secret and the time', async () => {
    const { slack, asked } = await startHttpApp();

    await slack.as('ann').command('/k8ssec help', '#sec-prod');

    const timestamp = String(START.getTime() / 1000);
    const signature = createHmac('sha256', slack.signingSecret).update(`v0:${timestamp}:${asked[0]?.body ?? ''}`).digest('hex');
    expect(asked[0]?.headers).toMatchObject({ 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}`, 'content-type': 'application/x-www-form-urlencoded' });
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toMatchObject({ command: '/k8ssec', text: 'help', user_name: 'ann' });
  });

  test('sends interactions as JSON in a form, and events as JSON', async () => {
    const { slack, asked } = await startHttpApp();

    await slack.as('ann').shortcut('request-access');
    workspaceOf(slack).deactivate('eli');
    await slack.delivery(() => slack.deliveries().length === 2);

    expect(JSON.parse(new URLSearchParams(asked[0]?.body).get('payload') ?? '')).toMatchObject({ type: 'shortcut' });
    expect(asked[1]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ type: 'event_callback', event: { type: 'user_change' } });
  });

  test.each<[what: string, reaction: Reaction, words: string | undefined]>([
    ['nothing', {}, undefined],
    ['a text', { body: 'Done' }, 'Done'],
    ['JSON', { headers: { 'content-type': 'application/json' }, body: '{"text":"Done"}' }, 'Done'],
    ['an error', { status: 500 }, '/k8ssec failed with the error "dispatch_failed"'],
  ])('shows what an answer with %s says', async (_what, reaction, words) => {
    const { slack } = await startHttpApp(() => reaction);

    await slack.as('ann').command('/k8ssec help', '#sec-prod');

    expect(slack.as('ann').messages('#sec-prod').map((message) => message.words)).toEqual(words === undefined ? [] : [words]);
  });

  test('gives up after three seconds', async () => {
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => void (hear = resolve));
    const { slack } = await startHttpApp(() => {
      hear();
      return undefined;
    });
    const typed = slack.as('ann').command('/k8ssec help', '#sec-prod');
    await heard;

    await slack.control.clock.advance(3000);

    expect((await typed).outcome).toMatchObject({ ok: false, error: expect.stringContaining('operation_timeout') });
  });

  test.each<[what: string, deliveries: number, reaction: Reaction, reason: string | undefined]>([
    ['fails', 2, { status: 503 }, 'http_error'],
    ['fails and wants no retry', 1, { status: 503, headers: { 'x-slack-no-retry': '1' } }, undefined],
  ])('an event that %s is sent %i times', async (_what, deliveries, reaction, reason) => {
    const { slack, asked } = await startHttpApp((_asked, count) => (count === 1 ? reaction : {}));

    workspaceOf(slack).deactivate('eli');
    await slack.delivery(() => slack.deliveries().length === deliveries);
    await slack.control.clock.advance(3_600_000);

    expect(asked).toHaveLength(deliveries);
    expect(asked[1]?.headers['x-slack-retry-reason']).toBe(reason);
    expect(asked[1]?.headers['x-slack-retry-num']).toBe(reason === undefined ? undefined : '1');
  });

  test('asks the address to prove that it is the app’s', async () => {
    const { slack } = await startHttpApp(({ body }) => ({ body: String((JSON.parse(body) as Json).challenge) }));
    const { slack: other } = await startHttpApp(() => ({ body: 'hello' }));

    expect(await slack.control.http().verify()).toBe(true);
    expect(await other.control.http().verify()).toBe(false);
  });

  test('sends spoiled requests for tests of the app’s receiver', async () => {
    const { slack, asked } = await startHttpApp(() => ({ status: 401 }));
    const { compose, sendRaw } = slack.control.http();
    const { body, headers } = compose({ type: 'slash_commands', payload: { command: '/k8ssec' }, acceptsAnswer: true }, 1_000_000_000);

    const answer = await sendRaw(`${body}&text=smuggled`, headers);

    expect(answer.status).toBe(401);
    expect(asked).toMatchObject([{ body: 'command=%2Fk8ssec&text=smuggled', headers: { 'x-slack-request-timestamp': '1000000000' } }]);
  });

  test('reaches nobody as long as there is no address', async () => {
    const slack = await startSlack({ mode: 'http' });

    expect((await slack.as('ann').command('/k8ssec help')).outcome).toMatchObject({ error: expect.stringContaining('dispatch_failed') });
  });
});
