import { defineTerraformCheck, registry, textIn } from '#src/model/terraform.ts';
import { SCALEWAY } from '../providers.ts';

const OPEN: Readonly<Record<string, string>> = {
  'public-read': 'Everybody may read what is in the bucket',
  'public-read-write': 'Everybody may read, change and delete what is in the bucket',
};

/** Reports each bucket that everybody may read or write. */
export const check = defineTerraformCheck({
  id: 'iac/bucket-public',
  title: 'Buckets are private',
  severity: 'high',
  tips: [3, 4],
  why: 'Buckets hold the backups of databases and of etcd, the state of Terraform and logs: with them an attacker needs no way into the cluster.',
  fix: 'Set acl to private, and let a policy of the bucket name those who need it.',
  rules: [
    {
      types: ['scaleway_object_bucket', 'scaleway_object_bucket_acl'],
      source: registry(SCALEWAY, 'scaleway_object_bucket_acl'),
      *judge({ values }) {
        const message = OPEN[textIn(values, 'acl') ?? ''];
        if (message !== undefined) yield { path: ['acl'], message };
      },
    },
  ],
});
