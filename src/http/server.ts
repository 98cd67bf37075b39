import { createServer, type RequestListener } from 'node:http';
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
}

/** Connections that say nothing are closed, so that they cannot use up the server. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

/** Health checks for whoever runs the process, and Slack's requests in HTTP mode. Health says one word and nothing about clusters. */
export async function startHttpServer({ host, port, isReady, slack }: HttpOptions): Promise<HttpServer> {
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === slack?.path) {
      slack.listener(request, response);
      return;
    }
    const known = request.method === 'GET' || request.method === 'HEAD' ? answerTo(path, isReady) : undefined;
    const [status, text] = known ?? [404, 'not found'];
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(`${text}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
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

function answerTo(path: string, isReady: () => boolean): readonly [status: number, text: string] | undefined {
  if (path === '/healthz') return [200, 'ok'];
  if (path === '/readyz') return isReady() ? [200, 'ok'] : [503, 'not ready'];
  return undefined;
}
