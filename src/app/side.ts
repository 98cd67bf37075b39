import type { Redis } from 'ioredis';
import type { Config } from '#src/config/config.ts';
import type { Access } from '#src/model/access.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { Digest, Digests } from '#src/model/digests.ts';
import type { Log } from '#src/model/log.ts';
import type { MessageRows } from '#src/model/message-row.ts';
import type { Services } from '#src/model/services.ts';
import { createOutbox } from '#src/outbox/outbox.ts';
import { createQueues, type Queues } from '#src/queue/queue.ts';
import { createSchedules, type TickSource } from '#src/queue/ticker.ts';
import { missingFeatures } from '#src/slack/manifest.ts';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { createScanStore } from '#src/store/scans.ts';
import { createTimes } from '#src/store/times.ts';
import { checks } from '#src/checks/index.gen.ts';
import { commands } from '#commands/index.gen.ts';
import { createHealth } from './health.ts';
import { createScans } from './scans.ts';

/** What both sides of the process have in common. */
export interface Shared {
  readonly config: Pick<Config, 'keepMs' | 'timeZone'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly clusters: Clusters;
  readonly digests: readonly Digest[];
  readonly sources: readonly TickSource[];
  readonly slackProblem: () => string | undefined;
  /** What the bot may do in Slack; undefined until that is known. */
  readonly scopes: () => readonly string[] | undefined;
}

/** The world over one connection to Redis: an impatient one while a person waits, a patient one for jobs. */
export interface Side {
  readonly redis: Redis;
  readonly services: Services;
  readonly rows: MessageRows;
  readonly queues: Queues;
}

export function createSide(redis: Redis, access: Access, shared: Shared): Side {
  const { config, clock, log, clusters, sources, slackProblem, scopes } = shared;
  const queues = createQueues(redis, QUEUE_PREFIX, log);
  const rows = createMessageRows(redis, config.keepMs);
  const outbox = createOutbox(rows, queues.wake);
  const store = createScanStore(redis, config.keepMs);
  const services: Services = {
    clock,
    log,
    zone: config.timeZone,
    checks,
    commands,
    access,
    clusters,
    scans: createScans({ store, queue: queues, outbox, clock, log }),
    scanRuns: store,
    digests: createDigests(redis, shared.digests),
    schedules: createSchedules(sources),
    outbox,
    decisions: createDecisionLog(redis),
    health: createHealth({ queue: queues, rows, slackProblem, limits: () => limitsOf(scopes()) }),
    attachesFiles: () => scopes()?.includes('files:write') ?? true,
  };
  return { redis, services, rows, queues };
}

function limitsOf(scopes: readonly string[] | undefined): readonly string[] {
  return scopes === undefined ? [] : missingFeatures(scopes);
}

function createDigests(redis: Redis, all: readonly Digest[]): Digests {
  const times = createTimes(redis, 'digests');
  const told = (name: string, cluster: string): string => `${name}/${cluster}`;
  return {
    all: () => all,
    find: (name) => all.find((digest) => digest.name === name),
    lastPosted: times.get,
    lastTold: (name, cluster) => times.get(told(name, cluster)),
    async posted(name, at, scans) {
      await times.raise(name, at);
      for (const [cluster, scannedAt] of Object.entries(scans)) await times.raise(told(name, cluster), scannedAt);
    },
  };
}
