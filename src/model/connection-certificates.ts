import type { CertificateTerm } from './certificate-term.ts';

/** The certificates of the connection over which a cluster is read, or why there are none to see. */
export type ConnectionCertificates =
  | { readonly unseen: string }
  | {
      /** The one of the server first, then those that vouch for it. */
      readonly server: readonly [CertificateTerm, ...CertificateTerm[]];
      /** Absent where the bot signs in otherwise, or with one that is renewed by a plugin. */
      readonly bot?: CertificateTerm;
    };
