import { storageClasses } from '#src/facts/storage-classes.ts';
import { volumes } from '#src/facts/volumes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { judgeVolume } from '../volume-judgement.ts';

/** Reports each volume whose class does not exist any more, so that nothing tells whether it was made with encryption. */
export const check = defineClusterCheck({
  id: 'encryption/volume-class-gone',
  title: 'The class of every volume still exists',
  severity: 'medium',
  tips: [1],
  why: 'Whether the volume was made with encryption cannot be told without its class.',
  fix: 'Look the disk up at the provider; move the data to a class that encrypts, or create the class anew as it was.',
  sources: [kubernetes('Persistent Volumes: Class', 'concepts/storage/persistent-volumes/#class')],
  needs: { volumes, storageClasses },
  *judge({ volumes, storageClasses }, { complete }) {
    for (const volume of volumes) {
      const judgement = judgeVolume(volume, storageClasses);
      if (judgement.state !== 'class-missing') continue;
      if (!complete) {
        yield { undecided: 'the class may be in the cluster and is not in the files' };
        continue;
      }
      const place = volume.handle === undefined ? '' : `; look it up as ${volume.handle}`;
      yield { subject: volume.subject, path: ['spec', 'storageClassName'], message: `Whether its data is encrypted is not known: its class ${judgement.className} does not exist any more${place}` };
    }
  },
});
