import { setTimeout as wait } from 'node:timers/promises';
import bolt, { type App, type Receiver } from '@slack/bolt';
import type { Log } from '#src/model/log.ts';
import { sdkLogger } from './logger.ts';
import { refusalCode, TokenRefused } from './refusal.ts';
import { OPEN_MS, openSocket, type Socket } from './socket.ts';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;
/** A socket that ends sooner counts as one that could not be opened, so that Slack is not asked for one after the other. */
const SHORT_MS = 1000;

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly count: number;
  readonly log: Log;
  /** Told once when Slack refuses the app-level token after `start`. */
  readonly onRefused: (reason: TokenRefused) => void;
}

export interface SocketReceivers extends Receiver {
  /** How many sockets are open now. */
  readonly open: () => number;
  /** Resolves when one socket is open, or when it is stopped before that. @throws {TokenRefused} */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Several Socket Mode connections as one receiver: while Slack renews one, the others take what people do.
 *
 * The SDK's own reconnecting waits five seconds first, and dies of an unhandled rejection when the token is refused. So each socket is
 * replaced here, as soon as Slack announces its end.
 */
export function createSocketReceivers({ appToken, apiUrl, count, log, onRefused }: SocketOptions): SocketReceivers {
  const clientOptions = { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: OPEN_MS, rejectRateLimitedCalls: true };
  // What goes wrong with sockets is told below, once for each outage.
  const logger = sdkLogger({ ...log, warn: log.debug });
  const first = Promise.withResolvers<'open' | 'stopped'>();
  const stopping = new AbortController();
  const sockets = new Set<Socket>();
  const isStopping = () => stopping.signal.aborted;
  let app: App | undefined;
  let loops: readonly Promise<TokenRefused | undefined>[] = [];

  async function open(): Promise<Socket> {
    const receiver = new bolt.SocketModeReceiver({ appToken, logger, autoReconnectEnabled: false, installerOptions: { clientOptions } });
    if (app !== undefined) receiver.init(app);
    const socket = await openSocket(receiver.client, stopping.signal);
    sockets.add(socket);
    void socket.ended.then(() => sockets.delete(socket));
    first.resolve('open');
    return socket;
  }

  /** @returns when Slack refuses the token, or when it is to stop. */
  async function keepOpen(): Promise<TokenRefused | undefined> {
    for (let failures = 0; !isStopping(); ) {
      try {
        const { announced, ended } = await open();
        if (failures > 0) log.info({}, 'a socket to Slack is open again');
        const openedAt = performance.now();
        await Promise.race([announced, ended]);
        failures = performance.now() - openedAt < SHORT_MS ? failures + 1 : 0;
      } catch (error) {
        if (isStopping()) break;
        const code = refusalCode(error);
        if (code !== undefined) return new TokenRefused('app-level token', code);
        failures += 1;
        if (failures === 1) log.warn({ error }, 'a socket to Slack cannot be opened; trying again');
      }
      await wait(failures === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** Of several sockets that are refused, one says so. */
  async function watch(): Promise<void> {
    const refusal = await Promise.race(loops);
    if (refusal === undefined) {
      first.resolve('stopped');
      return;
    }
    first.promise.then(() => onRefused(refusal), () => undefined);
    first.reject(refusal);
  }

  return {
    open: () => sockets.size,
    init: (initialized) => void (app = initialized),
    async start() {
      loops = Array.from({ length: count }, keepOpen);
      void watch();
      await first.promise;
    },
    async stop() {
      stopping.abort();
      await Promise.all([...sockets].map(({ close }) => close()));
      await Promise.all(loops);
    },
  };
}
