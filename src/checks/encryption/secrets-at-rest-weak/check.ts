import { encryptionConfigs } from '#src/facts/encryption-configs.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes } from '#src/model/references.ts';

/** Providers whose key is written in the file itself. */
const LOCAL_KEYS: ReadonlySet<string> = new Set(['aescbc', 'aesgcm', 'secretbox']);

/** Reports each encryption configuration that leaves Secrets readable, or keeps the key beside them. */
export const check = defineClusterCheck({
  id: 'encryption/secrets-at-rest-weak',
  title: 'Secrets are stored encrypted with a key from a KMS',
  severity: 'high',
  tips: [1],
  why: 'With identity first Secrets are stored as they are; with a key in the file, whoever copies the disk of the control plane has the key as well.',
  fix: 'Put a kms v2 provider first for secrets, keep the old provider behind it for reading, and write all Secrets anew.',
  sources: [cis('1.2.28'), kubernetes('Encrypting Confidential Data at Rest: Providers', 'tasks/administer-cluster/encrypt-data/#providers')],
  needs: { encryptionConfigs },
  *judge({ encryptionConfigs }) {
    if (encryptionConfigs.length === 0) yield { notEvaluated: 'no encryption configuration of an API server was read; it is a file of the control plane' };
    for (const { subject, writer, path } of encryptionConfigs) {
      if (writer === undefined) yield { subject, path, message: 'It stores Secrets unencrypted: no provider is named for them' };
      else if (writer === 'identity') yield { subject, path, message: 'It stores Secrets unencrypted: the first provider for them is identity' };
      else if (LOCAL_KEYS.has(writer)) yield { subject, severity: 'medium', path, message: `It encrypts Secrets with a key that is in the file itself (${writer})` };
    }
  },
});
