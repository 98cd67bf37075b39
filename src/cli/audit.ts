import { nonEmpty, readValues } from '#src/config/read-values.ts';
import { ConfigError, type ConfigFault } from '#src/config/faults.ts';
import { createLog } from '#src/log.ts';
import { UsageError, type Arguments } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { inspectRedis, openRedis, RedisUnusable } from '#src/store/connect.ts';
import { createChainCheck, createDecisionLog, type StoredDecisionLog, type StoredEntry } from '#src/store/decision-log.ts';
import { createNotes } from './notes.ts';
import { print, type World } from './world.ts';

const ACTS = { verify, export: exportEntries } as const;
/** Redis cannot be used. */
const UNUSABLE = 4;
const BROKEN = 1;
const PATIENCE = { maxRetriesPerRequest: 1, answerMs: 30_000 } as const;

/** Reads the log of decisions out of Redis: whether its chain is whole, or all of it. */
export async function audit({ words: [word = '', ...rest] }: Arguments, world: World): Promise<number> {
  const known = Object.keys(ACTS);
  if (rest.length > 0 || !isAct(word)) throw new UsageError(`Say what to do: k8ssec audit ${known.join(' or k8ssec audit ')}.${word === '' ? '' : didYouMean(word, known)}`);
  const url = redisUrl(world);
  try {
    await inspectRedis(url);
    const redis = openRedis(url, PATIENCE, createLog('error'));
    const stop = () => redis.disconnect();
    world.signal.addEventListener('abort', stop, { once: true });
    try {
      return await ACTS[word](createDecisionLog(redis), world);
    } finally {
      world.signal.removeEventListener('abort', stop);
      redis.disconnect();
    }
  } catch (error) {
    if (!(error instanceof RedisUnusable)) throw error;
    createNotes(world, true).note(error.message);
    return UNUSABLE;
  }
}

function isAct(word: string): word is keyof typeof ACTS {
  return Object.hasOwn(ACTS, word);
}

/** @throws {ConfigError} */
function redisUrl({ env }: World): string {
  const faults: ConfigFault[] = [];
  const url = nonEmpty(readValues(env, {}, faults).redisUrl);
  const ours = faults.filter(({ name }) => name.startsWith('REDIS_URL'));
  if (ours.length > 0) throw new ConfigError(ours);
  if (url === undefined) throw new ConfigError([{ name: 'REDIS_URL', problem: 'is not set; it says where the log of decisions is kept' }]);
  return url;
}

async function verify(log: StoredDecisionLog, { stdout }: World): Promise<number> {
  const chain = createChainCheck();
  for await (const page of log.pages()) {
    const broken = chain.broken(page);
    if (broken === undefined) continue;
    await print(stdout, `The log of decisions is broken at entry ${broken + 1}: it was changed, put in, or follows one that was taken out. The ${broken} before it are whole.\n`);
    return BROKEN;
  }
  const { count, hash } = chain.seen();
  await print(stdout, count === 0 ? 'The log of decisions is empty.\n' : `The log of decisions is whole: ${count} entries, the last with the hash ${hash}.\n`);
  return 0;
}

/** One line for each entry, oldest first, with what it takes to check the chain elsewhere. */
async function exportEntries(log: StoredDecisionLog, { stdout }: World): Promise<number> {
  for await (const page of log.pages()) await print(stdout, page.map(lineOf).join(''));
  return 0;
}

/** An entry that was tampered with need not be JSON. */
function lineOf({ text, hash, previous }: StoredEntry): string {
  return `${JSON.stringify({ hash, previous, entry: parsed(text) })}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
