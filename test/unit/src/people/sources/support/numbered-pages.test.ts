import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openApi } from '#src/people/sources/support/api.ts';
import { numberedPages } from '#src/people/sources/support/numbered-pages.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { numberedPage } from '#test/fakes/people/github.ts';
import { startHttpStandIn, type HttpStandIn } from '#test/fakes/people/server.ts';

let server: HttpStandIn;
/** The list as it is at each request; the last stays. */
let lists: (readonly number[])[];

beforeEach(async () => {
  server = await startHttpStandIn(({ path, query }, origin) => {
    const ids = (lists.length > 1 ? lists.shift() : lists[0]) ?? [];
    return numberedPage(ids.map((id) => ({ id })), { path, query, pageSize: 2, origin });
  });
});

afterEach(() => server.stop());

async function read(): Promise<readonly number[]> {
  const api = openApi({ title: 'Vendor', address: server.url, rights: '', deps: createSourceDeps({}), signal: new AbortController().signal });
  const items = await numberedPages(api, 'Vendor', '/users', z.array(z.object({ id: z.int() })), ({ id }) => String(id));
  return items.map(({ id }) => id);
}

describe('src/people/sources/support/numbered-pages.ts', () => {
  test('a single page is read once', async () => {
    lists = [[1, 2]];

    expect(await read()).toEqual([1, 2]);
    expect(server.asked).toHaveLength(1);
  });

  test('several pages are read until two readings agree', async () => {
    lists = [[1, 2, 3]];

    expect(await read()).toEqual([1, 2, 3]);
    expect(server.asked).toHaveLength(4);
  });

  test('nobody is lost when somebody else leaves in between', async () => {
    lists = [[1, 2, 3, 4, 5], [2, 3, 4, 5]];

    expect(await read()).toEqual([2, 3, 4, 5]);
  });

  test('a list that shrinks to one page is believed', async () => {
    lists = [[1, 2, 3], [2, 3]];

    expect(await read()).toEqual([2, 3]);
  });

  test('a list that does not come to rest is a failure', async () => {
    lists = [[1, 2, 3], [1, 2, 3], [1, 2, 4], [1, 2, 4], [1, 2, 5]];

    await expect(read()).rejects.toMatchObject({ fault: 'garbled', message: 'the list of Vendor changes while it is read' });
  });
});
