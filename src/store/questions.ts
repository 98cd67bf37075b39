import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Question, QuestionStore } from '#src/model/questions.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

const TOPIC_MS = 30 * 60_000;
const CONFIRMED_MS = 7 * 24 * 3600_000;
/** Late answers are taken as long. */
const KEEP_MS = 7 * 24 * 3600_000;
/** Questions that one person gets within {@link TOPIC_MS}: more would teach them to click without reading. */
const PER_PERSON = 5;
/** About what is critical. What came before, by whoever wants it so, must not keep somebody from being asked. */
const PER_PERSON_CRITICAL = 20;
/** So many are looked at at a time; the rest has its turn next time. */
const DUE_AT_ONCE = 200;

/** KEYS: question, topic, confirmed pattern, count of the person, due ones. ARGV: id, record, most questions of the person. Answers 1 when it stands now. */
const CREATE = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
if tonumber(redis.call('GET', KEYS[4]) or '0') >= tonumber(ARGV[3]) then return 0 end
if redis.call('INCR', KEYS[4]) == 1 then redis.call('PEXPIRE', KEYS[4], ${TOPIC_MS}) end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ${TOPIC_MS})
redis.call('HSET', KEYS[1], 'record', ARGV[2], 'version', 1)
redis.call('PEXPIRE', KEYS[1], ${KEEP_MS})
redis.call('ZADD', KEYS[5], 0, ARGV[1])
return 1`);

/** KEYS: question, due ones. ARGV: version before, id, version, record, id of this write. Also when its answer was lost and it was sent again. */
const WRITE = script(`
if redis.call('HGET', KEYS[1], 'write') == ARGV[5] then return 1 end
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'record', ARGV[4], 'write', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ${KEEP_MS})
redis.call('ZADD', KEYS[2], 0, ARGV[2])
return 1`);

/** KEYS: question, due ones. ARGV: id, version, due or ''. */
const SETTLE = script(`
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('ZREM', KEYS[2], ARGV[1]) else redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1]) end
return 1`);

/** Questions in Redis. One that was written is due at once, until what follows from it is settled. */
export function createQuestionStore(redis: Redis): QuestionStore {
  const get = async (id: string): Promise<Question | undefined> => {
    const record = await redis.hget(keys.question(id), 'record');
    return record === null ? undefined : (JSON.parse(record) as Question);
  };
  return {
    get,
    async create(question, { topic, pattern }) {
      const { id, person, deed } = question;
      const most = deed.severity === 'critical' ? PER_PERSON_CRITICAL : PER_PERSON;
      const places = [keys.question(id), keys.askedTopic(nameOf(topic)), keys.confirmedPattern(nameOf(pattern)), keys.askedPerson(person), keys.dueQuestions()];
      return (await CREATE(redis, places, [id, JSON.stringify(question), most])) === 1 ? get(id) : undefined;
    },
    async write(question) {
      const { id, version } = question;
      return (await WRITE(redis, [keys.question(id), keys.dueQuestions()], [version - 1, id, version, JSON.stringify(question), randomUUID()])) === 1;
    },
    async settle({ id, version }, dueAtMs) {
      await SETTLE(redis, [keys.question(id), keys.dueQuestions()], [id, version, dueAtMs ?? '']);
    },
    due: (nowMs) => redis.zrangebyscore(keys.dueQuestions(), '-inf', nowMs, 'LIMIT', 0, DUE_AT_ONCE),
    async forget(id) {
      await redis.zrem(keys.dueQuestions(), id);
    },
    async mute(pattern) {
      await redis.set(keys.confirmedPattern(nameOf(pattern)), '1', 'PX', CONFIRMED_MS);
    },
  };
}

/** Names may be as long as a request. */
function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
