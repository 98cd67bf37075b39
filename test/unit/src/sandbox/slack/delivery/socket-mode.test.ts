import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, SILENCE } from '../support/app.ts';
import { afterTest, call, one, startSlack } from '../support/slack.ts';

const ask = (slack: SlackSandbox, text = 'help') => slack.as('ann').command(`/k8ssec ${text}`, '#sec-prod');

/** Resolves with the status that an upgrade is refused with. */
async function refusedStatus(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const socket = new WebSocket(url, { headers });
  afterTest(() => socket.terminate());
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}

const ticketUrl = async (slack: SlackSandbox) => String((await call(slack, 'apps.connections.open', {}, { token: slack.appToken })).url);

describe('src/sandbox/slack/delivery/socket-mode.ts', () => {
  test('greets every connection with how many there are', async () => {
    const slack = await startSlack();

    const app = await connectApp(slack, 2);

    expect(app.notices).toMatchObject([{ type: 'hello', num_connections: 1 }, { type: 'hello', num_connections: 2 }]);
    expect(slack.control.sockets().count()).toBe(2);
  });

  test('sends each envelope to one of the connections, in turn', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack, 3);

    for (let index = 0; index < 6; index += 1) await ask(slack);

    expect(app.heard.map(({ socket }) => socket).sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(new Set(app.heard.map(({ id }) => id)).size).toBe(6);
  });

  test('takes ten connections and sends the eleventh away', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack, 10);

    await app.connect();

    expect(app.notices.at(-1)).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.control.sockets().count()).toBe(10);
  });

  test('takes an address once, and for thirty seconds', async () => {
    const slack = await startSlack();
    const [used, old] = [await ticketUrl(slack), await ticketUrl(slack)];
    const socket = new WebSocket(used);
    afterTest(() => socket.terminate());
    await once(socket, 'message');

    await slack.control.clock.advance(30_001);

    expect(await refusedStatus(used)).toBe(408);
    expect(await refusedStatus(old)).toBe(408);
  });

  test('is served at one path and under its own name only', async () => {
    const slack = await startSlack();
    const url = await ticketUrl(slack);

    expect(await refusedStatus(url.replace('/link/', '/other/'))).toBe(404);
    expect(await refusedStatus(url, { host: 'evil.example' })).toBe(404);
  });

  test('a refresh closes one connection, and others take what comes', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack, 2);
    const closed = once(one(app.sockets), 'close');

    slack.control.sockets().refresh(0);
    const { outcome } = await ask(slack);
    await closed;

    expect(app.notices.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
    expect(outcome).toEqual({ ok: true });
    expect(app.heard.map(({ socket }) => socket)).toEqual([1]);
  });

  test('a refresh with a warning comes ten seconds after it', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const socket = one(app.sockets);
    const warned = once(socket, 'message');

    slack.control.sockets().refresh(0, { warning: true });
    await warned;
    const open = socket.readyState;
    const closed = once(socket, 'close');
    await slack.control.clock.advance(10_000);
    await closed;

    expect(open).toBe(WebSocket.OPEN);
    expect(app.notices.map(({ reason }) => reason)).toEqual([undefined, 'warning', 'refresh_requested']);
  });

  test('an envelope without an acknowledgement times out after three seconds', async () => {
    const slack = await startSlack();
    await connectApp(slack);
    slack.control.sockets().freeze(true);
    const asked = ask(slack);

    await slack.control.clock.advance(3000);

    expect((await asked).outcome.ok).toBe(false);
    expect(slack.deliveries()).toMatchObject([{ delivered: { result: 'timed_out' } }]);
    slack.control.sockets().freeze(false);
    expect((await ask(slack)).outcome.ok).toBe(true);
  });

  test('tells how long the acknowledgement took', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    app.react = async () => {
      await slack.control.clock.advance(1200);
    };

    await ask(slack);

    expect(slack.deliveries()).toMatchObject([{ delivered: { result: 'acknowledged', afterMs: 1200 } }]);
  });

  test('repeats an envelope on another connection when told to', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack, 2);
    const twice = new Promise<void>((resolve) => {
      app.react = () => {
        if (app.heard.length === 2) resolve();
      };
    });

    slack.control.sockets().repeatNext();
    await ask(slack);
    await twice;

    const [first, second] = app.heard;
    expect(second?.id).toBe(first?.id);
    expect(second?.socket).not.toBe(first?.socket);
  });

  test('drops all connections without a word', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack, 2);
    const closed = Promise.all(app.sockets.map((socket) => once(socket, 'close')));

    slack.control.sockets().drop();
    await closed;

    expect(app.notices.filter(({ type }) => type === 'disconnect')).toEqual([]);
    expect(slack.control.sockets().count()).toBe(0);
  });

  test('says so when Socket Mode is switched off', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const closed = once(one(app.sockets), 'close');

    slack.control.sockets().disable();
    await closed;

    expect(app.notices.at(-1)).toMatchObject({ type: 'disconnect', reason: 'link_disabled' });
  });

  test('stops although an acknowledgement is missing', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const told = new Promise((resolve) => {
      app.react = (heard) => {
        resolve(heard);
        return SILENCE;
      };
    });
    const asked = ask(slack);
    await told;

    await slack.stop();

    expect((await asked).outcome).toMatchObject({ ok: false });
  });
});
