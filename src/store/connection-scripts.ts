import { CONNECTION_STATES, UNASKED_STATES, type ConnectionOutcome } from '#src/model/connection.ts';
import { script } from './script.ts';

/** From the least to the furthest. */
export const OUTCOMES: readonly ConnectionOutcome[] = ['attempted', 'dropped', 'connected'];

const DAY_MS = 24 * 3600_000;
/** What was approved and not seen for so long is asked about again. */
const FORGOTTEN_MS = 90 * DAY_MS;
const ADDRESSES = 3;
const NAMES = 10;
const SOURCES = 5;
const STATES = CONNECTION_STATES.length;
const UNASKED = UNASKED_STATES.length;
const [NEW, PENDING, APPROVED, DENIED, EXPIRED, RETIRED] = (['new', 'pending', 'approved', 'denied', 'expired', 'retired'] as const).map((state) => CONNECTION_STATES.indexOf(state));
/** Keys that all connections of a cluster share, and those of each connection. See `placesOf`. */
const SHARED = STATES + UNASKED + 1;
const OWN = 3 + UNASKED;

/**
 * Keeps what finds connections equal to their hashes. Places of states count from 0 in the order of CONNECTION_STATES, in which those that
 * nobody was asked about come first. Begins a script whose first argument is the number of namespaces among its keys.
 * `find`: where the keys of a connection are. `enter` and `leave`: it stands in a state now, or not any more; what is in no index of a
 * state (see ADOPT) cannot leave it. `touch`: it was seen later than before.
 */
const INDEX = `
local function find(index, id, workload, namespace)
  local own = ${SHARED} + ${STATES} * tonumber(ARGV[1]) + ${OWN} * (index - 1)
  return {id = id, workload = workload, namespace = ${SHARED} + 1 + ${STATES} * tonumber(namespace), hash = KEYS[own + 1], ofWorkload = KEYS[own + 2], ofRemote = KEYS[own + 3], asks = own + 4}
end
local function toAsk(at, place)
  local first = redis.call('ZRANGE', KEYS[at.asks + place], 0, 0, 'WITHSCORES')
  if first[1] then redis.call('ZADD', KEYS[${STATES} + 1 + place], first[2], at.workload)
  else redis.call('ZREM', KEYS[${STATES} + 1 + place], at.workload) end
end
local function enter(at, place, first, last, request)
  redis.call('ZADD', KEYS[1 + place], last, at.id)
  redis.call('ZADD', KEYS[at.namespace + place], last, at.id)
  if place < ${UNASKED} then
    redis.call('ZADD', KEYS[at.asks + place], first, at.id)
    toAsk(at, place)
  end
  if place == ${PENDING} then redis.call('HINCRBY', KEYS[${SHARED}], request or '', 1) end
end
local function leave(at, place, request)
  if redis.call('ZREM', KEYS[1 + place], at.id) == 0 then return end
  redis.call('ZREM', KEYS[at.namespace + place], at.id)
  if place < ${UNASKED} then
    redis.call('ZREM', KEYS[at.asks + place], at.id)
    toAsk(at, place)
  end
  if place == ${PENDING} and redis.call('HINCRBY', KEYS[${SHARED}], request or '', -1) <= 0 then redis.call('HDEL', KEYS[${SHARED}], request or '') end
end
local function touch(at, place, last)
  redis.call('ZADD', KEYS[1 + place], 'XX', last, at.id)
  redis.call('ZADD', KEYS[at.namespace + place], 'XX', last, at.id)
end`;

/** Puts the texts of the second list, one in each line, before those of the first, each once. */
const MERGE = `
local function merge(before, after, most)
  local known, list = {}, {}
  for text in (after .. '\\n' .. before):gmatch('[^\\n]+') do
    if not known[text] and #list < most then
      known[text] = true
      list[#list + 1] = text
    end
  end
  return table.concat(list, '\\n')
end`;

/** Stops at what numbers hold exactly: a source that counts nonsense must not keep its connections from being recorded. */
const SUM = `
local function sum(before, more) return string.format('%.0f', math.min(tonumber(before) + tonumber(more), ${Number.MAX_SAFE_INTEGER})) end`;

/** Arguments of each connection. */
const ARGS = 17;

/**
 * KEYS: see `placesOf`. ARGV: number of namespaces, most connections of a workload; of each connection: id, workload, place of its
 * namespace, key, first state and its place, first and last moment, count, bytes, outcome, whether it is private, addresses, names,
 * sources, decision and its end.
 * Answers of each 1 where it is new or comes back, 2 where there was no room, else 0.
 */
export const SEE = script(`${INDEX}${MERGE}${SUM}
local answers = {}
for index = 1, (#ARGV - 2) / ${ARGS} do
  local function arg(place) return ARGV[2 + ${ARGS} * (index - 1) + place] end
  local at = find(index, arg(1), arg(2), arg(3))
  local known = redis.call('HMGET', at.hash, 'place', 'last', 'outcome', 'addresses', 'names', 'sources', 'notBefore', 'until', 'first', 'count', 'bytes')
  local answer = 0
  if not known[1] then
    if redis.call('SCARD', at.ofWorkload) >= tonumber(ARGV[2]) then answer = 2
    else
      answer = 1
      redis.call('HSET', at.hash, 'key', arg(4), 'state', arg(5), 'place', arg(6), 'version', 1, 'first', arg(7), 'last', arg(8), 'count', sum('0', arg(9)), 'outcome', arg(11), 'private', arg(12), 'addresses', merge('', arg(13), ${ADDRESSES}), 'names', merge('', arg(14), ${NAMES}), 'sources', merge('', arg(15), ${SOURCES}))
      if arg(10) ~= '' then redis.call('HSET', at.hash, 'bytes', sum('0', arg(10))) end
      if arg(16) ~= '' then redis.call('HSET', at.hash, 'decision', arg(16)) end
      if arg(17) ~= '' then redis.call('HSET', at.hash, 'until', arg(17)) end
      redis.call('SADD', at.ofWorkload, at.id)
      redis.call('SADD', at.ofRemote, at.id)
      enter(at, tonumber(arg(6)), arg(7), arg(8))
    end
  else
    local place, now, last = tonumber(known[1]), tonumber(arg(8)), tonumber(known[2])
    redis.call('HSET', at.hash, 'count', sum(known[10], arg(9)))
    if arg(10) ~= '' then redis.call('HSET', at.hash, 'bytes', sum(known[11] or '0', arg(10))) end
    if now > last then
      redis.call('HSET', at.hash, 'last', arg(8))
      touch(at, place, arg(8))
    end
    if tonumber(arg(11)) > tonumber(known[3]) then redis.call('HSET', at.hash, 'outcome', arg(11)) end
    redis.call('HSET', at.hash, 'addresses', merge(known[4], arg(13), ${ADDRESSES}), 'names', merge(known[5], arg(14), ${NAMES}), 'sources', merge(arg(15), known[6], ${SOURCES}))
    local before, ends = tonumber(known[7] or ''), tonumber(known[8] or '')
    local comes = place == ${RETIRED}
    if place == ${EXPIRED} then comes = not before or now >= before end
    if place == ${APPROVED} then comes = (ends and now >= ends) or now - last > ${FORGOTTEN_MS} end
    if comes then
      answer = 1
      leave(at, place)
      redis.call('HSET', at.hash, 'state', 'new', 'place', ${NEW})
      redis.call('HINCRBY', at.hash, 'version', 1)
      redis.call('HDEL', at.hash, 'request', 'decision', 'until', 'notBefore')
      enter(at, ${NEW}, known[9], string.format('%.0f', math.max(now, last)))
    end
  end
  answers[index] = answer
end
return answers`);

/**
 * KEYS: see `placesOf`, of one connection. ARGV: number of namespaces, id, workload, place of its namespace, version, state and its place,
 * then fields and their values by turns.
 */
export const CHANGE = script(`${INDEX}
local at = find(1, ARGV[2], ARGV[3], ARGV[4])
local known = redis.call('HMGET', at.hash, 'version', 'place', 'request', 'first', 'last')
if known[1] ~= ARGV[5] then return 0 end
leave(at, tonumber(known[2]), known[3])
redis.call('HDEL', at.hash, 'request', 'decision', 'until', 'notBefore')
redis.call('HSET', at.hash, 'state', ARGV[6], 'place', ARGV[7])
redis.call('HINCRBY', at.hash, 'version', 1)
for index = 8, #ARGV, 2 do
  if ARGV[index + 1] ~= '' then redis.call('HSET', at.hash, ARGV[index], ARGV[index + 1]) end
end
enter(at, tonumber(ARGV[7]), known[4], known[5], redis.call('HGET', at.hash, 'request'))
return 1`);

/**
 * Forgets connections that were not seen for long, unless people have to decide about them or have denied them. With the last of a
 * workload goes since when it was watched.
 * KEYS: see `placesOf`, and at the end since when workloads are watched. ARGV: number of namespaces, moment; of each connection: id, workload, place of its namespace. Answers how many are gone.
 */
export const FORGET = script(`${INDEX}
local gone = 0
for index = 1, (#ARGV - 2) / 3 do
  local at = find(index, ARGV[3 * index], ARGV[3 * index + 1], ARGV[3 * index + 2])
  local known = redis.call('HMGET', at.hash, 'place', 'last')
  local place = tonumber(known[1] or ${PENDING})
  if place ~= ${NEW} and place ~= ${PENDING} and place ~= ${DENIED} and tonumber(known[2]) < tonumber(ARGV[2]) then
    leave(at, place)
    redis.call('DEL', at.hash)
    redis.call('SREM', at.ofWorkload, at.id)
    redis.call('SREM', at.ofRemote, at.id)
    if redis.call('EXISTS', at.ofWorkload) == 0 then redis.call('HDEL', KEYS[#KEYS], at.workload) end
    gone = gone + 1
  end
end
return gone`);

/**
 * Puts connections that are in no index of states into those of the state in which they stand.
 * KEYS: see `placesOf`. ARGV: number of namespaces; of each connection: id, workload, place of its namespace.
 */
export const ADOPT = script(`${INDEX}
for index = 1, (#ARGV - 1) / 3 do
  local at = find(index, ARGV[3 * index - 1], ARGV[3 * index], ARGV[3 * index + 1])
  local known = redis.call('HMGET', at.hash, 'place', 'first', 'last', 'request')
  local place = tonumber(known[1] or '')
  if place and not redis.call('ZSCORE', KEYS[1 + place], at.id) then enter(at, place, known[2], known[3], known[4]) end
end
return 1`);
