import type { RequestListener } from 'node:http';
import bolt, { type Logger } from '@slack/bolt';

/** Requests older or newer than this are not Slack's. */
const WINDOW_S = 5 * 60;

export interface HttpMode {
  readonly receiver: InstanceType<typeof bolt.HTTPReceiver>;
  /** For the path that Slack sends to. */
  readonly listener: RequestListener;
}

/** HTTP mode without a server of its own. Bolt checks the signature and refuses old requests; dated ones from the future are refused here. */
export function createHttpReceiver(signingSecret: string, path: string, logger: Logger, now: () => Date): HttpMode {
  const receiver = new bolt.HTTPReceiver({ signingSecret, endpoints: [path], logger, processBeforeResponse: false });
  return {
    receiver,
    listener: (request, response) => {
      const timestamp = Number(request.headers['x-slack-request-timestamp']);
      if (Math.abs(now().getTime() / 1000 - timestamp) > WINDOW_S) {
        response.writeHead(401).end();
        return;
      }
      receiver.requestListener(request, response);
    },
  };
}
