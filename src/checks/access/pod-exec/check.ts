import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/**
 * Reports each role that lets its holder run commands in running containers.
 *
 * By websocket `get` alone is enough; from v1.35 on only where a feature gate of the API server is turned off.
 */
export const check = defineRiskCheck({
  id: 'access/pod-exec',
  title: 'Only few may open a shell in pods',
  severity: 'high',
  tips: [2],
  why: 'Whoever runs commands in a container has its ServiceAccount, its Secrets and its network, and nothing of it is in the image that was reviewed.',
  fix: 'Take pods/exec and pods/attach out of the role, and give them for a short time to a person who needs them.',
  sources: [cis('5.1.4'), mitre('T1609'), RBAC_GOOD_PRACTICES],
  may: 'run commands in pods',
  rights: [
    { verbs: ['create'], resources: ['pods/exec', 'pods/attach'] },
    { verbs: ['get'], resources: ['pods/exec', 'pods/attach'], weakFromMinor: 35 },
  ],
});
