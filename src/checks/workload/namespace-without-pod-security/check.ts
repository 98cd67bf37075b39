import { namespaces } from '#src/facts/namespaces.ts';
import { podGuards } from '#src/facts/pod-guards.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes, nsa } from '#src/model/references.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const SAFE_LEVELS: ReadonlySet<string | undefined> = new Set(['baseline', 'restricted']);
/** Namespaces that Kubernetes creates. */
const OWN_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/**
 * Reports each namespace that accepts privileged pods: neither Pod Security admission nor a policy engine keeps them out.
 *
 * A default level in the API server's admission configuration cannot be seen from here.
 */
export const check = defineClusterCheck({
  id: 'workload/namespace-without-pod-security',
  title: 'Every namespace enforces a Pod Security level',
  severity: 'medium',
  tips: [5],
  why: 'Whoever may create a pod there may create a privileged one, and is root on its node a moment later.',
  fix: 'Label the namespace with pod-security.kubernetes.io/warn=restricted first, mend what it warns about, and then enforce baseline or restricted.',
  sources: [
    cis('5.2.1'),
    nsa('Kubernetes Pod security: Pod security enforcement'),
    kubernetes('Enforce Pod Security Standards with Namespace Labels', 'tasks/configure-pod-container/enforce-standards-namespace-labels/'),
  ],
  needs: { namespaces, podGuards },
  *judge({ namespaces, podGuards }) {
    for (const [name, { subject, labels }] of namespaces) {
      const level = labels.get(ENFORCE);
      if (subject.stock || SAFE_LEVELS.has(level) || podGuards.guard({ name, labels })) continue;
      yield {
        subject,
        ...(OWN_NAMESPACES.has(name) && { severity: 'info' }),
        path: level === undefined ? ['metadata'] : ['metadata', 'labels', ENFORCE],
        message: level === undefined ? 'It enforces no Pod Security level' : `It enforces the Pod Security level ${level}, which keeps nothing out`,
      };
    }
  },
});
