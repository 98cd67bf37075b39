import { WebSocket } from 'ws';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { afterTest, call, type Json } from './slack.ts';

export interface Heard {
  /** Number of the socket, oldest first. */
  readonly socket: number;
  readonly id: string;
  readonly type: string;
  readonly payload: Json;
  readonly acceptsAnswer: boolean;
  readonly retry: { readonly attempt: unknown; readonly reason: unknown };
}

/** An app that does as the test says. */
export interface ScriptedApp {
  /** Every envelope, oldest first. */
  readonly heard: readonly Heard[];
  /** Everything else that Slack said on the sockets: hello, disconnect. */
  readonly notices: readonly Json[];
  /** What it does with an envelope before it acknowledges with the result; `silence` does not acknowledge. */
  react: (heard: Heard) => unknown;
  readonly sockets: readonly WebSocket[];
  readonly connect: () => Promise<WebSocket>;
}

export const SILENCE = Symbol('silence');

/** Connects with so many sockets. */
export async function connectApp(sandbox: SlackSandbox, sockets = 1): Promise<ScriptedApp> {
  const heard: Heard[] = [];
  const notices: Json[] = [];
  const open: WebSocket[] = [];
  const app: ScriptedApp = { heard, notices, sockets: open, react: () => undefined, connect };

  async function hear(socket: WebSocket, index: number, text: string): Promise<void> {
    const message = JSON.parse(text) as Json;
    if (typeof message.envelope_id !== 'string') {
      notices.push(message);
      return;
    }
    const envelope: Heard = {
      socket: index,
      id: message.envelope_id,
      type: String(message.type),
      payload: message.payload as Json,
      acceptsAnswer: message.accepts_response_payload === true,
      retry: { attempt: message.retry_attempt, reason: message.retry_reason },
    };
    heard.push(envelope);
    const answer = await app.react(envelope);
    if (answer !== SILENCE) socket.send(JSON.stringify({ envelope_id: envelope.id, ...(answer !== undefined && { payload: answer }) }));
  }

  async function connect(): Promise<WebSocket> {
    const { url } = await call(sandbox, 'apps.connections.open', {}, { token: sandbox.appToken });
    const socket = new WebSocket(String(url));
    const index = open.push(socket) - 1;
    afterTest(() => socket.terminate());
    const greeted = new Promise((resolve, reject) => {
      socket.once('message', resolve);
      socket.once('error', reject);
    });
    socket.on('message', (data: Buffer) => void hear(socket, index, data.toString()));
    await greeted;
    return socket;
  }

  for (let index = 0; index < sockets; index += 1) await connect();
  return app;
}

/** Answers through a response URL. */
export async function respond({ payload }: Heard, body: Json): Promise<Response> {
  return fetch(String(payload.response_url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
