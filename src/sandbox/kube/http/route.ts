import type { AccountTokens } from '../access/tokens.ts';
import type { Users } from '../access/users.ts';
import type { Catalog, Resource } from '../catalog.ts';
import { invalid, methodNotAllowed, noSuchResource } from '../status.ts';
import type { WriteContext } from '../write/context.ts';
import { plainText, userAgentOf, type Answer, type Call, type ResourceCall } from './call.ts';
import { showDiscovery } from './discovery.ts';
import { showHealth } from './health.ts';
import { showOpenApi } from './openapi.ts';
import { readForGet, showList, showObject } from './reading.ts';
import { isReview, review } from './reviews.ts';
import { showSubresource } from './subresources.ts';
import { showWatch, type OpenWatches } from './watching.ts';
import { create, patch, remove, removeAll, replace, type Writing } from './writing.ts';

export interface Routes {
  readonly writing: Writing;
  readonly catalog: Catalog;
  readonly users: Users;
  readonly tokens: AccountTokens;
  readonly watches: OpenWatches;
  /** Host and port, as discovery tells them. */
  readonly address: () => string;
}

const READ_ONLY_METHODS = ['GET', 'HEAD'];
/** Kinds for which the server prints a warning. */
const DEPRECATED: Readonly<Record<string, string>> = {
  'v1/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  'v1/componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
};

/** Answers a request that was let in. `expires` makes continue tokens and watches too old. @throws Failure */
export function route(call: Call, routes: Routes, expires: boolean): Promise<Answer> | Answer {
  const { info } = call;
  if (!info.isResource) return aboutPath(call, routes);
  const resource = routes.catalog.find(info.group, info.version, info.resource);
  if (resource === undefined) {
    if (routes.catalog.list(info.group === '' ? info.version : `${info.group}/${info.version}`) === undefined) return notServed();
    throw noSuchResource();
  }
  const about: ResourceCall = { ...call, resource, context: contextOf(call) };
  checkPath(about);
  const warning = DEPRECATED[`${resource.apiVersion}/${resource.resource}`];
  if (warning !== undefined) call.warn(warning);
  if (isReview(resource.kind)) return review(about, routes.writing, routes.users);
  if (info.subresource !== '') return showSubresource(about, routes.writing, routes.tokens);
  return aboutObjects(about, routes, expires);
}

function aboutObjects(call: ResourceCall, { writing, watches }: Routes, expires: boolean): Promise<Answer> | Answer {
  switch (call.info.verb) {
    case 'list':
      return showList(call, writing, expires);
    case 'watch':
      return showWatch(call, writing, watches, expires);
    case 'get':
      return showObject(readForGet(call, writing), call, writing);
    case 'create':
      return create(call, writing);
    case 'update':
      return replace(call, writing);
    case 'patch':
      return patch(call, writing);
    case 'delete':
      return remove(call, writing);
    default:
      return removeAll(call, writing);
  }
}

function aboutPath(call: Call, { catalog, address }: Routes): Answer {
  const found = showHealth(call, catalog) ?? showDiscovery(call, catalog, address()) ?? showOpenApi(call, catalog);
  if (found === undefined) return notServed();
  if (!READ_ONLY_METHODS.includes(call.info.method) && !/^\/(healthz|livez|readyz)/.test(call.info.path)) throw methodNotAllowed();
  return found;
}

function notServed(): Answer {
  return plainText('404 page not found\n', 404);
}

/** Verbs for objects of all namespaces at once. */
const CLUSTER_WIDE_VERBS = ['list', 'watch'];
/** Verbs that are about a list and not about one object. */
const LIST_VERBS = [...CLUSTER_WIDE_VERBS, 'create', 'deletecollection'];

/** Whether the resource has such a path, and takes the method there. @throws Failure */
function checkPath({ resource, info }: ResourceCall): void {
  const hasNamespace = info.namespace !== '' && info.resource !== 'namespaces';
  if (!resource.namespaced && hasNamespace) throw noSuchResource();
  if (info.subresource !== '') {
    const found = resource.subresources.get(info.subresource);
    if (found === undefined || (resource.namespaced && !hasNamespace)) throw noSuchResource();
    if (!found.verbs.includes(info.verb)) throw methodNotAllowed();
    return;
  }
  const namesObject = pathNamesObject(info.path, resource);
  const isForList = LIST_VERBS.includes(info.verb);
  if (resource.namespaced && !hasNamespace && namesObject && !isForList) throw noSuchResource();
  const isEverywhere = resource.namespaced && !hasNamespace;
  const isAllowed = resource.verbs.includes(info.verb) && isForList !== namesObject && (!isEverywhere || CLUSTER_WIDE_VERBS.includes(info.verb));
  if (!isAllowed) throw methodNotAllowed();
}

/** Whether a step follows the resource's name in the path. */
function pathNamesObject(path: string, { resource }: Resource): boolean {
  const steps = path.split('/').filter((step) => step !== '');
  return steps.at(-1) !== resource || steps.at(-2) === resource;
}

const MANAGER_LIMIT = 128;

function contextOf({ query, user, headers, info, warn }: Call): WriteContext {
  const dryRun = query.getAll('dryRun');
  const options = { POST: 'CreateOptions', PUT: 'UpdateOptions', DELETE: 'DeleteOptions' }[info.method] ?? 'PatchOptions';
  const wrong = dryRun.find((value) => value !== 'All' && value !== '');
  if (wrong !== undefined) {
    const message = `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`;
    throw invalid({ group: 'meta.k8s.io', resource: options }, '', [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }]);
  }
  const manager = query.get('fieldManager') ?? '';
  const agent = userAgentOf(headers).split('/')[0] ?? '';
  return { user, manager: (manager === '' ? agent : manager).slice(0, MANAGER_LIMIT) || 'unknown', dryRun: dryRun.includes('All'), asGiven: false, warn };
}
