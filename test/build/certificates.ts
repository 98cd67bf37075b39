import { createPublicKey } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface Keyed {
  readonly cert: string;
  readonly key: string;
}

export interface Asked {
  /** Whoever signs it; it signs itself where there is nobody. */
  readonly by?: Keyed;
  /** Whether it may sign others. */
  readonly isCa?: boolean;
  readonly dns?: string;
  readonly uri?: string;
  /** Good for servers only. */
  readonly serverOnly?: boolean;
  readonly from?: Date;
  readonly until?: Date;
  /** Whose key it is for; a new one where there is none. */
  readonly keyOf?: Keyed;
}

/** Good for longer than any test is kept. */
const FROM = new Date('2020-01-01T00:00:00.000Z');
const UNTIL = new Date('2090-01-01T00:00:00.000Z');

/** One without a name says nothing of its holder, as those of servers often do. */
export async function aCertificate(name: string, { by, isCa = false, dns, uri, serverOnly = false, from = FROM, until = UNTIL, keyOf }: Asked = {}): Promise<Keyed> {
  const altNames = [...(dns === undefined ? [] : [{ type: 2 as const, value: dns }]), ...(uri === undefined ? [] : [{ type: 6 as const, value: uri }])];
  const { cert, private: key } = await generate(name === '' ? [] : [{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: until,
    extensions: [
      { name: 'basicConstraints', cA: isCa, critical: true },
      isCa ? { name: 'keyUsage', keyCertSign: true, critical: true } : { name: 'extKeyUsage', serverAuth: serverOnly || dns === 'localhost', clientAuth: !serverOnly },
      ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName' as const, altNames }]),
    ],
    ...(by && { ca: by }),
    ...(keyOf && { keyPair: { privateKey: keyOf.key, publicKey: createPublicKey(keyOf.cert).export({ type: 'spki', format: 'pem' }).toString() } }),
  });
  return { cert, key };
}
