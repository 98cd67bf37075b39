import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { sdkLogger } from '#src/slack/logger.ts';
import { createKeptLog } from '#test/fakes/log.ts';

export interface SlackCall {
  readonly method: string;
  readonly args: Readonly<Record<string, string>>;
}

/** How a call is answered; JSON with status 200 where it is an object. */
export type SlackAnswer = Readonly<Record<string, unknown>> | readonly unknown[] | ((request: IncomingMessage, response: ServerResponse) => void);

export interface SlackApi {
  readonly client: WebClient;
  readonly calls: readonly SlackCall[];
  /** For the next calls, one each; afterwards every call is answered with the last one again. */
  readonly answer: (...answers: readonly SlackAnswer[]) => void;
  readonly url: string;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 300;

/** Jest gives tests an `Error` of their own; without this the SDK would not know the errors of `fetch` for what they are. */
export const fetchHere: typeof fetch = (...args) =>
  fetch(...args).catch((error: unknown) => {
    throw errorHere(error);
  });

function errorHere(error: unknown): Error {
  const { message, name, code, cause } = error as { readonly message?: string; readonly name?: string; readonly code?: unknown; readonly cause?: unknown };
  return Object.assign(new Error(message, cause === undefined ? {} : { cause: errorHere(cause) }), { name, ...(code !== undefined && { code }) });
}

/** An HTTP server in Slack's place that answers what a test wants, and a client for it that is as impatient as a test has to be. */
export async function startSlackApi(): Promise<SlackApi> {
  const calls: SlackCall[] = [];
  let answers: SlackAnswer[] = [{ ok: true }];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = { method: (request.url ?? '').replace(/^\/api\//, ''), args: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())) };
      calls.push(call);
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { ok: true };
      if (typeof answer === 'function') answer(request, response);
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return {
    client: new WebClient('xoxb-1', { slackApiUrl: url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: TIMEOUT_MS, fetch: fetchHere, logger: sdkLogger(createKeptLog()) }),
    calls,
    url,
    answer: (...next) => {
      answers = [...next];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
