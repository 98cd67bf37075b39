import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { DecisionEntry, DecisionLog } from '#src/model/decision-log.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** An entry as it is stored: its hash covers its text and the hash of the entry before it. */
export interface StoredEntry {
  readonly entry: DecisionEntry;
  readonly hash: string;
  readonly previous: string;
}

/** What stands before the first entry. */
const BEGINNING = '0'.repeat(64);

/** KEYS: stream. ARGV: hash that must be the last one, new hash, entry. Answers the last hash when it is another. */
const APPEND = script(`
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local hash = '${BEGINNING}'
if last[1] then hash = last[1][2][4] end
if hash ~= ARGV[1] then return hash end
redis.call('XADD', KEYS[1], '*', 'entry', ARGV[3], 'hash', ARGV[2], 'previous', hash)
return 'ok'`);

export interface StoredDecisionLog extends DecisionLog {
  /** Oldest first. */
  readonly entries: () => Promise<readonly StoredEntry[]>;
}

export function createDecisionLog(redis: Redis): StoredDecisionLog {
  return {
    async append(entry) {
      const text = JSON.stringify(entry);
      let previous = BEGINNING;
      for (;;) {
        const answer = String(await APPEND(redis, [keys.decisions()], [previous, chained(previous, text), text]));
        if (answer === 'ok') return;
        previous = answer;
      }
    },
    async entries() {
      const stored = await redis.xrange(keys.decisions(), '-', '+');
      return stored.map(([, fields]) => {
        const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
        return { entry: JSON.parse(field('entry')) as DecisionEntry, hash: field('hash'), previous: field('previous') };
      });
    },
  };
}

function chained(previous: string, text: string): string {
  return createHash('sha256').update(`${previous}\n${text}`).digest('hex');
}

/** The place, from 0, of the first entry that was changed, left out or put in; undefined when the chain is whole. */
export function firstBroken(entries: readonly StoredEntry[]): number | undefined {
  let previous = BEGINNING;
  for (const [index, { entry, hash, previous: claimed }] of entries.entries()) {
    if (claimed !== previous || hash !== chained(previous, JSON.stringify(entry))) return index;
    previous = hash;
  }
  return undefined;
}
