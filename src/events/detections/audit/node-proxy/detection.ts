import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection, isNamedActor } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { severityOfTry } from '../requests.ts';

/** Tells of each use of a kubelet’s API by way of the API server, by anybody but components and users that the site has named. */
export const detection = defineDetection({
  id: 'audit/node-proxy',
  title: 'Somebody used the API of a kubelet',
  severity: 'critical',
  tips: [8, 6],
  why: 'It runs commands in every pod of the node, and neither admission control nor the audit log sees them.',
  fix: 'Ask the person whether it was them; give monitoring the rights nodes/metrics and nodes/stats instead, and name users that must have it in the configuration.',
  sources: [RBAC_GOOD_PRACTICES],
  audit: {
    resources: ['nodes/proxy'],
    *judge(event, { settings }) {
      if (isBySystem(event) || isNamedActor(event, settings.nodeProxyUsers)) return;
      yield { severity: severityOfTry(event, 'critical'), message: `${userName(event)} ${event.outcome === 'allowed' ? 'used' : 'tried to use'} the kubelet of ${objectName(event)} through the API server` };
    },
  },
});
