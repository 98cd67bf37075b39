import { ApiError } from './api-error.ts';
import { integerArg, textArg, type Arguments } from './arguments.ts';

const MAX_PAGE = 1000;

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page, as Slack has it. */
  readonly nextCursor: string;
}

/** One page of a list. The cursor names the item with which the next page begins, so it is void once that item is gone. */
export function pageOf<T extends { readonly id: string }>(args: Arguments, items: readonly T[], defaultLimit: number): Page<T> {
  const limit = integerArg(args, 'limit', { min: 1, max: MAX_PAGE }) ?? defaultLimit;
  const start = startOf(args, items);
  const next = items[start + limit];
  return { items: items.slice(start, start + limit), nextCursor: next === undefined ? '' : Buffer.from(`id:${next.id}`).toString('base64') };
}

export function pagingJson({ nextCursor }: Page<unknown>): { readonly response_metadata: { readonly next_cursor: string } } {
  return { response_metadata: { next_cursor: nextCursor } };
}

function startOf(args: Arguments, items: readonly { readonly id: string }[]): number {
  const cursor = textArg(args, 'cursor');
  if (cursor === undefined) return 0;
  const id = /^id:(.+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  const start = items.findIndex((item) => item.id === id);
  if (id === undefined || start === -1) throw new ApiError('invalid_cursor');
  return start;
}
