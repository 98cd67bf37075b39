import type { Redis } from 'ioredis';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** As long as its group of alarms is added to. */
const KEEP_MS = 8 * 24 * 3600_000;

/**
 * KEYS: event. ARGV: field, version, value. An older version of a field never takes the place of a newer one; the revision grows
 * when something changes. Answers all fields.
 */
const PUT = script(`
local known = tonumber(redis.call('HGET', KEYS[1], 'version ' .. ARGV[1]) or '-1')
if tonumber(ARGV[2]) >= known and redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[3] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3], 'version ' .. ARGV[1], ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
end
redis.call('PEXPIRE', KEYS[1], ${KEEP_MS})
return redis.call('HGETALL', KEYS[1])`);

/** The parts of a message to which several add: what happened, and what each question about it led to. */
export interface ToldEvent<Said, Note> {
  /** Undefined before anything was said. */
  readonly said: Said | undefined;
  /** In the order of their ids. */
  readonly notes: readonly Note[];
  readonly revision: number;
}

export interface ToldEvents<Said, Note> {
  readonly say: (event: string, said: Said, version: number) => Promise<ToldEvent<Said, Note>>;
  readonly note: (event: string, id: string, note: Note, version: number) => Promise<ToldEvent<Said, Note>>;
}

const NOTE = 'note ';

/** Messages about events in Redis, so that whoever adds to one shows what others have added. */
export function createToldEvents<Said, Note>(redis: Redis): ToldEvents<Said, Note> {
  const put = async (event: string, field: string, version: number, value: Said | Note): Promise<ToldEvent<Said, Note>> => {
    const flat = (await PUT(redis, [keys.toldEvent(event)], [field, version, JSON.stringify(value)])) as readonly string[];
    const stored = new Map(Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']));
    const said = stored.get('said');
    const notes = [...stored].filter(([name]) => name.startsWith(NOTE)).toSorted(([a], [b]) => a.localeCompare(b));
    return { said: said === undefined ? undefined : (JSON.parse(said) as Said), notes: notes.map(([, text]) => JSON.parse(text) as Note), revision: Number(stored.get('revision') ?? 0) };
  };
  return {
    say: (event, said, version) => put(event, 'said', version, said),
    note: (event, id, note, version) => put(event, `${NOTE}${id}`, version, note),
  };
}
