import { X509Certificate } from 'node:crypto';
import { subjectParts } from './certificate-term.ts';

/** What a client certificate tells the API server. */
export interface ClientCertificate {
  /** User name: the common name. */
  readonly user: string;
  /** Groups: the organizations. */
  readonly groups: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Reads the first certificate of a PEM text; undefined when it is none. */
export function readCertificate(pem: string): ClientCertificate | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return undefined; // the only thing that it throws for is a text that is no certificate
  }
  const parts = subjectParts(certificate).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const named = (field: string) => parts.filter(([key]) => key === field).map(([, value]) => value);
  return { user: named('CN')[0] ?? '', groups: named('O'), expiresAtMs: certificate.validToDate.getTime() };
}
