import type { Redis } from 'ioredis';
import type { MapSnapshot, MapSnapshots } from '#src/model/network-map.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Days that are kept for each cluster: enough for a cluster that is looked at once a week. */
const DAYS = 8;

/** KEYS: maps of the cluster. ARGV: day, map, days to keep, ms to keep. */
const KEEP = script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local days = redis.call('HKEYS', KEYS[1])
table.sort(days)
for i = 1, #days - tonumber(ARGV[3]) do redis.call('HDEL', KEYS[1], days[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`);

/** Network maps of the last days in Redis. Those of a cluster are forgotten `keepMs` after the last one was made. */
export function createMapSnapshots(redis: Redis, keepMs: number): MapSnapshots {
  return {
    async before(cluster, day) {
      const last = (await redis.hkeys(keys.maps(cluster))).filter((one) => one < day).sort().at(-1);
      const stored = last === undefined ? null : await redis.hget(keys.maps(cluster), last);
      return stored === null ? undefined : (JSON.parse(stored) as MapSnapshot);
    },
    async keep(cluster, day, snapshot) {
      await KEEP(redis, [keys.maps(cluster)], [day, JSON.stringify(snapshot), DAYS, keepMs]);
    },
  };
}
