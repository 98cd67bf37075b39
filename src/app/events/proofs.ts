import { readFile } from 'node:fs/promises';
import { readSecret } from '#src/app/people.ts';
import type { EventsTls } from '#src/config/config.ts';
import { certificatesOf } from '#src/http/client-certificate.ts';
import type { Proof } from '#src/http/event-door.ts';
import type { TlsCredentials } from '#src/http/tls-server.ts';
import { FEEDS, type EventSettings, type SenderSettings } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';
import { SourceFailed, type SecretRef } from '#src/model/people.ts';

/** What the senders of a feed have to show, as it is now. @throws {SourceFailed} */
export async function readProof({ token, clientCertificate: asked }: SenderSettings): Promise<Proof> {
  return {
    token: token && (await readSecret(token)),
    certificate: asked && { signers: (await readCa(asked.ca)).signers, names: asked.names },
  };
}

/** Why nobody can send to a feed now, whatever is shown. */
export async function proofProblem(settings: SenderSettings): Promise<string | undefined> {
  try {
    await readProof(settings);
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceFailed)) throw error;
    return `nobody can send: ${error.message}`;
  }
}

/**
 * Reads what the door shows over TLS, and the CAs of all feeds: which of them lets in where is looked at with each request.
 *
 * A CA that cannot be read keeps out the senders of its feed alone. It is said once, and again when it is there.
 */
export function createCredentialReader({ cert, key }: EventsTls, events: readonly EventSettings[], log: Log): () => Promise<TlsCredentials> {
  const said = new Map<string, string>();
  const caOf = async (cluster: string, feed: string, ref: SecretRef): Promise<readonly string[]> => {
    const name = `${cluster}/${feed}`;
    try {
      const { pem } = await readCa(ref);
      if (said.delete(name)) log.info({ cluster, feed }, 'the CA of the senders of a feed is there, and they are let in');
      return [pem];
    } catch (error) {
      if (!(error instanceof SourceFailed)) throw error;
      if (said.get(name) !== error.message) log.error({ cluster, feed, error }, 'the CA of the senders of a feed cannot be used, so that nobody can send there; it is looked for again');
      said.set(name, error.message);
      return [];
    }
  };
  return async () => {
    const [certPem, keyPem] = await Promise.all([readPem(cert), readPem(key)]);
    const asked = events.flatMap(({ cluster, senders }) => FEEDS.flatMap((feed) => (senders[feed]?.clientCertificate === undefined ? [] : [{ cluster, feed, ca: senders[feed].clientCertificate.ca }])));
    const clientCas = await Promise.all(asked.map(({ cluster, feed, ca }) => caOf(cluster, feed, ca)));
    return { cert: certPem, key: keyPem, clientCas: clientCas.flat() };
  };
}

/** @throws {SourceFailed} */
async function readCa(ref: SecretRef) {
  const pem = await readSecret(ref);
  try {
    return { pem, signers: certificatesOf(pem) };
  } catch (error) {
    throw new SourceFailed('refused', `${'env' in ref ? `the environment variable ${ref.env}` : `the file ${ref.file}`} holds no certificate in PEM that can be read`, { cause: error });
  }
}

async function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`the file ${path} cannot be read`, { cause: error });
  });
}
