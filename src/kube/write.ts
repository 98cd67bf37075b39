import { setTimeout as wait } from 'node:timers/promises';
import { ChangeFailed, ClusterUnreachable, type OpenCluster, type WriteOptions } from '#src/model/clusters.ts';
import { isMetadataOnly } from '#src/model/kinds.ts';
import type { AccessQuestion, ObjectAddress } from '#src/model/plan.ts';
import { at, booleanAt, isObject, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { changeFailed, notKubernetes, saysNotFound } from './change-faults.ts';
import { basePath } from './list.ts';
import { collectionPath, objectPath } from './object-path.ts';
import { SilentServer, type ApiClient, type ApiRequest, type ApiResponse } from './request.ts';
import { jsonBody, retryAfterMs } from './status.ts';

const MANAGER = 'k8ssec';
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const JSON_PATCH = 'application/json-patch+json';
/** Objects of one answer. */
const LIST_PAGE = 500;
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
/** Tries of one request, and how long to wait in between when the server does not say. */
const TRIES = 4;
const FIRST_WAIT_MS = 500;
/** A server that asks for more is left alone for good. */
const LONGEST_WAIT_MS = 10_000;

/** Single objects of a cluster, to read and to change. */
export type ObjectAccess = Pick<OpenCluster, 'get' | 'labelled' | 'serves' | 'create' | 'patch' | 'delete' | 'may'>;

/** Waits so many milliseconds. */
type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

interface Sending {
  readonly client: ApiClient;
  readonly pause: Pause;
  /** A change that counts: no question and no dry run. Without an answer it is not sent again. */
  readonly changes: boolean;
}

export function objectAccess(client: ApiClient, pause: Pause = pauseFor): ObjectAccess {
  const asking: Sending = { client, pause, changes: false };
  const changing = ({ dryRun = false }: WriteOptions): Sending => ({ client, pause, changes: !dryRun });
  return {
    async get(address, signal) {
      const response = await send({ path: objectPath(address), accept: acceptOf(address) }, asking, signal);
      if (saysNotFound(response, address.name)) return undefined;
      return objectOf(response, address, asking);
    },
    async labelled({ apiVersion, kind, resource, cluster }, labels, signal) {
      const address = { apiVersion, kind, resource, cluster, name: '' };
      if (isSecret(address)) throw new ChangeFailed('refused', 'the content of a Secret is never read');
      const labelSelector = Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(',');
      const objects: RawObject[] = [];
      let page = '';
      do {
        const query: Readonly<Record<string, string>> = { labelSelector, limit: String(LIST_PAGE), ...(page !== '' && { continue: page }) };
        const response = await send({ path: collectionPath(address), query }, asking, signal);
        if (!isSuccess(response)) throw changeFailed(response, false);
        const list = jsonBody(response);
        if (!Array.isArray(at(list, 'items'))) throw notKubernetes(response, false);
        objects.push(...objectsAt(list, 'items').map(([, item]) => ({ ...item, apiVersion, kind })));
        page = textAt(list, 'metadata', 'continue') ?? '';
      } while (page !== '');
      return objects;
    },
    async serves({ apiVersion, resource }, signal) {
      const response = await send({ path: basePath(apiVersion) }, asking, signal);
      return isSuccess(response) && objectsAt(jsonBody(response), 'resources').some(([, served]) => textAt(served, 'name') === resource);
    },
    async create(address, body, options, signal) {
      const sending = changing(options);
      const request: ApiRequest = { method: 'POST', path: collectionPath(address), query: queryOf(options), accept: acceptOf(address), body };
      return objectOf(await send(request, sending, signal), address, sending);
    },
    async patch(address, steps, options, signal) {
      const sending = changing(options);
      const request: ApiRequest = { method: 'PATCH', path: objectPath(address), query: queryOf(options), accept: acceptOf(address), body: steps, contentType: JSON_PATCH };
      return objectOf(await send(request, sending, signal), address, sending);
    },
    async delete(address, only, options, signal) {
      const sending = changing(options);
      // All of it stands in the body: where there is one, the API server does not look for dryRun in the query, and would delete.
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: only, propagationPolicy: 'Background', ...(options.dryRun && { dryRun: ['All'] }) };
      const response = await send({ method: 'DELETE', path: objectPath(address), accept: acceptOf(address), body }, sending, signal);
      if (!isSuccess(response)) throw changeFailed(response, sending.changes);
      if (!isObject(jsonBody(response))) throw notKubernetes(response, sending.changes);
    },
    may: async (question, signal) => answerOf(await send({ method: 'POST', path: ACCESS_REVIEWS, body: reviewOf(question) }, asking, signal)),
  };
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}

function queryOf({ dryRun = false }: WriteOptions): Readonly<Record<string, string>> {
  return { fieldManager: MANAGER, fieldValidation: 'Strict', ...(dryRun && { dryRun: 'All' }) };
}

/** Whether of this kind nothing but metadata ever leaves the API server. */
function isSecret({ apiVersion, kind, resource }: ObjectAddress): boolean {
  return resource === 'secrets' || isMetadataOnly(apiVersion, kind);
}

function acceptOf(address: ObjectAddress): string {
  return isSecret(address) ? METADATA_ONLY : 'application/json';
}

function isSuccess({ status }: ApiResponse): boolean {
  return status >= 200 && status < 300;
}

/** @throws {ChangeFailed} when the answer is no object. */
function objectOf(response: ApiResponse, address: ObjectAddress, { changes }: Sending): RawObject {
  if (!isSuccess(response)) throw changeFailed(response, changes);
  const body = jsonBody(response);
  const metadata = objectAt(body, 'metadata');
  if (!isObject(body) || textAt(metadata, 'name') !== address.name) throw notKubernetes(response, changes);
  const { apiVersion, kind } = address;
  // Whatever the server sent, nothing else of a Secret goes on from here.
  return isSecret(address) ? { apiVersion, kind, metadata } : { ...body, apiVersion, kind };
}

/** Waits where the server is busy and asks again; what may have changed something is sent once. @throws {ChangeFailed} without an answer. */
async function send(request: ApiRequest, { client, pause, changes }: Sending, signal: AbortSignal): Promise<ApiResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await client.send(request, signal).catch((error: unknown) => {
      if (error instanceof SilentServer && !changes && attempt < TRIES) return undefined;
      throw signal.aborted ? error : unanswered(error, changes);
    });
    if (answer !== undefined && !isPassing(answer, changes)) return answer;
    const askedMs = answer && retryAfterMs(answer);
    const pauseMs = askedMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
    if (answer !== undefined && (attempt >= TRIES || pauseMs > LONGEST_WAIT_MS)) return answer;
    await pause(pauseMs, signal);
  }
}

/** Whether the same request may be answered better a little later. A 5xx does not tell whether a change was made. */
function isPassing({ status }: ApiResponse, changes: boolean): boolean {
  return status === 429 || (status >= 500 && !changes);
}

function unanswered(error: unknown, changes: boolean): unknown {
  if (error instanceof ClusterUnreachable) return new ChangeFailed('busy', error.message, { cause: error });
  if (!(error instanceof SilentServer)) return error;
  return changes
    ? new ChangeFailed('unknown', `the API server did not answer, so nobody knows whether the change was made: ${error.message}`, { cause: error })
    : new ChangeFailed('busy', `the API server did not answer: ${error.message}`, { cause: error });
}

function reviewOf({ user, groups, verb, group, resource, subresource, namespace, name }: AccessQuestion): RawObject {
  const attributes = { verb, group, resource, ...(subresource !== undefined && { subresource }), ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, groups, resourceAttributes: attributes } };
}

function answerOf(response: ApiResponse): { readonly allowed: boolean; readonly reason: string } {
  if (!isSuccess(response)) throw changeFailed(response, false);
  const status = objectAt(jsonBody(response), 'status');
  const allowed = booleanAt(status, 'allowed');
  if (allowed === undefined) throw notKubernetes(response, false);
  const trouble = textAt(status, 'evaluationError') ?? '';
  // An authorizer that failed has not said no.
  if (!allowed && trouble !== '') throw new ChangeFailed('busy', 'the API server could not decide: one of its authorizers failed');
  return { allowed, reason: textAt(status, 'reason') ?? '' };
}
