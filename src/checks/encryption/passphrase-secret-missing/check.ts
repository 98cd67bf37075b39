import { defineObjectCheck } from '#src/model/check.ts';
import { booleanAt, type RawObject } from '#src/model/raw.ts';
import { classView, type ClassView } from '#src/model/storage-class.ts';
import { STORAGE_DRIVERS } from '#src/model/storage-drivers.ts';

const PREFIX = 'csi.storage.k8s.io/';

/** Reports each StorageClass that asks for encryption without saying where the passphrase is. */
export const check = defineObjectCheck({
  id: 'encryption/passphrase-secret-missing',
  title: 'Classes that encrypt name the Secret of their passphrase',
  severity: 'medium',
  tips: [1],
  why: 'Without a passphrase the driver cannot open a volume: claims hang, and the next attempt is often a class without encryption.',
  fix: 'Name the Secret in the parameters csi.storage.k8s.io/node-stage-secret-name and -namespace, and in node-expand-secret-name and -namespace if volumes may grow.',
  sources: [
    ...Object.values(STORAGE_DRIVERS).flatMap(({ passphrase, source }) => (passphrase ? [source] : [])),
    { title: 'Kubernetes CSI: StorageClass Secrets', url: 'https://kubernetes-csi.github.io/docs/secrets-and-credentials-storage-class.html' },
  ],
  kinds: ['StorageClass'],
  *judge(object) {
    const view = classView(object);
    if (view.driver?.passphrase !== true || view.encryption !== 'on') return;
    const missing = missingParameters(view, 'node-stage');
    if (missing.length > 0) {
      yield { path: ['parameters'], message: `It asks for encryption and does not say where the passphrase is: ${missing.join(' and ')} is not set` };
      return;
    }
    const missingToGrow = mayGrow(object, view) ? missingParameters(view, 'node-expand') : [];
    if (missingToGrow.length > 0) yield { severity: 'low', path: ['parameters'], message: `Its encrypted volumes may grow, but without a passphrase they cannot: ${missingToGrow.join(' and ')} is not set` };
  },
});

/** Longhorn keeps the passphrase of an open volume itself. */
function mayGrow(object: RawObject, { provisioner }: ClassView): boolean {
  return provisioner === 'csi.scaleway.com' && booleanAt(object, 'allowVolumeExpansion') === true;
}

function missingParameters({ parameters }: ClassView, step: 'node-stage' | 'node-expand'): readonly string[] {
  return [`${PREFIX}${step}-secret-name`, `${PREFIX}${step}-secret-namespace`].filter((key) => !parameters.get(key));
}
