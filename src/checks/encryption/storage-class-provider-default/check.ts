import { defineObjectCheck } from '#src/model/check.ts';
import { classView } from '#src/model/storage-class.ts';
import { storageDriver } from '#src/model/storage-drivers.ts';

/** Reports each StorageClass that leaves encryption to a setting of the cloud account, which the cluster does not show. */
export const check = defineObjectCheck({
  id: 'encryption/storage-class-provider-default',
  title: 'StorageClasses say themselves that they encrypt',
  severity: 'info',
  tips: [1],
  why: 'The setting of the account is not seen in the cluster, and somebody may switch it off without a trace here.',
  fix: 'Set parameters.encrypted: "true" in a new class; until then `aws ec2 get-ebs-encryption-by-default` tells for each region.',
  sources: [
    ...[storageDriver('ebs.csi.aws.com')].flatMap((driver) => driver?.source ?? []),
    { title: 'Amazon EBS encryption by default', url: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html' },
  ],
  kinds: ['StorageClass'],
  *judge(object) {
    const { encryption, isDefault, path, provisioner } = classView(object);
    if (encryption !== 'account' || isDefault) return;
    yield { path, message: `Whether its volumes are encrypted depends on the account: ${provisioner} goes by "EBS encryption by default" of the region when the class does not say` };
  },
});
