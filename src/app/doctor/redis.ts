import { addressOf, inspectRedis, redisFaults, RedisUnusable } from '#src/store/connect.ts';
import type { Verdict } from './verdict.ts';

/** Whether the server can be used, and keeps what it is given. */
export async function* examineRedis(url: string | undefined): AsyncGenerator<Verdict> {
  const about = 'Redis';
  if (url === undefined) {
    yield { level: 'warn', about, text: 'REDIS_URL is not set: the sandbox’s Redis is used, and nothing survives a restart. Set REDIS_URL.' };
    return;
  }
  try {
    const facts = await inspectRedis(url);
    const faults = redisFaults(facts);
    if (faults.length === 0) yield { level: 'ok', about, text: `${facts.server} ${facts.version} at ${addressOf(url)}` };
    for (const { fatal, text } of faults) yield { level: fatal ? 'fail' : 'warn', about, text: `${addressOf(url)}: ${text}.` };
    if (facts.evictionPolicy === undefined) yield { level: 'warn', about, text: `${addressOf(url)}: does not tell its maxmemory-policy; make sure that it is noeviction.` };
  } catch (error) {
    if (!(error instanceof RedisUnusable)) throw error;
    yield { level: 'fail', about, text: `${error.message}. Check REDIS_URL and that the server runs.` };
  }
}
