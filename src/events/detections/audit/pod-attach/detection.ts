import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { severityOfTry } from '../requests.ts';

/** Tells of each attach to the main process of a container, or try of one. */
export const detection = defineDetection({
  id: 'audit/pod-attach',
  title: 'Somebody attached to a running container',
  severity: 'high',
  tips: [8],
  why: 'Whoever attaches reads what the program writes and may type into it, and none of that is in an audit log.',
  fix: 'Ask the person whether it was them and why; take the right to attach away from whoever does not need it.',
  sources: [nsa('Audit Logging and Threat Detection'), kubernetes('Auditing', 'tasks/debug/debug-cluster/audit/')],
  audit: {
    resources: ['pods/attach'],
    verbs: ['create', 'get'],
    *judge(event) {
      yield { severity: severityOfTry(event, 'high'), message: `${userName(event)} ${event.outcome === 'allowed' ? 'attached' : 'tried to attach'} to ${objectName(event)}` };
    },
  },
});
