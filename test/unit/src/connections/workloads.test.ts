import { describe, expect, test } from '@jest/globals';
import { topOwner } from '#src/connections/workloads.ts';

describe('src/connections/workloads.ts', () => {
  test.each([
    ['ReplicaSet', 'web-7d9f8c6b5', 'Deployment', 'web'],
    ['ReplicaSet', 'by-hand', 'ReplicaSet', 'by-hand'],
    ['Job', 'backup-29384756', 'CronJob', 'backup'],
    ['Job', 'migrate', 'Job', 'migrate'],
    ['StatefulSet', 'db-2', 'StatefulSet', 'db-2'],
    ['DaemonSet', 'agent', 'DaemonSet', 'agent'],
    ['Pod', 'alone-7d9f8c6b5', 'Pod', 'alone-7d9f8c6b5'],
  ])('%s %s belongs to %s %s', (kind, name, owner, owned) => {
    expect(topOwner({ namespace: 'shop', kind, name })).toEqual({ namespace: 'shop', kind: owner, name: owned });
  });
});
