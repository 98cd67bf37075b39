/** What a request is about, as Kubernetes reads it from method and path. */
export interface RequestInfo {
  readonly method: string;
  readonly path: string;
  /** Whether it is about an object of the API, and not about a path such as /healthz. */
  readonly isResource: boolean;
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  /** Empty for the whole cluster. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

export function readRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const none = { method, path, isResource: false, verb: method.toLowerCase(), group: '', version: '', namespace: '', resource: '', subresource: '', name: '' };
  const parts = path.replace(/^\/+|\/+$/g, '').split('/').map(decode);
  const grouped = parts[0] === 'apis';
  if (parts[0] !== 'api' && !grouped) return none;
  if (parts.length < (grouped ? 4 : 3)) return none;

  const [group, version] = grouped ? [parts[1] ?? '', parts[2] ?? ''] : ['', parts[1] ?? ''];
  let rest = parts.slice(grouped ? 3 : 2);
  let namespace = '';
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    namespace = rest[1];
    if (rest[2] !== undefined && !NAMESPACE_SUBRESOURCES.includes(rest[2])) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = ''] = rest;
  return { ...none, isResource: true, group, version, namespace, resource, subresource, ...verbAndName(method, name, query) };
}

function verbAndName(method: string, name: string, query: URLSearchParams): { readonly verb: string; readonly name: string } {
  const verb = VERBS[method] ?? '';
  if (name !== '') return { verb, name };
  if (verb === 'get') return { verb: isTrue(query.get('watch')) ? 'watch' : 'list', name: nameSelected(query) };
  return { verb: verb === 'delete' ? 'deletecollection' : verb, name: '' };
}

/** Booleans in queries: present counts as true unless it says otherwise. */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}

/** A list of one object by its name may be allowed by a rule for that name. */
function nameSelected(query: URLSearchParams): string {
  const match = /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '');
  return match?.[1] ?? '';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
