import { gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { startEventWork } from '#src/app/events/work.ts';
import { createConnectionStage } from '#src/app/events/connections.ts';
import { systemClock } from '#src/clock.ts';
import { createBatchJudge } from '#src/events/judge-batch.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { createEventDoor, EVENTS_PATH } from '#src/http/event-door.ts';
import { startHttpServer } from '#src/http/server.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import type { Log } from '#src/model/log.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { CONSUMER } from '#src/queue/connection.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { keys } from '#src/store/keys.ts';
import { generateLog } from '../audit/log.ts';
import { BenchFault, least, measureRounds, sampleOf, type Bench } from '../harness.ts';
import { startRealRedis } from '../redis.ts';

const SIZES = { small: 40_000, full: 300_000 } as const;
/** As many as an API server sends at once. */
const BATCH = 400;
const SENDERS = 4;
const CLUSTER = 'prod';
const TOKEN = 'token';
const COMMANDS_PER_EVENT = 0.02;

export const bench: Bench = {
  name: 'webhook',
  summary: 'batches of an API server through the door to their effects in Redis (A3)',
  async run(options) {
    const { lines } = generateLog(SIZES[options.size], options.seed);
    const bodies = Array.from({ length: Math.ceil(lines.length / BATCH) }, (_, index) => bodyOf(lines.slice(index * BATCH, (index + 1) * BATCH)));
    const world = await startWorld();
    try {
      options.note(`${lines.length} events in ${bodies.length} packed batches: ${options.pairs} pairs`);
      const samples = await measureRounds({ discard: () => sampleOf(() => sendAll(bodies, world.discardPort)), keep: () => sampleOf(() => keepAll(bodies, world)) }, options.pairs);
      await world.empty();
      const before = { ...(await world.settled()), commands: world.commands() };
      await sendAll(bodies, world.keepPort);
      await world.workThrough();
      const after = { commands: world.commands(), ...(await world.settled()) };
      if (after.events - before.events !== lines.length) throw new BenchFault(`${lines.length} events were sent, and ${after.events - before.events} came through`);
      const perSecond = (name: keyof typeof samples) => lines.length / least(samples[name].map(({ wallMs }) => wallMs));
      return {
        targets: [{ id: 'A3', says: 'commands to Redis per event, from the door to the last effect', atMost: COMMANDS_PER_EVENT, unit: '', value: (after.commands - before.commands) / lines.length }],
        figures: [
          { name: 'taken and forgotten', value: perSecond('discard'), unit: 'k events/s' },
          { name: 'taken and kept', value: perSecond('keep'), unit: 'k events/s' },
          { name: 'CPU of door and sender together, kept', value: (least(samples.keep.map(({ cpuMs }) => cpuMs)) * 1000) / lines.length, unit: 'µs per event' },
        ],
      };
    } finally {
      await world.stop();
    }
  },
};

function bodyOf(lines: readonly string[]): Buffer {
  return gzipSync(`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${lines.join(',')}]}`);
}

interface World {
  readonly discardPort: number;
  readonly keepPort: number;
  /** Batches that wait are thrown away, so that there is room for more, and nothing is remembered of them. */
  readonly empty: () => Promise<void>;
  /** Judges and records all that waits. */
  readonly workThrough: () => Promise<void>;
  readonly settled: () => Promise<{ readonly events: number }>;
  /** Sent to Redis so far; what scripts do there is not counted. */
  readonly commands: () => number;
  readonly stop: () => Promise<void>;
}

async function keepAll(bodies: readonly Buffer[], world: World): Promise<void> {
  await world.empty();
  await sendAll(bodies, world.keepPort);
}

async function sendAll(bodies: readonly Buffer[], port: number): Promise<void> {
  const left = [...bodies];
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const send = async () => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      const { status } = await fetch(`http://127.0.0.1:${port}${EVENTS_PATH}${CLUSTER}/audit`, { method: 'POST', headers, body: new Uint8Array(body) });
      if (status !== 200) throw new BenchFault(`the door answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

async function startWorld(): Promise<World> {
  const server = await startRealRedis();
  const redis = new Redis(server.url, CONSUMER);
  // Looks at how far it is, and is not counted.
  const onlooker = new Redis(server.url, CONSUMER);
  const inbox = createEventInbox(redis);
  const faults: string[] = [];
  const log: Log = { debug: () => undefined, info: () => undefined, warn: (_, text) => void faults.push(text), error: (_, text) => void faults.push(text) };
  const clock = systemClock;
  const open = async (keep: (text: string | undefined) => Promise<boolean>) => {
    const listener = createEventDoor({ senders: [{ cluster: CLUSTER, feed: 'audit', proof: async () => ({ token: TOKEN, certificate: undefined }) }], keep: (_, __, text) => keep(text), clock, log, limits: { perSecond: 1_000_000 } });
    return startHttpServer({ host: '127.0.0.1', port: 0, isReady: () => true, events: { prefix: EVENTS_PATH, listener } });
  };
  const [discard, keep] = await Promise.all([open(async () => true), open((text) => inbox.keep(CLUSTER, { feed: 'audit', text, cameAtMs: clock.now().getTime() }))]);
  let sent = 0;
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...command) => {
    sent += 1;
    return send(...command);
  };
  return {
    discardPort: discard.port,
    keepPort: keep.port,
    async empty() {
      for (let batch = await inbox.next(CLUSTER); batch !== undefined; batch = await inbox.next(CLUSTER)) await inbox.settle(CLUSTER, batch, { events: 0, malformed: 0, lost: 0 });
      await onlooker.del(keys.eventsOfLate(CLUSTER), keys.eventsOfLateBytes(CLUSTER));
    },
    async workThrough() {
      const clusters = { open: () => Promise.reject(new BenchFault('no cluster is watched here')) };
      const work = startEventWork({
        cluster: CLUSTER,
        inbox,
        activity: createActivityStore(redis),
        beginJudge: () => createBatchJudge({ cluster: CLUSTER, detections, settings: NO_DETECTION_SETTINGS, onFault: (detection) => void faults.push(`${detection} failed`) }),
        connections: createConnectionStage({ redis, settings: undefined, clusters, containers: { ofFlows: (flows) => Promise.resolve(flows) }, approvals: { open: () => Promise.resolve([]) }, runs: { observe: () => Promise.resolve() }, podLabels: () => Promise.resolve(undefined), onNew: async () => undefined, clock, log }),
        selfTests: { came: async () => undefined },
        tell: async () => undefined,
        clock,
        log,
      });
      while ((await onlooker.xlen(keys.eventBatches(CLUSTER))) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await work.stop();
    },
    settled: async () => ({ events: (await inbox.counts(CLUSTER, 'audit'))?.events ?? 0 }),
    commands: () => sent,
    async stop() {
      await Promise.all([discard.stop(), keep.stop()]);
      redis.disconnect();
      onlooker.disconnect();
      await server.stop();
      if (faults.length > 0) throw new BenchFault(`the bot complained: ${[...new Set(faults)].join('; ')}`);
    },
  };
}
