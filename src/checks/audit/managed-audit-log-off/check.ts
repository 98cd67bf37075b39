import { clusterDescriptions } from '#src/facts/cluster-descriptions.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis } from '#src/model/references.ts';

/** Reports each managed cluster whose provider does not keep the audit log, by what it says of the cluster. */
export const check = defineClusterCheck({
  id: 'audit/managed-audit-log-off',
  title: 'The provider keeps the audit log of managed clusters',
  severity: 'high',
  tips: [8],
  why: 'Without the log nobody can tell who opened a shell, read a Secret or changed a role, during an attack or after it.',
  fix: 'Switch the log type audit on in EKS, Cloud Logging in GKE, a diagnostic setting for kube-audit in AKS.',
  sources: [
    cis('3.2.1'),
    { title: 'Amazon EKS: control plane logs', url: 'https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html' },
    { title: 'GKE: about logs', url: 'https://cloud.google.com/kubernetes-engine/docs/concepts/about-logs' },
    { title: 'AKS: monitor the control plane', url: 'https://learn.microsoft.com/azure/aks/monitor-aks' },
  ],
  needs: { clusterDescriptions },
  *judge({ clusterDescriptions }) {
    if (clusterDescriptions.length === 0) yield { notEvaluated: 'no description of a managed cluster was read' };
    for (const { subject, provider, auditLog } of clusterDescriptions) {
      if (auditLog.state === 'unknown') yield { undecided: `the description of a cluster by ${provider} does not tell whether the audit log is kept` };
      if (auditLog.state === 'off') yield { subject, path: auditLog.path, message: `${provider} does not keep its audit log` };
    }
  },
});
