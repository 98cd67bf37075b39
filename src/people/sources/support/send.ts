import { SourceFailed, type SourceDeps } from '#src/model/people.ts';
import { exchange, type Reply } from './exchange.ts';
import { pauseMs, retryAfterMs } from './pause.ts';

export interface SendOptions {
  /** The system's own name, for messages. */
  readonly title: string;
  /** What the token must be allowed, for the message about 403 and 404. */
  readonly rights: string;
  /** Sent with every request: the token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How the body of a 403 says "too often" and not "never", where a system does that. */
  readonly busyText?: RegExp;
  /** Statuses besides 401 that say the credentials are wrong, as token endpoints have them. */
  readonly refusals?: readonly number[];
  /** An answer that sends on to another address is given back instead of refused; it is not followed here either. */
  readonly givesRedirects?: true;
  readonly deps: SourceDeps;
  readonly signal: AbortSignal;
}

export interface Bounds {
  /** Of one answer, from the request to its last byte. */
  readonly timeoutMs: number;
  /** Of one answer, unpacked. */
  readonly maxBytes: number;
  readonly maxPages: number;
  /** Of all waits together. */
  readonly maxWaitMs: number;
}

/** Waits before a request is sent again to a system that does not answer or has an error of its own. */
const RETRY_MS = [1000, 5000];
/** How often in a row one request may be told to come later. */
const MAX_PAUSES = 5;

export type Send = (url: URL, init: RequestInit) => Promise<Reply>;

interface Failed {
  readonly failure: SourceFailed;
  /** Absent when there was no answer. */
  readonly headers?: Headers;
}

/** Sends a request until there is a good answer, or a reason to give up. What it waits is counted over all requests. */
export function createSender(options: SendOptions, bounds: Bounds): Send {
  const { title, deps, signal } = options;
  let waitedMs = 0;
  return async (url, init) => {
    const headers = headersOf(title, [options.headers, init.headers]);
    let pauses = 0;
    let retries = 0;
    for (;;) {
      const outcome = await exchange(url, { ...init, headers }, { title, ...bounds }, signal).then((reply) => judged(reply, options), withoutAnswer);
      if (!('failure' in outcome)) return outcome;
      const ms = outcome.failure.fault === 'busy' ? busyMs(outcome, pauses++) : outcome.failure.fault === 'unreachable' ? retryMs(outcome, retries++) : undefined;
      if (ms === undefined || waitedMs + ms > bounds.maxWaitMs) throw outcome.failure;
      waitedMs += ms;
      await deps.wait(ms, signal);
    }
  };

  function busyMs({ headers = new Headers() }: Failed, pauses: number): number | undefined {
    return pauses < MAX_PAUSES ? pauseMs(headers, deps.clock.now()) : undefined;
  }

  function retryMs({ headers = new Headers() }: Failed, retries: number): number | undefined {
    const ms = RETRY_MS[retries];
    return ms && Math.max(ms, retryAfterMs(headers, deps.clock.now().getTime()) ?? 0);
  }
}

/** An answer that did not come may come the next time; everything else is thrown on. */
function withoutAnswer(error: unknown): Failed {
  if (error instanceof SourceFailed && error.fault === 'unreachable') return { failure: error };
  throw error;
}

/** What `Headers` itself throws would quote the token. */
function headersOf(title: string, parts: readonly (RequestInit['headers'] | undefined)[]): Headers {
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'k8ssec' });
  try {
    for (const part of parts) for (const [name, value] of new Headers(part)) headers.set(name, value);
    return headers;
  } catch {
    throw new SourceFailed('refused', `the credentials for ${title} have characters that no token has`);
  }
}

function judged(reply: Reply, { title, rights, busyText, refusals = [], givesRedirects }: SendOptions): Reply | Failed {
  const { status, headers, body } = reply;
  if (status >= 200 && status < 300) return reply;
  if (status >= 300 && status < 400 && givesRedirects) return reply;
  const failed = (fault: SourceFailed['fault'], message: string): Failed => ({ failure: new SourceFailed(fault, message, { status }), headers });
  if (status === 429 || (status === 403 && asksToWait(headers, body, busyText))) return failed('busy', `${title} was asked too often (HTTP ${status})`);
  if (status === 401 || refusals.includes(status)) return failed('refused', `${title} refuses the credentials (HTTP ${status}${errorCode(body)})`);
  if (status === 403) return failed('forbidden', `${title} forbids this (HTTP 403); needed: ${rights}`);
  if (status === 404) return failed('forbidden', `${title} has nothing there or does not show it (HTTP 404); needed: ${rights}`);
  if (status >= 500) return failed('unreachable', `${title} has an error of its own (HTTP ${status})`);
  if (status < 400) return { failure: sentElsewhere(title) };
  return failed('garbled', `${title} did not take the request (HTTP ${status})`);
}

/** An answer that names an address which the token must not be sent to. */
export function sentElsewhere(title: string): SourceFailed {
  return new SourceFailed('garbled', `${title} sends on to another address, which is not followed`);
}

/** `invalid_client`, as OAuth names it; longer texts may quote what was sent. */
function errorCode(body: Buffer): string {
  const [, code] = /"error"\s*:\s*"([a-z_]{3,40})"/.exec(body.toString()) ?? [];
  return code === undefined ? '' : `, ${code}`;
}

/** GitHub says 403 for "too often" as well. */
function asksToWait(headers: Headers, body: Buffer, busyText: RegExp | undefined): boolean {
  return headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0' || (busyText?.test(body.toString()) ?? false);
}
