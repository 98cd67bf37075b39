import { describe, expect, test } from '@jest/globals';
import { check as danglingRoleRef } from '#src/checks/access/dangling-role-ref/check.ts';
import { check as departedUser } from '#src/checks/access/departed-user/check.ts';
import { check as humanUsesServiceAccount } from '#src/checks/access/human-uses-service-account/check.ts';
import { check as inactiveUser } from '#src/checks/access/inactive-user/check.ts';
import { check as unknownSubject } from '#src/checks/access/unknown-subject/check.ts';
import { check as unusedBinding } from '#src/checks/access/unused-binding/check.ts';
import { NOTHING_WATCHED, type Activity } from '#src/model/activity.ts';
import type { KnownUses } from '#src/model/known-uses.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { ClusterState } from '#src/model/scan-record.ts';
import type { ScanPatch } from '#src/model/scan-runs.ts';
import { job } from '#jobs/scan-cluster.ts';
import { accessSettings, aKnownPerson, clustersOf, NOW, withMetadata } from '#test/build/access.ts';
import { binding, role } from '#test/build/rbac.ts';
import { servicesWith } from '#test/build/queue.ts';
import { aScan } from '#test/build/scan-record.ts';

const LONG_AGO = { creationTimestamp: '2025-11-23T08:00:00Z' };
const OBJECTS = [withMetadata(role('dev', ['get pods']), LONG_AGO), withMetadata(binding('developers', 'ClusterRole/dev', ['User/oidc:ann@corp.example', 'User/oidc:bob@corp.example', 'User/eve'], 'shop'), LONG_AGO)];
const PEOPLE = [aKnownPerson('ann'), aKnownPerson('bob', { state: 'departed' })];
const CHECKS = [departedUser, inactiveUser, unknownSubject];

interface World {
  readonly objects?: readonly RawObject[];
  readonly isConfigured?: boolean;
  /** Whether every source of people answers. */
  readonly ok?: boolean;
  readonly activity?: Activity;
  readonly uses?: KnownUses;
}

/** What a scan of one cluster has stored in the end. */
async function scanned({ objects = OBJECTS, isConfigured = true, ok = true, activity, uses }: World = {}): Promise<ClusterState> {
  const scan = aScan({ cluster: 'prod', runs: 1 });
  const ends: (readonly [ScanPatch, ClusterState | undefined])[] = [];
  const services = servicesWith({
    clock: { now: () => NOW },
    // Another one, which reads the cluster whatever is known of people.
    checks: [...CHECKS, ...(uses === undefined ? [] : [unusedBinding, humanUsesServiceAccount]), danglingRoleRef],
    clusters: clustersOf({ prod: objects }),
    accessSettings: accessSettings({ usernamePrefix: 'oidc:' }),
    activity: { ...NOTHING_WATCHED, usesOf: () => Promise.resolve(uses), ...(activity !== undefined && { ofAll: () => Promise.resolve({ coverage: activity.coverage, of: () => activity }) }) },
    people: { isConfigured, all: () => Promise.resolve(PEOPLE), stateNow: () => Promise.resolve([]), health: () => Promise.resolve([{ source: 'okta', ok, text: '' }]), sync: () => Promise.resolve([]) },
    scans: { start: () => Promise.resolve([]), cancel: () => Promise.resolve('unknown'), requeueLost: () => Promise.resolve(), get: () => Promise.resolve(undefined), active: () => Promise.resolve(undefined), state: () => Promise.resolve(undefined) },
    scanRuns: {
      get: () => Promise.resolve(undefined),
      audience: () => Promise.resolve([]),
      begin: () => Promise.resolve({ scan, report: () => Promise.resolve(scan), end: (patch, state) => Promise.resolve(void ends.push([patch, state])).then(() => scan) }),
    },
    outbox: { put: () => Promise.resolve(), putFile: () => Promise.resolve() },
  });
  await job.run({ scan: scan.id }, services, { signal: new AbortController().signal, attempt: 1, last: true });
  const [[patch, state] = []] = ends;
  if (state === undefined) throw new Error(`the scan did not end well: ${JSON.stringify(patch)}`);
  return state;
}

const foundIn = ({ findings }: ClusterState) => findings.map(({ check, item, message }) => [check, item, message]);
const gapsOf = ({ gaps }: ClusterState) => gaps.map(({ check, reason }) => [check, reason]);

const DEPARTED = ['access/departed-user', 'departed', 'Gives the role dev to user oidc:bob@corp.example, who has left'];
const UNKNOWN = ['access/unknown-subject', undefined, 'Gives the role dev to user eve, whom no source of people knows'];

describe('jobs/scan-cluster.ts', () => {
  test('reports the binding of somebody who has left and of somebody whom nobody knows, by what the sources of people say', async () => {
    const state = await scanned();

    expect(foundIn(state)).toEqual([DEPARTED, UNKNOWN]);
    expect(gapsOf(state)).toEqual([['access/inactive-user', 'the audit log of the cluster does not come in']]);
  });

  test('reports what was not used, and whose token people use, by what the audit log says', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'shop' } };
    const uses: KnownUses = { windowDays: 60, namesBindings: true, isUsed: () => false, actors: new Set(), tools: [{ namespace: 'shop', name: 'robot', tool: 'kubectl', from: '203.0.113.0/24', day: '2026-11-20' }] };
    const state = await scanned({ objects: [...OBJECTS, account], isConfigured: false, uses });

    expect(foundIn(state)).toEqual([
      ['access/unused-binding', undefined, 'Gives the role dev in shop to user oidc:ann@corp.example, user oidc:bob@corp.example and 1 other, and no request of the last 60 days needed it'],
      ['access/human-uses-service-account', undefined, "Somebody used its token with kubectl from outside of the cluster's ranges"],
    ]);
  });

  test('reports the binding of somebody of whom nothing was seen, where all was watched', async () => {
    const state = await scanned({ activity: { coverage: 'complete' } });

    expect(foundIn(state)).toContainEqual(['access/inactive-user', undefined, 'Gives the role dev to user oidc:ann@corp.example, who was not seen for 60 days']);
    expect(gapsOf(state)).toEqual([]);
  });

  test('somebody who was seen lately is no finding', async () => {
    expect(foundIn(await scanned({ activity: { coverage: 'complete', lastSeen: '2026-11-20T08:00:00.000Z' } }))).toEqual([DEPARTED, UNKNOWN]);
  });

  test('without a source of people nothing is said about users, and why', async () => {
    const state = await scanned({ isConfigured: false });

    expect(foundIn(state)).toEqual([]);
    expect(gapsOf(state)).toEqual(CHECKS.map(({ id }) => [id, 'no source of people is connected']));
  });

  test('while a source does not answer, who has left is told all the same, and nobody passes for unknown', async () => {
    const state = await scanned({ ok: false, activity: { coverage: 'complete', lastSeen: '2026-11-20T08:00:00.000Z' } });

    expect(foundIn(state)).toEqual([DEPARTED]);
    expect(gapsOf(state).toSorted()).toEqual(CHECKS.map(({ id }) => [id, 'the source of people okta cannot be used']));
  });
});
