import { cis } from '#src/model/references.ts';
import { blocksIn, defineTerraformCheck, isSet, registry, textIn, textsIn } from '#src/model/terraform.ts';
import { AWS, GOOGLE, YANDEX } from '../providers.ts';

/** Reports each managed cluster that keeps Secrets in etcd without a key of the customer. */
export const check = defineTerraformCheck({
  id: 'iac/secrets-not-encrypted',
  title: 'Managed clusters encrypt Secrets with a key of their own',
  severity: 'high',
  tips: [4, 1],
  why: 'Whoever gets at a copy of etcd, such as a backup or a disk, reads every password and token of the cluster.',
  fix: 'Name a key of your key management service for the Secrets of the cluster.',
  sources: [cis('1.2.27')],
  rules: [
    {
      types: ['aws_eks_cluster'],
      source: registry(AWS, 'aws_eks_cluster'),
      *judge({ values }) {
        const isEncrypted = [...blocksIn(values, 'encryption_config')].some(({ body }) => textsIn(body, 'resources').includes('secrets') && isSet(body, 'provider', 'key_arn'));
        if (!isEncrypted) yield { path: ['encryption_config'], message: 'No encryption_config with a key encrypts the Secrets' };
      },
    },
    {
      types: ['google_container_cluster'],
      source: registry(GOOGLE, 'google_container_cluster'),
      *judge({ values }) {
        if (textIn(values, 'database_encryption', 'state') !== 'ENCRYPTED') yield { path: ['database_encryption', 0, 'state'], message: 'The state of database_encryption is not ENCRYPTED' };
      },
    },
    {
      types: ['yandex_kubernetes_cluster'],
      source: registry(YANDEX, 'yandex_kubernetes_cluster'),
      *judge({ values }) {
        if (!isSet(values, 'kms_provider', 'key_id')) yield { path: ['kms_provider', 0, 'key_id'], message: 'No kms_provider encrypts the Secrets' };
      },
    },
  ],
});
