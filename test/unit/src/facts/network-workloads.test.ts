import { describe, expect, test } from '@jest/globals';
import { networkWorkloads } from '#src/facts/network-workloads.ts';
import type { RawObject } from '#src/model/raw.ts';

function ownerOf(metadata: RawObject): string | undefined {
  const object: RawObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec: { template: { spec: { containers: [{ name: 'main', image: 'web' }] } } } };
  const state = networkWorkloads.start();
  networkWorkloads.add(state, object, { ref: { kind: 'Deployment', namespace: 'shop', name: 'web' }, stock: false });
  const [workload] = state;
  if (workload === undefined) throw new Error('it is no workload');
  return workload.owner;
}

describe('src/facts/network-workloads.ts', () => {
  test.each<[string, RawObject, string | undefined]>([
    ['an annotation made for it', { annotations: { 'a8r.io/owner': '@ann' }, labels: { team: 'shop' } }, '@ann'],
    ['a label', { labels: { team: 'shop' } }, 'shop'],
    ['the first that is not empty', { annotations: { owner: ' ' }, labels: { owner: 'ann' } }, 'ann'],
    ['nobody', { labels: { app: 'web' } }, undefined],
    ['nobody where it is no text', { labels: { owner: 7 } }, undefined],
  ])('takes its owner from %s', (_, metadata, owner) => {
    expect(ownerOf(metadata)).toBe(owner);
  });
});
