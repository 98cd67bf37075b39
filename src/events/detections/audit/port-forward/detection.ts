import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { severityOfTry } from '../requests.ts';

/** Tells of each way through the API server to a port of a pod or Service, or try of one. Components use the proxy for their own work. */
export const detection = defineDetection({
  id: 'audit/port-forward',
  title: 'Somebody reached a port inside the cluster through the API server',
  severity: 'medium',
  tips: [8, 7],
  why: 'Such a connection goes past every network policy, load balancer and log of the service.',
  fix: 'Ask the person whether it was them and why; give them a proper way in if they need one.',
  sources: [nsa('Audit Logging and Threat Detection'), kubernetes('Use port forwarding', 'tasks/access-application-cluster/port-forward-access-application-cluster/')],
  audit: {
    resources: ['pods/portforward', 'pods/proxy', 'services/proxy'],
    *judge(event) {
      const isForward = event.target?.resource === 'pods/portforward';
      if (isForward ? !['create', 'get'].includes(event.verb) : isBySystem(event)) return;
      yield { severity: severityOfTry(event, 'medium'), message: `${userName(event)} ${event.outcome === 'allowed' ? 'reached' : 'tried to reach'} a port of ${objectName(event)} through the API server` };
    },
  },
});
