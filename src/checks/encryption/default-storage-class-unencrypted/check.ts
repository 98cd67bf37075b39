import { storageClasses, type StorageClass } from '#src/facts/storage-classes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { whyOff } from '#src/model/storage-class.ts';
import { STORAGE_SOURCES } from '#src/model/storage-drivers.ts';

/** Reports each default StorageClass whose volumes are not encrypted, or only if the account says so; whether it has volumes yet does not matter. */
export const check = defineClusterCheck({
  id: 'encryption/default-storage-class-unencrypted',
  title: 'The default StorageClass encrypts its volumes',
  severity: 'high',
  tips: [1],
  why: 'Every claim that names no class gets it: whoever does not think of encryption does without.',
  fix: 'Create a class that encrypts, make it the default one, and take the annotation is-default-class off this one.',
  sources: [
    nsa('Network separation and hardening: Encryption'),
    kubernetes('Storage Classes: Default StorageClass', 'concepts/storage/storage-classes/#default-storageclass'),
    ...STORAGE_SOURCES,
  ],
  needs: { storageClasses },
  *judge({ storageClasses: { defaults } }) {
    for (const one of defaults) {
      const what = describe(one);
      if (what === undefined) continue;
      const others = defaults.filter((other) => other !== one).map(({ subject }) => subject.ref);
      const which = others.length === 0 ? '' : `; of ${defaults.length} default classes Kubernetes takes the newest, ${defaults[0]?.subject.ref.name ?? ''}`;
      yield { subject: one.subject, ...(one.encryption === 'account' && { severity: 'low' }), path: one.path, message: `${what}${which}`, related: others };
    }
  },
});

function describe(one: StorageClass): string | undefined {
  if (one.encryption === 'off') return `Volumes of claims that name no class are not encrypted: ${whyOff(one)}`;
  if (one.encryption === 'account') return `Whether volumes of claims that name no class are encrypted depends on the account: ${one.provisioner} goes by "EBS encryption by default" of the region`;
  return undefined;
}
