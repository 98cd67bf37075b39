import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import type { Fault } from '../control/faults.ts';
import { Failure } from '../status.ts';
import type { Answer } from './call.ts';
import { negotiate, type Form } from './negotiate.ts';

const COMPRESSED_FROM_BYTES = 128 * 1024;
const GZIP_LEVEL = 1;

/** Writes an answer as the client asked for it. A stream goes on after this. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer, warnings: readonly string[], fault?: Fault): void {
  if ('stream' in answer) {
    answer.stream(response);
    return;
  }
  const form = formOf(request);
  const isText = 'text' in answer;
  const yaml = !isText && form.format === 'yaml';
  const type = isText ? answer.contentType : yaml ? 'application/yaml' : 'application/json';
  const text = isText ? answer.text : yaml ? stringify(answer.json, { aliasDuplicateObjects: false }) : `${JSON.stringify(answer.json, null, form.isPretty ? 2 : undefined)}\n`;
  const plain = Buffer.from(text);
  const isCompressed = plain.length > COMPRESSED_FROM_BYTES && /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '');
  const body = isCompressed ? gzipSync(plain, { level: GZIP_LEVEL }) : plain;
  response.writeHead(answer.status, {
    'content-type': type,
    'cache-control': 'no-cache, private',
    'content-length': body.length,
    ...(isCompressed && { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }),
    ...warningHeader(warnings),
  });
  if (fault?.kind === 'truncate') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Writes what went wrong. */
export function sendFailure(request: IncomingMessage, response: ServerResponse, failure: Failure, warnings: readonly string[]): void {
  const form = formOf(request);
  const body = Buffer.from(`${JSON.stringify(failure.status, null, form.isPretty ? 2 : undefined)}\n`);
  response.writeHead(statusOf(failure), {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': body.length,
    ...failure.headers,
    ...warningHeader(warnings),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

export function statusOf(failure: Failure): number {
  return failure.status.code ?? 500;
}

/** Anything but a `Failure` is a fault of the stand-in and is told as such. */
export function failureOf(error: unknown): Failure {
  return error instanceof Failure ? error : unexpected(error);
}

function warningHeader(warnings: readonly string[]): Record<string, string[]> {
  return warnings.length === 0 ? {} : { warning: warnings.map((warning) => `299 - ${JSON.stringify(warning)}`) };
}

function unexpected(error: unknown): Failure {
  const message = `the API server stand-in failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return new Failure({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 });
}

/** Errors are told even to clients whose wishes cannot be met. */
function formOf(request: IncomingMessage): Form {
  const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
  try {
    return negotiate(request.headers.accept, true, query, request.headers['user-agent'] ?? '');
  } catch (error) {
    if (error instanceof Failure) return { format: 'json', as: 'object', version: 'v1', isPretty: false };
    throw error;
  }
}
