import { formatPath } from '#src/model/raw.ts';
import { defineTerraformCheck } from '#src/model/terraform.ts';
import { DISKS } from '../disks/disk.ts';

/** Reports each encrypted disk of which the provider has the key. */
export const check = defineTerraformCheck({
  id: 'iac/disk-without-customer-key',
  title: 'Disks are encrypted with a key of their own',
  severity: 'low',
  tips: [4, 1],
  why: 'With the key of the provider nobody here can revoke it, rotate it or see who used it.',
  fix: 'Name a key of your key management service for the disk.',
  rules: DISKS.map(({ types, source, disks }) => ({
    types,
    source,
    *judge({ values }) {
      for (const { encrypted, ownKey, keyPath } of disks(values)) if (encrypted === true && !ownKey) yield { path: keyPath, message: `The disk is encrypted with a key of the provider: no ${formatPath(keyPath)}` };
    },
  })),
});
