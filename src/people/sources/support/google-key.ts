import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { SourceFailed, type SourceDeps } from '#src/model/people.ts';
import { parsed } from './api.ts';
import { bearerHeaders } from './token.ts';

const SECONDS = 300;

const keyShape = z.object({ client_email: z.string().min(1), private_key: z.string().min(1), private_key_id: z.string().optional() });

export interface GoogleGrant {
  /** The system's own name, for messages. */
  readonly title: string;
  readonly rights: string;
  /** The key file of the service account, as Google gives it. */
  readonly keyFile: string;
  readonly scope: string;
  /** In whose name the service account acts; absent for its own. */
  readonly subject?: string;
  readonly tokenUrl: string;
  readonly deps: SourceDeps;
  readonly signal: AbortSignal;
}

/** The `authorization` header that Google gives for the key of a service account. @throws {SourceFailed} */
export async function googleHeaders(grant: GoogleGrant): Promise<Readonly<Record<string, string>>> {
  const { title, rights, tokenUrl, deps, signal } = grant;
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await assertion(grant) };
  return bearerHeaders({ title, url: tokenUrl, rights, form, deps, signal });
}

async function assertion({ title, keyFile, scope, subject, tokenUrl, deps: { clock } }: GoogleGrant): Promise<string> {
  try {
    const { client_email: account, private_key: key, private_key_id: kid } = parsed(title, keyFile, keyShape);
    const now = Math.floor(clock.now().getTime() / 1000);
    const claims = new SignJWT({ scope }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid && { kid }) }).setIssuer(account).setAudience(tokenUrl);
    if (subject !== undefined) claims.setSubject(subject);
    return await claims.setIssuedAt(now).setExpirationTime(now + SECONDS).sign(await importPKCS8(key, 'RS256'));
  } catch {
    // Neither parser's error is kept: it may quote the key.
    throw new SourceFailed('refused', `the key of the service account for ${title} cannot be used: it must be the JSON file that Google gives`);
  }
}
