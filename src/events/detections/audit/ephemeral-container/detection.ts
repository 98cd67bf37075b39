import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { kubernetes } from '#src/model/references.ts';
import { severityOfTry } from '../requests.ts';

/** Tells of each container that somebody added to a running pod, or tried to. */
export const detection = defineDetection({
  id: 'audit/ephemeral-container',
  title: 'A container was added to a running pod',
  severity: 'high',
  tips: [8],
  why: 'A debug container brings any tools into the pod and shares its network and, if asked, its processes.',
  fix: 'Ask the person whether it was them and why; the container stays until the pod is deleted.',
  sources: [kubernetes('Ephemeral containers', 'concepts/workloads/pods/ephemeral-containers/')],
  audit: {
    resources: ['pods/ephemeralcontainers'],
    verbs: ['patch', 'update'],
    *judge(event) {
      yield { severity: severityOfTry(event, 'high'), message: `${userName(event)} ${event.outcome === 'allowed' ? 'added' : 'tried to add'} a container to ${objectName(event)}` };
    },
  },
});
