import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '#src/blocks/rules.ts';
import { ApiError } from '../api/api-error.ts';
import { callMethod, RateLimited, type ApiDeps, type Call } from '../api/dispatch.ts';
import { isMethod, methodInfo } from '../api/methods-table.ts';
import { APP_TOKEN_SCOPES } from '../api/tokens.ts';
import { rateLimited } from '../control/faults.ts';
import { mediaType, parseForm, parseJson, parseJsonObject, readBody } from './bodies.ts';
import { serve, type Reply, type ServeDeps } from './replies.ts';

/** `/api/<method>`: takes forms, multipart and JSON as Slack does, and says no with status 200. */
export async function serveWebApi(deps: ApiDeps & ServeDeps, method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await readCall(request);
  const args = 'error' in call ? {} : loggable(call.args);
  await serve(deps, response, method, args, () => ('error' in call ? refusal(call.error) : replyOf(deps, method, call)));
}

function replyOf(deps: ApiDeps, method: string, call: Call): Reply {
  if (!isMethod(method)) return refusal('unknown_method', { req_method: method });
  const headers = scopeHeaders(deps, method, call);
  try {
    return { status: 200, body: { ok: true, ...callMethod(deps, method, call) }, headers };
  } catch (error) {
    if (error instanceof RateLimited) return rateLimited(error.retryAfterSeconds);
    if (error instanceof ApiError) return { ...refusal(error.message, error.details), headers };
    throw error;
  }
}

function refusal(error: string, details: Json = {}): Reply {
  return { status: 200, body: { ok: false, error, ...details } };
}

async function readCall(request: IncomingMessage): Promise<Call | { readonly error: string }> {
  const body = await readBody(request);
  const type = mediaType(request);
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://sandbox').searchParams);
  if (request.method === 'GET' || body.length === 0) return { args: query, token: bearer ?? query.token, isJson: false };
  if (type === 'application/json') {
    const args = parseJson(body.toString());
    if (args === undefined) return { error: 'invalid_json' };
    const object = parseJsonObject(body.toString());
    // A token in a JSON body does not count.
    return object === undefined ? { error: 'json_not_object' } : { args: object, token: bearer, isJson: true };
  }
  if (type !== 'application/x-www-form-urlencoded' && type !== 'multipart/form-data') return { error: 'invalid_post_type' };
  const form = parseForm(request.headers['content-type'] ?? '', body);
  if (form === undefined) return { error: 'invalid_form_data' };
  const args = { ...query, ...form.fields };
  return { args, token: bearer ?? form.fields.token, isJson: false };
}

/** Arguments for the log: JSON in forms parsed, tokens left out. */
function loggable(args: Json): Json {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([name]) => name !== 'token')
      .map(([name, value]) => [name, typeof value === 'string' && /^[[{]/.test(value) ? (parseJson(value) ?? value) : value]),
  );
}

function scopeHeaders({ backend, tokens }: ApiDeps, method: Parameters<typeof methodInfo>[0], { token }: Call): Readonly<Record<string, string>> {
  const accepted = methodInfo(method).scopes ?? [];
  const scopes = token === tokens.app ? APP_TOKEN_SCOPES : [...backend.app.scopes];
  return { 'x-oauth-scopes': scopes.join(','), 'x-accepted-oauth-scopes': accepted.join(',') };
}
