import { WebClient } from '@slack/web-api';
import type { Config, SlackConfig } from '#src/config/config.ts';
import type { Log } from '#src/model/log.ts';
import { createClients, type SlackClients } from '#src/slack/clients.ts';
import { whoAmI } from '#src/slack/connect.ts';
import { sdkLogger } from '#src/slack/logger.ts';
import { missingFeatures, REQUIRED_SCOPES } from '#src/slack/manifest.ts';
import { refusalCode, TokenRefused } from '#src/slack/refusal.ts';
import { createLookUp, type LookUp } from './look-up.ts';
import { examineNames } from './slack-names.ts';
import { reasonOf } from './slack-reason.ts';
import type { Verdict } from './verdict.ts';

const about = 'Slack';

/** What others may go on with once the bot token is known to work. */
export interface ReachedSlack {
  readonly clients: SlackClients;
  readonly lookUp: LookUp;
}

/** The tokens, what they may do, and every channel, person and group that the configuration names. */
export async function* examineSlack(config: Config, log: Log): AsyncGenerator<Verdict, ReachedSlack | undefined> {
  const { slack } = config;
  if (slack.mode === 'sandbox') {
    yield { level: 'warn', about, text: 'SLACK_BOT_TOKEN is not set: the sandbox chat is used. Set it together with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.' };
    return undefined;
  }
  const clients = createClients(slack.botToken, slack.apiUrl, sdkLogger(log));
  let scopes: readonly string[] | undefined;
  try {
    const identity = await whoAmI(clients.interactive);
    ({ scopes } = identity);
    yield { level: 'ok', about, text: `the bot token belongs to the workspace ${identity.teamName}` };
  } catch (error) {
    yield { level: 'fail', about, text: tokenProblem('bot token', error, 'Copy it from "Install App" in the app’s settings.') };
    return undefined;
  }
  const missing = REQUIRED_SCOPES.filter((scope) => scopes?.includes(scope) === false);
  if (missing.length > 0) yield { level: 'fail', about, text: `scopes are missing: ${missing.join(', ')}. Update the app from its manifest and install it again.` };
  if (scopes === undefined) yield { level: 'warn', about, text: 'what the bot may do was not told, so nobody knows whether scopes are missing' };
  else for (const text of missingFeatures(scopes)) yield { level: 'warn', about, text: `${text}. Update the app from its manifest and install it again.` };
  yield* examineAppToken(slack, log);
  const lookUp = createLookUp(clients, scopes);
  // Without the scopes to look anything up, nothing more can be told.
  if (missing.length === 0) yield* examineNames(config, clients, lookUp);
  return { clients, lookUp };
}

async function* examineAppToken(slack: SlackConfig, log: Log): AsyncGenerator<Verdict> {
  if (slack.mode !== 'socket') return;
  const client = new WebClient(slack.appToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, timeout: 5000, logger: sdkLogger(log) });
  try {
    await client.apps.connections.open({});
    yield { level: 'ok', about, text: 'the app-level token opens sockets' };
  } catch (error) {
    yield { level: 'fail', about, text: tokenProblem('app-level token', error, 'Make one with connections:write under "Basic Information".') };
  }
}

/** A token that Slack refuses needs another one; a Slack that does not answer says nothing about it. */
function tokenProblem(token: string, error: unknown, advice: string): string {
  const code = error instanceof TokenRefused ? error.code : refusalCode(error);
  if (code !== undefined) return `the ${token} cannot be used: ${code}. ${advice}`;
  return `nobody knows whether the ${token} can be used: ${reasonOf(error)}. Look at SLACK_API_URL and the network, and try again.`;
}
