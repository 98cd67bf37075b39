import { constants } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Log } from '#src/model/log.ts';
import { LIMITS, listen, ServerUnusable, type HttpServer } from './server.ts';

/** What a server shows, and whose signatures it knows under what clients show; all in PEM. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
  readonly clientCas: readonly string[];
}

export interface TlsOptions {
  readonly host: string;
  readonly port: number;
  readonly listener: RequestListener;
  /** Reads them as they are now. */
  readonly credentials: () => Promise<TlsCredentials>;
  readonly log: Log;
  readonly lookEveryMs?: number;
}

/** Kubernetes brings a new certificate into a pod within two minutes, long before the old one ends. */
const LOOK_EVERY_MS = 10_000;
const HANDSHAKE_MS = 10_000;
const SETTING = 'K8SSEC_EVENTS_PORT';

/**
 * Serves over TLS. Clients may show a certificate and need not: the listener decides what that is worth.
 *
 * The credentials are read again every few seconds. While new ones cannot be used, the old ones go on.
 *
 * @throws {ServerUnusable}
 */
export async function startTlsServer({ host, port, listener, credentials, log, lookEveryMs = LOOK_EVERY_MS }: TlsOptions): Promise<HttpServer> {
  let current = await credentials().then(usable).catch((error: unknown) => {
    throw new ServerUnusable(SETTING, `cannot be served: ${reasonOf(error)}`, { cause: error });
  });
  const server = createServer({ ...LIMITS, ...current, handshakeTimeout: HANDSHAKE_MS, requestCert: true, rejectUnauthorized: false }, listener);
  server.on('tlsClientError', (error) => log.debug({ error }, 'somebody did not get through the TLS handshake'));
  const listening = await listen(server, { host, port, setting: SETTING });

  const stopping = new AbortController();
  let said = '';
  const look = async (): Promise<void> => {
    try {
      const next = usable(await credentials());
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      server.setSecureContext(next);
      current = next;
      said = '';
      log.info({}, 'the certificates of the door for events have changed and are used');
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== said) log.error({ error }, 'the new certificate of the door for events cannot be used; the old one goes on');
      said = reason;
    }
  };
  const following = (async () => {
    const isTime = () => wait(lookEveryMs, true, { signal: stopping.signal }).catch(() => false);
    while (await isTime()) await look();
  })();
  return {
    port: listening.port,
    async stop() {
      stopping.abort();
      await Promise.all([following, listening.stop()]);
    },
  };
}

/** No session is taken up again: that would be a certificate that nobody has looked at. @throws {Error} when they do not belong together. */
function usable({ cert, key, clientCas }: TlsCredentials): SecureContextOptions {
  const options = { cert, key, ca: [...clientCas], secureOptions: constants.SSL_OP_NO_TICKET };
  createSecureContext(options);
  return options;
}

/** In words: OpenSSL names its own parts before what it says. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'the key does not belong to the certificate';
  return code?.startsWith('ERR_OSSL_') === true ? 'the certificate or the key is not in PEM' : message;
}
