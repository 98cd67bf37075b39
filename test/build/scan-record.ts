import type { ClusterState, ScanRecord } from '#src/model/scan-record.ts';

export function aScan(overrides: Partial<ScanRecord> = {}): ScanRecord {
  return {
    id: 'a1',
    cluster: 'prod-eu',
    scope: {},
    asker: { person: 'U0ANN00001', name: 'Ann' },
    channel: 'C0SECPROD1',
    queuedAt: '2026-11-23T08:00:00.000Z',
    state: 'queued',
    runs: 0,
    ...overrides,
  };
}

export function aClusterState(overrides: Partial<ClusterState> = {}): ClusterState {
  return {
    cluster: 'prod-eu',
    version: 'v1.34',
    lastScan: { id: 'a1', at: '2026-11-23T08:00:41.000Z' },
    objects: 3,
    stock: 0,
    checks: ['workload/privileged'],
    gaps: [],
    durationsMs: [41_000],
    findings: [],
    ...overrides,
  };
}
