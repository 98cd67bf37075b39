export type ServerKind = 'redis-server' | 'valkey-server';

export type RedisKind = ServerKind | 'embedded';

/** A Redis of this process's own. */
export interface SandboxRedis {
  /** What a client is given to connect. */
  readonly url: string;
  readonly kind: RedisKind;
  readonly version: string;
  /** Whether what was written survives `kill` and `restart`; nothing survives `stop`. */
  readonly persistent: boolean;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
  /** Ends it at once, as a crash of the machine would. */
  readonly kill: () => Promise<void>;
  /** Starts it anew after `kill`, or in place of what runs: same address, same data where it is persistent. */
  readonly restart: () => Promise<void>;
}
