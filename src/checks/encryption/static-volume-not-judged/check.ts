import { defineObjectCheck } from '#src/model/check.ts';
import { volumeView, type VolumeView } from '#src/model/persistent-volume.ts';
import { kubernetes } from '#src/model/references.ts';

/** Reports each volume of which nothing in Kubernetes tells whether it is encrypted, with where a person finds it. */
export const check = defineObjectCheck({
  id: 'encryption/static-volume-not-judged',
  title: 'Kubernetes tells of every volume whether it is encrypted',
  severity: 'medium',
  tips: [1],
  why: 'Such a volume may well be unencrypted without anything in the cluster saying so.',
  fix: 'Look the disk, node or server up; have volumes made by a class that encrypts, or accept the finding with what you found as the reason.',
  sources: [kubernetes('Persistent Volumes: Types', 'concepts/storage/persistent-volumes/#types-of-persistent-volumes')],
  kinds: ['PersistentVolume'],
  *judge(object) {
    const view = volumeView(object);
    if (view.encryption !== 'unknown' || (view.blindType === undefined && view.className !== undefined)) return;
    const place = view.handle === undefined ? '' : `; look it up as ${view.handle}`;
    yield { path: view.blindType === undefined ? ['spec'] : ['spec', view.blindType], message: `Whether its data is encrypted is not known: ${reason(view)}${place}` };
  },
});

function reason({ blindType }: VolumeView): string {
  switch (blindType) {
    case undefined:
      return 'no StorageClass made it';
    case 'hostPath':
    case 'local':
      return 'it is a folder or disk of a node';
    default:
      return `it is on a server (${blindType})`;
  }
}
