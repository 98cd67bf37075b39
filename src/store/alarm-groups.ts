import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { AlarmGroups, AlarmOwner, NewAlarm, ShownAlarm } from '#src/model/event-intake.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** A sender that got no answer comes again within minutes. */
const KEEP_MS = 3 * 24 * 3600_000;
const MINUTE_MS = 60_000;
const ALARMS = 3;
/** Of one group and day, and groups of one cluster; the oldest are forgotten first. */
const MAX_PRINTS = 10_000;
const MAX_KNOWN = 50_000;

/**
 * Whose group an alarm belongs to, once that was known, so that it is the same when the event comes again and the owner cannot be
 * looked up. What was told before the owner was known stays where it was told.
 *
 * KEYS: owner, fingerprints of the group that the event itself tells. ARGV: fingerprint, JSON of the owner or nothing, ms to keep it.
 */
const PLACE = script(`
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return '' end
local owner = redis.call('GET', KEYS[1]) or ARGV[2]
if owner ~= '' then redis.call('SET', KEYS[1], owner, 'PX', ARGV[3]) end
return owner`);

/**
 * KEYS: group, alarms, fingerprints, known groups, told in this minute, untold of the day.
 * ARGV: fingerprint, time, name of the group, rank of the severity, alarm, detection, limit, ms to keep the group, ms to know it,
 * name of the group that the event itself tells, pod or nothing.
 */
const ADD = script(`
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -${MAX_PRINTS + 1})
if redis.call('HINCRBY', KEYS[1], 'count', 1) == 1 then
  local before = redis.call('ZSCORE', KEYS[4], ARGV[3]) or redis.call('ZSCORE', KEYS[4], ARGV[10])
  if before then redis.call('HSET', KEYS[1], 'before', before) end
end
local known = redis.call('ZSCORE', KEYS[4], ARGV[3])
if not known or tonumber(known) < tonumber(ARGV[2]) then redis.call('ZADD', KEYS[4], ARGV[2], ARGV[3]) end
redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -${MAX_KNOWN + 1})
local rank = redis.call('HGET', KEYS[1], 'rank')
if not rank or tonumber(ARGV[4]) < tonumber(rank) then redis.call('HSET', KEYS[1], 'rank', ARGV[4]) end
if ARGV[11] ~= '' and redis.call('HSETNX', KEYS[1], 'pod', ARGV[11]) == 0 and redis.call('HGET', KEYS[1], 'pod') ~= ARGV[11] then
  redis.call('HSET', KEYS[1], 'several', 1)
end
redis.call('LPUSH', KEYS[2], ARGV[5])
redis.call('LTRIM', KEYS[2], 0, ${ALARMS - 1})
if not redis.call('HGET', KEYS[1], 'told') then
  if tonumber(redis.call('GET', KEYS[5]) or '0') < tonumber(ARGV[7]) then
    redis.call('INCR', KEYS[5])
    redis.call('HSET', KEYS[1], 'told', 1)
  elseif not redis.call('HGET', KEYS[1], 'untold') then
    redis.call('HSET', KEYS[1], 'untold', 1)
    redis.call('HINCRBY', KEYS[6], ARGV[6], 1)
  end
end
for _, index in ipairs({ 1, 2, 3, 6 }) do redis.call('PEXPIRE', KEYS[index], ARGV[8]) end
redis.call('PEXPIRE', KEYS[4], ARGV[9])
redis.call('PEXPIRE', KEYS[5], ${2 * MINUTE_MS})
return 1`);

/** Groups of alarms in Redis, by day. */
export function createAlarmGroups(redis: Redis, keepMs: number): AlarmGroups {
  return {
    async add(added) {
      const { cluster, day, fingerprint, detection, severity, atMs, alarm, minute, limit } = added;
      const own = nameOf(added.group);
      const owner = await ownerOf(redis, added, own);
      const name = owner === undefined ? own : nameOf(owner.group);
      const mine = `${cluster}:${day}:${name}`;
      const [hash, list] = [keys.alarmGroup(mine), keys.alarms(mine)];
      const places = [hash, list, keys.alarmPrints(mine), keys.knownAlarms(cluster), keys.toldAlarms(`${cluster}:${minute}`), keys.untoldAlarms(`${cluster}:${day}`)];
      await ADD(redis, places, [fingerprint, atMs, name, SEVERITIES.indexOf(severity), JSON.stringify(alarm), detection, limit, KEEP_MS, keepMs, own, alarm.pod ?? '']);
      const [{ count, rank, before, told, several }, alarms] = await Promise.all([redis.hgetall(hash), redis.lrange(list, 0, -1)]);
      return {
        id: name,
        count: Number(count),
        severity: SEVERITIES[Number(rank)] ?? severity,
        ...(owner !== undefined && { workload: owner.workload }),
        isOfSeveralPods: several === '1',
        alarms: alarms.map((text) => JSON.parse(text) as ShownAlarm),
        beforeMs: before === undefined ? undefined : Number(before),
        isTold: told === '1',
      };
    },
    async untold(cluster, day) {
      const counts = await redis.hgetall(keys.untoldAlarms(`${cluster}:${day}`));
      return Object.fromEntries(Object.entries(counts).map(([detection, count]) => [detection, Number(count)]));
    },
  };
}

async function ownerOf(redis: Redis, { cluster, day, fingerprint, owner }: NewAlarm, own: string): Promise<AlarmOwner | undefined> {
  const place = `${cluster}:${day}:${own}`;
  const text = (await PLACE(redis, [keys.alarmOwner(place), keys.alarmPrints(place)], [fingerprint, owner === undefined ? '' : JSON.stringify(owner), KEEP_MS])) as string;
  return text === '' ? undefined : (JSON.parse(text) as AlarmOwner);
}

function nameOf(group: string): string {
  return createHash('sha256').update(group).digest('base64url');
}
