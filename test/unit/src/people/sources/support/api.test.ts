import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { SourceFailed } from '#src/model/people.ts';
import { openApi, type Api, type ApiOptions } from '#src/people/sources/support/api.ts';
import { nextLink } from '#src/people/sources/support/link.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';

const shape = z.array(z.object({ id: z.int() }));

let server: HttpStandIn;
let deps: FakeSourceDeps;
let stop: AbortController;
let answer: (asked: HttpAsked, url: string) => HttpReply;

beforeEach(async () => {
  answer = () => ({ body: [] });
  deps = createSourceDeps({});
  stop = new AbortController();
  server = await startHttpStandIn((asked, url) => answer(asked, url));
});

afterEach(() => server.stop());

function open(options: Partial<ApiOptions> = {}): Api {
  return openApi({ title: 'Vendor', address: server.url, rights: 'the right to read', headers: { authorization: 'Bearer canary' }, deps, signal: stop.signal, ...options });
}

async function pagesOf(api: Api): Promise<readonly number[]> {
  const ids: number[] = [];
  for await (const { body } of api.pages('/users?page=1', shape, nextLink)) ids.push(...body.map(({ id }) => id));
  return ids;
}

function failed(fault: SourceFailed['fault'], message: string): unknown {
  return Object.assign(new SourceFailed(fault, message), { fault });
}

describe('src/people/sources/support/api.ts', () => {
  test('the path of an address is kept', async () => {
    await open({ address: `${server.url}/api/v3` }).get('/users', shape);

    expect(server.asked.map(({ path }) => path)).toEqual(['/api/v3/users']);
  });

  test('pages that go in a circle end', async () => {
    answer = ({ query }, url) => ({ headers: { link: `<${url}/users?page=${query.get('page') === '1' ? 2 : 1}>; rel="next"` }, body: [{ id: 1 }] });

    await expect(pagesOf(open())).rejects.toEqual(failed('garbled', 'Vendor sends the same page again and again'));
    expect(server.asked).toHaveLength(2);
  });

  test('pages that never end are given up', async () => {
    answer = ({ query }, url) => ({ headers: { link: `<${url}/users?page=${Number(query.get('page')) + 1}>; rel="next"` }, body: [{ id: 1 }] });

    await expect(pagesOf(open({ bounds: { maxPages: 5 } }))).rejects.toEqual(failed('garbled', 'Vendor sends more than 5 pages'));
    expect(server.asked).toHaveLength(5);
  });

  test.each(['https://example.com/users', 'https://127.0.0.1/users', 'http://127.0.0.1:1/users', 'ftp://127.0.0.1/users', 'javascript:1', 'http://user@[/'])('a next page at %s is not followed', async (next) => {
    answer = () => ({ headers: { link: `<${next}>; rel="next"` }, body: [{ id: 1 }] });

    await expect(pagesOf(open())).rejects.toEqual(failed('garbled', 'Vendor sends on to another address, which is not followed'));
    expect(server.asked).toHaveLength(1);
  });

  test('a target that begins like another server is a path of this one', async () => {
    await open().get('//example.com/users', shape);

    expect(server.asked.map(({ path }) => path)).toEqual(['//example.com/users']);
  });

  test('an answer that is too long is not read to its end', async () => {
    answer = () => ({ body: `["${'x'.repeat(3 * 1024 ** 2)}"]` });

    await expect(open({ bounds: { maxBytes: 1024 ** 2 } }).get('/users', shape)).rejects.toEqual(failed('garbled', 'Vendor sent an answer of more than 1 MiB'));
  });

  test('an answer that does not come is asked for three times', async () => {
    answer = () => ({ silent: true });

    await expect(open({ bounds: { timeoutMs: 40 } }).get('/users', shape)).rejects.toEqual(failed('unreachable', 'Vendor did not answer within 0 s'));
    expect(deps.waits).toEqual([1000, 5000]);
    expect(server.asked).toHaveLength(3);
  });

  test('waiting for an answer ends with the reason of the signal', async () => {
    answer = () => {
      setImmediate(() => stop.abort(new Error('shutting down')));
      return { silent: true };
    };

    await expect(open().get('/users', shape)).rejects.toThrow('shutting down');
    expect(server.asked).toHaveLength(1);
  });

  test('all waits of a listing are counted together', async () => {
    answer = () => ({ status: 429, headers: { 'retry-after': '240' } });
    const api = open();

    await expect(api.get('/a', shape)).rejects.toMatchObject({ fault: 'busy' });
    await expect(api.get('/b', shape)).rejects.toMatchObject({ fault: 'busy' });

    expect(deps.waits).toEqual([240_000, 240_000, 240_000]);
  });

  test.each<[string, HttpReply, number]>([
    ['a 403 with Retry-After', { status: 403, headers: { 'retry-after': '9' } }, 9000],
    ['a 403 with nothing left until a moment', { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795420830', date: 'Mon, 23 Nov 2026 08:00:00 GMT' } }, 31_000],
    ['a 403 whose text says so', { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } }, 60_000],
  ])('%s is waited for', async (_name, reply, ms) => {
    let replies = 0;
    answer = () => (replies++ === 0 ? reply : { body: [] });

    await open({ busyText: /secondary rate limit/ }).get('/users', shape);

    expect(deps.waits).toEqual([ms]);
  });

  test('a 403 that only tells how many requests are left is not waited for', async () => {
    answer = () => ({ status: 403, headers: { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '1795420830' }, body: { message: 'Resource not accessible' } });

    await expect(open({ busyText: /secondary rate limit/ }).get('/users', shape)).rejects.toEqual(failed('forbidden', 'Vendor forbids this (HTTP 403); needed: the right to read'));
    expect(deps.waits).toEqual([]);
  });

  test('an answer in another form is told by its places and without its values', async () => {
    answer = () => ({ body: [{ id: 1 }, { id: 'canary' }] });

    await expect(open().get('/users', shape)).rejects.toEqual(failed('garbled', 'Vendor answered in another form than expected (at 1.id)'));
  });

  test('a form and an object are sent as what they are', async () => {
    await open().post('/token', shape, { body: new URLSearchParams({ a: '1 2' }) });
    await open().post('/query', shape, { body: { a: 1 }, headers: { 'x-more': 'yes' } });

    expect(server.asked.map(({ method, headers, body }) => [method, headers['content-type'], headers.authorization, headers['x-more'], body])).toEqual([
      ['POST', 'application/x-www-form-urlencoded;charset=UTF-8', 'Bearer canary', undefined, 'a=1+2'],
      ['POST', 'application/json', 'Bearer canary', 'yes', '{"a":1}'],
    ]);
  });

  test('a download goes to another server and without the token', async () => {
    answer = () => ({ body: Buffer.from('bytes') });

    const file = await open().download(`${server.url.replace('127.0.0.1', 'localhost')}/file`);

    expect(file.toString()).toBe('bytes');
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  test.each(['http://example.com/file', 'file:///etc/passwd', 'data:,x', ''])('nothing is downloaded from %s', async (url) => {
    await expect(open().download(url)).rejects.toMatchObject({ fault: 'garbled' });
  });
});
