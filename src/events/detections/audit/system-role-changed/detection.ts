import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { changesSystemRole, ROLE_RESOURCES } from '../rbac-change.ts';

/** Tells of each change of a role that Kubernetes or the provider depends on. */
export const detection = defineDetection({
  id: 'audit/system-role-changed',
  title: 'A role of the system was changed',
  severity: 'high',
  tips: [8, 2],
  why: 'These roles are held by components and nodes; more rights in one are rights on every node, and fewer break the cluster.',
  fix: 'Ask whoever changed it why; restart the API server, which writes its default roles anew.',
  sources: [RBAC_GOOD_PRACTICES],
  audit: {
    resources: ROLE_RESOURCES,
    verbs: ['update', 'patch', 'delete'],
    *judge(event) {
      if (event.outcome !== 'allowed' || !changesSystemRole(event)) return;
      yield { message: `${userName(event)} ${event.verb === 'delete' ? 'deleted' : 'changed'} the role ${objectName(event)}` };
    },
  },
});
