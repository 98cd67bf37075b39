import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RawObject } from '#src/model/raw.ts';
import type { User } from '../access/user.ts';
import type { Resource } from '../catalog.ts';
import type { WriteContext } from '../write/context.ts';
import type { RequestInfo } from './request-info.ts';

/** A request that was let in, with everything its handler needs. */
export interface Call {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly user: User;
  readonly body: () => Promise<Buffer>;
  /** Goes into a `Warning` header, which kubectl prints. */
  readonly warn: (message: string) => void;
}

/** A call about a resource that is served. */
export interface ResourceCall extends Call {
  readonly resource: Resource;
  readonly context: WriteContext;
}

/** What comes back: JSON, text, or a stream that its writer ends. */
export type Answer =
  | { readonly status: number; readonly json: RawObject }
  /** JSON that is text already. */
  | { readonly status: number; readonly text: string; readonly contentType: string }
  | { readonly stream: (response: ServerResponse) => void };

export function answer(json: object, status = 200): Answer {
  return { status, json: json as RawObject };
}

export function plainText(text: string, status = 200): Answer {
  return { status, text, contentType: 'text/plain; charset=utf-8' };
}

export function userAgentOf(headers: IncomingMessage['headers']): string {
  return headers['user-agent'] ?? '';
}
