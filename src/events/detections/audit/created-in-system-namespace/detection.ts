import { objectName, POD_RESOURCES, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isSystemNamespace, isBySystem } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';

const ACCOUNTS = 'serviceaccounts';
/** Nothing of Kubernetes runs there, so that a pod of a controller is there for somebody. */
const WITHOUT_PODS: ReadonlySet<string> = new Set(['kube-public', 'kube-node-lease']);

/** Tells of each pod, maker of pods and ServiceAccount that somebody created among those of the system. */
export const detection = defineDetection({
  id: 'audit/created-in-system-namespace',
  title: 'Somebody created something in a namespace of the system',
  severity: 'medium',
  tips: [8],
  why: 'There nobody looks, policies often make an exception, and accounts have far-reaching rights.',
  fix: 'Ask the person what it is for; move it to a namespace of its own.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: {
    pod: { title: 'Somebody created a pod, or what makes pods, in a namespace of the system' },
    'service-account': { title: 'Somebody created a ServiceAccount in a namespace of the system' },
  },
  audit: {
    resources: [...POD_RESOURCES, ACCOUNTS],
    verbs: ['create'],
    *judge(event) {
      const { resource = '', namespace = '' } = event.target ?? {};
      if (event.outcome !== 'allowed' || !isSystemNamespace(namespace)) return;
      if (isBySystem(event) && !(resource !== ACCOUNTS && WITHOUT_PODS.has(namespace))) return;
      yield { item: resource === ACCOUNTS ? 'service-account' : 'pod', message: `${userName(event)} created ${objectName(event)} in a namespace of the system` };
    },
  },
});
