import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLokiPull } from '#src/event-logs/loki.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpStandIn } from '#test/fakes/people/server.ts';

const NEVER = new AbortController().signal;
const LIMIT = 3;
type Entry = readonly [at: bigint, line: string];

/** Answers as Loki does: from the start on, without the end, as many as the limit, in streams. */
function answerOf(entries: readonly Entry[], query: URLSearchParams): object {
  const [start, end] = [BigInt(query.get('start') ?? ''), BigInt(query.get('end') ?? '')];
  const found = entries.filter(([at]) => at >= start && at < end).toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, Number(query.get('limit')));
  const values = (odd: boolean) => found.filter((_, index) => (index % 2 === 1) === odd).map(([at, line]) => [String(at), line]);
  return { status: 'success', data: { resultType: 'streams', result: [{ stream: { a: '1' }, values: values(true) }, { stream: { a: '2' }, values: values(false) }] } };
}

describe('src/event-logs/loki.ts', () => {
  let deps: FakeSourceDeps;
  let server: HttpStandIn;
  let entries: Entry[];

  beforeEach(async () => {
    deps = createSourceDeps({ TOKEN: 'canary' });
    entries = [];
    server = await startHttpStandIn(({ query }) => ({ body: answerOf(entries, query) }));
  });

  afterEach(() => server.stop());

  const seconds = (count: number): bigint => BigInt(deps.clock.now().getTime() + count * 1000) * 1_000_000n;
  const open = () => createLokiPull({ url: server.url, query: '{app="audit"}', token: { env: 'TOKEN' }, tenant: 'team-a' }, deps, LIMIT);
  const placeAt = (at: bigint) => JSON.stringify({ at: String(at), seen: [] });

  async function readAll(from: string): Promise<readonly (string | undefined)[]> {
    const texts: (string | undefined)[] = [];
    let cursor = from;
    for (let pulled = await open().pull(cursor, NEVER); pulled !== undefined; pulled = await open().pull(cursor, NEVER)) {
      texts.push(pulled.text);
      cursor = pulled.cursor;
    }
    return texts.filter((text) => text !== '');
  }

  test('it begins with what comes from now on, and asks nothing for that', async () => {
    expect(await open().pull(undefined, NEVER)).toMatchObject({ text: '' });
    expect(server.asked).toEqual([]);
  });

  test('all pages are read in the order of time, each line once', async () => {
    entries = [-100, -90, -80, -80, -80, -70, -60].map((at, index) => [seconds(at), `line ${index}`] as const);

    const texts = await readAll(placeAt(seconds(-200)));
    expect(texts.flatMap((text) => text?.split('\n')).toSorted()).toEqual(entries.map(([, line]) => line));
  });

  test('it asks for no less than a second', async () => {
    const cursor = placeAt(seconds(-15) - 999_000_000n);
    expect(await open().pull(cursor, NEVER)).toBeUndefined();
    expect(server.asked).toEqual([]);

    deps.clock.advance(1);
    expect(await open().pull(cursor, NEVER)).toMatchObject({ text: '' });
  });

  test('it shows its token and its tenant', async () => {
    await open().pull(placeAt(seconds(-200)), NEVER);

    expect(server.asked).toMatchObject([{ path: '/loki/api/v1/query_range', headers: { authorization: 'Bearer canary', 'x-scope-orgid': 'team-a' } }]);
    expect(server.asked[0]?.query.get('direction')).toBe('forward');
  });

  test('more lines of one moment than one answer holds are a gap, and what follows is read', async () => {
    entries = [...[1, 2, 3, 4].map((index) => [seconds(-100), 'same '.repeat(index).trim()] as const), [seconds(-50), 'later']];

    const [page, ...rest] = await readAll(placeAt(seconds(-200)));
    expect(page?.split('\n').toSorted()).toEqual(['same', 'same same', 'same same same']);
    expect(rest).toEqual([undefined, 'later']);
  });

  test('the latest seconds wait, because lines come in late', async () => {
    entries = [[seconds(-5), 'new']];

    expect(await readAll(placeAt(seconds(-30)))).toEqual([]);
  });

  test('a long time away is read hour by hour', async () => {
    entries = [[seconds(-3 * 3600), 'old'], [seconds(-100), 'young']];

    expect(await readAll(placeAt(seconds(-4 * 3600)))).toEqual(['old', 'young']);
    expect(server.asked).toHaveLength(4);
  });

  test('an answer in another form moves nothing on', async () => {
    await server.stop();
    server = await startHttpStandIn(() => ({ body: { status: 'error' } }));

    await expect(open().pull(placeAt(seconds(-200)), NEVER)).rejects.toThrow('Loki answered in another form than expected');
  });
});
