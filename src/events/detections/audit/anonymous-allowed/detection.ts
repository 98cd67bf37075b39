import { requesterOf, type AuditEvent } from '#src/model/audit-event.ts';
import { objectName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isAnonymous } from '#src/model/principal.ts';
import { kubernetes, nsa } from '#src/model/references.ts';

/** What everybody may ask by default: probes and the version. */
const PUBLIC_PATH = /^\/(?:(?:healthz|livez|readyz)(?:\/[^?]*)?|version\/?)(?:\?|$)/;

/** Tells of each request of nobody in particular that was answered, but for what everybody may ask by default. */
export const detection = defineDetection({
  id: 'audit/anonymous-allowed',
  title: 'A request without any credentials was allowed',
  severity: 'critical',
  tips: [8, 2],
  why: 'Somebody who has shown no credentials was served, so anybody who reaches the API server is.',
  fix: 'Find the binding that names system:anonymous or system:unauthenticated, and remove it; switch anonymous requests off.',
  sources: [nsa('Authentication and authorization'), kubernetes('Anonymous requests', 'reference/access-authn-authz/authentication/#anonymous-requests')],
  audit: {
    when: ['anonymous'],
    *judge(event) {
      if (!isAnonymous(requesterOf(event)) || event.outcome !== 'allowed' || event.decision === 'forbid') return;
      if ((event.decision === undefined && event.code === undefined) || isPublic(event)) return;
      yield { message: `Somebody without credentials was allowed to ${event.verb === '' ? 'ask for' : event.verb} ${objectName(event)}` };
    },
  },
});

/** Probes, the version, and what kubeadm shows to new nodes. */
function isPublic({ uri, target, verb }: AuditEvent): boolean {
  if (target === undefined) return uri !== undefined && PUBLIC_PATH.test(uri);
  return verb === 'get' && target.resource === 'configmaps' && target.namespace === 'kube-public' && target.name === 'cluster-info';
}
