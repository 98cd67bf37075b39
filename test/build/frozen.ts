import { Redis } from 'ioredis';

/** Stops a Redis server in its tracks: its connections stay open and nothing is answered. The result lets it go on. */
export async function freezeRedis(url: string): Promise<() => void> {
  const redis = new Redis(url);
  const info = await redis.info('server');
  redis.disconnect();
  const pid = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}
