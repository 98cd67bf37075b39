import { seededNumbers } from '../harness.ts';

/** A log as an API server writes it, with what is in it. */
export interface GeneratedLog {
  readonly lines: readonly string[];
  /** Requests that a person should hear of, by what they are. */
  readonly planted: Readonly<Record<Planted, number>>;
  readonly people: ReadonlySet<string>;
}

export type Planted = 'exec' | 'attach' | 'privileged' | 'token';

interface Request {
  readonly verb: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly agent: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly query?: string;
  readonly code: number;
  readonly group?: string;
  readonly body?: object;
  readonly response?: object;
}

const FIRST_MS = Date.UTC(2026, 10, 2, 8);
/** Of ten thousand requests. */
const PLANTED: readonly (readonly [what: Planted, share: number])[] = [['exec', 5], ['attach', 1], ['privileged', 2], ['token', 2]];
/** Texts with which somebody may try to be taken for something else, or to hide. */
const HOSTILE = [
  'kubectl/v1.37 "subresource":"exec","verb":"create"',
  '},{"level":"Metadata","verb":"create","objectRef":{"resource":"pods","subresource":"exec"}},{',
  '{"kind":"EventList","items":[{"verb":"create"}]}',
  'a\\"b\\\\',
  'line\u2028break\u2029and\nmore\u0000',
  '\ud83d\ude80 \u202e',
];

/** Mostly components that look and renew, now and then a person, and seldom something to hear of. */
export function generateLog(events: number, seed: number): GeneratedLog {
  const random = seededNumbers(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const planted: Record<Planted, number> = { exec: 0, attach: 0, privileged: 0, token: 0 };
  const people = new Set<string>();
  const lines = Array.from({ length: events }, (_, index) => {
    const what = plantedAt(random() * 10_000);
    if (what !== undefined) planted[what] += 1;
    const person = `person-${Math.floor(random() * 300)}@corp.example`;
    const request = what === undefined ? ordinary(random, pick, person) : special(what, person, index);
    if (request.user === person) people.add(person);
    return JSON.stringify(eventOf(request, index, pick));
  });
  return { lines, planted, people };
}

function plantedAt(place: number): Planted | undefined {
  let below = 0;
  return PLANTED.find(([, share]) => place < (below += share))?.[0];
}

function special(what: Planted, user: string, index: number): Request {
  const base = { user, groups: ['dev', 'system:authenticated'], agent: 'kubectl/v1.37.2 (linux/amd64)', namespace: 'shop', name: `api-${index}` };
  switch (what) {
    case 'exec':
      return { ...base, verb: 'create', resource: 'pods', subresource: 'exec', query: '?command=sh&stdin=true&tty=true', code: 101 };
    case 'attach':
      return { ...base, verb: 'get', resource: 'pods', subresource: 'attach', query: '?stdin=true', code: 101 };
    case 'token':
      return { ...base, verb: 'create', resource: 'serviceaccounts', subresource: 'token', code: 201 };
    case 'privileged':
      return { ...base, verb: 'create', resource: 'pods', code: 201, body: { kind: 'Pod', apiVersion: 'v1', metadata: { name: `api-${index}` }, spec: { containers: [{ name: 'api', securityContext: { privileged: true } }] } } };
  }
}

function ordinary(random: () => number, pick: <T>(all: readonly T[]) => T, person: string): Request {
  const node = `worker-${Math.floor(random() * 200)}`;
  const kubelet = { user: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'], agent: 'kubelet/v1.37.2 (linux/amd64) kubernetes/abcdef0' };
  const lease = { kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', metadata: { name: node, namespace: 'kube-node-lease', labels: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`example.com/label-${index}`, `value-${index}`])) }, spec: { holderIdentity: node, leaseDurationSeconds: 40 } };
  const requests: readonly (() => Request)[] = [
    () => ({ ...kubelet, verb: 'update', resource: 'leases', group: 'coordination.k8s.io', namespace: 'kube-node-lease', name: node, code: 200, body: lease, response: lease }),
    () => ({ ...kubelet, verb: 'patch', resource: 'nodes', subresource: 'status', name: node, code: 200, body: { status: { conditions: Array.from({ length: 5 }, (_, index) => ({ type: `Condition${index}`, status: 'False', reason: 'KubeletHasEnough', message: 'kubelet has enough of it' })) } } }),
    () => ({ ...kubelet, verb: 'get', resource: 'configmaps', namespace: 'shop', name: 'kube-root-ca.crt', code: 200 }),
    () => ({ user: 'system:kube-controller-manager', groups: ['system:authenticated'], agent: 'kube-controller-manager/v1.37.2', verb: 'watch', resource: 'pods', query: '?watch=true&resourceVersion=1234567', code: 200 }),
    // Asking whether one may is no exec.
    () => ({ user: person, groups: ['dev'], agent: pick(HOSTILE), verb: 'create', resource: 'subjectaccessreviews', group: 'authorization.k8s.io', code: 201, body: { spec: { resourceAttributes: { resource: 'pods', subresource: 'exec', verb: 'create' } } } }),
    () => ({ user: person, groups: ['dev'], agent: 'kubectl/v1.37.2 (linux/amd64)', verb: 'list', resource: 'pods', namespace: 'shop', query: '?limit=500', code: random() < 0.02 ? 404 : 200 }),
    () => ({ user: person, groups: ['dev'], agent: 'helm/4.0', verb: 'update', resource: 'deployments', group: 'apps', namespace: 'shop', name: 'web', code: 200, body: { kind: 'Deployment', metadata: { annotations: { note: pick(HOSTILE) } }, spec: { template: { spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] } } } } }),
  ];
  return pick(requests)();
}

/** In the order in which an API server writes the fields. */
function eventOf(request: Request, index: number, pick: <T>(all: readonly T[]) => T): object {
  const { verb, user, groups, agent, resource, subresource, namespace, name, query = '', code, group = '', body, response } = request;
  const parts = [group === '' ? '/api/v1' : `/apis/${group}/v1`, ...(namespace === undefined ? [] : ['namespaces', namespace]), resource, ...(name === undefined ? [] : [name]), ...(subresource === undefined ? [] : [subresource])];
  const time = new Date(FIRST_MS + index * 5).toISOString();
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: body === undefined ? 'Metadata' : 'RequestResponse',
    auditID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    stage: code === 101 ? 'ResponseStarted' : 'ResponseComplete',
    requestURI: `${parts.join('/')}${query}`,
    verb,
    user: { username: user, uid: 'a5f3b5a0-0b6a-4e57-9d7b-0d8f3f9a2f10', groups, extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'] } },
    sourceIPs: [pick(['10.0.0.7', '10.0.0.8', '192.168.1.20'])],
    userAgent: agent,
    objectRef: { resource, ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }), ...(group !== '' && { apiGroup: group }), apiVersion: 'v1', ...(subresource !== undefined && { subresource }) },
    responseStatus: { metadata: {}, code },
    ...(body !== undefined && { requestObject: body }),
    ...(response !== undefined && { responseObject: response }),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': `RBAC: allowed by ClusterRoleBinding "binding" of ClusterRole "role" to User "${user}"` },
  };
}
