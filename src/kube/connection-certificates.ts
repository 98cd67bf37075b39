import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import { lastToEnd, readableCertificates, termOf, type CertificateTerm } from '#src/model/certificate-term.ts';
import type { ConnectionCertificates } from '#src/model/connection-certificates.ts';

/** What a connection is made with, as far as certificates matter. */
export interface ConnectedWith {
  /** In PEM; empty where the CAs of this machine are believed. */
  readonly ca: string;
  readonly own: CertificateTerm | undefined;
}

/** A server that sends more is not followed. */
const LONGEST_CHAIN = 10;

/** The certificates of a connection that an answer came over. What cannot be read must not cost the answer. */
export function connectionCertificates(socket: Socket, { ca, own }: ConnectedWith): ConnectionCertificates {
  if (!(socket instanceof TLSSocket)) return { unseen: 'the bot reaches the API server without TLS' };
  try {
    const shown = socket.getPeerX509Certificate();
    if (shown === undefined) return { unseen: 'the connection to the API server did not show a certificate' };
    return { server: [termOf(shown), ...vouchers(shown, readableCertificates(ca)).map(termOf)], ...(own && { bot: own }) };
  } catch (error) {
    return { unseen: `the certificate of the API server cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Those between that the server sent, up to the first that a CA vouches for which the bot believes, and that CA. A root that was sent along is believed by nobody. */
function vouchers(shown: X509Certificate, trusted: readonly X509Certificate[]): readonly X509Certificate[] {
  const between: X509Certificate[] = [];
  for (let last = shown; ; ) {
    const root = trustedSigner(last, trusted);
    if (root !== undefined) return [...between, root];
    const next = last.issuerCertificate;
    if (next === undefined || next.checkIssued(next) || between.length === LONGEST_CHAIN) return between;
    between.push(next);
    last = next;
  }
}

/** A CA that was renewed with its old key is there twice while nodes and people still have the old one. */
function trustedSigner(signed: X509Certificate, trusted: readonly X509Certificate[]): X509Certificate | undefined {
  const signers = trusted.filter((signer) => signed.checkIssued(signer) && signed.verify(signer.publicKey));
  return lastToEnd(signers, ({ validToDate }) => validToDate.getTime());
}

/**
 * The certificate that a kubeconfig signs in with.
 *
 * Undefined where a token or password does as well, or where a plugin hands certificates out, which renews them by itself.
 */
export function ownCertificate(config: KubeConfig, { cert, auth, headers }: { readonly cert?: unknown; readonly auth?: string | null | undefined; readonly headers: Readonly<Record<string, string>> }): CertificateTerm | undefined {
  const user = config.getCurrentUser();
  const hasOther = user?.exec !== undefined || user?.authProvider !== undefined || headers.Authorization !== undefined || typeof auth === 'string';
  const [own] = hasOther ? [] : readableCertificates(pemText(cert));
  return own && termOf(own);
}

/** As TLS options hold it: text, bytes, or several of them. */
export function pemText(option: unknown): string {
  if (Array.isArray(option)) return option.map(pemText).join('\n');
  return typeof option === 'string' || Buffer.isBuffer(option) ? option.toString() : '';
}
