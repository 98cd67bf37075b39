import { nearEnd } from '#src/model/certificate-term.ts';
import { defineObjectCheck } from '#src/model/check.ts';
import { objectsAt, textAt, type RawObject } from '#src/model/raw.ts';

/** What cert-manager waits before it tries again. */
const OVERDUE_MS = 3600_000;

/**
 * Reports each certificate of cert-manager that has ended, or soon will and was not renewed when it was time.
 *
 * One whose time to be renewed is still to come is left to cert-manager, however little of its life that leaves.
 */
export const check = defineObjectCheck({
  id: 'node/certificate-not-renewed',
  title: 'cert-manager renews its certificates in time',
  severity: 'medium',
  tips: [6],
  why: 'When it has ended connections to whatever shows it fail, or people get used to passing over the warning.',
  fix: 'Look why it is not renewed (`cmctl status certificate`, or the events of its CertificateRequest and Order); delete the Certificate when nothing needs it any more.',
  sources: [
    { title: 'cert-manager: Certificate resource, renewal', url: 'https://cert-manager.io/docs/usage/certificate/' },
    { title: 'cert-manager: Troubleshooting', url: 'https://cert-manager.io/docs/troubleshooting/' },
  ],
  kinds: ['Certificate'],
  *judge(object, { now, complete }) {
    const untilMs = timeAt(object, 'notAfter');
    if (untilMs === undefined) {
      // In a cluster it was never issued, which is another matter.
      if (!complete) yield { undecided: 'only the cluster tells until when a Certificate was issued' };
      return;
    }
    const near = nearEnd({ name: '', fromMs: timeAt(object, 'notBefore') ?? 0, untilMs }, now);
    const readiness = unreadyReason(object);
    const isOverdue = now.getTime() - (timeAt(object, 'renewalTime') ?? Infinity) >= OVERDUE_MS;
    if (near === undefined || !(untilMs <= now.getTime() || isOverdue || readiness !== undefined)) return;
    yield {
      severity: near.severity,
      path: ['status', 'notAfter'],
      message: `It ${near.message} and was not renewed`,
      evidence: readiness === undefined ? near.evidence : `${near.evidence}; ${readiness}`,
    };
  },
});

function timeAt(object: RawObject, field: string): number | undefined {
  const ms = Date.parse(textAt(object, 'status', field) ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** As in `not ready: Expired`. */
function unreadyReason(object: RawObject): string | undefined {
  const ready = objectsAt(object, 'status', 'conditions').map(([, condition]) => condition).find((condition) => textAt(condition, 'type') === 'Ready');
  return textAt(ready, 'status') === 'False' ? `not ready: ${textAt(ready, 'reason') ?? 'no reason given'}` : undefined;
}
