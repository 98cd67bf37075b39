import type { Redis } from 'ioredis';
import { workloadKey } from '#src/model/connection-key.ts';
import type { ConnectionWatch } from '#src/model/connection-watch.ts';
import { chunksOf } from './chunks.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Most workloads of one command. */
const AT_ONCE = 500;

/** ARGV: moment, longest gap. Time only moves forward: what comes late adds nothing. */
const SEEN = script(`
local last = redis.call('HGET', KEYS[1], 'last')
local at = tonumber(ARGV[1])
local passed = last and at - tonumber(last) or 0
if passed > 0 and passed <= tonumber(ARGV[2]) then redis.call('HINCRBY', KEYS[1], 'observed', string.format('%d', passed)) end
if not last or passed > 0 then redis.call('HSET', KEYS[1], 'last', ARGV[1]) end
return redis.call('HGET', KEYS[1], 'observed') or '0'`);

/** KEYS: watch, beginnings. ARGV: workloads. */
const BEGIN = script(`
local observed = redis.call('HGET', KEYS[1], 'observed') or '0'
for _, workload in ipairs(ARGV) do redis.call('HSETNX', KEYS[2], workload, observed) end
return redis.call('HMGET', KEYS[2], unpack(ARGV))`);

/** ARGV: day, then what and how often by turns. */
const UNTOLD = script(`
if (redis.call('HGET', KEYS[1], 'day') or '') < ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'day', ARGV[1])
end
for index = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[index], ARGV[index + 1]) end
return 1`);

/** How long workloads are watched, in Redis. */
export function createConnectionWatch(redis: Redis): ConnectionWatch {
  const observedMs = async (cluster: string): Promise<number> => Number((await redis.hget(keys.connectionWatch(cluster), 'observed')) ?? 0);
  return {
    observedMs,
    seenUntil: async (cluster, atMs, gapMs) => Number(await SEEN(redis, [keys.connectionWatch(cluster)], [atMs, gapMs])),
    async begin(cluster, workloads) {
      const begun: number[] = [];
      for (const some of chunksOf(workloads, AT_ONCE)) {
        begun.push(...((await BEGIN(redis, [keys.connectionWatch(cluster), keys.learnedSince(cluster)], some.map(workloadKey))) as readonly string[]).map(Number));
      }
      return begun;
    },
    async endLearning(cluster, workloads) {
      for (const some of chunksOf(workloads, AT_ONCE)) await redis.hset(keys.learnedSince(cluster), Object.fromEntries(some.map((workload) => [workloadKey(workload), -Infinity])));
    },
    async watchedMs(cluster, workloads) {
      if (workloads.length === 0) return [];
      const [now, begun] = await Promise.all([observedMs(cluster), redis.hmget(keys.learnedSince(cluster), ...workloads.map(workloadKey))]);
      return begun.map((since) => (since === null ? undefined : now - Number(since)));
    },
    async all(cluster) {
      const [now, begun] = await Promise.all([observedMs(cluster), redis.hvals(keys.learnedSince(cluster))]);
      return begun.map((since) => now - Number(since));
    },
    async countUntold(cluster, day, counts) {
      const entries = Object.entries(counts);
      if (entries.length > 0) await UNTOLD(redis, [keys.connectionsUntold(cluster)], [day, ...entries.flat()]);
    },
    async untold(cluster, day) {
      const { day: counted, ...counts } = await redis.hgetall(keys.connectionsUntold(cluster));
      return counted === day ? Object.fromEntries(Object.entries(counts).map(([what, count]) => [what, Number(count)])) : {};
    },
  };
}
