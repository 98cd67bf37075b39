import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder create volumes of any kind, folders of nodes among them. */
export const check = defineRiskCheck({
  id: 'access/persistent-volume-create',
  title: 'Only few may create PersistentVolumes',
  severity: 'medium',
  tips: [2],
  why: 'A PersistentVolume of type hostPath is a folder of a node, which gets past the Pod Security level of a namespace.',
  fix: 'Leave volumes to StorageClasses and their provisioners, and take create on persistentvolumes out of the role.',
  sources: [cis('5.1.9'), RBAC_GOOD_PRACTICES],
  may: 'create PersistentVolumes',
  rights: [{ verbs: ['create'], resources: ['persistentvolumes'] }],
});
