import { claimUses, isFrom, type ClaimTemplate } from '#src/facts/claim-uses.ts';
import { storageClasses, type StorageClass, type StorageClasses } from '#src/facts/storage-classes.ts';
import { volumes } from '#src/facts/volumes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { whyOff } from '#src/model/storage-class.ts';
import { judgeVolume } from '../volume-judgement.ts';

/** Reports each workload that has volumes made without encryption, unless encryption/volume-unencrypted reports such a volume already. */
export const check = defineClusterCheck({
  id: 'encryption/claim-template-unencrypted',
  title: 'Workloads have their volumes made by a class that encrypts',
  severity: 'high',
  tips: [1],
  why: 'Every new pod of the workload gets a volume whose data anybody with the disk or a snapshot can read.',
  fix: 'Name a class that encrypts in storageClassName, and make the default class one that encrypts.',
  sources: [
    nsa('Network separation and hardening: Encryption'),
    kubernetes('StatefulSets: Volume Claim Templates', 'concepts/workloads/controllers/statefulset/#volume-claim-templates'),
    kubernetes('Ephemeral Volumes: Generic ephemeral volumes', 'concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes'),
  ],
  needs: { claimUses, storageClasses, volumes },
  *judge({ claimUses, storageClasses, volumes }, { complete }) {
    const reported = volumes.flatMap((volume) => (volume.claim !== undefined && judgeVolume(volume, storageClasses).state === 'unencrypted' ? [volume.claim] : []));
    for (const template of claimUses.templates) {
      if (template.className === '' || reported.some((claim) => isFrom(claim, template))) continue;
      const chosen = classFor(template, storageClasses);
      if (chosen === undefined && !complete) yield { undecided: 'the class may be in the cluster and is not in the files' };
      if (chosen?.encryption !== 'off') continue;
      const how = template.className === undefined ? `the default class ${chosen.subject.ref.name}` : `the class ${template.className}`;
      yield {
        subject: template.subject,
        path: template.path,
        message: `Volumes of its ${template.kind} ${template.name} are not encrypted: it gets ${how}, and ${whyOff(chosen).replace(/^it /, 'that ')}`,
        related: [chosen.subject.ref],
      };
    }
  },
});

function classFor({ className }: ClaimTemplate, { byName, defaults }: StorageClasses): StorageClass | undefined {
  return className === undefined ? defaults[0] : byName.get(className);
}
