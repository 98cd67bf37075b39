import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { DecisionLog } from '#src/model/decision-log.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** An entry as it is stored: its hash covers its text and the hash of the entry before it. */
export interface StoredEntry {
  /** JSON of a DecisionEntry, with an `id` that tells it from one with the same words. */
  readonly text: string;
  readonly hash: string;
  readonly previous: string;
}

/** What stands before the first entry. */
const BEGINNING = '0'.repeat(64);

/** KEYS: stream. ARGV: hash that must be the last one, new hash, entry. Answers the hash that is the last one then. */
const APPEND = script(`
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local hash = '${BEGINNING}'
if last[1] then hash = last[1][2][4] end
if hash ~= ARGV[1] then return hash end
redis.call('XADD', KEYS[1], '*', 'entry', ARGV[3], 'hash', ARGV[2], 'previous', hash)
return ARGV[2]`);

export interface StoredDecisionLog extends DecisionLog {
  /** Oldest first. */
  readonly entries: () => Promise<readonly StoredEntry[]>;
}

export function createDecisionLog(redis: Redis): StoredDecisionLog {
  return {
    async append(entry) {
      const text = JSON.stringify({ ...entry, id: randomUUID() });
      let previous = BEGINNING;
      for (;;) {
        const hash = chained(previous, text);
        const last = String(await APPEND(redis, [keys.decisions()], [previous, hash, text]));
        // Also when the connection broke after it was written, and the client has sent it again.
        if (last === hash) return;
        previous = last;
      }
    },
    async entries() {
      const stored = await redis.xrange(keys.decisions(), '-', '+');
      return stored.map(([, fields]) => {
        const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
        return { text: field('entry'), hash: field('hash'), previous: field('previous') };
      });
    },
  };
}

function chained(previous: string, text: string): string {
  return createHash('sha256').update(`${previous}\n${text}`).digest('hex');
}

/** The place, from 0, of the first entry that was changed, left out or put in; undefined when the chain is whole. A cut-off end does not show. */
export function firstBroken(entries: readonly StoredEntry[]): number | undefined {
  let previous = BEGINNING;
  for (const [index, { text, hash, previous: claimed }] of entries.entries()) {
    if (claimed !== previous || hash !== chained(previous, text)) return index;
    previous = hash;
  }
  return undefined;
}
