import { keys } from './keys.ts';
import { script } from './script.ts';

// In every script KEYS[1] is the message, a hash, and ARGV[1] its id. The other keys follow from the channel, which only the hash
// knows for sure; they are in the same slot.

/** More turns than there will ever be. */
const AHEAD = 1_000_000_000_000;

/**
 * `file` keeps a message on the list that it belongs to, where it keeps its turn, or on none, and its channel among the busy ones. What
 * is posted ahead of others has a negative turn; its changes wait like all others, which it would keep from being looked at.
 * `places` reads where it stands, `keep` writes it, `add` puts a place behind those that are known.
 */
const COMMON = `
local message, id = KEYS[1], ARGV[1]
local function file(channel, isDue)
  local posts, changes = '${keys.channelPosts('')}' .. channel, '${keys.channelChanges('')}' .. channel
  local turn = redis.call('ZSCORE', posts, id) or redis.call('ZSCORE', changes, id)
  local stands = redis.call('HEXISTS', message, 'places') == 1
  local isAhead = not stands and redis.call('HGET', message, 'ahead') == '1'
  if turn and ((isAhead and tonumber(turn) > 0) or (stands and tonumber(turn) < 0)) then turn = nil end
  redis.call('ZREM', posts, id)
  redis.call('ZREM', changes, id)
  if isDue then
    redis.call('ZADD', stands and changes or posts, turn or (redis.call('INCR', '${keys.workOrder()}') - (isAhead and ${AHEAD} or 0)), id)
    redis.call('SADD', '${keys.busyChannels()}', channel)
  elseif redis.call('EXISTS', posts, changes) == 0 then
    redis.call('SREM', '${keys.busyChannels()}', channel)
  end
end
local function count(what, change)
  redis.call('HINCRBY', '${keys.messageCounts()}', what, change)
end
local function places()
  local stored = redis.call('HGET', message, 'places')
  return stored and cjson.decode(stored) or {}
end
local function keep(list)
  if #list == 0 then redis.call('HDEL', message, 'places') else redis.call('HSET', message, 'places', cjson.encode(list)) end
end
local function same(a, b)
  return a.ts == b.ts and a.channel == b.channel
end
local function add(place)
  local list = places()
  for _, known in ipairs(list) do if same(known, place) then return false end end
  table.insert(list, place)
  keep(list)
  return true
end
`;

/** ARGV: hash, ms to keep, channel, revision, urgency, then fields and values. Answers whether it is due, and its channel. Progress that comes late never takes the place of a result, nor an earlier revision that of a later one; progress upon a decision that nobody has seen yet is as urgent as that. */
export const PUT = script(`${COMMON}
local channel = redis.call('HGET', message, 'channel') or ARGV[4]
local state = redis.call('HGET', message, 'state')
local isLate = tonumber(ARGV[5]) < tonumber(redis.call('HGET', message, 'revision') or '0')
if tonumber(ARGV[5]) == 0 and ARGV[6] == 'progress' and redis.call('HGET', message, 'urgency') == 'result' then isLate = true end
if isLate or redis.call('HGET', message, 'hash') == ARGV[2] then return {(state == 'pending' or state == 'sending') and 1 or 0, channel} end
local isUnseen = state == 'pending' or state == 'sending'
local isAwaited = isUnseen and ARGV[6] == 'progress' and redis.call('HGET', message, 'urgency') == 'decision'
redis.call('HSET', message, 'hash', ARGV[2], 'channel', channel, 'plain', '0', 'urgency', unpack(ARGV, 6))
if isAwaited then redis.call('HSET', message, 'urgency', 'decision') end
redis.call('HINCRBY', message, 'version', 1)
redis.call('PEXPIRE', message, ARGV[3])
if state == 'failed' then count('failed', -1) end
if not isUnseen then redis.call('HSET', message, 'state', 'pending', 'failures', 0, 'notBefore', 0) end
file(channel, true)
return {1, channel}`);

/** ARGV: state, version and number of takings as they were read, until when. Answers the number of takings, or 0. */
export const TAKE = script(`
local read = redis.call('HMGET', KEYS[1], 'state', 'version', 'taken')
if read[1] ~= ARGV[1] or read[2] ~= ARGV[2] or (read[3] or '0') ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'state', 'sending', 'notBefore', ARGV[4])
return redis.call('HINCRBY', KEYS[1], 'taken', 1)`);

/** ARGV: number of takings and version as they were read, place found or '', list of places gone, then fields and values. */
export const SETTLE = script(`${COMMON}
if redis.call('EXISTS', message) == 0 then return 0 end
local found = ARGV[4] ~= '' and cjson.decode(ARGV[4])
if (redis.call('HGET', message, 'taken') or '0') ~= ARGV[2] then
  if found then add(found) end
  return 0
end
local before = redis.call('HMGET', message, 'state', 'lost')
if #ARGV > 5 then redis.call('HSET', message, unpack(ARGV, 6)) end
if found then add(found) end
local standing = {}
for _, place in ipairs(places()) do
  local isGone = false
  for _, gone in ipairs(cjson.decode(ARGV[5])) do isGone = isGone or same(place, gone) end
  if not isGone then table.insert(standing, place) end
end
keep(standing)
local after = redis.call('HMGET', message, 'state', 'lost', 'version', 'channel')
if (before[2] or '0') == '0' and (after[2] or '0') ~= '0' then count('maybeDouble', 1) end
local isDue = after[1] == 'pending'
if not isDue and after[3] ~= ARGV[3] then
  redis.call('HSET', message, 'state', 'pending', 'failures', 0, 'notBefore', 0)
  isDue = true
end
if not isDue and after[1] == 'failed' and before[1] ~= 'failed' then count('failed', 1) end
file(after[4], isDue)
return 1`);

/** ARGV: place. A version of its own makes sure that a change under way does not count as done for it. */
export const ADOPT = script(`${COMMON}
if redis.call('EXISTS', message) == 0 or not add(cjson.decode(ARGV[2])) then return 0 end
redis.call('HINCRBY', message, 'version', 1)
local state = redis.call('HGET', message, 'state')
if state == 'failed' then count('failed', -1) end
if state ~= 'pending' and state ~= 'sending' then redis.call('HSET', message, 'state', 'pending', 'failures', 0, 'notBefore', 0) end
file(redis.call('HGET', message, 'channel'), true)
return 1`);

/** ARGV: number of takings as it was read, channel. */
export const RETARGET = script(`${COMMON}
local channel = redis.call('HGET', message, 'channel')
if not channel or (redis.call('HGET', message, 'taken') or '0') ~= ARGV[2] then return 0 end
file(channel, false)
redis.call('HSET', message, 'channel', ARGV[3], 'state', 'pending', 'notBefore', 0)
file(ARGV[3], true)
return 1`);

/** ARGV: channel. Takes a message that has expired off the lists. */
export const FORGET = script(`${COMMON}
if redis.call('EXISTS', message) == 0 then file(ARGV[2], false) end
return 1`);
