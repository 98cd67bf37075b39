import { defineObjectCheck } from '#src/model/check.ts';
import { textMapAt } from '#src/model/raw.ts';
import { mitre } from '#src/model/references.ts';
import { ingressClassOf } from '#src/network/entrances.ts';

const FIELDS = ['auth-url', 'auth-tls-match-cn', 'mirror-target', 'mirror-host'].map((field) => `nginx.ingress.kubernetes.io/${field}`);
/** What ends the value in the configuration of nginx and begins something else. */
const BREAKS_OUT = /[\r\n{};#"'<>|\\^`]/;
/** Controllers that do not read these annotations. */
const OTHER_CLASS = /^(alb|azure|cilium|contour|gce|haproxy|istio|kong|traefik|webapprouting)/;

/** Reports each Ingress of nginx with an annotation that breaks out of its place in the configuration. */
export const check = defineObjectCheck({
  id: 'exposure/ingress-nginx-injection',
  title: 'Annotations for nginx hold plain values',
  severity: 'high',
  tips: [3],
  why: 'Versions of ingress-nginx before 1.11.5 and 1.12.1 copy the value into their configuration: what breaks out runs as code in the controller, which may read Secrets of all namespaces.',
  fix: 'Take the character out, find out who wrote it, and update ingress-nginx.',
  sources: [
    { title: 'CVE-2025-1097, auth-tls-match-cn', url: 'https://github.com/kubernetes/kubernetes/issues/131007' },
    { title: 'CVE-2025-1098, mirror-target and mirror-host', url: 'https://github.com/kubernetes/kubernetes/issues/131008' },
    { title: 'CVE-2025-24514, auth-url', url: 'https://github.com/kubernetes/kubernetes/issues/131006' },
    mitre('T1190'),
  ],
  kinds: ['Ingress'],
  *judge(ingress) {
    if (OTHER_CLASS.test(ingressClassOf(ingress) ?? '')) return;
    const annotations = textMapAt(ingress, 'metadata', 'annotations');
    const broken = FIELDS.filter((field) => BREAKS_OUT.test(annotations.get(field) ?? ''));
    const [first] = broken;
    if (first !== undefined) yield { path: ['metadata', 'annotations', first], message: `A value that nginx would take for configuration: ${broken.join(', ')}` };
  },
});
