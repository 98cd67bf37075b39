import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { createAccess } from './access/access.ts';
import { createApprovers } from './access/approvers.ts';
import { startBackground, type Background } from './app/background.ts';
import { createClusters, type AddressedCluster } from './app/clusters.ts';
import { startConversation, type Conversation } from './app/conversation.ts';
import { eventDoor } from './app/events/door.ts';
import { startForeground } from './app/foreground.ts';
import { followRangeFiles } from './app/range-files.ts';
import { startServers } from './app/servers.ts';
import { createSide, type Rights, type Shared } from './app/side.ts';
import { connectionSources, repositorySources, tickSources } from './app/tick-sources.ts';
import type { Config, SlackConfig } from './config/config.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import { CONSUMER, PRODUCER } from './queue/connection.ts';
import { createClients } from './slack/clients.ts';
import { botName, whoAmI, type SlackIdentity } from './slack/connect.ts';
import { createCourier } from './slack/courier.ts';
import { createDirectory } from './slack/directory.ts';
import { createHttpReceiver } from './slack/http-receiver.ts';
import { sdkLogger } from './slack/logger.ts';
import { createSlackMembers } from './slack/members.ts';
import { createSocketReceivers } from './slack/receivers.ts';
import { openRedis } from './store/connect.ts';
import { createEventInbox } from './store/event-inbox.ts';

/** The services that the process talks to; the sandbox's and the real ones are told apart by their addresses only. */
export interface Endpoints {
  readonly redisUrl: string;
  readonly slack: Exclude<SlackConfig, { readonly mode: 'sandbox' }>;
  readonly clusters: readonly AddressedCluster[];
}

export interface AppOptions {
  readonly config: Config;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  readonly log: Log;
  /** Something that only a person can mend, in one sentence; the process cannot go on. */
  readonly onFatal: (reason: string) => void;
}

export interface RunningApp {
  /** Port of health checks and, in HTTP mode, Slack's requests. */
  readonly port: number;
  /** Port on which clusters send over TLS; undefined where they cannot. */
  readonly eventsPort: number | undefined;
  /** Settled once people can talk to it, which takes as long as Slack does not answer; at once for a worker. */
  readonly connected: Promise<void>;
  /** Takes no new work, finishes or hands back what there is, and closes every connection. */
  readonly stop: () => Promise<void>;
}

/** Path that Slack sends to in HTTP mode. */
export const SLACK_PATH = '/slack/events';

/** Work that does not end by itself is left after this long: another process takes it up. */
const STOP_MS = 8000;
const CLOSE_MS = 1000;

/** Joins everything and starts it: jobs first, so that scans go on while Slack does not answer, then the conversation. */
export async function startApp({ config: given, endpoints, clock, log, onFatal }: AppOptions): Promise<RunningApp> {
  const ranges = followRangeFiles(given, log);
  const config = { ...given, connections: ranges.connections };
  const { slack, redisUrl } = endpoints;
  const { role, keepMs } = config;
  const logger = sdkLogger(log);
  const clients = createClients(slack.botToken, slack.apiUrl, logger);
  const courier = createCourier(clients.bulk, clock);
  const directory = createDirectory(clients.interactive, clock);
  const http = slack.mode === 'http' && role !== 'worker' ? createHttpReceiver(slack.signingSecret, SLACK_PATH, logger, clock.now) : undefined;
  const sockets = slack.mode === 'socket' && role !== 'worker' ? createSocketReceivers({ ...slack, count: slack.sockets, log, onRefused: ({ message }) => onFatal(message) }) : undefined;
  const receiver = sockets ?? http?.receiver;
  let conversation: Conversation | undefined;
  const shared = sharedOf(
    { config, endpoints, clock, log },
    {
      rangeProblems: ranges.problems,
      slackMembers: createSlackMembers(clients.bulk, (ms, signal) => wait(ms, undefined, { signal })),
      slackProblem: () => courier.problem() ?? conversation?.problem(),
      scopes: () => conversation?.scopes(),
      installation: once(async () => config.installation ?? botName(await whoAmI(clients.bulk))),
    },
  );
  const rightsFor = (teamId: string): Rights => {
    const surroundings = { grants: config.grants, directory, teamId, sharedChannels: config.sharedChannels, log };
    return { access: createAccess(surroundings), approversFor: (hasLeft) => createApprovers({ ...surroundings, settings: config.approvals, hasLeft, clock }) };
  };

  const isReady = () => role === 'worker' || conversation?.isConnected() === true;
  const { patient, impatient, disconnect: leave } = connections(redisUrl, log);
  const disconnect = (): void => {
    ranges.stop();
    leave();
  };
  const events = eventDoor({ events: config.events, inbox: createEventInbox(impatient), clock, log });
  const servers = await startServers(config, { isReady, ...(http && { slack: { path: SLACK_PATH, listener: http.listener } }), ...(events && { events }) }, log).catch((error: unknown) => {
    disconnect();
    throw error;
  });
  const jobsSide = createSide(patient, rightsFor(''), shared);
  let background: Background | undefined;
  try {
    await Promise.all([whenReady(patient), whenReady(impatient)]);
    for (const { cluster } of config.connections) await jobsSide.services.connections.adopt(cluster);
    if (role !== 'bot') background = await startBackground(jobsSide, courier, config, shared);
  } catch (error) {
    disconnect();
    await servers.stop();
    throw error;
  }
  if (receiver !== undefined) {
    const begin = (identity: SlackIdentity) =>
      startForeground(createSide(impatient, rightsFor(identity.teamId), shared), { identity, botToken: slack.botToken, keepMs, clients, directory, logger, receiver, slackSource: config.people.sources.find(({ type }) => type.name === 'slack')?.name });
    conversation = startConversation({ client: clients.interactive, receiver, openSockets: sockets?.open, begin, log, onFatal });
  }
  const end = async (): Promise<void> => {
    await within(STOP_MS, [conversation?.stop(), servers.stop(), background?.stop()], log);
    await within(CLOSE_MS, [conversation?.close(), jobsSide.queues.close()], log);
    disconnect();
  };
  let ended: Promise<void> | undefined;
  return { port: servers.port, eventsPort: servers.eventsPort, connected: conversation?.connected ?? Promise.resolve(), stop: () => (ended ??= end()) };
}

function connections(redisUrl: string, log: Log) {
  const [patient, impatient] = [openRedis(redisUrl, CONSUMER, log), openRedis(redisUrl, PRODUCER, log)];
  const disconnect = (): void => [patient, impatient].forEach((redis) => redis.disconnect());
  return { patient, impatient, disconnect };
}

/** Waits for the ends of all parts, but no longer; one that fails keeps no other from its end. */
async function within(ms: number, ends: readonly (Promise<void> | undefined)[], log: Log): Promise<void> {
  const all = ends.map(async (end) => {
    await end?.catch((error: unknown) => log.warn({ error }, 'a part of the bot did not end in order'));
  });
  const timer = new AbortController();
  await Promise.race([Promise.all(all), wait(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}

/** Remembers what was found, and asks again as long as nothing was. */
function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined;
  return () => {
    const asked = (known ??= ask());
    asked.catch(() => (known = undefined));
    return asked;
  };
}

function sharedOf({ config, endpoints, clock, log }: Pick<AppOptions, 'config' | 'endpoints' | 'clock' | 'log'>, slack: Pick<Shared, 'rangeProblems' | 'slackMembers' | 'slackProblem' | 'scopes' | 'installation'>): Shared {
  const clusters = createClusters(endpoints.clusters, config.checks);
  const names = clusters.all().map(({ name }) => name);
  const digests = config.digests.map((digest) => ({ ...digest, clusters: digest.clusters ?? names }));
  return { config, clock, log, clusters, digests, sources: [...tickSources(clusters.all(), digests, config.people.sources.length === 0 ? undefined : { cron: config.people.schedule, timeZone: config.timeZone }), ...repositorySources(config.repositories), ...connectionSources(config.connections, config.timeZone)], ...slack };
}

function whenReady(redis: Redis): Promise<void> {
  return redis.status === 'ready' ? Promise.resolve() : new Promise((resolve) => redis.once('ready', () => resolve()));
}
