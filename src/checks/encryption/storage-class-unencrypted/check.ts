import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { classView, whyOff } from '#src/model/storage-class.ts';
import { STORAGE_SOURCES } from '#src/model/storage-drivers.ts';

/** Reports each StorageClass whose volumes are not encrypted; the default one is encryption/default-storage-class-unencrypted. */
export const check = defineObjectCheck({
  id: 'encryption/storage-class-unencrypted',
  title: 'StorageClasses encrypt their volumes',
  severity: 'high',
  tips: [1],
  why: 'Whoever gets hold of a disk, a snapshot or a backup reads everything on it.',
  fix: 'Create a class with parameters.encrypted: "true", as text (Portworx: secure; Hetzner: the Secret with the passphrase), and move volumes to it: the parameters of a class cannot be changed.',
  sources: [nsa('Network separation and hardening: Encryption'), kubernetes('Storage Classes', 'concepts/storage/storage-classes/'), ...STORAGE_SOURCES],
  kinds: ['StorageClass'],
  *judge(object) {
    const view = classView(object);
    if (view.encryption !== 'off' || view.isDefault) return;
    yield { path: view.path, message: `Its volumes are not encrypted: ${whyOff(view)}` };
  },
});
