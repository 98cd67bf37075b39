import type { z } from 'zod';
import { SourceFailed } from '#src/model/people.ts';
import type { Api } from './api.ts';
import { nextLink } from './link.ts';

const MAX_READINGS = 3;

/**
 * Reads a list whose pages are counted by number and linked by `Link`.
 *
 * When somebody leaves such a list while it is read, the rest moves up and one entry falls between two pages, as if that person had left too.
 * So more than one page is read again, until two readings in a row name the same.
 *
 * @throws {SourceFailed} `garbled` when the list does not come to rest.
 */
export async function numberedPages<T>(api: Api, title: string, first: string, shape: z.ZodType<readonly T[]>, idOf: (item: T) => string): Promise<readonly T[]> {
  let before: string | undefined;
  for (let reading = 0; reading < MAX_READINGS; reading += 1) {
    const items: T[] = [];
    let pages = 0;
    for await (const { body } of api.pages(first, shape, nextLink)) {
      items.push(...body);
      pages += 1;
    }
    const ids = [...new Set(items.map(idOf))].sort().join('\n');
    if (pages === 1 || ids === before) return items;
    before = ids;
  }
  throw new SourceFailed('garbled', `the list of ${title} changes while it is read`);
}
