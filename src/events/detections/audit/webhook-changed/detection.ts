import { isWrite } from '#src/model/audit-event.ts';
import { auditObject, objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { kubernetes } from '#src/model/references.ts';

/** Tells of each change of what judges or changes objects on their way in. */
export const detection = defineDetection({
  id: 'audit/webhook-changed',
  title: 'An admission webhook or policy was changed',
  severity: 'high',
  tips: [8],
  why: 'Whoever runs a webhook sees every object that it is shown, Secrets among them, and may change it; whoever removes a policy opens what it closed.',
  fix: 'Ask whoever changed it why; compare it with what is in version control.',
  sources: [kubernetes('Admission webhook good practices', 'concepts/cluster-administration/admission-webhooks-good-practices/')],
  audit: {
    resources: [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ],
    *judge(event) {
      if (!isWrite(event) || event.outcome !== 'allowed' || isBySystem(event)) return;
      const did = event.verb === 'create' ? 'created' : event.verb.startsWith('delete') ? 'deleted' : 'changed';
      yield { message: `${userName(event)} ${did} the ${auditObject(event)?.kind ?? 'webhook'} ${objectName(event)}` };
    },
  },
});
