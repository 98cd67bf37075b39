import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { createAccess } from './access/access.ts';
import { startBackground } from './app/background.ts';
import { createClusters, type AddressedCluster } from './app/clusters.ts';
import { startForeground, type Foreground } from './app/foreground.ts';
import { createSide, type Shared } from './app/side.ts';
import { tickSources } from './app/tick-sources.ts';
import type { Config, SlackConfig } from './config/config.ts';
import { startHttpServer } from './http/server.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import { CONSUMER, PRODUCER } from './queue/connection.ts';
import { createClients } from './slack/clients.ts';
import { identify, TokenRefused } from './slack/connect.ts';
import { createCourier } from './slack/courier.ts';
import { createDirectory } from './slack/directory.ts';
import { createHttpReceiver } from './slack/http-receiver.ts';
import { sdkLogger } from './slack/logger.ts';
import { missingFeatures } from './slack/manifest.ts';
import { createSocketReceivers } from './slack/receivers.ts';
import { openRedis } from './store/connect.ts';

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
  /** Settled once people can talk to it, which takes as long as Slack does not answer; at once for a worker. */
  readonly connected: Promise<void>;
  /** Takes no new work, finishes or hands back what there is, and closes every connection. */
  readonly stop: () => Promise<void>;
}

/** Path that Slack sends to in HTTP mode. */
export const SLACK_PATH = '/slack/events';

/** Work that does not end by itself is left after this long: another process takes it up. */
const STOP_MS = 8000;

/** Joins everything and starts it: jobs first, so that scans go on while Slack does not answer, then the conversation. */
export async function startApp({ config, endpoints, clock, log, onFatal }: AppOptions): Promise<RunningApp> {
  const { slack, redisUrl } = endpoints;
  const logger = sdkLogger(log);
  const clients = createClients(slack.botToken, slack.apiUrl, logger);
  const courier = createCourier(clients.bulk, clock);
  const directory = createDirectory(clients.interactive, clock);
  let foreground: Foreground | undefined;
  let limits: readonly string[] = [];
  const shared = sharedOf({ config, endpoints, clock, log }, () => courier.problem() ?? foreground?.problem(), () => limits);
  const accessFor = (teamId: string) => createAccess({ grants: config.grants, directory, teamId, sharedChannels: config.sharedChannels, log });

  const [patient, impatient] = [openRedis(redisUrl, CONSUMER, log), openRedis(redisUrl, PRODUCER, log)];
  await Promise.all([whenReady(patient), whenReady(impatient)]);
  const jobsSide = createSide(patient, accessFor(''), shared);
  const background = config.role === 'bot' ? undefined : await startBackground(jobsSide, courier, config, shared);

  const http = slack.mode === 'http' && config.role !== 'worker' ? createHttpReceiver(slack.signingSecret, SLACK_PATH, logger, clock.now) : undefined;
  const isReady = () => config.role === 'worker' || foreground?.isConnected() === true;
  const server = await startHttpServer({ ...config.http, isReady, ...(http && { slack: { path: SLACK_PATH, listener: http.listener } }) });

  const stopping = new AbortController();
  const talk = async (): Promise<void> => {
    const identity = await identify(clients.interactive, log, stopping.signal);
    limits = missingFeatures(identity.scopes);
    const onRefused = (code: string) => onFatal(`Slack refuses the app-level token: ${code}`);
    const sockets = slack.mode === 'socket' ? createSocketReceivers({ appToken: slack.appToken, apiUrl: slack.apiUrl, count: slack.sockets, logger, onRefused }) : undefined;
    const receiver = sockets ?? http?.receiver;
    if (receiver === undefined) return;
    const side = createSide(impatient, accessFor(identity.teamId), shared);
    foreground = await startForeground(side, { identity, botToken: slack.botToken, keepMs: config.keepMs, clients, directory, logger, receiver, openSockets: sockets?.open });
  };
  const connected = config.role === 'worker' ? Promise.resolve() : talk();
  connected.catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    log.error({ error }, 'the conversation with Slack could not be started');
    onFatal(error instanceof TokenRefused ? error.message : 'The conversation with Slack could not be started.');
  });

  return {
    port: server.port,
    connected,
    async stop() {
      stopping.abort();
      const ended = Promise.all([foreground?.stop(), server.stop(), background?.stop()]);
      await Promise.race([ended, wait(STOP_MS, undefined, { ref: false })]);
      await Promise.race([Promise.all([foreground?.close(), jobsSide.queues.close()]), wait(STOP_MS / 8, undefined, { ref: false })]);
      patient.disconnect();
      impatient.disconnect();
    },
  };
}

function sharedOf({ config, endpoints, clock, log }: Pick<AppOptions, 'config' | 'endpoints' | 'clock' | 'log'>, slackProblem: Shared['slackProblem'], limits: Shared['limits']): Shared {
  const clusters = createClusters(endpoints.clusters, config.checks);
  const names = clusters.all().map(({ name }) => name);
  const digests = config.digests.map((digest) => ({ ...digest, clusters: digest.clusters ?? names }));
  return { config, clock, log, clusters, digests, sources: tickSources(clusters.all(), digests), slackProblem, limits };
}

function whenReady(redis: Redis): Promise<void> {
  return redis.status === 'ready' ? Promise.resolve() : new Promise((resolve) => redis.once('ready', () => resolve()));
}
