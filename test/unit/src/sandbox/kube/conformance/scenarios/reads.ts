import { JSON_PATCH, MERGE_PATCH, METADATA, METADATA_LIST, TABLE, type Scenario, type Step } from '../scenario.ts';

/** A kind of which no controller makes any. */
const SECRETS = '/api/v1/namespaces/{{ns}}/secrets';
const PODS = '/api/v1/namespaces/{{ns}}/pods';

function make(name: string, labels: object = {}): Step {
  return { name: `make ${name}`, method: 'POST', path: SECRETS, body: { metadata: { name, labels }, stringData: { name } } };
}

function select(selector: string): Step {
  return { name: `labels ${selector}`, path: `${SECRETS}?labelSelector=${encodeURIComponent(selector)}`, accept: METADATA_LIST };
}

const FIVE = ['a', 'b', 'c', 'd', 'e'].map((name, index) => make(name, { index: String(index), parity: index % 2 === 0 ? 'even' : 'odd', ...(index > 2 && { late: '' }) }));

export const READS: readonly Scenario[] = [
  {
    name: 'lists',
    steps: [
      ...FIVE,
      { name: 'all', path: SECRETS },
      { name: 'one by name', path: `${SECRETS}?fieldSelector=metadata.name%3Dc` },
      { name: 'all but one', path: `${SECRETS}?fieldSelector=metadata.name!%3Dc`, accept: METADATA_LIST },
      { name: 'of no such namespace', path: '/api/v1/namespaces/not-{{ns}}/secrets' },
      { name: 'as metadata', path: `${SECRETS}?limit=1`, accept: METADATA_LIST },
      { name: 'one as metadata', path: `${SECRETS}/a`, accept: METADATA },
      { name: 'one as a table', path: `${SECRETS}/a`, accept: TABLE },
      { name: 'as a table without objects', path: `${SECRETS}?includeObject=None&limit=2`, accept: TABLE },
      { name: 'as a table with objects', path: `${SECRETS}?includeObject=Object&fieldSelector=metadata.name%3Da`, accept: TABLE },
      ...['parity=even', 'parity!=even', 'parity in (odd,none)', 'parity notin (odd)', 'late', '!late', 'index>2', 'parity=odd,late', 'parity==none'].map(select),
    ],
  },
  {
    name: 'pages',
    steps: [
      ...FIVE,
      { name: 'first', path: `${SECRETS}?limit=2` },
      make('b2'),
      { name: 'second', path: `${SECRETS}?limit=2&continue={{first.metadata.continue}}` },
      { name: 'third', path: `${SECRETS}?limit=2&continue={{second.metadata.continue}}` },
      { name: 'rest at once', path: `${SECRETS}?continue={{first.metadata.continue}}`, accept: METADATA_LIST },
      { name: 'continue with a version', path: `${SECRETS}?limit=2&continue={{first.metadata.continue}}&resourceVersion=5` },
      { name: 'continue with a match', path: `${SECRETS}?limit=2&continue={{first.metadata.continue}}&resourceVersionMatch=Exact` },
      { name: 'filtered', path: `${SECRETS}?limit=1&labelSelector=parity%3Dodd`, accept: METADATA_LIST },
      { name: 'filtered to the end', path: `${SECRETS}?limit=5&labelSelector=parity%3Dodd`, accept: METADATA_LIST },
      { name: 'exactly all', path: `${SECRETS}?limit=6`, accept: METADATA_LIST },
      { name: 'as it was', path: `${SECRETS}?resourceVersion={{make c.metadata.resourceVersion}}&resourceVersionMatch=Exact`, accept: METADATA_LIST },
      { name: 'as it was, in pages', path: `${SECRETS}?resourceVersion={{make c.metadata.resourceVersion}}&resourceVersionMatch=Exact&limit=1`, accept: METADATA_LIST },
      { name: 'not older', path: `${SECRETS}?resourceVersion={{make c.metadata.resourceVersion}}&resourceVersionMatch=NotOlderThan`, accept: METADATA_LIST },
      { name: 'not older, a page', path: `${SECRETS}?resourceVersion={{make c.metadata.resourceVersion}}&limit=1`, accept: METADATA_LIST },
      { name: 'any version, a page', path: `${SECRETS}?resourceVersion=0&limit=1`, onlyCode: true },
      { name: 'get at a version', path: `${SECRETS}/a?resourceVersion={{make c.metadata.resourceVersion}}` },
      { name: 'get in the future', path: `${SECRETS}/a?resourceVersion=99999999` },
    ],
  },
  {
    name: 'watches',
    steps: [
      make('a', { seen: 'yes' }),
      make('b'),
      { name: 'hide a', method: 'PATCH', path: `${SECRETS}/a`, body: { metadata: { labels: null } }, type: MERGE_PATCH },
      { name: 'show b', method: 'PATCH', path: `${SECRETS}/b`, body: { metadata: { labels: { seen: 'yes' } } }, type: MERGE_PATCH },
      { name: 'change b', method: 'PATCH', path: `${SECRETS}/b`, body: [{ op: 'replace', path: '/data/name', value: 'Yw==' }], type: JSON_PATCH },
      { name: 'delete b', method: 'DELETE', path: `${SECRETS}/b` },
      { name: 'from the first', path: `${SECRETS}?watch=true&resourceVersion={{make a.metadata.resourceVersion}}&timeoutSeconds=1`, events: 5 },
      { name: 'with a selector', path: `${SECRETS}?watch=true&resourceVersion={{make a.metadata.resourceVersion}}&timeoutSeconds=1&labelSelector=seen%3Dyes`, events: 4 },
      { name: 'one name', path: `${SECRETS}?watch=true&resourceVersion={{make a.metadata.resourceVersion}}&timeoutSeconds=1&fieldSelector=metadata.name%3Da`, accept: METADATA, events: 1 },
      { name: 'as a table', path: `${SECRETS}?watch=true&resourceVersion={{make a.metadata.resourceVersion}}&timeoutSeconds=1`, accept: TABLE, events: 5 },
      { name: 'what is there', path: `${SECRETS}?watch=true&timeoutSeconds=5`, events: 1, onlyCode: true },
      {
        name: 'initial events',
        path: `${SECRETS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1&fieldSelector=metadata.name%3Da`,
        events: 2,
        onlyCode: true,
      },
      { name: 'from the beginning of time', path: `${SECRETS}?watch=true&resourceVersion=1&timeoutSeconds=1`, onlyCode: true },
    ],
  },
  {
    name: 'pods by their fields',
    steps: [
      { name: 'make', method: 'POST', path: PODS, body: { metadata: { name: 'p' }, spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'nginx' }] } } },
      { name: 'make another', method: 'POST', path: PODS, body: { metadata: { name: 'q' }, spec: { hostNetwork: true, restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx' }] } } },
      ...['spec.nodeName=node-1', 'spec.nodeName=', 'status.phase=Pending', 'status.phase!=Pending', 'spec.restartPolicy=Never', 'spec.hostNetwork=true', 'spec.serviceAccountName=default'].map((selector) => ({
        name: selector,
        path: `${PODS}?fieldSelector=${encodeURIComponent(selector)}`,
        accept: METADATA_LIST,
      })),
      { name: 'running', method: 'PATCH', path: `${PODS}/p/status`, body: { status: { phase: 'Running', podIP: '192.0.2.9', containerStatuses: [{ name: 'c', ready: true, restartCount: 2, image: 'nginx', imageID: '', state: { running: {} } }] } }, type: MERGE_PATCH },
      { name: 'crashing', method: 'PATCH', path: `${PODS}/q/status`, body: { status: { phase: 'Running', containerStatuses: [{ name: 'c', ready: false, restartCount: 9, image: 'nginx', imageID: '', state: { waiting: { reason: 'CrashLoopBackOff' } } }] } }, type: MERGE_PATCH },
      { name: 'rows', path: `${PODS}?includeObject=None`, accept: TABLE },
      { name: 'done', method: 'PATCH', path: `${PODS}/q/status`, body: { status: { phase: 'Succeeded', containerStatuses: [{ name: 'c', ready: false, restartCount: 0, image: 'nginx', imageID: '', state: { terminated: { exitCode: 0, reason: 'Completed' } } }] } }, type: MERGE_PATCH },
      { name: 'row of what is done', path: `${PODS}?includeObject=None&fieldSelector=metadata.name%3Dq`, accept: TABLE },
      { name: 'delete what runs', method: 'DELETE', path: `${PODS}/p` },
      { name: 'delete at once', method: 'DELETE', path: `${PODS}/q`, body: { gracePeriodSeconds: 0 } },
    ],
  },
  {
    name: 'what the server says of itself',
    steps: [
      ...['/version', '/healthz', '/readyz/ping', '/api/v1', '/apis/apps/v1', '/apis/apps', '/apis', '/apis/rbac.authorization.k8s.io/v1', '/apis/authorization.k8s.io/v1'].map((path) => ({ name: path, path })),
      { name: 'aggregated core', path: '/api', accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
      { name: 'aggregated groups', path: '/apis', accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    ],
  },
];
