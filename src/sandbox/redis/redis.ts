import { startEmbedded } from './embedded.ts';
import type { RedisKind, SandboxRedis } from './sandbox-redis.ts';
import { findServer, startServer } from './server.ts';

const KINDS: readonly RedisKind[] = ['redis-server', 'valkey-server', 'embedded'];

/** The kinds that this machine can run, in the order in which they are preferred. */
export async function availableKinds(): Promise<readonly RedisKind[]> {
  const found = await Promise.all(KINDS.map(async (kind) => kind === 'embedded' || (await findServer(kind)) !== undefined));
  return KINDS.filter((_, index) => found[index]);
}

/**
 * Starts a Redis that ends with this process, however it ends: a server from PATH, else one in JavaScript.
 *
 * @throws when a kind is asked for that this machine cannot run.
 */
export async function startRedis({ kind }: { readonly kind?: RedisKind } = {}): Promise<SandboxRedis> {
  const chosen = kind ?? (await availableKinds())[0] ?? 'embedded';
  if (chosen === 'embedded') return startEmbedded();
  const server = await findServer(chosen);
  if (server === undefined) throw new Error(`There is no ${chosen} on PATH that is new enough.`);
  return startServer(server);
}

/** One line for people: what it is, and what of it stays. */
export function describeRedis({ kind, version }: Pick<SandboxRedis, 'kind' | 'version'>): string {
  return kind === 'embedded'
    ? `embedded, in memory (js-redis-server, speaks Redis ${version}); install redis-server or valkey-server for more than a try-out`
    : `${kind} ${version}, started for this run; nothing of it is kept`;
}
