import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { objectsAt, textAt, textMapAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { isAcmePath, isInternalIngress } from '#src/network/entrances.ts';

/** Certificates that some controllers are given by annotation instead. */
const CERTIFICATE_ANNOTATIONS = ['alb.ingress.kubernetes.io/certificate-arn', 'networking.gke.io/managed-certificates', 'networking.gke.io/pre-shared-cert', 'ingress.gcp.kubernetes.io/pre-shared-cert', 'appgw.ingress.kubernetes.io/appgw-ssl-certificate'];
/** With this Traefik serves nothing without TLS; the certificate is its own affair. */
const TLS_ONLY = 'traefik.ingress.kubernetes.io/router.tls';

/** Reports each Ingress that serves hosts without a certificate. Those that only internal networks reach, and those of ACME challenges, are left out. */
export const check = defineObjectCheck({
  id: 'exposure/ingress-without-tls',
  title: 'Every host of an Ingress is served with TLS',
  severity: 'medium',
  tips: [3],
  why: 'Passwords, cookies and data cross the internet in the clear, and anybody on the way may change them.',
  fix: 'Add the host to spec.tls with a Secret that holds its certificate, for example from cert-manager.',
  sources: [kubernetes('Ingress: TLS', 'concepts/services-networking/ingress/#tls'), nsa('Network separation and hardening: Encryption')],
  kinds: ['Ingress'],
  *judge(ingress) {
    const annotations = textMapAt(ingress, 'metadata', 'annotations');
    if (isInternalIngress(ingress) || isChallenge(ingress) || annotations.get(TLS_ONLY) === 'true' || CERTIFICATE_ANNOTATIONS.some((annotation) => annotations.has(annotation))) return;
    const tls = objectsAt(ingress, 'spec', 'tls').map(([, entry]) => entry);
    if (tls.length === 0) yield { path: ['spec'], message: 'It serves everything without TLS' };
    const [bare] = tls.length === 0 ? [] : objectsAt(ingress, 'spec', 'rules').filter(([, rule]) => hostOf(rule) !== '' && !tls.some((entry) => covers(entry, hostOf(rule))));
    if (bare !== undefined) yield { path: ['spec', 'rules', bare[0], 'host'], message: `It serves ${hostOf(bare[1])} without TLS` };
  },
});

/** cert-manager makes such an Ingress for as long as a certificate authority looks whose the host is. */
function isChallenge(ingress: RawObject): boolean {
  const paths = objectsAt(ingress, 'spec', 'rules').flatMap(([, rule]) => objectsAt(rule, 'http', 'paths'));
  return paths.length > 0 && paths.every(([, path]) => isAcmePath(textAt(path, 'path')));
}

function hostOf(rule: RawObject): string {
  return textAt(rule, 'host') ?? '';
}

/** An entry without hosts covers all. A wildcard covers one label. */
function covers(tls: RawObject, host: string): boolean {
  const hosts = textsAt(tls, 'hosts');
  const parent = host.slice(host.indexOf('.'));
  return hosts.length === 0 || hosts.some((covered) => covered === host || covered === `*${parent}`);
}
