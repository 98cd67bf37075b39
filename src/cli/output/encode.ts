import { encode } from '#src/model/encode.ts';

/** The longest line of the result. */
export const MAX_LINE_BYTES = 64 * 1024;

/** How long texts may be in a line that would be too long otherwise; the first that fits is taken. */
const LIMITS = [8192, 1024, 128];

/**
 * The record, with its message cut when its line would be too long.
 *
 * Other texts and lists are cut only when that is not enough, and then it says `cut`.
 */
export function fitted<T extends object>(record: T): T {
  if (fits(record)) return record;
  for (const limit of LIMITS) {
    const short = 'message' in record && typeof record.message === 'string' ? { ...record, message: shortened(record.message, limit) } : record;
    if (fits(short)) return short;
  }
  for (const limit of LIMITS) {
    const short = { ...cut(record, limit), cut: true };
    if (fits(short)) return short;
  }
  throw new Error('a record has more fields than fit into a line');
}

function fits(record: object): boolean {
  return Buffer.byteLength(encode(record)) < MAX_LINE_BYTES;
}

function cut<T>(value: T, limit: number): T {
  if (typeof value === 'string') return shortened(value, limit) as T;
  if (Array.isArray(value)) return value.slice(0, limit).map((entry: unknown) => cut(entry, limit)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, key === 'file' ? entry : (cut(entry, limit) as unknown)])) as T;
}

/** At most so many characters, the last of them `…` when some are left out. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
