import { describe, expect, test } from '@jest/globals';
import { judgedState, subjectOf } from '#src/report/judged-state.ts';
import { aFinding, aGap } from '#test/build/finding.ts';
import { aClusterState } from '#test/build/scan-record.ts';

const AT = '2026-11-23T08:00:41.000Z';

describe('src/report/judged-state.ts', () => {
  test('takes only open findings, and keeps what could not be looked at', () => {
    const tracked = (fingerprint: string, state: 'open' | 'fixed' | 'not-visible') => ({ ...aFinding({ fingerprint }), state, firstSeen: AT, lastSeen: AT });
    const state = aClusterState({ gaps: [aGap()], undecided: [{ check: 'a/one', reason: 'r', count: 1 }], findings: [tracked('a', 'open'), tracked('b', 'fixed'), tracked('c', 'not-visible')] });

    const judged = judgedState(state, []);

    expect(judged.findings).toMatchObject([{ fingerprint: 'a' }]);
    expect(judged).toMatchObject({ ran: ['workload/privileged'], gaps: [aGap()], undecided: [{ check: 'a/one', reason: 'r', count: 1 }] });
    expect(judgedState(aClusterState(), []).undecided).toEqual([]);
  });

  test('is as old as the last scan of the whole cluster', () => {
    const lastFullScan = { id: 'a0', at: '2026-11-20T08:00:00.000Z' };

    expect(subjectOf(aClusterState({ lastFullScan }))).toEqual({ cluster: 'prod-eu', at: lastFullScan.at, kubernetesVersion: 'v1.34', objects: 3, unreadable: 0 });
  });
});
