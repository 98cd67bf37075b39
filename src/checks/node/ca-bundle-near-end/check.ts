import { byUrgency, lastToEnd, nearEnd, readableCertificates, termOf, type NearEnd } from '#src/model/certificate-term.ts';
import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { bundlesOf, type Bundle } from './bundles.ts';

/** Kyverno renews its own 15 days before they end; others do so earlier. */
const NOTICE_DAYS = 14;

/**
 * Reports each object whose `caBundle` has ended or soon will.
 *
 * Of several certificates in one bundle each is good enough for the API server, so that the last one to end counts. A bundle is renewed
 * by the program behind it, as a rule: what is told is what that has missed.
 */
export const check = defineObjectCheck({
  id: 'node/ca-bundle-near-end',
  title: 'The API server can go on trusting the webhooks and servers that it calls',
  severity: 'medium',
  tips: [6],
  why: 'When it has ended every call fails: a webhook with failurePolicy Ignore is passed over without a word, and its policy with it; one with Fail lets nobody change anything.',
  fix: 'Renew the certificates of the program behind it and write the new CA into caBundle; where cert-manager or the program itself does that, look why it has not.',
  sources: [
    kubernetes('Dynamic Admission Control', 'reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook'),
    kubernetes('Configure the Aggregation Layer', 'tasks/extend-kubernetes/configure-aggregation-layer/'),
    { title: 'Linkerd: Rotating webhooks certificates', url: 'https://linkerd.io/2/tasks/rotating_webhooks_certificates/' },
  ],
  kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition'],
  *judge(object, { now }) {
    const bad: BadBundle[] = [];
    for (const bundle of bundlesOf(object)) {
      const certificates = readableCertificates(bundle.pem).map(termOf);
      const last = lastToEnd(certificates, ({ untilMs }) => untilMs);
      const near = last && nearEnd(last, now, NOTICE_DAYS);
      if (last === undefined) yield { undecided: 'its caBundle holds no certificate that can be read' };
      else if (near !== undefined) bad.push({ bundle, near });
    }
    const [worst] = bad.sort((a, b) => byUrgency(a.near, b.near));
    if (worst === undefined) return;
    const { bundle: { callee, path }, near: { severity, message, evidence, term: { name } } } = worst;
    const others = bad.length === 1 ? '' : ` (and for ${bad.length - 1} more)`;
    yield { severity, path, message: `The CA that vouches for ${callee}${others} ${message}`, evidence: name === '' ? evidence : `${name}: ${evidence}` };
  },
});

interface BadBundle {
  readonly bundle: Bundle;
  readonly near: NearEnd;
}
