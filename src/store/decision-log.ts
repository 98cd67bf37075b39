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

/** Entries that are read at a time. */
const PAGE = 500;

/** KEYS: stream, ids. ARGV: hash that must be the last one, new hash, entry, id. Answers the hash that is the last one then, or the new one when the id is known. */
const APPEND = script(`
if redis.call('SISMEMBER', KEYS[2], ARGV[4]) == 1 then return ARGV[2] end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local hash = '${BEGINNING}'
if last[1] then hash = last[1][2][4] end
if hash ~= ARGV[1] then return hash end
redis.call('XADD', KEYS[1], '*', 'entry', ARGV[3], 'hash', ARGV[2], 'previous', hash)
if ARGV[5] == '1' then redis.call('SADD', KEYS[2], ARGV[4]) end
return ARGV[2]`);

export interface StoredDecisionLog extends DecisionLog {
  /** Oldest first, some at a time. */
  readonly pages: () => AsyncIterable<readonly StoredEntry[]>;
}

export function createDecisionLog(redis: Redis): StoredDecisionLog {
  return {
    async append(entry) {
      const id = entry.id ?? randomUUID();
      const text = JSON.stringify({ ...entry, id });
      let previous = BEGINNING;
      for (;;) {
        const hash = chained(previous, text);
        // Ids that are made here never come again, so they need not be remembered.
        const last = String(await APPEND(redis, [keys.decisions(), keys.decisionIds()], [previous, hash, text, id, entry.id === undefined ? 0 : 1]));
        // Also when the connection broke after it was written, and the client has sent it again.
        if (last === hash) return;
        previous = last;
      }
    },
    async *pages() {
      for (let from = '-'; ; ) {
        const stored = await redis.xrange(keys.decisions(), from, '+', 'COUNT', PAGE);
        if (stored.length > 0) yield stored.map(([, fields]) => readEntry(fields));
        const last = stored.at(-1)?.[0];
        if (last === undefined || stored.length < PAGE) return;
        from = `(${last}`;
      }
    },
  };
}

function readEntry(fields: readonly string[]): StoredEntry {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  return { text: field('entry'), hash: field('hash'), previous: field('previous') };
}

function chained(previous: string, text: string): string {
  return createHash('sha256').update(`${previous}\n${text}`).digest('hex');
}

/** What a look through the log has found so far. */
export interface ChainCheck {
  /** Looks at the entries that follow; the place, from 0, of the first one that was changed, left out or put in. */
  readonly broken: (entries: readonly StoredEntry[]) => number | undefined;
  /** Entries that were looked at, and the hash of the last one. */
  readonly seen: () => { readonly count: number; readonly hash: string };
}

/** Follows the chain from its beginning. A cut-off end does not show. */
export function createChainCheck(): ChainCheck {
  let previous = BEGINNING;
  let count = 0;
  return {
    broken(entries) {
      for (const { text, hash, previous: claimed } of entries) {
        if (claimed !== previous || hash !== chained(previous, text)) return count;
        previous = hash;
        count += 1;
      }
      return undefined;
    },
    seen: () => ({ count, hash: previous }),
  };
}
