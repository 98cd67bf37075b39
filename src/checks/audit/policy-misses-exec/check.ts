import { auditPolicies, type AuditGap } from '#src/facts/audit-policies.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes } from '#src/model/references.ts';

/** Reports each audit policy that loses sessions in pods, or writes the contents of Secrets down. */
export const check = defineClusterCheck({
  id: 'audit/policy-misses-exec',
  title: 'The audit policy logs sessions in pods, and no contents of Secrets',
  severity: 'high',
  tips: [8],
  items: {
    sessions: { title: 'Every exec and attach is logged' },
    'secrets-body': { title: 'The audit log holds no contents of Secrets', severity: 'medium' },
  },
  why: 'A shell in a pod is what attackers and hurried people use alike; and whoever reads the log must not read passwords in it.',
  fix: 'Put a rule with level Metadata for pods/exec, pods/attach and secrets before the others, and omit no stage but RequestReceived.',
  sources: [cis('3.2.2'), kubernetes('Auditing: Audit policy', 'tasks/debug/debug-cluster/audit/#audit-policy')],
  needs: { auditPolicies },
  *judge({ auditPolicies }) {
    if (auditPolicies.length === 0) yield { notEvaluated: 'no audit policy was read; it is a file of the control plane' };
    for (const { subject, unlogged, revealed } of auditPolicies) {
      const [lost] = unlogged;
      const [shown] = revealed;
      if (lost !== undefined) yield { subject, item: 'sessions', path: lost.path, message: `It does not log sessions in pods: ${requests(unlogged)} ${describe(lost)}` };
      if (shown !== undefined) yield { subject, item: 'secrets-body', path: shown.path, message: `It writes the contents of Secrets into the log: ${requests(revealed)}` };
    }
  },
});

function requests(gaps: readonly AuditGap[]): string {
  return gaps.map(({ request }) => request).join(', ');
}

function describe({ how, path }: AuditGap): string {
  if (how === 'stages') return 'without the stages ResponseStarted and ResponseComplete';
  return path.length === 1 ? 'without a rule, which means level None' : 'with level None';
}
