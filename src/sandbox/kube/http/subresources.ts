import { integerAt, isObject, objectAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { AccountTokens } from '../access/tokens.ts';
import type { Draft } from '../json.ts';
import { jsonPatch } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, internal, methodNotAllowed, unsupportedMediaType } from '../status.ts';
import { selectorText } from '../table/cell.ts';
import { deleteObject } from '../write/deleter.ts';
import { updateObject } from '../write/writer.ts';
import { answer, type Answer, type ResourceCall } from './call.ts';
import { readMediaTypes } from './negotiate.ts';
import { readObjectOf, showObject } from './reading.ts';
import { requestToken } from './reviews.ts';
import { parsePatch, patch, readBody, replace, targetOf, type Writing } from './writing.ts';

/** Paths that need a node, which the stand-in has not. */
const NODE_PATHS = ['log', 'exec', 'attach', 'portforward', 'proxy'];

/** What stands behind a path below an object. */
export function showSubresource(call: ResourceCall, writing: Writing, tokens: AccountTokens): Promise<Answer> | Answer {
  const { subresource, verb } = call.info;
  if (NODE_PATHS.includes(subresource)) {
    readObjectOf(call, writing);
    throw internal('error dialing backend: the demo cluster has no nodes that run anything');
  }
  if (subresource === 'scale') return scale(call, writing);
  if (subresource === 'token') return requestToken(call, writing, tokens);
  if (subresource === 'eviction') return evict(call, writing);
  if (subresource === 'binding') return bind(call, writing);
  switch (verb) {
    case 'get':
      return showObject(readObjectOf(call, writing), call, writing);
    case 'update':
      return replace(call, writing);
    case 'patch':
      return patch(call, writing);
    default:
      throw methodNotAllowed();
  }
}

async function scale(call: ResourceCall, writing: Writing): Promise<Answer> {
  const live = readObjectOf(call, writing);
  if (call.info.verb === 'get') return answer(scaleOf(live));
  const wanted = await wantedScale(call, live);
  const replicas = integerAt(wanted, 'spec', 'replicas') ?? 0;
  const version = textAt(wanted, 'metadata', 'resourceVersion');
  const written = updateObject(
    targetOf(call),
    () => {
      const metadata = { ...live.metadata, ...(version !== undefined && { resourceVersion: version }) };
      return { object: { ...live, metadata, spec: { ...(live.spec as Draft), replicas } } };
    },
    writing.cluster,
    call.context,
  );
  return answer(scaleOf(written.object));
}

async function wantedScale(call: ResourceCall, live: KubeObject): Promise<RawObject> {
  if (call.info.verb === 'update') return readBody(call, 'Scale');
  const type = readMediaTypes(call.headers['content-type'] ?? '')[0]?.type ?? '';
  const document = parsePatch(await call.body(), type);
  if (type === 'application/json-patch+json') return jsonPatch(scaleOf(live) as RawObject, document);
  if (!type.includes('merge-patch') || !isObject(document)) throw unsupportedMediaType('415: Unsupported Media Type', {});
  return mergePatch(scaleOf(live) as RawObject, document);
}

function scaleOf(object: KubeObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = object.kind === 'ReplicationController' ? { matchLabels: objectAt(object, 'spec', 'selector') ?? {} } : objectAt(object, 'spec', 'selector');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...((integerAt(object, 'spec', 'replicas') ?? 0) > 0 && { replicas: integerAt(object, 'spec', 'replicas') }) },
    status: { replicas: integerAt(object, 'status', 'replicas') ?? 0, selector: selectorText(selector) },
  };
}

/** An eviction deletes the pod; disruption budgets are not counted. */
async function evict(call: ResourceCall, writing: Writing): Promise<Answer> {
  const pod = readObjectOf(call, writing);
  const body = await readBody(call, 'Eviction');
  const grace = integerAt(body, 'deleteOptions', 'gracePeriodSeconds');
  deleteObject(pod, call.resource, { propagation: undefined, uid: undefined, resourceVersion: undefined, graceSeconds: grace }, writing.cluster, call.context);
  return answer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

async function bind(call: ResourceCall, writing: Writing): Promise<Answer> {
  const body = await readBody(call, 'Binding');
  const node = textAt(body, 'target', 'name') ?? '';
  if (node === '') throw badRequest('target.name: Required value');
  const pod = readObjectOf(call, writing);
  writing.store.put('pods', { ...pod, spec: { ...(pod.spec as Draft), nodeName: node } });
  return answer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}
