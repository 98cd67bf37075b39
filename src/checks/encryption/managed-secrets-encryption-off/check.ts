import { clusterDescriptions } from '#src/facts/cluster-descriptions.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import type { ClusterProvider } from '#src/model/cluster-description.ts';
import { cis } from '#src/model/references.ts';

const WHERE: Readonly<Record<ClusterProvider, string>> = {
  EKS: 'encryptionConfig has no entry for secrets',
  GKE: 'databaseEncryption is not ENCRYPTED',
  AKS: 'securityProfile.azureKeyVaultKms is not enabled',
};

/** Reports each managed cluster that encrypts Secrets with no key of the customer, by what its provider says of it. */
export const check = defineClusterCheck({
  id: 'encryption/managed-secrets-encryption-off',
  title: 'Managed clusters encrypt Secrets with a key of yours',
  severity: 'medium',
  tips: [1],
  why: 'Without a key of your own you can neither take it away from whoever has a copy of etcd nor see who uses it.',
  fix: 'Name a key of the KMS: encryptionConfig in EKS, application-layer secrets encryption in GKE, the Key Vault KMS in AKS.',
  sources: [
    cis('1.2.27'),
    { title: 'Amazon EKS: envelope encryption with KMS', url: 'https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html' },
    { title: 'GKE: encrypt secrets at the application layer', url: 'https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets' },
    { title: 'AKS: etcd encryption with KMS', url: 'https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption' },
  ],
  needs: { clusterDescriptions },
  *judge({ clusterDescriptions }) {
    if (clusterDescriptions.length === 0) yield { notEvaluated: 'no description of a managed cluster was read' };
    for (const { subject, provider, secretsKey } of clusterDescriptions) {
      if (secretsKey.state === 'off') yield { subject, path: secretsKey.path, message: `${provider} encrypts Secrets with no key of yours: ${WHERE[provider]}` };
    }
  },
});
