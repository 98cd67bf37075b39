import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isSystemNamespace, isSystemUser } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';

/** Tells of each pod and ServiceAccount that somebody created among those of the system. */
export const detection = defineDetection({
  id: 'audit/created-in-system-namespace',
  title: 'Somebody created something in a namespace of the system',
  severity: 'medium',
  tips: [8],
  why: 'There nobody looks, policies often make an exception, and accounts have far-reaching rights.',
  fix: 'Ask the person what it is for; move it to a namespace of its own.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: {
    pod: { title: 'Somebody created a pod in a namespace of the system' },
    'service-account': { title: 'Somebody created a ServiceAccount in a namespace of the system' },
  },
  audit: {
    resources: ['pods', 'serviceaccounts'],
    verbs: ['create'],
    *judge(event) {
      const { user, outcome, target } = event;
      if (outcome !== 'allowed' || isSystemUser(user) || !isSystemNamespace(target?.namespace)) return;
      yield { item: target?.resource === 'pods' ? 'pod' : 'service-account', message: `${userName(event)} created ${objectName(event)} in a namespace of the system` };
    },
  },
});
