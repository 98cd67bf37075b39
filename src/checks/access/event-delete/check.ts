import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { kubernetes, mitre } from '#src/model/references.ts';

/** Reports each role that lets its holder remove traces of what happened. */
export const check = defineRiskCheck({
  id: 'access/event-delete',
  title: 'Nobody may delete events',
  severity: 'low',
  tips: [2],
  why: 'Whoever deletes events or logs of pods covers the tracks of an attack.',
  fix: 'Take delete and deletecollection on events and pods/log out of the role; events vanish by themselves.',
  sources: [kubernetes('Auditing', 'tasks/debug/debug-cluster/audit/'), mitre('T1070')],
  may: 'delete events',
  rights: [{ verbs: ['delete', 'deletecollection'], resources: ['events', 'pods/log'] }],
});
