import { setTimeout as wait } from 'node:timers/promises';
import bolt, { type App, type Logger, type Receiver } from '@slack/bolt';
import { slackFailure } from './failure.ts';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;

/** Answers after which another try with the same token fails alike. */
const FATAL = new Set(['invalid_auth', 'not_authed', 'not_allowed_token_type', 'account_inactive', 'token_revoked', 'user_removed_from_team', 'team_disabled', 'missing_scope']);

export function isRefusedForGood(code: string): boolean {
  return FATAL.has(code);
}

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly count: number;
  readonly logger: Logger;
  /** Slack refuses the app-level token for good. */
  readonly onRefused: (code: string) => void;
}

export interface SocketReceivers extends Receiver {
  /** How many sockets are open now. */
  readonly open: () => number;
}

/**
 * Several Socket Mode connections as one receiver: while Slack renews one, the others take what people do.
 *
 * The SDK's own reconnecting waits five seconds first, and dies of an unhandled rejection when the token is refused; so each socket
 * is kept open here.
 */
export function createSocketReceivers({ appToken, apiUrl, count, logger, onRefused }: SocketOptions): SocketReceivers {
  const receivers = Array.from({ length: count }, () => {
    const clientOptions = { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: 10_000, rejectRateLimitedCalls: true };
    return new bolt.SocketModeReceiver({ appToken, logger, autoReconnectEnabled: false, installerOptions: { clientOptions } });
  });
  const stopping = new AbortController();
  const open = new Set<number>();
  const loops: Promise<void>[] = [];
  return {
    open: () => open.size,
    init(app: App) {
      for (const receiver of receivers) receiver.init(app);
    },
    async start() {
      const first = receivers.map((receiver, index) => {
        let opened: (value: unknown) => void = () => undefined;
        const ready = new Promise((resolve) => {
          opened = resolve;
        });
        loops.push(keepOpen(receiver.client, index, { open, opened, signal: stopping.signal, onRefused }));
        return ready;
      });
      await Promise.race(first);
    },
    async stop() {
      stopping.abort();
      await Promise.all(receivers.map(({ client }) => client.disconnect()));
      await Promise.all(loops);
    },
  };
}

type SocketClient = InstanceType<typeof bolt.SocketModeReceiver>['client'];

interface KeepOpen {
  readonly open: Set<number>;
  readonly opened: (value: unknown) => void;
  readonly signal: AbortSignal;
  readonly onRefused: (code: string) => void;
}

async function keepOpen(client: SocketClient, index: number, { open, opened, signal, onRefused }: KeepOpen): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const closed = new Promise((resolve) => client.once('disconnected', resolve));
    try {
      await client.start();
      failures = 0;
      open.add(index);
      opened(undefined);
      await closed;
    } catch (error) {
      const refused = refusalCode(error);
      if (refused !== undefined) {
        onRefused(refused);
        return;
      }
      failures += 1;
    } finally {
      open.delete(index);
    }
    const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    await wait(failures === 0 ? 0 : pause, undefined, { signal }).catch(() => undefined);
  }
}

function refusalCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  try {
    const failure = slackFailure(error);
    return failure.kind === 'refused' && isRefusedForGood(failure.code) ? failure.code : undefined;
  } catch {
    return undefined;
  }
}
