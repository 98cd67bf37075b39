import { WebClient, type WebClientOptions } from '@slack/web-api';

/** Two clients, so that a channel that is over its rate never holds up an answer to a person. Neither waits or repeats by itself. */
export interface SlackClients {
  /** For what must happen while a person waits: modals, the Home tab, look-ups. */
  readonly interactive: WebClient;
  /** For what goes through the outbox. */
  readonly bulk: WebClient;
}

const INTERACTIVE_TIMEOUT_MS = 2500;
const BULK_TIMEOUT_MS = 10_000;

export function createClients(token: string, apiUrl: string, logger: NonNullable<WebClientOptions['logger']>): SlackClients {
  const options: WebClientOptions = { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger };
  return {
    interactive: new WebClient(token, { ...options, timeout: INTERACTIVE_TIMEOUT_MS }),
    bulk: new WebClient(token, { ...options, timeout: BULK_TIMEOUT_MS }),
  };
}
