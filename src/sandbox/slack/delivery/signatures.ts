import { createHmac } from 'node:crypto';

/** The headers with which Slack signs a request, version v0. */
export function signed(body: string, signingSecret: string, timestampSeconds: number): Readonly<Record<string, string>> {
  const timestamp = String(timestampSeconds);
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}
