import type { ServerResponse } from 'node:http';
import { parseJsonObject } from './bodies.ts';
import type { Json } from '#src/blocks/rules.ts';
import type { Faults } from '../control/faults.ts';
import type { RequestLog } from '../control/request-log.ts';

export interface Reply {
  readonly status: number;
  /** Objects go as JSON, everything else as it is. */
  readonly body: Json | string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const content = isRaw ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': isRaw ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(content),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(content);
}

export interface ServeDeps {
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Answers a request of the app: logged, and with the fault that a test has planned for it. */
export async function serve({ faults, log }: ServeDeps, response: ServerResponse, name: string, args: Json, work: () => Reply): Promise<void> {
  const request = log.begin(name, args);
  const fault = faults.next(name);
  if (fault?.kind === 'drop') {
    log.end(request, 0, {});
    response.destroy();
    return;
  }
  if (fault?.kind === 'hang') await faults.wait(fault);
  const reply = fault?.kind === 'answer' ? fault : work();
  if (fault?.kind === 'slow') await faults.wait(fault);
  log.end(request, fault?.kind === 'lose answer' ? 0 : reply.status, answerOf(reply));
  if (fault?.kind === 'lose answer') response.destroy();
  else send(response, reply);
}

function answerOf({ body }: Reply): Json {
  if (Buffer.isBuffer(body)) return {};
  return typeof body === 'string' ? (parseJsonObject(body) ?? { text: body }) : body;
}
