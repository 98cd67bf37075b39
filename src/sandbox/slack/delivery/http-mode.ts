import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { LIMITS } from '#src/blocks/limits.ts';
import type { Json } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { nowSeconds } from '../state/backend.ts';
import { secret } from '../state/ids.ts';
import { signed } from './signatures.ts';
import type { Delivered, Envelope, Transport } from './transport.ts';

export interface HttpMode extends Transport {
  /** Asks the request URL to prove that it is the app's. */
  readonly verify: () => Promise<boolean>;
  /** Sends any bytes with any headers, for requests that the app must refuse. */
  readonly sendRaw: (body: string, headers: Readonly<Record<string, string>>) => Promise<RawAnswer>;
  /** Body and honest headers of an envelope, to be spoiled before `sendRaw`. */
  readonly compose: (envelope: Envelope, at?: number) => { readonly body: string; readonly headers: Readonly<Record<string, string>> };
  /** Gives up whatever is under way. */
  readonly stop: () => void;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Requests carry the time of the stand-in's clock. @param requestUrl is asked before every request, and may not be known yet. */
export function createHttpMode(backend: Backend, requestUrl: () => string | undefined, signingSecret: string): HttpMode {
  const { clock } = backend;
  const stopping = new AbortController();

  function compose(envelope: Envelope, at = nowSeconds(backend)): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
    const { type, payload, retry } = envelope;
    const body = type === 'events_api' ? JSON.stringify(payload) : formOf(type === 'interactive' ? { payload: JSON.stringify(payload) } : payload);
    const headers = {
      'content-type': type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...signed(body, signingSecret, at),
      ...(retry && { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason === 'timeout' ? 'http_timeout' : retry.reason }),
    };
    return { body, headers };
  }

  async function sendRaw(body: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<RawAnswer> {
    const url = requestUrl();
    if (url === undefined) throw new Error('The app has no request URL yet.');
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        { method: 'POST', agent: false, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal: AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])]) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }));
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async function send(envelope: Envelope): Promise<Delivered> {
    const { body, headers } = compose(envelope);
    const sentAtMs = clock.nowMs();
    const timeout = new AbortController();
    const cancel = clock.after(LIMITS.acknowledgeMs, () => timeout.abort());
    try {
      const answer = await sendRaw(body, headers, timeout.signal);
      if (answer.status !== 200) return { result: 'failed', status: answer.status, noRetry: answer.headers['x-slack-no-retry'] === '1' };
      return { result: 'acknowledged', afterMs: clock.nowMs() - sentAtMs, answer: answerOf(answer) };
    } catch {
      return { result: timeout.signal.aborted ? 'timed_out' : 'unreachable' };
    } finally {
      cancel();
    }
  }

  return {
    send,
    compose,
    sendRaw: (body, headers) => sendRaw(body, headers),
    async verify() {
      const challenge = secret();
      const { body, headers } = compose({ type: 'events_api', payload: { type: 'url_verification', token: 'sandbox', challenge }, acceptsAnswer: true });
      const answer = await sendRaw(body, headers);
      return answer.status === 200 && answer.body.includes(challenge);
    },
    stop: () => stopping.abort(),
  };
}

/** JSON if it says that it is, else the text; nothing at all for an empty body. */
function answerOf({ headers, body }: RawAnswer): unknown {
  if (body === '') return undefined;
  if (!String(headers['content-type']).includes('json')) return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

function formOf(fields: Json): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)])).toString();
}
