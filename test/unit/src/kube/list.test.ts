import { describe, expect, test } from '@jest/globals';
import { listKind } from '#src/kube/list.ts';
import type { ApiClient, ApiRequest, ApiResponse } from '#src/kube/request.ts';
import { textAt } from '#src/model/raw.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PAGE = 2;

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

interface FakeServer {
  readonly client: ApiClient;
  /** Page tokens as they were asked for; the first page has none. */
  readonly tokens: readonly (string | null)[];
}

/** Answers each request in a turn of its own, as a network does. */
function serverOf(answer: (token: string | null, request: number) => Answer): FakeServer {
  const tokens: (string | null)[] = [];
  const send = ({ path }: ApiRequest): Promise<ApiResponse> => {
    const token = new URL(path, 'https://localhost').searchParams.get('continue');
    tokens.push(token);
    const { status = 200, body } = answer(token, tokens.length);
    return new Promise((resolve) => setImmediate(() => resolve({ status, headers: {}, body: Buffer.from(JSON.stringify(body)) })));
  };
  return { client: { send, certificates: () => undefined, close: () => undefined }, tokens };
}

/** Two pods from the place that the token names, written as an API server writes them. */
function page(token: string | null, order: 'token first' | 'items first' = 'token first'): Answer {
  const start = Number(token ?? 0);
  const next = start + PAGE < ITEMS.length ? { continue: String(start + PAGE), remainingItemCount: ITEMS.length - start - PAGE } : {};
  const metadata = { resourceVersion: '7', ...next };
  const items = ITEMS.slice(start, start + PAGE).map((name) => ({ metadata: { name, namespace: 'shop' } }));
  return { body: order === 'token first' ? { kind: 'PodList', apiVersion: 'v1', metadata, items } : { items, metadata } };
}

async function namesFrom({ client }: FakeServer, onPage: () => void = () => undefined): Promise<readonly (string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const items of listKind(client, { kind: 'Pod', apiVersion: 'v1' }, new AbortController().signal)) {
    onPage();
    names.push(...items.map((item) => textAt(item, 'metadata', 'name')));
  }
  return names;
}

describe('src/kube/list.ts', () => {
  test('reads a list page by page and asks for each page once', async () => {
    const server = serverOf((token) => page(token));

    expect(await namesFrom(server)).toEqual(ITEMS);
    expect(server.tokens).toEqual([null, '2', '4']);
  });

  test('has asked for the next page before it hands one out, and for no further one', async () => {
    const server = serverOf((token) => page(token));
    const asked: number[] = [];

    await namesFrom(server, () => asked.push(server.tokens.length));

    expect(asked).toEqual([2, 3, 3]);
  });

  test('finds a token that stands behind the items', async () => {
    const server = serverOf((token) => page(token, 'items first'));

    expect(await namesFrom(server)).toEqual(ITEMS);
    expect(server.tokens).toEqual([null, '2', '4']);
  });

  test.each([['Pod', 'v1', '500'], ['CustomResourceDefinition', 'apiextensions.k8s.io/v1', '50']] as const)('asks for a page of %s by the size of its objects', async (kind, apiVersion, limit) => {
    const limits: (string | null)[] = [];
    const send = ({ path }: ApiRequest): Promise<ApiResponse> => {
      limits.push(new URL(path, 'https://localhost').searchParams.get('limit'));
      return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(page('4').body)) });
    };
    for await (const items of listKind({ send, certificates: () => undefined, close: () => undefined }, { kind, apiVersion }, new AbortController().signal)) expect(items).toHaveLength(2);

    expect(limits).toEqual([limit]);
  });

  test('takes no text within an object for a token', async () => {
    const hostile = { metadata: { name: 'a', annotations: { note: '{"metadata":{"continue":"evil"},"items":[' } } };
    const server = serverOf(() => ({ body: { kind: 'PodList', items: [hostile], metadata: { resourceVersion: '7' } } }));

    expect(await namesFrom(server)).toEqual(['a']);
    expect(server.tokens).toEqual([null]);
  });

  test('follows what the whole page says when its beginning says something else', async () => {
    const last = { body: { metadata: {}, items: [{ metadata: { name: 'b' } }] } };
    const text = '{"kind":"PodList","metadata":{"continue":"first"},"items":[{"metadata":{"name":"a"}}],"metadata":{"continue":"second"}}';
    const tokens: (string | null)[] = [];
    const client: ApiClient = {
      send: ({ path }) => {
        const token = new URL(path, 'https://localhost').searchParams.get('continue');
        tokens.push(token);
        return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(token === null ? text : JSON.stringify(last.body)) });
      },
      certificates: () => undefined,
      close: () => undefined,
    };

    expect(await namesFrom({ client, tokens })).toEqual(['a', 'b']);
    expect(tokens).toEqual([null, 'first', 'second']);
  });

  test('goes on with the token that the server gives for an expired one', async () => {
    const server = serverOf((token, request) => (request === 2 ? { status: 410, body: { kind: 'Status', code: 410, metadata: { continue: token } } } : page(token)));

    expect(await namesFrom(server)).toEqual(ITEMS);
    expect(server.tokens).toEqual([null, '2', '2', '4']);
  });

  test('begins anew when an expired token has no successor, and gives out nothing twice', async () => {
    const server = serverOf((token, request) => (request === 3 ? { status: 410, body: { kind: 'Status', code: 410 } } : page(token)));

    expect(await namesFrom(server)).toEqual(ITEMS);
    expect(server.tokens).toEqual([null, '2', '4', null, '2', '4']);
  });
});
