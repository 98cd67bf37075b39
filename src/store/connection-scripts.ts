import { CONNECTION_STATES, type ConnectionOutcome } from '#src/model/connection.ts';
import { script } from './script.ts';

/** From the least to the furthest. */
export const OUTCOMES: readonly ConnectionOutcome[] = ['attempted', 'dropped', 'connected'];

const DAY_MS = 24 * 3600_000;
/** What was approved and not seen for so long is asked about again. */
const FORGOTTEN_MS = 90 * DAY_MS;
const ADDRESSES = 3;
const NAMES = 10;
const SOURCES = 5;
/** Sets of states come first among the keys, in the order of CONNECTION_STATES. */
const STATES = CONNECTION_STATES.length;
const NEW = CONNECTION_STATES.indexOf('new');
const ARGS = 15;

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

/**
 * KEYS: the sets of all states; of each connection its hash and the sets of its workload and of its remote.
 * ARGV: most connections of a workload; of each connection: id, key, first state and its place, first and last moment, count, bytes,
 * outcome, whether it is private, addresses, names, sources, decision and its end.
 * Answers of each 1 where it is new or comes back, 2 where there was no room, else 0.
 */
export const SEE = script(`${MERGE}${SUM}
local answers = {}
for index = 1, (#KEYS - ${STATES}) / 3 do
  local hash, workload, remote = KEYS[${STATES} + 3 * index - 2], KEYS[${STATES} + 3 * index - 1], KEYS[${STATES} + 3 * index]
  local function arg(place) return ARGV[1 + ${ARGS} * (index - 1) + place] end
  local id = arg(1)
  local known = redis.call('HMGET', hash, 'state', 'last', 'outcome', 'addresses', 'names', 'sources', 'notBefore', 'until', 'place', 'count', 'bytes')
  local answer = 0
  if not known[1] then
    if redis.call('SCARD', workload) >= tonumber(ARGV[1]) then answer = 2
    else
      answer = 1
      redis.call('HSET', hash, 'key', arg(2), 'state', arg(3), 'place', arg(4), 'version', 1, 'first', arg(5), 'last', arg(6), 'count', sum('0', arg(7)), 'outcome', arg(9), 'private', arg(10), 'addresses', merge('', arg(11), ${ADDRESSES}), 'names', merge('', arg(12), ${NAMES}), 'sources', merge('', arg(13), ${SOURCES}))
      if arg(8) ~= '' then redis.call('HSET', hash, 'bytes', sum('0', arg(8))) end
      if arg(14) ~= '' then redis.call('HSET', hash, 'decision', arg(14)) end
      if arg(15) ~= '' then redis.call('HSET', hash, 'until', arg(15)) end
      redis.call('SADD', KEYS[1 + tonumber(arg(4))], id)
      redis.call('SADD', workload, id)
      redis.call('SADD', remote, id)
    end
  else
    local at, last = tonumber(arg(6)), tonumber(known[2])
    redis.call('HSET', hash, 'count', sum(known[10], arg(7)))
    if arg(8) ~= '' then redis.call('HSET', hash, 'bytes', sum(known[11] or '0', arg(8))) end
    if at > last then redis.call('HSET', hash, 'last', arg(6)) end
    if tonumber(arg(9)) > tonumber(known[3]) then redis.call('HSET', hash, 'outcome', arg(9)) end
    redis.call('HSET', hash, 'addresses', merge(known[4], arg(11), ${ADDRESSES}), 'names', merge(known[5], arg(12), ${NAMES}), 'sources', merge(arg(13), known[6], ${SOURCES}))
    local state, before, ends = known[1], tonumber(known[7] or ''), tonumber(known[8] or '')
    local comes = state == 'retired'
    if state == 'expired' then comes = not before or at >= before end
    if state == 'approved' then comes = (ends and at >= ends) or at - last > ${FORGOTTEN_MS} end
    if comes then
      answer = 1
      redis.call('HSET', hash, 'state', 'new', 'place', ${NEW})
      redis.call('HINCRBY', hash, 'version', 1)
      redis.call('HDEL', hash, 'request', 'decision', 'until', 'notBefore')
      redis.call('SREM', KEYS[1 + tonumber(known[9])], id)
      redis.call('SADD', KEYS[${NEW + 1}], id)
    end
  end
  answers[index] = answer
end
return answers`);

/** KEYS: hash, the sets of all states. ARGV: id, version, place of the state, state, then fields and their values by turns. */
export const CHANGE = script(`
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
local place = tonumber(redis.call('HGET', KEYS[1], 'place'))
redis.call('HDEL', KEYS[1], 'request', 'decision', 'until', 'notBefore')
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'place', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'version', 1)
for index = 5, #ARGV, 2 do
  if ARGV[index + 1] ~= '' then redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
end
redis.call('SREM', KEYS[2 + place], ARGV[1])
redis.call('SADD', KEYS[2 + tonumber(ARGV[3])], ARGV[1])
return 1`);

/**
 * Forgets a connection that was not seen for long, unless people have to decide about it or have denied it.
 * KEYS: hash, the sets of all states, the sets of its workload and of its remote. ARGV: id, moment. Answers 1 when it is gone.
 */
export const FORGET = script(`
local known = redis.call('HMGET', KEYS[1], 'state', 'last', 'place')
if not known[1] or tonumber(known[2]) >= tonumber(ARGV[2]) then return 0 end
if known[1] == 'new' or known[1] == 'pending' or known[1] == 'denied' then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2 + tonumber(known[3])], ARGV[1])
redis.call('SREM', KEYS[${STATES + 2}], ARGV[1])
redis.call('SREM', KEYS[${STATES + 3}], ARGV[1])
return 1`);
