import { SourceFailed } from '#src/model/people.ts';

export interface Exchange {
  /** Name of the system, for messages. */
  readonly title: string;
  readonly timeoutMs: number;
  /** Of one answer, unpacked. */
  readonly maxBytes: number;
}

/** An answer with any status, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * Sends one request and reads its answer.
 *
 * Redirects are not followed: they would carry the token to whoever they name. A proxy is used where Node is told to (`NODE_USE_ENV_PROXY=1`).
 *
 * @throws {SourceFailed} `unreachable` without an answer, `garbled` when it breaks off or is too long; and the signal's reason.
 */
export async function exchange(url: URL, init: RequestInit, { title, timeoutMs, maxBytes }: Exchange, signal: AbortSignal): Promise<Reply> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any([signal, timeout]) });
    status = response.status;
    const body = await bodyOf(response, maxBytes);
    if (body === undefined) throw new SourceFailed('garbled', `${title} sent an answer of more than ${Math.round(maxBytes / 1024 ** 2)} MiB`);
    return { status, headers: response.headers, body };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceFailed) throw error;
    if (timeout.aborted) throw new SourceFailed('unreachable', `${title} did not answer within ${Math.round(timeoutMs / 1000)} s`, { cause: error });
    if (status !== undefined) throw new SourceFailed('garbled', `the answer of ${title} broke off`, { cause: error });
    const code = codeOf(error);
    throw new SourceFailed('unreachable', `${title} cannot be reached${code === undefined ? '' : ` (${code})`}`, { cause: error });
  }
}

/** Nothing when it is longer than allowed; the rest is not read then. */
async function bodyOf(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`: tells the reason and no address. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
