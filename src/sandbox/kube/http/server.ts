import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Authorizer } from '../access/authorizer.ts';
import type { Certificate } from '../access/certificates.ts';
import type { User } from '../access/user.ts';
import type { Fault, Faults } from '../control/faults.ts';
import type { LoggedRequest, RequestLog } from '../control/request-log.ts';
import { forbidden, injected, internal, tooLarge, type Failure } from '../status.ts';
import { authenticate, denial, impersonate } from './authenticate.ts';
import type { Call } from './call.ts';
import { readRequestInfo, type RequestInfo } from './request-info.ts';
import { route, type Routes } from './route.ts';
import { failureOf, send, sendFailure, statusOf } from './send.ts';

/** What the server hands its requests to. */
export interface ServerParts {
  readonly routes: Routes;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Called after each request that may have changed something, before it is answered. */
  readonly settle: () => void;
}

export interface RunningServer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const BODY_LIMIT_BYTES = 3 * 1024 * 1024;
const READING_VERBS = ['get', 'list', 'watch'];

/** Listens on a free port of the loopback interface. */
export async function startServer(parts: ServerParts, { cert, key }: Certificate, ca: string): Promise<RunningServer> {
  const sockets = new Set<Duplex>();
  const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    void serve(request, response, parts);
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        parts.routes.watches.closeAll();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the API server stand-in has no port'));
    });
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const info = readRequestInfo(request.method ?? 'GET', path, query);
  const logged = parts.log.begin(info, search, request.headers['user-agent'] ?? '');
  const warnings: string[] = [];
  response.setHeader('audit-id', randomUUID());
  response.on('close', () => parts.log.end(logged, response.writableFinished ? response.statusCode : 0));
  try {
    const user = authenticate(request, parts.routes.users);
    logged.user = user.name;
    const fault = parts.faults.take({ method: info.method, path, verb: info.verb, resource: info.resource, user: user.name });
    if (fault !== undefined && (await interferes(fault, request, response, { logged, info, end: (status) => parts.log.end(logged, status) }))) return;
    const actor = impersonate(user, request, parts.authorizer);
    logged.user = actor.name;
    authorize(info, actor, parts.authorizer);
    const call: Call = { info, query, headers: request.headers, user: actor, body: () => readBytes(request), warn: (message) => void warnings.push(message) };
    const answer = await route(call, parts.routes, fault?.kind === 'expire');
    if (!READING_VERBS.includes(info.verb)) parts.settle();
    // A client may ask again as soon as it has the answer, before this side sees that it is sent.
    if ('status' in answer) parts.log.end(logged, answer.status);
    send(request, response, answer, warnings, fault);
  } catch (error) {
    const failure = failureOf(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    parts.log.end(logged, statusOf(failure));
    sendFailure(request, response, failure, warnings);
  }
}

interface Interference {
  readonly logged: LoggedRequest;
  readonly info: RequestInfo;
  /** Says that the request is answered. */
  readonly end: (status: number) => void;
}

/** Whether a fault answers, or keeps from answering, in place of the server. */
async function interferes(fault: Fault, request: IncomingMessage, response: ServerResponse, { logged, info, end }: Interference): Promise<boolean> {
  switch (fault.kind) {
    case 'refuse':
      end(fault.code);
      sendFailure(request, response, refusal(fault, logged, info), []);
      return true;
    case 'answer':
      end(fault.code);
      response.writeHead(fault.code, { 'content-type': fault.contentType ?? 'application/json', ...fault.headers });
      response.end(fault.body);
      return true;
    case 'garbage':
      end(200);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('<html><body>It works!</body></html>');
      return true;
    case 'reset':
      request.socket.destroy();
      return true;
    case 'hang':
      return true;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return response.destroyed;
    default:
      return false;
  }
}

function refusal(fault: Extract<Fault, { kind: 'refuse' }>, { user }: LoggedRequest, info: RequestInfo): Failure {
  if (fault.code === 403) {
    const target = info.isResource ? { group: info.group, resource: info.resource } : undefined;
    return forbidden(target, info.name, denial({ name: user, groups: [] }, info, ''));
  }
  return injected(fault.code, fault.retryAfterSeconds);
}

function authorize(info: RequestInfo, user: User, authorizer: Authorizer): void {
  const { allowed, reason } = authorizer.decide(user, info);
  if (!allowed) throw forbidden(info.isResource ? { group: info.group, resource: info.resource } : undefined, info.name, denial(user, info, reason));
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw tooLarge(BODY_LIMIT_BYTES);
    chunks.push(chunk);
  }
  if (!request.complete) throw internal('the request ended before its body did');
  return Buffer.concat(chunks);
}
