import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AddressInfo } from 'node:net';
import type { ApiDeps } from '../api/dispatch.ts';
import type { SocketMode } from '../delivery/socket-mode.ts';
import { servePage, type PageDeps } from '../page/page-api.ts';
import { serveFile, serveResponseUrl, serveUpload, type AddressDeps } from './addresses.ts';
import { serveAsset } from './assets.ts';
import { BodyTooLarge } from './bodies.ts';
import { send } from './replies.ts';
import { serveWebApi } from './web-api.ts';

const HOST = '127.0.0.1';

export interface ServerDeps extends ApiDeps, AddressDeps, PageDeps {
  readonly sockets: SocketMode | undefined;
  /** Directory of the page. */
  readonly assets: string | undefined;
  /** A request that failed for a fault of the stand-in itself. */
  readonly onError: (error: unknown) => void;
}

/** One server for Slack and for the page, on loopback only. */
export function createSlackServer(deps: ServerDeps): Server {
  const server = createServer((request, response) => {
    handle(deps, server, request, response).catch((error: unknown) => fail(deps, response, error));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (deps.sockets === undefined || !isOurs(server, request) || !(request.url ?? '').startsWith('/link')) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    else deps.sockets.upgrade(request, socket, head);
  });
  return server;
}

/** Listens on the port, or on any free one with 0. @throws when the port is taken. */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return `http://${HOST}:${portOf(server)}`;
}

export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function handle(deps: ServerDeps, server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOurs(server, request)) {
    send(response, { status: 421, body: 'This address is not served here.' });
    return;
  }
  const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
  const [, first = '', second = '', third = '', fourth = ''] = pathname.split('/');
  switch (first) {
    case 'api':
      return serveWebApi(deps, second, request, response);
    case 'commands':
    case 'actions':
      return serveResponseUrl(deps, third, request, response);
    case 'upload':
      return serveUpload(deps, third, fourth, request, response);
    case 'files':
      return serveFile(deps, second, request, response);
    case 'sandbox':
      return servePage(deps, request, response);
    default:
      return serveAsset(deps.assets, pathname, response);
  }
}

/** A name that somebody has pointed to this machine does not count, so that no page of another site gets in. */
function isOurs(server: Server, { headers }: IncomingMessage): boolean {
  const port = portOf(server);
  return headers.host === `${HOST}:${port}` || headers.host === `localhost:${port}`;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function fail({ onError }: ServerDeps, response: ServerResponse, error: unknown): void {
  if (error instanceof BodyTooLarge) {
    send(response, { status: 413, body: 'too_large', headers: { connection: 'close' } });
    return;
  }
  if (response.destroyed) return;
  onError(error);
  if (response.headersSent) response.destroy();
  else send(response, { status: 500, body: { ok: false, error: 'internal_error' } });
}
