import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Ruling } from '#src/model/rulings.ts';
import type { Filing, RequestStore } from '#src/model/request-store.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Objects as they were before a change are kept as long, whatever else is forgotten sooner. */
const SNAPSHOTS_MS = 30 * 24 * 3600_000;
/** So many are looked at at a time; the rest has its turn next time. */
const DUE_AT_ONCE = 200;

/** `file` stores a version and files it; `stands` tells whether that has happened already. The arguments from `at` on are those of `filed`. */
const FILE = `
local open, due, rulings = '${keys.openRequests()}', '${keys.dueRequests()}', '${keys.rulings()}'
local function file(key, joined, at)
  local id, version, record, dueAt, openUntil, joins, keepMs, write, ruling = unpack(ARGV, at, at + 8)
  redis.call('HSET', key, 'version', version, 'record', record, 'write', write)
  if keepMs == '' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, keepMs) end
  if dueAt == '' then redis.call('ZREM', due, id) else redis.call('ZADD', due, dueAt, id) end
  if openUntil == '0' then redis.call('ZREM', open, id) else redis.call('ZADD', open, openUntil, id) end
  if ruling == '' then redis.call('HDEL', rulings, id) else redis.call('HSET', rulings, id, ruling) end
  if joins == '1' then redis.call('SET', joined, id, 'NX')
  elseif redis.call('GET', joined) == id then redis.call('DEL', joined) end
end
local function stands(key, at)
  return redis.call('HGET', key, 'write') == ARGV[at + 7]
end
`;

/** KEYS: request, the one that repeats join. ARGV: prefix of requests, then the version to be filed. Answers whose id the joined one has, or '' when the id is taken. */
const CREATE = script(`${FILE}
local id, holder = ARGV[2], redis.call('GET', KEYS[2])
if holder and redis.call('EXISTS', ARGV[1] .. holder) == 1 then return holder end
if redis.call('EXISTS', KEYS[1]) == 1 then return '' end
redis.call('DEL', KEYS[2])
file(KEYS[1], KEYS[2], 2)
return id`);

/** KEYS: request, the one that repeats join. ARGV: version before, then the version to be filed. Also when its answer was lost and it was sent again. */
const WRITE = script(`${FILE}
if stands(KEYS[1], 2) then return 1 end
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
file(KEYS[1], KEYS[2], 2)
return 1`);

/** KEYS: request, the one that repeats join, successor. ARGV: version before, then the versions of both to be filed. */
const SUCCEED = script(`${FILE}
if stands(KEYS[1], 2) then return 1 end
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] or redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
file(KEYS[1], KEYS[2], 2)
file(KEYS[3], KEYS[2], 11)
return 1`);

/**
 * KEYS: request, due ones, open ones, rulings. ARGV: id, version, published, logged, due or ''. What is published and logged only ever grows. Of
 * a request that has gone meanwhile nothing stays.
 */
const SETTLE = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('HDEL', KEYS[4], ARGV[1])
  return 0
end
for field, value in pairs({ published = ARGV[3], logged = ARGV[4] }) do
  if tonumber(redis.call('HGET', KEYS[1], field) or '0') < tonumber(value) then redis.call('HSET', KEYS[1], field, value) end
end
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
if ARGV[5] == '' then redis.call('ZREM', KEYS[2], ARGV[1]) else redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1]) end
return 1`);

/** Requests in Redis. A request that is over is forgotten `keepMs` after its last change, but never before its snapshots may go. */
export function createRequestStore(redis: Redis, keepMs: number): RequestStore {
  const keptMs = Math.max(keepMs, SNAPSHOTS_MS);
  const filed = (request: ApprovalRequest, { dueAt, openUntil, joins, isOver, ruling }: Filing): readonly (string | number)[] => {
    const { published, logged, ...record } = request;
    return [request.id, request.version, JSON.stringify(record), dueAt ?? '', openUntil === Infinity ? '+inf' : openUntil, joins ? 1 : 0, isOver ? keptMs : '', randomUUID(), ruling === undefined ? '' : JSON.stringify(ruling)];
  };
  const get = async (id: string): Promise<ApprovalRequest | undefined> => {
    const { record, published = '0', logged = '0' } = await redis.hgetall(keys.request(id));
    if (record === undefined) return undefined;
    return { ...(JSON.parse(record) as ApprovalRequest), published: Number(published), logged: Number(logged) };
  };
  return {
    get,
    async joinable(kind, identity) {
      const id = await redis.get(joined({ kind, identity }));
      return id === null ? undefined : get(id);
    },
    async create(request, filing) {
      const id = String(await CREATE(redis, [keys.request(request.id), joined(request)], [keys.request(''), ...filed(request, filing)]));
      return id === '' ? undefined : get(id);
    },
    async write(request, filing) {
      return (await WRITE(redis, [keys.request(request.id), joined(request)], [request.version - 1, ...filed(request, filing)])) === 1;
    },
    async succeed(ended, filing, successor, filingOfSuccessor) {
      const both = [...filed(ended, filing), ...filed(successor, filingOfSuccessor)];
      return (await SUCCEED(redis, [keys.request(ended.id), joined(ended), keys.request(successor.id)], [ended.version - 1, ...both])) === 1;
    },
    async settle({ id, version, published, logged }, dueAt) {
      await SETTLE(redis, [keys.request(id), keys.dueRequests(), keys.openRequests(), keys.rulings()], [id, version, published, logged, dueAt ?? '']);
    },
    async open(now) {
      await redis.zremrangebyscore(keys.openRequests(), '-inf', now);
      const ids = await redis.zrange(keys.openRequests(), '0', '-1');
      const found = await Promise.all(ids.map(get));
      return found.filter((request) => request !== undefined).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    due: (now) => redis.zrangebyscore(keys.dueRequests(), '-inf', now, 'LIMIT', 0, DUE_AT_ONCE),
    rulings: async () => (await redis.hvals(keys.rulings())).map((text) => JSON.parse(text) as Ruling),
    async forget(id) {
      await redis.zrem(keys.dueRequests(), id);
      await redis.zrem(keys.openRequests(), id);
      await redis.hdel(keys.rulings(), id);
    },
  };
}

/** An identity may be long, and may hold names of anybody's choice. */
function joined({ kind, identity }: Pick<ApprovalRequest, 'kind' | 'identity'>): string {
  return keys.openRequest(createHash('sha256').update(JSON.stringify([kind, identity])).digest('base64url'));
}
