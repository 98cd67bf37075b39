import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Repository } from '#src/model/repositories.ts';
import { downloadRepository } from '#src/repositories/download.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';

const ARCHIVE = Buffer.from([0x1f, 0x8b, 1, 2, 3]);

let api: HttpStandIn;
let store: HttpStandIn;
let deps: FakeSourceDeps;
let answer: (asked: HttpAsked) => HttpReply | undefined;

beforeEach(async () => {
  deps = createSourceDeps({ TOKEN: 'canary' });
  store = await startHttpStandIn(() => ({ body: ARCHIVE }));
  answer = () => ({ status: 302, headers: { location: `${store.url}/acme/shop/legacy.tar.gz?token=short` } });
  api = await startHttpStandIn((asked) => answer(asked));
});

afterEach(async () => {
  await api.stop();
  await store.stop();
});

function download(more: Partial<Repository> = {}, ref?: string, maxBytes = 1024 ** 2): Promise<Buffer> {
  const repository: Repository = { name: 'acme/shop', host: 'github', url: api.url, token: { env: 'TOKEN' }, channel: undefined, schedule: 'off', timeZone: 'UTC', ...more };
  return downloadRepository(repository, ref, deps, new AbortController().signal, { maxBytes });
}

describe('src/repositories/download.ts', () => {
  test('follows GitHub to the archive, and shows the token to the API alone', async () => {
    expect(await download({}, 'feature/a')).toEqual(ARCHIVE);

    expect(api.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/repos/acme/shop/tarball/feature/a', 'Bearer canary']]);
    expect(store.asked.map(({ path, query, headers }) => [path, query.get('token'), headers.authorization])).toEqual([['/acme/shop/legacy.tar.gz', 'short', undefined]]);
  });

  test('asks GitHub for the default branch where no ref is given, below the path of its API', async () => {
    await download({ url: `${api.url}/api/v3` });

    expect(api.asked[0]?.path).toBe('/api/v3/repos/acme/shop/tarball');
  });

  test.each(['https://evil.example/a.tar.gz', 'http://localhost/a.tar.gz', 'file:///etc/passwd', '/relative', 'http://169.254.169.254/latest', undefined])('is not sent on to %s', async (location) => {
    answer = () => ({ status: 302, headers: location === undefined ? {} : { location } });

    await expect(download()).rejects.toThrow('GitHub sends on to another address, which is not followed');
    expect(store.asked).toEqual([]);
  });

  test('follows one step only', async () => {
    await store.stop();
    store = await startHttpStandIn((_, url) => ({ status: 302, headers: { location: `${url}/again` } }));

    await expect(download()).rejects.toThrow('GitHub sends on to another address, which is not followed');
    expect(store.asked).toHaveLength(1);
  });

  test('GitLab gives the archive itself', async () => {
    answer = () => ({ body: ARCHIVE });

    expect(await download({ host: 'gitlab', name: 'acme/group/shop' }, 'v1/x')).toEqual(ARCHIVE);
    expect(api.asked.map(({ path, query, headers }) => [path, query.get('sha'), headers.authorization])).toEqual([['/api/v4/projects/acme%2Fgroup%2Fshop/repository/archive.tar.gz', 'v1/x', 'Bearer canary']]);
  });

  test('GitLab is not followed anywhere', async () => {
    await expect(download({ host: 'gitlab' })).rejects.toThrow('GitLab sends on to another address, which is not followed');
    expect(store.asked).toEqual([]);
  });

  test.each([
    [401, 'GitHub refuses the credentials (HTTP 401)'],
    [403, /GitHub forbids this \(HTTP 403\); needed: .*Contents \(read\)/],
    [404, /GitHub has nothing there or does not show it \(HTTP 404\); needed: .*an existing repository and ref/],
  ])('says what is wrong at %i, without the token', async (status, message) => {
    answer = () => ({ status, body: { message: 'canary' } });

    const error = await download().catch((thrown: unknown) => thrown);

    expect(error).toHaveProperty('message', typeof message === 'string' ? message : expect.stringMatching(message));
    expect(String(error)).not.toContain('canary');
  });

  test('waits where it is asked too often', async () => {
    let first = true;
    const sendOn = answer;
    answer = (asked) => {
      if (!first) return sendOn(asked);
      first = false;
      return { status: 429, headers: { 'retry-after': '7' } };
    };

    expect(await download()).toEqual(ARCHIVE);
    expect(deps.waits).toEqual([7000]);
  });

  test('an archive that is too large is given up', async () => {
    await store.stop();
    store = await startHttpStandIn(() => ({ body: Buffer.alloc(3 * 1024 ** 2) }));

    await expect(download()).rejects.toThrow('GitHub sent an answer of more than 1 MiB');
  });

  test('a token that is missing is said by its place, and nothing is asked', async () => {
    await expect(download({ token: { env: 'NONE' } })).rejects.toThrow('NONE is not set');
    expect(api.asked).toEqual([]);
  });

  test('a public repository needs no token', async () => {
    const { token: _, ...rest } = { token: undefined };
    await downloadRepository({ name: 'acme/shop', host: 'github', url: api.url, channel: undefined, schedule: 'off', timeZone: 'UTC', ...rest }, undefined, deps, new AbortController().signal);

    expect(api.asked[0]?.headers.authorization).toBeUndefined();
  });
});
