import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/**
 * Reports each role that lets its holder connect to ports that no Service shows.
 *
 * By websocket `get` on pods/portforward is enough; from v1.35 on only where a feature gate of the API server is turned off.
 */
export const check = defineRiskCheck({
  id: 'access/pod-port-forward',
  title: 'Only few may forward ports of pods',
  severity: 'medium',
  tips: [2],
  why: 'A forwarded or proxied port goes past network policies and past whatever signs people in before the workload.',
  fix: 'Take pods/portforward, pods/proxy and services/proxy out of the role, and expose what people need by a Service or an Ingress.',
  sources: [RBAC_GOOD_PRACTICES],
  may: 'connect to any port of pods',
  rights: [
    { verbs: ['create'], resources: ['pods/portforward'] },
    { verbs: ['get'], resources: ['pods/portforward'], weakFromMinor: 35 },
    { verbs: ['create', 'get'], resources: ['pods/proxy', 'services/proxy'] },
  ],
});
