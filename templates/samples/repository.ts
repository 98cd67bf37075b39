import type { CodeFinding, RepositoryResult, RepositoryScan } from '#src/model/repositories.ts';

const BLOB = 'https://github.com/acme/platform/blob/c0ffee0000000000000000000000000000000000';

export const SAMPLE_CODE_FINDING: CodeFinding = {
  check: 'workload/privileged',
  severity: 'critical',
  object: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'monitoring', name: 'node-probe' },
  message: 'Container probe runs privileged',
  place: { file: 'deploy/probe.yaml', line: 31, url: `${BLOB}/deploy/probe.yaml#L31` },
};

const SAMPLE_BUCKET_FINDING: CodeFinding = {
  check: 'iac/terraform-resource',
  severity: 'high',
  object: { kind: 'aws_s3_bucket', name: 'state', address: 'module.state.aws_s3_bucket.state' },
  message: 'The bucket is readable by everybody',
  place: { file: 'infra/state.tf', line: 4, url: `${BLOB}/infra/state.tf#L4` },
};

export const SAMPLE_KEY_FINDING: CodeFinding = {
  check: 'iac/stale-deploy-key',
  severity: 'high',
  object: { kind: 'DeployKey', name: 'acme/platform/argo' },
  message: 'The deploy key may write',
  place: { page: 'Deploy keys', url: 'https://github.com/acme/platform/settings/keys' },
};

export const SAMPLE_RESULT: RepositoryResult = {
  commit: 'c0ffee0000000000000000000000000000000000',
  comparedWith: '2026-11-22T05:00:12.000Z',
  open: { critical: 1, high: 2, medium: 14, low: 0, info: 0 },
  fresh: { count: 1, shown: [SAMPLE_CODE_FINDING] },
  fixed: { count: 1, shown: [{ ...SAMPLE_BUCKET_FINDING, place: { file: 'infra/logs.tf', line: 12, url: `${BLOB}/infra/logs.tf#L12` } }] },
  still: { count: 16, shown: [SAMPLE_BUCKET_FINDING, SAMPLE_KEY_FINDING] },
  hidden: 0,
  suppressed: 2,
  files: 48,
  objects: 131,
  unread: { count: 0, shown: [] },
  gaps: [],
};

export const SAMPLE_REPOSITORY_SCAN: RepositoryScan = {
  id: 'a1b2c3d4e5',
  target: { repository: 'acme/platform', ref: 'main', path: 'deploy' },
  asker: { person: 'U0ANN00001', name: 'Ann' },
  at: '2026-11-23T08:00:09.000Z',
  result: SAMPLE_RESULT,
};
