import { connect } from 'node:net';
import { SSH_PORT, type SshAnswer, type SshAnswers } from '#src/model/ssh.ts';

const CONNECT_MS = 3000;
/** A server greets at once, unless it looks up who has come. */
const GREETING_MS = 2000;
const AT_ONCE = 64;
/** Somebody is there, or a firewall that says no. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ECONNRESET']);

export interface TrySshOptions {
  readonly port?: number;
  readonly connectMs?: number;
  readonly greetingMs?: number;
}

/** Opens a connection to each address, reads how it greets, and closes it: nothing is sent. An address that does not answer in time counts as closed. */
export async function trySsh(addresses: readonly string[], signal: AbortSignal, options: TrySshOptions = {}): Promise<SshAnswers> {
  const answers = new Map<string, SshAnswer>();
  const waiting = addresses.values();
  const work = async (): Promise<void> => {
    for (const address of waiting) {
      signal.throwIfAborted();
      answers.set(address, await tryOne(address, signal, options));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

function tryOne(address: string, signal: AbortSignal, { port = SSH_PORT, connectMs = CONNECT_MS, greetingMs = GREETING_MS }: TrySshOptions): Promise<SshAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SshAnswer>();
  const socket = connect({ host: address, port, timeout: connectMs, signal });
  let isOpen = false;
  socket.once('connect', () => {
    isOpen = true;
    socket.setTimeout(greetingMs);
  });
  socket.once('data', (greeting: Buffer) => resolve(greeting.subarray(0, 4).toString('latin1') === 'SSH-' ? 'ssh' : 'open'));
  socket.once('end', () => resolve('open'));
  socket.once('timeout', () => resolve(isOpen ? 'open' : 'closed'));
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (signal.aborted) reject(signal.reason as Error);
    else if (isOpen) resolve('open');
    else resolve(CLOSED.has(error.code) || error.code === 'ETIMEDOUT' ? 'closed' : 'failed');
  });
  return promise.finally(() => socket.destroy());
}
