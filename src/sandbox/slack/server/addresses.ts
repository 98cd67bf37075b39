import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '#src/blocks/rules.ts';
import { ApiError } from '../api/api-error.ts';
import { respond } from '../api/respond.ts';
import { authorize, type Tokens } from '../api/tokens.ts';
import { methodInfo } from '../api/methods-table.ts';
import type { Backend } from '../state/backend.ts';
import { mimeTypeOf, type StoredFile } from '../state/files.ts';
import { mediaType, parseForm, parseJsonObject, readBody } from './bodies.ts';
import { serve, type Reply, type ServeDeps } from './replies.ts';

/** The addresses beside the Web API that Slack gives out: answers to commands and clicks, uploads and downloads. */
export interface AddressDeps extends ServeDeps {
  readonly backend: Backend;
  readonly tokens: Tokens;
}

/** `/commands/<team>/<key>` and `/actions/<team>/<key>`, in the request log as `response_url`. Refusals have status 404, and 400 for what cannot be shown (assumed). */
export async function serveResponseUrl(deps: AddressDeps, key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const text = mediaType(request) === 'application/x-www-form-urlencoded' ? new URLSearchParams(body.toString()).get('payload') : body.toString();
  const args = parseJsonObject(text ?? '');
  await serve(deps, response, 'response_url', args ?? {}, () => answerThrough(deps.backend, key, args));
}

function answerThrough(backend: Backend, key: string, args: Json | undefined): Reply {
  const url = backend.responseUrls.get(key);
  if (url === undefined || backend.clock.nowMs() > url.expiresAtMs) return refusal(404, 'expired_url');
  if (url.usesLeft === 0) return refusal(404, 'used_url');
  if (args === undefined) return refusal(400, 'invalid_payload');
  try {
    respond(backend, url, key, args);
  } catch (error) {
    if (error instanceof ApiError) return refusal(400, error.message, error.details);
    throw error;
  }
  url.usesLeft -= 1;
  return { status: 200, body: 'ok' };
}

/** `/upload/v1/<id>/<key>`, in the request log as `upload`: the bytes as they are or as the file of a form. A wrong length is refused (assumed). */
export async function serveUpload(deps: AddressDeps, id: string, key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const isForm = mediaType(request) === 'multipart/form-data';
  const content = isForm ? parseForm(request.headers['content-type'] ?? '', body)?.file : body;
  await serve(deps, response, 'upload', { file: id, bytes: content?.length ?? 0 }, () => {
    const file = deps.backend.files.get(id);
    if (file?.uploadKey !== key || file.completedAtMs !== undefined) return { status: 404, body: 'not_found' };
    if (content?.length !== file.length) return { status: 400, body: `${file.length} bytes were announced` };
    file.content = content;
    return { status: 200, body: `OK - ${content.length}` };
  });
}

/** `/files/<id>/<name>` for apps; whoever may not read files is sent to sign in. */
export async function serveFile(deps: AddressDeps, id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await serve(deps, response, 'file', { file: id }, () => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    try {
      authorize(deps.tokens, deps.backend.app, methodInfo('files.info'), token);
    } catch (error) {
      if (error instanceof ApiError) return { status: 302, body: '', headers: { location: `${deps.backend.origin()}/` } };
      throw error;
    }
    return fileReply(deps.backend.files.get(id));
  });
}

/** Pictures are shown; everything else is only ever saved, so that no uploaded page can act for a person. */
export function fileReply(file: StoredFile | undefined): Reply {
  if (file?.content === undefined || file.completedAtMs === undefined) return { status: 404, body: 'file_not_found' };
  const type = mimeTypeOf(file);
  const isPicture = /^image\/(png|jpeg|gif)$/.test(type);
  const disposition = `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`;
  return { status: 200, body: file.content, headers: { 'content-type': type, 'content-disposition': disposition, 'content-security-policy': 'sandbox' } };
}

function refusal(status: number, error: string, details: Json = {}): Reply {
  return { status, body: { ok: false, error, ...details } };
}
