import { X509Certificate } from 'node:crypto';
import { certificateBlocks } from '#src/model/certificate-term.ts';

/** Whose certificates let a sender in. */
export interface CertificateRule {
  /** Those that sign senders' certificates themselves; others above them let nobody in. */
  readonly signers: readonly X509Certificate[];
  /** `CN=…`, `DNS:…` or `URI:…`: one of them has to be in the certificate. None stands for every certificate that was signed. */
  readonly names: readonly string[];
}

/** As in `DNS:a, URI:"quoted, as JSON", IP Address:10.0.0.1`. */
const ALTERNATIVE = /([\w ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g;

/** All certificates of a file. @throws {Error} when it has none, or one that cannot be read. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = certificateBlocks(pem);
  if (blocks.length === 0) throw new Error('there is no certificate in PEM in it');
  return blocks.map((block) => new X509Certificate(block));
}

/** Why a certificate, which TLS found good for some signer that is known, does not let its holder in here; undefined when it does. */
export function certificateFault(shown: X509Certificate | undefined, { signers, names }: CertificateRule, now: Date): string | undefined {
  if (shown === undefined) return 'no client certificate that is good';
  if (!isSigned(shown, signers, now)) return 'the client certificate is signed by nobody who may sign for this feed, or its time is over';
  if (names.length > 0 && !namesOf(shown).some((name) => names.includes(name))) return 'the client certificate has none of the names that may send';
  return undefined;
}

/** The signature is looked at and not the name alone, because signers of several clusters may be called the same. */
function isSigned(shown: X509Certificate, signers: readonly X509Certificate[], now: Date): boolean {
  return isInTime(shown, now) && signers.some((signer) => signer.ca && isInTime(signer, now) && shown.checkIssued(signer) && shown.verify(signer.publicKey));
}

function isInTime({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now <= validToDate;
}

/** What a certificate says whose it is, with the kind of each name, so that none passes for another. */
function namesOf(certificate: X509Certificate): readonly string[] {
  const { CN: common } = certificate.toLegacyObject().subject;
  const alternatives = [...(certificate.subjectAltName ?? '').matchAll(ALTERNATIVE)].map(([, kind, text = '']) => `${kind ?? ''}:${text.startsWith('"') ? String(JSON.parse(text)) : text}`);
  return [...(typeof common === 'string' ? [`CN=${common}`] : []), ...alternatives];
}
