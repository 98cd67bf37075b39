import { describe, expect, test } from '@jest/globals';
import { createKubescapePull } from '#src/event-logs/kubescape.ts';
import { ChangeFailed, readOnlyCluster, type OpenCluster } from '#src/model/clusters.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NotListed } from '#src/model/source.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const NEVER = new AbortController().signal;

/** Lists metadata alone, as Kubescape's API does. */
function aCluster(versions: () => Readonly<Record<string, string>>, failure?: NotListed): OpenCluster {
  const metadata = (name: string): RawObject => ({ metadata: { namespace: 'shop', name, resourceVersion: versions()[name] } });
  return {
    ...readOnlyCluster({
      version: { minor: 36 },
      complete: true,
      async *list() {
        if (failure !== undefined) throw failure;
        yield Object.keys(versions()).map((name) => ({ object: metadata(name) }));
      },
    }),
    async get({ apiVersion, resource, namespace, name }) {
      if (apiVersion !== 'spdx.softwarecomposition.kubescape.io/v1beta1' || resource !== 'networkneighborhoods' || namespace !== 'shop') throw new ChangeFailed('refused', 'something else was asked for');
      return { ...metadata(name), spec: {} };
    },
  };
}

describe('src/event-logs/kubescape.ts', () => {
  const names = (text: string | undefined) => (text ?? '').split('\n').filter((line) => line !== '').map((line) => (JSON.parse(line) as { readonly metadata: { readonly name: string } }).metadata.name);

  test('each object is read, and again where it has changed, as often as was said', async () => {
    const clock = createMovedClock();
    let versions: Record<string, string> = { a: '1', b: '1', c: '1' };
    const source = createKubescapePull({ cluster: 'prod', everyMinutes: 60, open: async () => aCluster(() => versions), clock, most: 2 });

    const first = await source.pull(undefined, NEVER);
    const second = await source.pull(first?.cursor, NEVER);
    expect([names(first?.text), names(second?.text)]).toEqual([['a', 'b'], ['c']]);
    expect(await source.pull(second?.cursor, NEVER)).toBeUndefined();

    clock.advance(60 * 60_000);
    versions = { b: '2', c: '1' };
    const third = await source.pull(second?.cursor, NEVER);
    expect(names(third?.text)).toEqual(['b']);
    expect(JSON.parse(third?.cursor ?? '')).toMatchObject({ read: { 'shop/b': '2', 'shop/c': '1' } });
  });

  test('a cluster without Kubescape is a problem for the status, and asked again later', async () => {
    const clock = createMovedClock();
    const source = createKubescapePull({ cluster: 'prod', everyMinutes: 60, open: async () => aCluster(() => ({}), new NotListed('not served', true)), clock });
    const pulled = await source.pull(undefined, NEVER);

    expect(pulled).toMatchObject({ text: '', problem: 'the API server serves no networkneighborhoods; is Kubescape there?' });
    expect(await source.pull(pulled?.cursor, NEVER)).toBeUndefined();
  });

  test('a missing permission is a fault', async () => {
    const source = createKubescapePull({ cluster: 'prod', everyMinutes: 60, open: async () => aCluster(() => ({}), new NotListed('no permission to list networkneighborhoods')), clock: createMovedClock() });

    await expect(source.pull(undefined, NEVER)).rejects.toThrow('no permission to list networkneighborhoods');
  });
});
