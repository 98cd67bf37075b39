import type { RequestListener } from 'node:http';
import bolt, { type Logger, type Receiver } from '@slack/bolt';

/** Requests older or newer than this are not Slack's. */
const WINDOW_S = 5 * 60;

export interface HttpMode {
  readonly receiver: Receiver;
  /** For the path that Slack sends to. */
  readonly listener: RequestListener;
}

/** HTTP mode without a server of its own. Bolt checks the signature and refuses old requests; dated ones from the future are refused here. */
export function createHttpReceiver(signingSecret: string, path: string, logger: Logger, now: () => Date): HttpMode {
  const http = new bolt.HTTPReceiver({ signingSecret, endpoints: [path], logger, processBeforeResponse: false });
  let isListening = false;
  return {
    receiver: {
      init: (app) => http.init(app),
      start: () => Promise.resolve(void (isListening = true)),
      stop: () => Promise.resolve(void (isListening = false)),
    },
    listener: (request, response) => {
      const timestamp = Number(request.headers['x-slack-request-timestamp']);
      const isTimely = Math.abs(now().getTime() / 1000 - timestamp) <= WINDOW_S;
      // Bolt throws at what is no POST.
      const refusal = request.method !== 'POST' ? 405 : !isListening ? 503 : !isTimely ? 401 : undefined;
      if (refusal === undefined) http.requestListener(request, response);
      else response.writeHead(refusal).end();
    },
  };
}
