import { setTimeout as wait } from 'node:timers/promises';
import bolt, { type Logger, type Receiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Log } from '#src/model/log.ts';
import type { ListenerDeps } from './answers.ts';
import { registerListeners } from './listeners.ts';
import { refusalCode, TokenRefused } from './refusal.ts';

/** The workspace that the token belongs to, and what the token may do. */
export interface SlackIdentity {
  readonly teamId: string;
  readonly teamName: string;
  readonly botId: string;
  readonly botUserId: string;
  /** Undefined where Slack does not tell. */
  readonly scopes: readonly string[] | undefined;
}

/** What tells it from every other bot, the same for as long as the app is installed; fit for a label. */
export function botName({ teamId, botUserId }: SlackIdentity): string {
  return `${teamId}.${botUserId}`;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Asks Slack who the bot is, as often as it takes. @throws {TokenRefused} and the signal's reason. */
export async function identify(client: WebClient, log: Log, signal: AbortSignal): Promise<SlackIdentity> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await whoAmI(client);
    } catch (error) {
      if (error instanceof TokenRefused) throw error;
      log.warn({ error, attempt: attempt + 1 }, 'Slack does not answer; trying again');
    }
    await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt), undefined, { signal });
  }
}

/** @throws {TokenRefused} when another try would fail alike, and the SDK's error otherwise. */
export async function whoAmI(client: WebClient): Promise<SlackIdentity> {
  try {
    const answer = await client.auth.test();
    const { team_id: teamId = '', team: teamName = '', bot_id: botId = '', user_id: botUserId = '' } = answer;
    return { teamId, teamName, botId, botUserId, scopes: answer.response_metadata?.scopes };
  } catch (error) {
    const code = refusalCode(error);
    throw code === undefined ? error : new TokenRefused('bot token', code);
  }
}

export interface SlackApp {
  readonly start: () => Promise<void>;
  /** Hears nothing new, and ends when everything that was heard has been answered. */
  readonly stop: () => Promise<void>;
}

/** Listens to what people do in Slack, by whatever receiver. */
export async function createSlackApp(receiver: Receiver, botToken: string, identity: SlackIdentity, logger: Logger, deps: ListenerDeps): Promise<SlackApp> {
  const { botId, botUserId, teamId } = identity;
  const app = new bolt.App({ receiver, logger, deferInitialization: true, authorize: () => Promise.resolve({ botToken, botId, botUserId, teamId }) });
  await app.init();
  const underWay = new Set<Promise<void>>();
  app.use(({ next }) => {
    const work = next();
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  });
  registerListeners(app, deps);
  return {
    async start() {
      await receiver.start();
    },
    async stop() {
      await receiver.stop();
      await Promise.allSettled(underWay);
    },
  };
}
