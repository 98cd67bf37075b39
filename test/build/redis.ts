import { afterAll, beforeAll, beforeEach, describe, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RedisKind, SandboxRedis } from '#src/sandbox/redis/sandbox-redis.ts';
import { availableKinds, startRedis } from '#src/sandbox/redis/redis.ts';

export interface RedisUnderTest {
  /** A connection, empty at the beginning of each test. */
  readonly redis: () => Redis;
  readonly server: () => SandboxRedis;
}

/** Valkey is tested where it is installed; the others have to be there in CI. */
const REQUIRED: readonly RedisKind[] = ['embedded', 'redis-server'];
const available = await availableKinds();

/** The suite once for each kind of Redis. A kind that is not installed is skipped visibly, and in CI it fails. */
export function onEveryRedis(suite: (under: RedisUnderTest) => void): void {
  for (const kind of new Set([...REQUIRED, ...available])) {
    if (available.includes(kind)) describe(`on ${kind}`, () => runOn(kind, suite));
    else if (process.env.CI === 'true') test(`${kind} is installed`, () => Promise.reject(new Error(`${kind} is not on PATH`)));
    else describe.skip(`on ${kind}, which is not installed here`, () => runOn(kind, suite));
  }
}

/** The suite on a real server alone, for what needs its speed or what outlasts its death. */
export function onRealRedis(suite: (under: RedisUnderTest) => void): void {
  withRealRedis((kind) => runOn(kind, suite));
}

/** The suite with a kind of Redis that is a process of its own. It starts its servers itself. */
export function withRealRedis(suite: (kind: RedisKind) => void): void {
  const kind = available.find((candidate) => candidate !== 'embedded');
  if (kind !== undefined) describe(`on ${kind}`, () => suite(kind));
  else if (process.env.CI === 'true') test('a Redis server is installed', () => Promise.reject(new Error('neither redis-server nor valkey-server is on PATH')));
  else describe.skip('on a Redis server, which is not installed here', () => suite('redis-server'));
}

function runOn(kind: RedisKind, suite: (under: RedisUnderTest) => void): void {
  let server: SandboxRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis({ kind });
    redis = new Redis(server.url, { maxRetriesPerRequest: null });
  });
  beforeEach(async () => {
    await redis.flushall();
  });
  suite({ redis: () => redis, server: () => server });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
}
