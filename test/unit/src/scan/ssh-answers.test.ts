import { describe, expect, test } from '@jest/globals';
import { readOnlyCluster } from '#src/model/clusters.ts';
import type { RawObject } from '#src/model/raw.ts';
import { sshAnswersOf } from '#src/scan/ssh-answers.ts';
import { sourceOf } from '#test/fakes/source.ts';

const signal = new AbortController().signal;
const node = (name: string, type: string, address: string): RawObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { addresses: [{ type, address }] } });
const NODES = [node('a', 'ExternalIP', '203.0.113.12'), node('b', 'InternalIP', '10.0.0.12'), node('c', 'ExternalIP', '203.0.113.12')];

function scene(options: Parameters<typeof sourceOf>[1] = {}) {
  const tried: (readonly string[])[] = [];
  const trySsh = (addresses: readonly string[]) => {
    tried.push(addresses);
    return Promise.resolve(new Map(addresses.map((address) => [address, 'ssh' as const])));
  };
  return { tried, cluster: readOnlyCluster(sourceOf(NODES, options)), trySsh };
}

describe('src/scan/ssh-answers.ts', () => {
  test('tries each address on the internet once, and no other', async () => {
    const { tried, cluster, trySsh } = scene();

    expect([...((await sshAnswersOf({ ...cluster, trySsh }, signal)) ?? [])]).toEqual([['203.0.113.12', 'ssh']]);
    expect(tried).toEqual([['203.0.113.12']]);
  });

  test('tries nothing where the bot may not', async () => {
    expect(await sshAnswersOf(scene().cluster, signal)).toBeUndefined();
  });

  test('leaves it to the scan to say that nodes cannot be listed', async () => {
    const { tried, cluster, trySsh } = scene({ unlisted: { Node: 'no permission to list nodes' } });

    expect((await sshAnswersOf({ ...cluster, trySsh }, signal))?.size).toBe(0);
    expect(tried).toEqual([[]]);
  });
});
