import { isWrite } from '#src/model/audit-event.ts';
import { auditObject, objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';
import { BINDING_RESOURCES, isToldElsewhere, ROLE_RESOURCES } from '../rbac-change.ts';

const DID: Readonly<Record<string, string>> = { create: 'created', update: 'changed', patch: 'changed', delete: 'deleted', deletecollection: 'deleted' };

/** Tells of each other change of who may do what. */
export const detection = defineDetection({
  id: 'audit/rbac-changed',
  title: 'A role or binding was changed',
  severity: 'medium',
  tips: [8, 2],
  why: 'Who may do what should change by a reviewed commit, not by hand.',
  fix: 'Compare it with what is in version control, and ask whoever changed it.',
  sources: [nsa('Authentication and authorization')],
  audit: {
    resources: [...ROLE_RESOURCES, ...BINDING_RESOURCES],
    *judge(event) {
      if (!isWrite(event) || event.outcome !== 'allowed' || isBySystem(event) || isToldElsewhere(event)) return;
      yield { message: `${userName(event)} ${DID[event.verb] ?? 'changed'} the ${auditObject(event)?.kind ?? 'role'} ${objectName(event)}` };
    },
  },
});
