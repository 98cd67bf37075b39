import type { ScanRecord, ScanSummary, TrackedFinding } from '#src/model/scan-record.ts';

export const SAMPLE_FINDING: TrackedFinding = {
  check: 'workload/privileged',
  severity: 'critical',
  object: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'monitoring', name: 'node-probe' },
  container: 'probe',
  path: 'spec.template.spec.containers[0].securityContext.privileged',
  message: 'Container probe runs privileged',
  evidence: 'privileged: true',
  fingerprint: '3f9c01abd2e4f5061728',
  state: 'open',
  firstSeen: '2026-11-20T08:00:00.000Z',
  lastSeen: '2026-11-23T08:00:41.000Z',
};

export const SAMPLE_ROLE_FINDING: TrackedFinding = {
  check: 'access/secrets-read',
  severity: 'high',
  object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'reader' },
  related: [{ kind: 'ClusterRoleBinding', name: 'everyone-reads' }],
  path: 'rules[0]',
  message: 'May read every Secret; bound to group dev',
  fingerprint: '88aa01abd2e4f5061728',
  state: 'open',
  firstSeen: '2026-11-23T08:00:41.000Z',
  lastSeen: '2026-11-23T08:00:41.000Z',
};

export const SAMPLE_SCAN: ScanRecord = {
  id: 'a4c19e70b2',
  cluster: 'prod-eu',
  scope: {},
  asker: { person: 'U0ANN00001', name: 'Ann' },
  channel: 'C0SECPROD1',
  queuedAt: '2026-11-23T08:00:00.000Z',
  state: 'queued',
  runs: 0,
};

export const SAMPLE_SUMMARY: ScanSummary = {
  open: { critical: 1, high: 1, medium: 6, low: 12, info: 0 },
  fresh: 1,
  worse: 0,
  fixed: 4,
  unchanged: 19,
  hidden: 0,
  top: [SAMPLE_FINDING, { ...SAMPLE_ROLE_FINDING, change: 'new' }],
  comparedWith: '2026-11-22T08:00:41.000Z',
  checks: 74,
  areas: ['access', 'exposure', 'workload'],
  gaps: [],
  undecided: 0,
  objects: 4310,
  stock: 137,
  version: 'v1.34',
};
