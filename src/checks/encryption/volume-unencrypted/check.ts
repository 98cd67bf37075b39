import { claimUses } from '#src/facts/claim-uses.ts';
import { storageClasses } from '#src/facts/storage-classes.ts';
import { volumes } from '#src/facts/volumes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { nsa } from '#src/model/references.ts';
import { whyOff } from '#src/model/storage-class.ts';
import { STORAGE_SOURCES } from '#src/model/storage-drivers.ts';
import { isOfAnother, judgeVolume } from '../volume-judgement.ts';

/** Reports each volume whose data is not encrypted, with the claim and the workload that it belongs to. */
export const check = defineClusterCheck({
  id: 'encryption/volume-unencrypted',
  title: 'Volumes are encrypted',
  severity: 'high',
  tips: [1],
  why: 'Whoever gets hold of the disk, a snapshot or a backup of it reads the data.',
  fix: 'Copy the data to a volume of a class that encrypts, and delete this one with its snapshots.',
  sources: [nsa('Network separation and hardening: Encryption'), ...STORAGE_SOURCES],
  needs: { volumes, storageClasses, claimUses },
  *judge({ volumes, storageClasses, claimUses }) {
    for (const volume of volumes) {
      const judgement = judgeVolume(volume, storageClasses);
      const current = storageClasses.byName.get(volume.className ?? '');
      if (judgement.state === 'not-known' && current !== undefined && isOfAnother(volume, current)) {
        yield { undecided: 'the class of the volume now belongs to another driver' };
      }
      if (judgement.state !== 'unencrypted') continue;
      const { subject, claim } = volume;
      const user = claim === undefined ? undefined : claimUses.userOf(claim)?.ref;
      const holder = claim === undefined ? '' : `; it holds the claim ${claim.namespace}/${claim.name}${user === undefined ? '' : ` of ${user.kind} ${user.name}`}`;
      const why = judgement.by === 'volume' ? 'by its own attributes' : `going by its class ${judgement.of.subject.ref.name} as it is now: ${whyOff(judgement.of)}`;
      yield {
        subject,
        path: judgement.by === 'volume' ? volume.path : ['spec', 'storageClassName'],
        message: `Its data is not encrypted, ${why}${holder}`,
        related: [
          ...(claim === undefined ? [] : [{ kind: 'PersistentVolumeClaim', ...claim }]),
          ...(user === undefined ? [] : [user]),
          ...(judgement.by === 'class' ? [judgement.of.subject.ref] : []),
        ],
      };
    }
  },
});
