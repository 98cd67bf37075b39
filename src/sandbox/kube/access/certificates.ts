import { generate } from 'selfsigned';

/** A certificate with its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The stand-in's own certificate authority. */
export interface Authority {
  /** What clients trust. */
  readonly cert: string;
  readonly forServer: () => Promise<Certificate>;
  /** A client certificate: the name is the user, each organisation a group. */
  readonly forUser: (name: string, groups: readonly string[]) => Promise<Certificate>;
}

const DAY_MS = 24 * 3_600_000;
const VALID_DAYS = 365;

/** The certificates hold by the machine's clock, since that is the one a TLS client looks at. */
export async function createAuthority(): Promise<Authority> {
  const validity = { notBeforeDate: new Date(Date.now() - DAY_MS), notAfterDate: new Date(Date.now() + VALID_DAYS * DAY_MS) };
  const keys = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', ...validity } as const;
  const authority = await generate([{ name: 'commonName', value: 'kubernetes' }], {
    ...keys,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  return {
    cert: authority.cert,
    async forServer() {
      const made = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
        ...keys,
        ca,
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true },
          { name: 'extKeyUsage', serverAuth: true },
          {
            name: 'subjectAltName',
            altNames: [
              { type: 2, value: 'localhost' },
              { type: 2, value: 'kubernetes.default.svc' },
              { type: 7, ip: '127.0.0.1' },
            ],
          },
        ],
      });
      return { cert: made.cert, key: made.private };
    },
    async forUser(name, groups) {
      const subject = [{ name: 'commonName', value: name }, ...groups.map((value) => ({ name: 'organizationName', value }))];
      const made = await generate(subject, {
        ...keys,
        ca,
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true },
          { name: 'extKeyUsage', clientAuth: true },
        ],
      });
      return { cert: made.cert, key: made.private };
    },
  };
}
