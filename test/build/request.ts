import type { Change } from '#src/model/plan.ts';
import type { ApprovalRequest } from '#src/model/request.ts';

/** A right that would be taken away. */
export function removalOf(name: string, cluster = 'prod-eu'): Change {
  return {
    type: 'delete',
    address: { cluster, apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', resource: 'clusterrolebindings', name },
    text: 'cluster-admin in the whole cluster',
    before: { metadata: { name, annotations: { note: 'canary-in-the-body' } } },
  };
}

/** A request that waits, in production. */
export function aRequest(more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'r7k2m9',
    kind: 'remove-person',
    subject: { person: 'bob@corp.example' },
    identity: 'bob@corp.example',
    card: {
      header: 'Departed user still has access',
      ask: 'Remove the access of bob@corp.example in prod-eu: 1 binding',
      facts: [['Person', 'bob@corp.example']],
      effect: 'Would be removed',
      approve: 'Review and remove…',
      undo: 'Restore',
    },
    clusters: ['prod-eu'],
    namespaces: [],
    production: true,
    requester: { name: 'directory' },
    targets: [],
    plan: { changes: [removalOf('ops-bob')], stays: [], proofs: [], basis: [] },
    planHash: 'hash-1',
    needed: 1,
    reasonNeeded: true,
    approvals: [],
    state: 'pending',
    version: 1,
    createdAt: '2026-11-23T08:00:00.000Z',
    expiresAt: '2026-11-23T16:00:00.000Z',
    results: [],
    channel: 'C0SECPROD1',
    approvers: ['S0SECAPPR1'],
    reminders: 0,
    journal: [{ at: '2026-11-23T08:00:00.000Z', by: { name: 'directory' }, what: 'asked', planHash: 'hash-1' }],
    logged: 0,
    published: 0,
    ...more,
  };
}
