import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpAsked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON. */
  readonly body?: unknown;
  /** Ends the connection in the middle of the body. */
  readonly cut?: boolean;
  /** Takes the request and says nothing. */
  readonly silent?: boolean;
}

export interface HttpStandIn {
  readonly url: string;
  readonly asked: readonly HttpAsked[];
  readonly stop: () => Promise<void>;
}

/** A server on this machine that answers as it is told, and remembers what it was asked. What it does not know is 404. */
export async function startHttpStandIn(answer: (asked: HttpAsked, url: string) => HttpReply | undefined | Promise<HttpReply | undefined>): Promise<HttpStandIn> {
  const asked: HttpAsked[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const { pathname, searchParams } = new URL(`${url}${request.url ?? '/'}`);
      const one = { method: request.method ?? '', path: pathname, query: searchParams, headers: request.headers, body };
      asked.push(one);
      send(response, (await answer(one, url)) ?? { status: 404, body: { message: 'Not Found' } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    async stop() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', cut = false, silent = false }: HttpReply): void {
  if (silent) return;
  const content = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', 'content-length': String(content.length), ...headers });
  if (!cut) {
    response.end(content);
    return;
  }
  response.write(content.subarray(0, content.length >> 1), () => response.destroy());
}
