import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import type { Envelope } from '#src/sandbox/slack/delivery/transport.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { until } from '#test/build/queue.ts';

describe('flow: requests to the own port in HTTP mode', () => {
  let bot: Bot;
  let app: RunningApp;
  let scan: Envelope;

  beforeAll(async () => {
    bot = await startBot({ mode: 'http', start: false });
    app = await bot.replica();
    const typed = bot.slack.delivery(({ envelope }) => envelope.payload.text === 'clusters');
    await (await bot.slack.as('ann').command('/k8ssec clusters', CHANNEL)).answer();
    const { envelope } = await typed;
    scan = { ...envelope, payload: { ...envelope.payload, text: 'scan', trigger_id: 'another' } };
  });

  afterAll(() => bot.stop());

  type Headers = Readonly<Record<string, string>>;
  const without = (name: string) => (headers: Headers) => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
  const composed = (secondsAway: number) => bot.slack.control.http().compose(scan, Math.floor(Date.now() / 1000) + secondsAway);
  const refused: readonly (readonly [what: string, request: () => { readonly body: string; readonly headers: Headers }])[] = [
    ['no signature', () => spoiled(without('x-slack-signature'))],
    ['no timestamp', () => spoiled(without('x-slack-request-timestamp'))],
    ['neither', () => spoiled(() => ({ 'content-type': 'application/x-www-form-urlencoded' }))],
    ['a signature of nothing', () => spoiled((headers) => ({ ...headers, 'x-slack-signature': 'v0=' }))],
    ['a wrong signature', () => spoiled((headers) => ({ ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` }))],
    ['a signature of another version', () => spoiled((headers) => ({ ...headers, 'x-slack-signature': (headers['x-slack-signature'] ?? '').replace('v0', 'v1') }))],
    ['the signature of another body', () => ({ ...composed(0), body: composed(0).body.replace('text=scan', 'text=scan+demo') })],
    ['the signature of another time', () => spoiled((headers) => ({ ...headers, 'x-slack-request-timestamp': String(Number(headers['x-slack-request-timestamp']) - 1) }))],
    ['an age of more than five minutes', () => composed(-301)],
    ['a time more than five minutes ahead', () => composed(305)],
    ['a time an hour ahead', () => composed(3600)],
    ['a time that is no number', () => composed(NaN)],
    ['a time without an end', () => composed(Infinity)],
  ];
  const spoiled = (spoil: (headers: Headers) => Headers) => {
    const { body, headers } = composed(0);
    return { body, headers: spoil(headers) };
  };

  test('S2: an unsigned check of the certificate runs no command that is smuggled in with it', async () => {
    const { sendRaw } = bot.slack.control.http();
    const { body } = composed(0);
    const before = bot.slack.requests().length;

    const answer = await sendRaw(`${body}&ssl_check=1`, { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)) });
    await bot.slack.as('ann').command('/k8ssec help', CHANNEL);

    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(bot.slack.requests()).toHaveLength(before);
  });

  test('S2: what is unsigned, wrongly signed, old, from the future or without a time gets 401 and runs nothing', async () => {
    const { sendRaw } = bot.slack.control.http();
    const before = bot.slack.requests().length;

    const statuses = [];
    for (const [what, request] of refused) {
      const { body, headers } = request();
      statuses.push([what, (await sendRaw(body, headers)).status]);
    }

    expect(statuses).toEqual(refused.map(([what]) => [what, 401]));
    expect(bot.slack.requests()).toHaveLength(before);
    const { body, headers } = composed(-290);
    expect((await sendRaw(body, headers)).status).toBe(200);
    await bot.slack.as('ann').sees(CHANNEL, /queued/);
  });

  test.each([
    ['GET', '/slack/events', 405],
    ['PUT', '/slack/events', 405],
    ['POST', '/slack/events', 401],
    ['POST', '/slack/events/', 404],
    ['GET', '//', 404],
    ['GET', '///slack/events', 404],
    ['POST', '/%', 404],
    ['GET', '/healthz', 200],
    ['HEAD', '/readyz', 200],
    ['POST', '/healthz', 404],
    ['GET', '/healthz/../metrics', 404],
    ['GET', '/metrics', 404],
  ])('S2: %s %s from anybody is answered with %i, and the process lives', async (method, path, status) => {
    const timestamp = String(Math.floor(Date.now() / 1000));

    const response = await fetch(`http://127.0.0.1:${app.port}${path}`, { method, headers: { 'x-slack-request-timestamp': timestamp }, ...(method === 'POST' && { body: 'x' }) });

    expect(response.status).toBe(status);
    expect((await bot.slack.as('ann').command('/k8ssec help', CHANNEL)).outcome).toEqual({ ok: true });
  });

  test('S2: a body of more than four megabytes is not read', async () => {
    const { headers } = composed(0);

    const answer = await bot.slack.control.http().sendRaw(' '.repeat(4 * 1024 * 1024 + 1), headers);

    expect(answer.status).toBe(413);
  });

  test('S2: the health routes say one word', async () => {
    const answers = await Promise.all(['/healthz', '/readyz?verbose=1'].map(async (path) => (await fetch(`http://127.0.0.1:${app.port}${path}`)).text()));
    const { headers } = await fetch(`http://127.0.0.1:${app.port}/healthz`);

    expect(answers).toEqual(['ok\n', 'ok\n']);
    expect([...headers.keys()].sort()).toEqual(['cache-control', 'connection', 'content-type', 'date', 'keep-alive', 'transfer-encoding']);
  });
});

/** Something that a person does, by which effects it has. The cluster hangs, so that nothing comes of a scan by itself. */
interface Deed {
  readonly what: string;
  readonly prepare?: (bot: Bot) => Promise<unknown>;
  readonly act: (bot: Bot) => Promise<unknown>;
  readonly effects: (bot: Bot) => Readonly<Record<string, number>>;
  readonly once: Readonly<Record<string, number>>;
}

function calls({ slack }: Bot, method: string): number {
  return slack.requests(method).filter(({ answer }) => answer?.ok !== false).length;
}

const DEEDS: readonly Deed[] = [
  {
    what: 'a command',
    act: ({ slack }) => slack.as('ann').command('/k8ssec scan', CHANNEL),
    effects: (bot) => ({ answers: calls(bot, 'response_url'), scans: calls(bot, 'chat.postMessage') }),
    once: { answers: 1, scans: 1 },
  },
  {
    what: 'a press on a button',
    prepare: async ({ slack }) => (await slack.as('ann').command('/k8ssec scan', CHANNEL)).answer(/queued/),
    async act({ slack }) {
      const ann = slack.as('ann');
      const [answer] = ann.messages(CHANNEL).filter(({ isEphemeral }) => isEphemeral);
      if (answer !== undefined) await ann.press(answer, 'Cancel scan');
    },
    effects: (bot) => ({ answers: calls(bot, 'response_url') - 1 }),
    once: { answers: 1 },
  },
  {
    what: 'a press that opens a modal',
    async prepare({ slack }) {
      slack.as('ann').openHome();
      await slack.as('ann').seesHome();
    },
    act: ({ slack }) => slack.as('ann').press('home', 'Scan now'),
    effects: (bot) => ({ modals: calls(bot, 'views.open'), answers: calls(bot, 'views.update'), more: calls(bot, 'response_url'), scans: calls(bot, 'chat.postMessage') }),
    once: { modals: 1, answers: 1, more: 0, scans: 1 },
  },
  {
    what: 'an event',
    act: ({ slack }) => Promise.resolve(slack.as('ann').openHome()),
    effects: (bot) => ({ homes: calls(bot, 'views.publish') }),
    once: { homes: 1 },
  },
];

describe('flow: the same thing delivered again', () => {
  let bot: Bot;
  let app: RunningApp;

  afterEach(() => bot.stop());

  async function begin(mode: 'socket' | 'http', { prepare }: Deed): Promise<void> {
    bot = await startBot({ mode, start: false });
    bot.kube.faults.add({}, { kind: 'hang' });
    app = await bot.replica();
    if (mode === 'socket') await bot.slack.connected(2);
    await prepare?.(bot);
  }

  /** All of them: a bot that stops answers first what it has heard. */
  async function effectsOf({ effects }: Deed): Promise<object> {
    await bot.slack.quiet();
    await app.stop();
    return effects(bot);
  }

  async function act({ act: does, effects, once }: Deed): Promise<Envelope> {
    await does(bot);
    await until(() => Object.entries(once).every(([effect, count]) => (effects(bot)[effect] ?? 0) >= count));
    const last = bot.slack.deliveries().at(-1);
    if (last === undefined) throw new Error('nothing was delivered');
    return last.envelope;
  }

  const again = (envelope: Envelope) => bot.slack.control.http().send({ ...envelope, retry: { attempt: 1, reason: 'timeout' } });

  test.each(DEEDS)('S3: $what that comes over both sockets has one effect', async (deed) => {
    await begin('socket', deed);

    bot.slack.control.sockets().repeatNext();
    await act(deed);

    expect(await effectsOf(deed)).toEqual(deed.once);
  });

  test.each(DEEDS)('S3: $what that is sent again with x-slack-retry-num has one effect', async (deed) => {
    await begin('http', deed);

    const envelope = await act(deed);
    const repeated = await Promise.all([again(envelope), again(envelope)]);

    expect(repeated).toMatchObject([{ result: 'acknowledged' }, { result: 'acknowledged' }]);
    expect(await effectsOf(deed)).toEqual(deed.once);
  });

  test.each(DEEDS)('S3: $what that is sent again after a restart has one effect', async (deed) => {
    await begin('http', deed);

    const envelope = await act(deed);
    await app.stop();
    app = await bot.replica();
    const repeated = await again(envelope);

    expect(repeated).toMatchObject({ result: 'acknowledged' });
    expect(await effectsOf(deed)).toEqual(deed.once);
  });
});
