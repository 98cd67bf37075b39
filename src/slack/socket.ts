import type bolt from '@slack/bolt';
import { isObject } from '#src/model/raw.ts';

/** A socket that is not open by then never will be. */
export const OPEN_MS = 10_000;
/** Slack closes a socket about ten seconds after it has announced that; one that it forgets is closed here. */
const LEAVE_MS = 20_000;

/** An open Socket Mode connection. */
export interface Socket {
  /** Slack is going to close it. Until then it works. */
  readonly announced: Promise<void>;
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

type Client = InstanceType<typeof bolt.SocketModeReceiver>['client'];

/** @throws what the SDK throws, which is nothing at all when Slack ends the connection at once, and the signal's reason. */
export async function openSocket(client: Client, signal: AbortSignal): Promise<Socket> {
  const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  const announced = announcement(client);
  const started = client.start();
  try {
    await Promise.race([started, rejection(AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]))]);
  } catch (error) {
    // The SDK cannot be stopped while it opens a connection, so what it has opened is closed again.
    void started.then(() => client.disconnect(), () => undefined);
    throw error;
  }
  const close = () => client.disconnect();
  void announced.then(() => {
    const timer = setTimeout(() => void close(), LEAVE_MS);
    void ended.then(() => clearTimeout(timer));
  });
  return { announced, ended, close };
}

/**
 * The SDK closes a connection as soon as Slack announces its end, by which what is on its way and every acknowledgement under way is
 * lost. So it does not hear of the announcement; Slack closes the connection itself.
 */
function announcement(client: Client): Promise<void> {
  const hear = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  return new Promise((resolve) => {
    client.on('ws_message', (data: unknown, isBinary: unknown) => {
      if (isAnnouncement(data)) resolve();
      else for (const listener of hear) listener.call(client, data, isBinary);
    });
  });
}

function isAnnouncement(data: unknown): boolean {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return false;
  try {
    const message: unknown = JSON.parse(data);
    return isObject(message) && message.type === 'disconnect';
  } catch {
    return false;
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
