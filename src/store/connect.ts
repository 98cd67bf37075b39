import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '#src/model/log.ts';
import { limitAnswerTime } from './answer-time.ts';

/** Redis cannot be used. The message names the address without credentials. */
export class RedisUnusable extends Error {}

export interface RedisFacts {
  readonly server: 'Redis' | 'Valkey';
  readonly version: string;
  /** Undefined where the server does not tell, as some managed ones do. */
  readonly evictionPolicy: string | undefined;
  /** Whether writes survive a restart; undefined where the server does not tell. */
  readonly appendOnly: boolean | undefined;
}

/** What a command does while the server is away: fail at once, or wait. */
export interface Patience extends Pick<RedisOptions, 'maxRetriesPerRequest' | 'enableOfflineQueue'> {
  /** A command that is not answered for so long fails; absent for one that waits. */
  readonly answerMs?: number;
}

const CONNECT_MS = 5000;
const OLDEST = { Redis: [7, 0], Valkey: [8, 0] } as const;

/** A connection that goes on trying. Its errors are logged once for each outage. */
export function openRedis(url: string, { answerMs, ...options }: Patience, log: Log): Redis {
  const redis = new Redis(url, { ...options, connectTimeout: CONNECT_MS, retryStrategy: (attempt: number) => Math.min(2000, 100 * attempt) });
  if (answerMs !== undefined) limitAnswerTime(redis, answerMs);
  let away = false;
  redis.on('error', (error) => {
    if (!away) log.warn({ error }, 'Redis cannot be reached; trying again');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({}, 'Redis answers again');
    away = false;
  });
  return redis;
}

/** Connects once, within a deadline, and reads what kind of server it is. @throws {RedisUnusable} */
export async function inspectRedis(url: string): Promise<RedisFacts> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_MS, commandTimeout: CONNECT_MS, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let reason: string | undefined;
  redis.on('error', (error) => (reason = error.message));
  try {
    await redis.connect();
    return await readFacts(redis);
  } catch (error) {
    const text = reason ?? (error instanceof Error ? error.message : '');
    throw new RedisUnusable(`Redis at ${addressOf(url)} cannot be used: ${describe(text)}`, { cause: error });
  } finally {
    // Of a connection that is over already, ioredis waits two seconds for the end.
    if (redis.status !== 'end') redis.disconnect();
  }
}

async function readFacts(redis: Redis): Promise<RedisFacts> {
  const info = await redis.info('server');
  const field = (name: string) => new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  const setting = async (name: string): Promise<string | undefined> => {
    const answer = await (redis.config('GET', name) as Promise<unknown>).catch(() => undefined);
    return Array.isArray(answer) ? (answer[1] as string | undefined) : (answer as Record<string, string> | undefined)?.[name];
  };
  const [evictionPolicy, appendOnly] = [await setting('maxmemory-policy'), await setting('appendonly')];
  return {
    server: valkey === undefined ? 'Redis' : 'Valkey',
    version: valkey ?? field('redis_version') ?? 'unknown',
    evictionPolicy,
    appendOnly: appendOnly === undefined ? undefined : appendOnly === 'yes',
  };
}

/** What is wrong with a server, as sentences; `fatal` ones would lose or break state. */
export function redisFaults({ server, version, evictionPolicy, appendOnly }: RedisFacts): readonly { readonly fatal: boolean; readonly text: string }[] {
  const faults: { readonly fatal: boolean; readonly text: string }[] = [];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[server];
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    faults.push({ fatal: true, text: `${server} ${version} is too old; ${server} ${oldestMajor}.${oldestMinor} or newer is needed` });
  }
  if (evictionPolicy !== undefined && evictionPolicy !== 'noeviction') {
    faults.push({ fatal: evictionPolicy.startsWith('allkeys'), text: `maxmemory-policy is ${evictionPolicy}, so that state can be thrown away; set it to noeviction` });
  }
  if (appendOnly === false) faults.push({ fatal: false, text: 'appendonly is off, so that a restart can lose the last seconds or everything; set appendonly yes' });
  return faults;
}

/** `redis.example:6379`, without user and password. */
export function addressOf(url: string): string {
  const text = url.replace(/\/\/[^@/]*@/, '//');
  return URL.canParse(text) ? new URL(text).host || text : 'the configured address';
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'it refuses connections'],
  [/ENOTFOUND|EAI_AGAIN/, 'its name is not known'],
  [/WRONGPASS|NOAUTH|invalid (?:username|password)/i, 'it refuses the user or password'],
  [/ETIMEDOUT|timed out/i, 'it does not answer'],
];

function describe(text: string): string {
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? 'the connection failed';
}
