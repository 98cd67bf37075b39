import type { Config } from '#src/config/config.ts';
import { startHttpServer, type HttpOptions } from '#src/http/server.ts';
import { startTlsServer } from '#src/http/tls-server.ts';
import type { Log } from '#src/model/log.ts';
import { createCredentialReader } from './events/proofs.ts';

export interface Servers {
  readonly port: number;
  /** Where events come in over TLS; undefined where they do not. */
  readonly eventsPort: number | undefined;
  readonly stop: () => Promise<void>;
}

/** Whoever is served over HTTP, and the senders of events over TLS as well where that is configured. @throws {ServerUnusable} */
export async function startServers({ http, eventsTls, events }: Pick<Config, 'http' | 'eventsTls' | 'events'>, served: Omit<HttpOptions, 'host' | 'port'>, log: Log): Promise<Servers> {
  const plain = await startHttpServer({ ...http, ...served });
  if (eventsTls === undefined || served.events === undefined) return { ...plain, eventsPort: undefined };
  try {
    const secure = await startTlsServer({ host: http.host, port: eventsTls.port, listener: served.events.listener, credentials: createCredentialReader(eventsTls, events, log), log });
    return {
      port: plain.port,
      eventsPort: secure.port,
      async stop() {
        await Promise.all([plain.stop(), secure.stop()]);
      },
    };
  } catch (error) {
    await plain.stop();
    throw error;
  }
}
