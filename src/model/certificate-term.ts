import { X509Certificate } from 'node:crypto';
import { compareSeverity, type Severity } from './finding.ts';

/** Whose a certificate is, and the time it is good for. */
export interface CertificateTerm {
  /** The common name, or whatever else it says of its holder; empty where it says nothing. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A certificate that has ended, or will before it can be expected to be renewed. */
export interface NearEnd {
  readonly term: CertificateTerm;
  readonly severity: Severity;
  /** `ends on 2026-12-05`. */
  readonly message: string;
  /** How much was left when somebody looked. */
  readonly evidence: string;
}

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Up to this life a certificate is renewed by a program, often with a tenth of it left: kubelets do at 10 to 30 %, Knative at one day of seven. */
const SHORT_LIFE_MS = 30 * DAY_MS;
const URGENT_MS = 7 * DAY_MS;
const URGENT_SHARE = 1 / 10;
/** Programs that renew certificates of 90 days do so with a third left, and those of OpenShift and Gardener with a fifth. */
const NEAR_SHARE = 1 / 5;

/** The certificates of a text in PEM, each with its frame. */
export function certificateBlocks(pem: string): readonly string[] {
  return pem.match(BLOCK) ?? [];
}

/** The certificates of a text in PEM that can be read; like Kubernetes, it passes over the others. */
export function readableCertificates(pem: string): readonly X509Certificate[] {
  return certificateBlocks(pem).flatMap((block) => {
    try {
      return new X509Certificate(block);
    } catch {
      return []; // the only thing that it throws for is a text that is no certificate
    }
  });
}

/** What a certificate says of its holder, as in `CN=a`. Those of servers often name them only beside it, and then Node has no text at all. */
export function subjectParts(certificate: X509Certificate): readonly string[] {
  return (certificate.subject as string | undefined)?.split('\n') ?? [];
}

export function termOf(certificate: X509Certificate): CertificateTerm {
  const parts = subjectParts(certificate);
  const name = parts.find((part) => part.startsWith('CN='))?.slice('CN='.length) ?? parts.join(', ');
  return { name, fromMs: certificate.validFromDate.getTime(), untilMs: certificate.validToDate.getTime() };
}

/** The one that is good for longest. */
export function lastToEnd<Item>(items: readonly Item[], untilMs: (item: Item) => number): Item | undefined {
  return items.reduce<Item | undefined>((last, item) => (last === undefined || untilMs(item) > untilMs(last) ? item : last), undefined);
}

/**
 * Whether a certificate has ended or will within `noticeDays`; undefined where it has time.
 *
 * What lives shorter than that is measured by its life, so that nobody is told of certificates that are about to be renewed as usual.
 */
export function nearEnd(term: CertificateTerm, now: Date, noticeDays = 30): NearEnd | undefined {
  const lifeMs = Math.max(0, term.untilMs - term.fromMs);
  const leftMs = term.untilMs - now.getTime();
  const urgentMs = Math.min(URGENT_MS, lifeMs * URGENT_SHARE);
  const nearMs = lifeMs <= SHORT_LIFE_MS ? urgentMs : Math.min(noticeDays * DAY_MS, lifeMs * NEAR_SHARE);
  const isOver = leftMs <= 0;
  if (leftMs >= nearMs) return undefined;
  const life = spanWords(lifeMs);
  return {
    term,
    severity: isOver || leftMs < urgentMs ? 'high' : 'medium',
    message: `${isOver ? 'ended' : 'ends'} on ${momentWords(term.untilMs, lifeMs)}`,
    evidence: `on ${momentWords(now.getTime(), lifeMs)} it ${isOver ? `was over, after ${life}` : `had ${spanWords(leftMs)} left of ${life}`}`,
  };
}

/** Sorts what is most urgent to the front. */
export function byUrgency(a: NearEnd, b: NearEnd): number {
  return compareSeverity(a.severity, b.severity) || a.term.untilMs - b.term.untilMs;
}

/** The day in UTC, and the time of day where the certificate lives for days alone. */
function momentWords(ms: number, lifeMs: number): string {
  const text = new Date(ms).toISOString();
  return lifeMs <= SHORT_LIFE_MS ? `${text.slice(0, 10)} at ${text.slice(11, 16)} UTC` : text.slice(0, 10);
}

function spanWords(ms: number): string {
  return ms < 2 * DAY_MS ? amount(ms, HOUR_MS, 'hour') : amount(ms, DAY_MS, 'day');
}

function amount(ms: number, unitMs: number, unit: string): string {
  const count = Math.floor(ms / unitMs);
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
