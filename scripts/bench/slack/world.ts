import { Redis } from 'ioredis';
import { createSide, type Side } from '#src/app/side.ts';
import type { Clock } from '#src/model/clock.ts';
import { ClusterUnreachable, readOnlyCluster, type Clusters } from '#src/model/clusters.ts';
import type { Log } from '#src/model/log.ts';
import { NO_ACCESS_SETTINGS, NO_APPROVAL_SETTINGS } from '#src/model/settings.ts';
import type { ObjectSource } from '#src/model/source.ts';
import type { DeliveryDeps } from '#src/outbox/deliver.ts';
import { CONSUMER } from '#src/queue/connection.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { createClients } from '#src/slack/clients.ts';
import { createCourier } from '#src/slack/courier.ts';
import { sdkLogger } from '#src/slack/logger.ts';
import { slackManifest } from '#src/slack/manifest.ts';
import { createButtons } from '#src/store/buttons.ts';
import { createPace } from '#src/store/pace.ts';
import { templates } from '#templates/index.gen.ts';
import { productionClusters } from '../clusters.ts';
import { BenchFault } from '../harness.ts';
import { startRealRedis } from '../redis.ts';

/** The jobs' side of the bot, against a Slack that tolerates no burst and a Redis of its own. Nothing is delivered by itself. */
export interface World {
  readonly slack: SlackSandbox;
  readonly redis: Redis;
  readonly side: Side;
  readonly deps: DeliveryDeps;
  readonly log: Log;
  /** On Slack's clock. */
  readonly clock: Clock;
  /** @throws {BenchFault} when something went wrong that only the log tells. */
  readonly stop: () => Promise<void>;
}

const KEEP_MS = 24 * 3600_000;

export async function startWorld(clockMode: 'running' | 'manual', sources: ReadonlyMap<string, ObjectSource>): Promise<World> {
  const server = await startRealRedis();
  const slack = await startSlackSandbox({ manifest: slackManifest({ mode: 'socket' }), clock: clockMode });
  slack.control.rates.postBurst = 1;
  const redis = new Redis(server.url, CONSUMER);
  const { clock } = slack.control;
  const faults: string[] = [];
  const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (_, text) => void faults.push(text) };
  const people = { sources: [], schedule: 'off', shrinkLimitPercent: 10, access: NO_ACCESS_SETTINGS };
  const config = { keepMs: KEEP_MS, timeZone: 'UTC', approvals: NO_APPROVAL_SETTINGS, people, repositories: [], grants: undefined, events: [], connections: [] };
  const shared = { config, clock, log, clusters: clustersOf(sources), digests: [], sources: [], slackMembers: undefined, slackProblem: () => undefined, installation: () => Promise.resolve('bench'), rangeProblems: () => [], scopes: () => undefined };
  const may = () => Promise.resolve({ allowed: true } as const);
  const side = createSide(redis, { access: { may }, approversFor: () => ({ may, ids: () => [] }) }, shared);
  const buttons = createButtons(redis, KEEP_MS);
  const deps: DeliveryDeps = {
    rows: side.rows,
    pace: createPace(redis),
    courier: createCourier(createClients(slack.botToken, slack.apiUrl, sdkLogger(log)).bulk, clock),
    clock,
    log,
    templates,
    zone: 'UTC',
    issue: (message) => (action) => buttons.issue({ action, message }),
    wake: side.queues.wake,
  };
  return {
    slack,
    redis,
    side,
    deps,
    log,
    clock,
    async stop() {
      await side.queues.close();
      redis.disconnect();
      await slack.stop();
      await server.stop();
      if (faults.length > 0) throw new BenchFault(`the bot logged errors: ${[...new Set(faults)].join('; ')}`);
    },
  };
}

function clustersOf(sources: ReadonlyMap<string, ObjectSource>): Clusters {
  return productionClusters([...sources.keys()], (name) => {
    const source = sources.get(name);
    return source === undefined ? Promise.reject(new ClusterUnreachable(`there is no cluster ${name}`)) : Promise.resolve(readOnlyCluster(source));
  });
}
