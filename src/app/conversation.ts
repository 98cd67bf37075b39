import type { Receiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Log } from '#src/model/log.ts';
import { identify, type SlackIdentity } from '#src/slack/connect.ts';
import { TokenRefused } from '#src/slack/refusal.ts';
import type { Foreground } from './foreground.ts';

export interface ConversationOptions {
  readonly client: WebClient;
  readonly receiver: Receiver;
  /** In Socket Mode: how many sockets are open; in HTTP mode undefined. */
  readonly openSockets: (() => number) | undefined;
  /** Answers people from then on. */
  readonly begin: (identity: SlackIdentity) => Promise<Foreground>;
  readonly log: Log;
  readonly onFatal: (reason: string) => void;
}

/** From the first question to Slack to the last answer. */
export interface Conversation {
  /** Settled once people can be heard, or never will be. */
  readonly connected: Promise<void>;
  readonly isConnected: () => boolean;
  /** Why people cannot be heard; undefined when they can, and before they could. */
  readonly problem: () => string | undefined;
  /** What the bot may do in Slack; undefined until that is known. */
  readonly scopes: () => readonly string[] | undefined;
  /** Hears nothing new, and answers what was heard. */
  readonly stop: () => Promise<void>;
  /** Frees what it still holds. */
  readonly close: () => Promise<void>;
}

/** Asks Slack who the bot is, for as long as it takes, and then listens. */
export function startConversation({ client, receiver, openSockets, begin, log, onFatal }: ConversationOptions): Conversation {
  const stopping = new AbortController();
  let foreground: Foreground | undefined;
  let scopes: readonly string[] | undefined;
  const converse = async (): Promise<void> => {
    const identity = await identify(client, log, stopping.signal);
    stopping.signal.throwIfAborted();
    scopes = identity.scopes;
    foreground = await begin(identity);
  };
  const connected = converse();
  connected.catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    if (!(error instanceof TokenRefused)) log.error({ error }, 'the conversation with Slack could not be started');
    onFatal(error instanceof TokenRefused ? error.message : 'The conversation with Slack could not be started.');
  });
  const isConnected = () => foreground !== undefined && (openSockets === undefined || openSockets() > 0);
  return {
    connected,
    isConnected,
    problem: () => (foreground === undefined || isConnected() ? undefined : 'no connection to Slack is open'),
    scopes: () => scopes,
    async stop() {
      stopping.abort();
      // While it still tries to begin, this ends the trying.
      await receiver.stop();
      await connected.catch(() => undefined);
      await foreground?.stop();
    },
    async close() {
      await foreground?.close();
    },
  };
}
