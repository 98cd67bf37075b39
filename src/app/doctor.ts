import { WebClient, type UsergroupsUsersListResponse, type UsersInfoResponse } from '@slack/web-api';
import type { Config, SlackConfig } from '#src/config/config.ts';
import { configFor } from '#src/kube/contexts.ts';
import { notListable } from '#src/kube/permissions.ts';
import { createApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { kindsOf } from '#src/model/check.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import type { Log } from '#src/model/log.ts';
import { createClients, type SlackClients } from '#src/slack/clients.ts';
import { whoAmI } from '#src/slack/connect.ts';
import { slackFailure } from '#src/slack/failure.ts';
import { sdkLogger } from '#src/slack/logger.ts';
import { missingFeatures, REQUIRED_SCOPES } from '#src/slack/manifest.ts';
import { refusalCode, TokenRefused } from '#src/slack/refusal.ts';
import { addressOf, inspectRedis, redisFaults, RedisUnusable } from '#src/store/connect.ts';
import { formatVersion } from '#src/model/version.ts';
import { checks } from '#src/checks/index.gen.ts';
import { addressedClusters, type AddressedCluster } from './clusters.ts';

/** One thing that was looked at: `fail` keeps the bot from working, `warn` switches something off or risks something. */
export interface Verdict {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly about: 'Redis' | 'Slack' | 'Cluster';
  /** What was found; for `warn` and `fail` also what to do. */
  readonly text: string;
}

const CLUSTER_MS = 20_000;

/** Looks at everything that a configuration names; yields a verdict for each thing as soon as it is known. */
export async function* examine(config: Config, log: Log): AsyncGenerator<Verdict> {
  yield* examineRedis(config.redisUrl);
  yield* examineSlack(config, log);
  yield* examineClusters(config);
}

async function* examineRedis(url: string | undefined): AsyncGenerator<Verdict> {
  const about = 'Redis';
  if (url === undefined) {
    yield { level: 'warn', about, text: 'REDIS_URL is not set: the sandbox’s Redis is used, and nothing survives a restart. Set REDIS_URL.' };
    return;
  }
  try {
    const facts = await inspectRedis(url);
    const faults = redisFaults(facts);
    if (faults.length === 0) yield { level: 'ok', about, text: `${facts.server} ${facts.version} at ${addressOf(url)}` };
    for (const { fatal, text } of faults) yield { level: fatal ? 'fail' : 'warn', about, text: `${addressOf(url)}: ${text}.` };
    if (facts.evictionPolicy === undefined) yield { level: 'warn', about, text: `${addressOf(url)}: does not tell its maxmemory-policy; make sure that it is noeviction.` };
  } catch (error) {
    if (!(error instanceof RedisUnusable)) throw error;
    yield { level: 'fail', about, text: `${error.message}. Check REDIS_URL and that the server runs.` };
  }
}

async function* examineSlack({ slack, ...config }: Config, log: Log): AsyncGenerator<Verdict> {
  const about = 'Slack';
  if (slack.mode === 'sandbox') {
    yield { level: 'warn', about, text: 'SLACK_BOT_TOKEN is not set: the sandbox chat is used. Set it together with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.' };
    return;
  }
  const clients = createClients(slack.botToken, slack.apiUrl, sdkLogger(log));
  let scopes: readonly string[] | undefined;
  try {
    const identity = await whoAmI(clients.interactive);
    ({ scopes } = identity);
    yield { level: 'ok', about, text: `the bot token belongs to the workspace ${identity.teamName}` };
  } catch (error) {
    yield { level: 'fail', about, text: tokenProblem('bot token', error, 'Copy it from "Install App" in the app’s settings.') };
    return;
  }
  const missing = REQUIRED_SCOPES.filter((scope) => scopes?.includes(scope) === false);
  if (missing.length > 0) yield { level: 'fail', about, text: `scopes are missing: ${missing.join(', ')}. Update the app from its manifest and install it again.` };
  if (scopes === undefined) yield { level: 'warn', about, text: 'what the bot may do was not told, so nobody knows whether scopes are missing' };
  else for (const text of missingFeatures(scopes)) yield { level: 'warn', about, text: `${text}. Update the app from its manifest and install it again.` };
  yield* examineAppToken(slack, log);
  // Without the scopes to look anything up, nothing more can be told.
  if (missing.length === 0) yield* examineNames(config, clients, scopes);
}

async function* examineNames({ channel, digests, clusters, grants, sharedChannels }: Omit<Config, 'slack'>, clients: SlackClients, scopes: readonly string[] | undefined): AsyncGenerator<Verdict> {
  const own = clusters.from === 'named' ? clusters.clusters.map((cluster) => cluster.channel) : [];
  const channels = [channel, ...own, ...digests.map((digest) => digest.channel)].filter((id) => id !== undefined);
  const members = (grants ?? []).map(({ who }) => who).filter((who) => who !== '*' && (!isGroup(who) || scopes?.includes('usergroups:read') !== false));
  yield* examineEach([...new Set(channels)], (id) => channelVerdict(clients, id, sharedChannels.includes(id)));
  yield* examineEach([...new Set(members)], (id) => memberVerdict(clients, id));
}

async function* examineAppToken(slack: SlackConfig, log: Log): AsyncGenerator<Verdict> {
  const about = 'Slack';
  if (slack.mode !== 'socket') return;
  const client = new WebClient(slack.appToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, timeout: 5000, logger: sdkLogger(log) });
  try {
    await client.apps.connections.open({});
    yield { level: 'ok', about, text: 'the app-level token opens sockets' };
  } catch (error) {
    yield { level: 'fail', about, text: tokenProblem('app-level token', error, 'Make one with connections:write under "Basic Information".') };
  }
}

async function* examineEach(ids: readonly string[], verdict: (id: string) => Promise<Verdict | undefined>): AsyncGenerator<Verdict> {
  for (const id of ids) {
    const found = await verdict(id);
    if (found !== undefined) yield found;
  }
}

async function channelVerdict({ interactive }: SlackClients, id: string, mayBeShared: boolean): Promise<Verdict | undefined> {
  const about = 'Slack';
  try {
    const { channel } = await interactive.conversations.info({ channel: id });
    if (channel?.is_archived) return { level: 'fail', about, text: `the channel ${id} is archived. Choose another one.` };
    if (channel?.is_member === false) return { level: 'fail', about, text: `the bot is not in the channel ${id}. Type /invite @k8ssec there.` };
    const isShared = channel?.is_ext_shared === true || channel?.is_pending_ext_shared === true;
    if (isShared && !mayBeShared) return { level: 'fail', about, text: `the channel ${id} is shared with another organisation. Choose another one, or allow it under slack.sharedChannels.` };
    return undefined;
  } catch (error) {
    return { level: 'fail', about, text: `the channel ${id} cannot be looked up: ${reasonOf(error)}. Invite the bot there, or correct the id.` };
  }
}

async function memberVerdict({ interactive }: SlackClients, id: string): Promise<Verdict | undefined> {
  const about = 'Slack';
  try {
    const problem = isGroup(id) ? groupProblem(await interactive.usergroups.users.list({ usergroup: id })) : personProblem(await interactive.users.info({ user: id }));
    return problem === undefined ? undefined : { level: 'warn', about, text: `${id} has a role, but ${problem}. Remove it under roles.` };
  } catch (error) {
    return { level: 'warn', about, text: `${id} has a role, but cannot be looked up: ${reasonOf(error)}. Correct it under roles.` };
  }
}

function groupProblem({ users = [] }: UsergroupsUsersListResponse): string | undefined {
  return users.length === 0 ? 'nobody is in that group' : undefined;
}

function personProblem({ user }: UsersInfoResponse): string | undefined {
  if (user?.deleted) return 'the account is deactivated';
  if (user?.is_bot) return 'is a bot, and bots have none';
  return user?.is_restricted || user?.is_ultra_restricted ? 'is a guest, and guests have none' : undefined;
}

function isGroup(who: string): boolean {
  return who.startsWith('S');
}

async function* examineClusters(config: Config): AsyncGenerator<Verdict> {
  const about = 'Cluster';
  if (config.clusters.from === 'demo') {
    yield { level: 'warn', about, text: 'no cluster is configured: the demo cluster is used. Name clusters in the configuration file or with --context.' };
    return;
  }
  let clusters: readonly AddressedCluster[];
  try {
    clusters = addressedClusters(config.clusters, config);
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    yield { level: 'fail', about, text: `${error.message}.` };
    return;
  }
  for (const cluster of clusters) yield* examineCluster(cluster);
}

async function* examineCluster({ cluster: { name }, address }: AddressedCluster): AsyncGenerator<Verdict> {
  const about = 'Cluster';
  const signal = AbortSignal.timeout(CLUSTER_MS);
  try {
    const client = createApiClient(configFor(address));
    try {
      const { version } = await openCluster(client, signal);
      yield { level: 'ok', about, text: `${name}: Kubernetes ${formatVersion(version)}` };
      const read = [...new Set(checks.flatMap(kindsOf))].filter((kind) => !kindInfo(kind).addOn);
      for (const kind of await notListable(client, read, signal)) yield missingPermission(name, kind);
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof ClusterUnreachable) && !signal.aborted) throw error;
    yield { level: 'fail', about, text: `${name}: ${error instanceof ClusterUnreachable ? error.message : 'the API server did not answer'}.` };
  }
}

function missingPermission(cluster: string, kind: Kind): Verdict {
  const { resource, optional } = kindInfo(kind);
  const count = checks.filter((check) => kindsOf(check).includes(kind)).length;
  const what = `${cluster}: no permission to list ${resource}, so ${count === 1 ? 'one check is' : `${count} checks are`} not (wholly) evaluated`;
  return { level: 'warn', about: 'Cluster', text: optional ? `${what}. This is optional: bind the ClusterRole k8ssec-scan-optional if you want it.` : `${what}. Bind the ClusterRole k8ssec-scan.` };
}

/** A token that Slack refuses needs another one; a Slack that does not answer says nothing about it. */
function tokenProblem(token: string, error: unknown, advice: string): string {
  const code = error instanceof TokenRefused ? error.code : refusalCode(error);
  if (code !== undefined) return `the ${token} cannot be used: ${code}. ${advice}`;
  return `nobody knows whether the ${token} can be used: ${reasonOf(error)}. Look at SLACK_API_URL and the network, and try again.`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  try {
    const failure = slackFailure(error);
    return failure.kind === 'refused' ? failure.code : failure.kind === 'unavailable' ? failure.reason : 'Slack did not answer';
  } catch {
    return error.message;
  }
}
