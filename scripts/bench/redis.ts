import { availableKinds, startRedis } from '#src/sandbox/redis/redis.ts';
import type { SandboxRedis } from '#src/sandbox/redis/sandbox-redis.ts';
import { BenchFault } from './harness.ts';

/** A server of its own. @throws {BenchFault} where none is installed: the one in JavaScript has other costs. */
export async function startRealRedis(): Promise<SandboxRedis> {
  const kind = (await availableKinds()).find((available) => available !== 'embedded');
  if (kind === undefined) throw new BenchFault('neither redis-server nor valkey-server is on PATH');
  return startRedis({ kind });
}
