import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { classView, type ClassView } from '#src/model/storage-class.ts';

/** Reports each StorageClass of which Kubernetes does not tell whether its volumes are encrypted, so that nobody takes silence for a yes. */
export const check = defineObjectCheck({
  id: 'encryption/storage-class-not-judged',
  title: 'Every StorageClass can be judged',
  severity: 'info',
  tips: [1],
  why: 'Volumes of such a class may well be unencrypted without anything in the cluster saying so.',
  fix: 'Find out whether the disks, file systems or servers behind the class are encrypted, and accept the finding with that as the reason.',
  sources: [kubernetes('Storage Classes', 'concepts/storage/storage-classes/')],
  kinds: ['StorageClass'],
  *judge(object) {
    const view = classView(object);
    if (view.encryption === 'unknown') yield { path: ['provisioner'], message: `Whether its volumes are encrypted is not known: ${reason(view)}` };
  },
});

function reason({ provisioner, driver }: ClassView): string {
  if (provisioner === '') return 'it names no driver';
  return driver?.decidedBy === undefined ? `the driver ${provisioner} is not known here` : `that is up to ${driver.decidedBy} (${provisioner})`;
}
