import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  readonly port: number;
  /** Answers what has begun, takes nothing new. */
  readonly stop: () => Promise<void>;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Whether requests of people can be served now; otherwise a load balancer sends them elsewhere. */
  readonly isReady: () => boolean;
  /** Where Slack sends in HTTP mode. */
  readonly slack?: { readonly path: string; readonly listener: RequestListener };
  /** Where clusters send what happens in them: every path that begins so. */
  readonly events?: { readonly prefix: string; readonly listener: RequestListener };
}

/** A server cannot serve as it was configured. */
export class ServerUnusable extends Error {
  /** Name of the setting that is to be changed. */
  readonly setting: string;

  constructor(setting: string, problem: string, options: ErrorOptions) {
    super(problem, options);
    this.setting = setting;
  }
}

const REASONS: Readonly<Record<string, string>> = { EADDRINUSE: 'another process uses it', EACCES: 'this process may not use it', EADDRNOTAVAIL: 'this machine does not have that address', ENOTFOUND: 'there is no such address' };

/** Connections that say nothing are closed, so that they cannot use up the server. */
export const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000 };

/**
 * Health checks for whoever runs the process, Slack's requests in HTTP mode, and events of clusters. Health says one word and nothing about clusters.
 *
 * @throws {ServerUnusable}
 */
export function startHttpServer({ host, port, isReady, slack, events }: HttpOptions): Promise<HttpServer> {
  const server = createServer(LIMITS, (request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== undefined && path === slack?.path) {
      slack.listener(request, response);
      return;
    }
    if (events !== undefined && path?.startsWith(events.prefix) === true) {
      events.listener(request, response);
      return;
    }
    const known = request.method === 'GET' || request.method === 'HEAD' ? answerTo(path, isReady) : undefined;
    const [status, text] = known ?? [404, 'not found'];
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${text}\n`);
  });
  return listen(server, { host, port, setting: 'K8SSEC_PORT' });
}

/** @throws {ServerUnusable} when nothing can be served on the port that was asked for. */
export async function listen(server: Server, { host, port, setting }: { readonly host: string; readonly port: number; readonly setting: string }): Promise<HttpServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new ServerUnusable(setting, `port ${port} of ${host} cannot be used: ${REASONS[error.code ?? ''] ?? 'it cannot be listened on'}`, { cause: error })));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

function answerTo(path: string | undefined, isReady: () => boolean): readonly [status: number, text: string] | undefined {
  if (path === '/healthz') return [200, 'ok'];
  if (path === '/readyz') return isReady() ? [200, 'ok'] : [503, 'not ready'];
  return undefined;
}
