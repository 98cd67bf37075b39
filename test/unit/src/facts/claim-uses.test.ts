import { describe, expect, test } from '@jest/globals';
import { claimUses, isFrom, type ClaimTemplate } from '#src/facts/claim-uses.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';

const CONTEXT = { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date('2026-11-01T12:00:00Z') };
const template = (kind: ClaimTemplate['kind'], owner: string, name = 'data'): ClaimTemplate => ({
  subject: { ref: { kind: 'StatefulSet', namespace: 'shop', name: owner }, stock: false },
  namespace: 'shop',
  name,
  kind,
  className: undefined,
  path: [],
});

describe('src/facts/claim-uses.ts', () => {
  test.each([
    ['data-db-0', 'shop', true],
    ['data-db-12', 'shop', true],
    ['data-db-0', 'bank', false],
    ['data-db-old-0', 'shop', false],
    ['data-db-', 'shop', false],
    ['more-db-0', 'shop', false],
  ])('tells whether claim %s in %s is from a template', (name, namespace, expected) => {
    expect(isFrom({ name, namespace }, template('claim template', 'db'))).toBe(expected);
  });

  test.each([
    ['import-data', true],
    ['import-x7k2p-data', true],
    ['import-x7k2p-more', false],
    ['other-x7k2p-data', false],
  ])('tells whether claim %s is from a volume of pods', (name, expected) => {
    expect(isFrom({ name, namespace: 'shop' }, template('ephemeral volume', 'import'))).toBe(expected);
  });

  test('knows who uses a claim, by name or by template', () => {
    const { userOf } = gathered([
      workload('Deployment', 'web', { volumes: [{ name: 'a', persistentVolumeClaim: { claimName: 'uploads' } }] }),
      { ...workload('StatefulSet', 'db', {}), spec: { template: { spec: { containers: [] } }, volumeClaimTemplates: [{ metadata: { name: 'data' } }] } },
    ]);

    expect([userOf({ namespace: 'shop', name: 'uploads' })?.ref.name, userOf({ namespace: 'shop', name: 'data-db-1' })?.ref.name, userOf({ namespace: 'bank', name: 'uploads' })]).toEqual(['web', 'db', undefined]);
  });
});

function workload(kind: string, name: string, spec: RawObject): RawObject {
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'shop' }, spec: { template: { spec: { containers: [], ...spec } } } };
}

function gathered(objects: readonly RawObject[]) {
  const state = claimUses.start();
  for (const object of objects) {
    const { kind, metadata } = object as { kind: string; metadata: { name: string; namespace: string } };
    claimUses.add(state, object, { ref: { kind, ...metadata }, stock: false });
  }
  return claimUses.finish(state, CONTEXT);
}
