import { APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, TABLE, type Scenario, type Step } from '../scenario.ts';

const MAPS = '/api/v1/namespaces/{{ns}}/configmaps';
const PODS = '/api/v1/namespaces/{{ns}}/pods';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/{{ns}}/deployments';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/namespaces/{{ns}}/roles';
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/namespaces/{{ns}}/rolebindings';
const POD = { spec: { containers: [{ name: 'web', image: 'nginx' }] } };

function posts(path: string, bodies: Readonly<Record<string, object | string>>): readonly Step[] {
  return Object.entries(bodies).map(([name, body]) => ({ name, method: 'POST', path, body }));
}

function gets(paths: Readonly<Record<string, string>>): readonly Step[] {
  return Object.entries(paths).map(([name, path]) => ({ name, path }));
}

function deployment(spec: object): object {
  return { kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: 'a' }, spec };
}

export const ERRORS: readonly Scenario[] = [
  {
    name: 'what is not served',
    steps: [
      ...gets({
        'a path': '/nothing-here',
        'a group': '/apis/nothing.example.com',
        'a group version': '/apis/nothing.example.com/v1',
        'a resource of no group': '/apis/nothing.example.com/v1/things',
        'a resource of core': '/api/v1/things',
        'an object of no resource': '/api/v1/namespaces/{{ns}}/things/a',
        'an object that is not there': `${DEPLOYMENTS}/a`,
        'a namespaced object without namespace': '/api/v1/pods/a',
        'a subresource': `${PODS}/a/nothing`,
        'a cluster resource in a namespace': '/api/v1/namespaces/{{ns}}/nodes',
        'a namespace': '/api/v1/namespaces/not-{{ns}}',
        'status of no object': `${DEPLOYMENTS}/a/status`,
      }),
      { name: 'PUT to a list', method: 'PUT', path: '/api/v1/pods', body: {} },
      { name: 'POST to an object', method: 'POST', path: `${PODS}/a`, body: {} },
      { name: 'POST across namespaces', method: 'POST', path: '/api/v1/pods', body: {} },
      { name: 'DELETE across namespaces', method: 'DELETE', path: '/api/v1/pods' },
      { name: 'GET of a review', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' },
      { name: 'POST to version', method: 'POST', path: '/version' },
      { name: 'POST of status', method: 'POST', path: `${DEPLOYMENTS}/a/status`, body: {} },
    ],
  },
  {
    name: 'options that cannot be',
    steps: [
      ...gets({
        limit: `${PODS}?limit=abc`,
        'resource version': `${PODS}?resourceVersion=abc`,
        'version of the future': `${PODS}?resourceVersion=99999999`,
        'match without version': `${PODS}?resourceVersionMatch=Exact`,
        'match of any version': `${PODS}?resourceVersion=0&resourceVersionMatch=Exact`,
        'unknown match': `${PODS}?resourceVersion=1&resourceVersionMatch=Roughly`,
        'continue token': `${PODS}?continue=abc`,
        'label selector': `${PODS}?labelSelector=a%3D%3D,,b`,
        'field selector of pods': `${PODS}?fieldSelector=spec.foo%3D1`,
        'field selector of config maps': `${MAPS}?fieldSelector=data%3D1`,
        'field selector without value': `${PODS}?fieldSelector=abc`,
        'watch with a match': `${PODS}?watch=true&resourceVersion=1&resourceVersionMatch=NotOlderThan&timeoutSeconds=1`,
        'initial events without a match': `${PODS}?watch=true&sendInitialEvents=true&timeoutSeconds=1`,
      }),
      { name: 'dry run', method: 'POST', path: `${MAPS}?dryRun=Some`, body: { metadata: { name: 'a' } } },
      { name: 'field validation', method: 'POST', path: `${MAPS}?fieldValidation=Lax`, body: { metadata: { name: 'a' } } },
      { name: 'propagation', method: 'DELETE', path: `${MAPS}/a?propagationPolicy=Sometimes` },
      { name: 'accept', path: PODS, accept: 'text/html' },
      { name: 'accept a table of another group', path: PODS, accept: 'application/json;as=Table;v=v1;g=example.com', onlyCode: true },
      { name: 'accept a table or an object', path: `${PODS}/a`, accept: `${TABLE},application/json` },
      { name: 'content type', method: 'POST', path: MAPS, body: '<a/>', type: 'text/xml' },
      { name: 'patch type', method: 'PATCH', path: `${MAPS}/a`, body: {} },
      { name: 'force of a merge patch', method: 'PATCH', path: `${MAPS}/a?force=true`, body: {}, type: MERGE_PATCH },
      { name: 'apply without a manager', method: 'PATCH', path: `${MAPS}/a`, body: { apiVersion: 'v1', kind: 'ConfigMap' }, type: APPLY_PATCH },
    ],
  },
  {
    name: 'bodies that cannot be read',
    steps: [
      ...posts(`${DEPLOYMENTS}?fieldValidation=Strict`, {
        'text for a number': deployment({ replicas: 'two' }),
        'an object for a list': deployment({ template: { spec: { containers: { a: 1 } } } }),
        'a fraction': deployment({ replicas: 1.5 }),
        'too large a number': deployment({ replicas: 99_999_999_999 }),
        'a list for an object': deployment([]),
        'a boolean label': { ...deployment({}), metadata: { name: 'a', labels: { a: true } } },
        'a wrong quantity': deployment({ template: { spec: { containers: [{ name: 'c', resources: { limits: { cpu: '1x' } } }] } } }),
        'a wrong time': { ...deployment({}), metadata: { name: 'a', creationTimestamp: 'yesterday' } },
        'another namespace': { ...deployment({}), metadata: { name: 'a', namespace: 'elsewhere' } },
        'unknown fields': { ...deployment({ bar: 2, template: { spec: { containers: [{ name: 'c', x: 1 }] } } }), foo: 1 },
        'an unknown kind': { kind: 'Nothing', apiVersion: 'apps/v1' },
        'half an object': '{"kind":"Deployment","apiVersion":"apps/v1"',
        'a list': '[]',
      }),
      ...posts(MAPS, { 'a number as data': { metadata: { name: 'a' }, data: { x: 1 } } }),
      ...posts('/api/v1/namespaces/{{ns}}/secrets', { 'no base64': { metadata: { name: 'a' }, data: { x: '%%' } } }),
      { name: 'unknown fields with a warning', method: 'POST', path: MAPS, body: { metadata: { name: 'warned', color: 'red' }, data: { a: 'b' }, foo: 1 } },
      { name: 'unknown fields ignored', method: 'POST', path: `${MAPS}?fieldValidation=Ignore`, body: { metadata: { name: 'ignored' }, foo: 1 } },
      { name: 'YAML', method: 'POST', path: MAPS, body: 'metadata:\n  name: yaml\ndata:\n  a: "1"\n', type: 'application/yaml' },
    ],
  },
  {
    name: 'objects that are not valid',
    steps: [
      ...posts(MAPS, {
        'no name': { data: {} },
        'a wrong name': { metadata: { name: 'Not_Valid' } },
        'a wrong label key': { metadata: { name: 'a', labels: { '-x': 'y' } } },
        'a wrong label value': { metadata: { name: 'a', labels: { x: 'not valid' } } },
        'a wrong annotation key': { metadata: { name: 'a', annotations: { 'a/b/c': '' } } },
        'a wrong data key': { metadata: { name: 'a' }, data: { 'a b': '' } },
        'a wrong finalizer': { metadata: { name: 'a', finalizers: ['mine'] } },
        'a version': { metadata: { name: 'a', resourceVersion: '5' } },
        'a wrong owner': { metadata: { name: 'a', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: '' }] } },
      }),
      ...posts('/api/v1/namespaces', { 'a wrong namespace': { metadata: { name: 'a.b' } } }),
      ...posts(PODS, {
        'no containers': { metadata: { name: 'a' }, spec: {} },
        'a container without image': { metadata: { name: 'a' }, spec: { containers: [{ name: 'web' }] } },
        'a container without name': { metadata: { name: 'a' }, spec: { containers: [{ image: 'nginx' }] } },
        'two containers of one name': { metadata: { name: 'a' }, spec: { containers: [{ name: 'web', image: 'a' }, { name: 'web', image: 'b' }] } },
        'a mount of no volume': { metadata: { name: 'a' }, spec: { containers: [{ name: 'web', image: 'a', volumeMounts: [{ name: 'x', mountPath: '/x' }] }] } },
        'a wrong port': { metadata: { name: 'a' }, spec: { containers: [{ name: 'web', image: 'a', ports: [{ containerPort: 70_000 }] }] } },
        'a wrong restart policy': { metadata: { name: 'a' }, spec: { restartPolicy: 'Sometimes', containers: [{ name: 'web', image: 'a' }] } },
        'no such account': { metadata: { name: 'a' }, spec: { ...POD.spec, serviceAccountName: 'nobody' } },
        'no such priority': { metadata: { name: 'a' }, spec: { ...POD.spec, priorityClassName: 'none' } },
      }),
      ...posts(DEPLOYMENTS, {
        'no selector': { metadata: { name: 'a' }, spec: { template: { metadata: { labels: { a: 'b' } }, ...POD } } },
        'another selector': { metadata: { name: 'a' }, spec: { selector: { matchLabels: { a: 'c' } }, template: { metadata: { labels: { a: 'b' } }, ...POD } } },
        'nothing at all': { metadata: { name: 'a' } },
        'a wrong strategy': { metadata: { name: 'a' }, spec: { strategy: { type: 'Slowly' }, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, ...POD } } },
        'negative replicas': { metadata: { name: 'a' }, spec: { replicas: -1, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, ...POD } } },
      }),
      ...posts('/apis/apps/v1/namespaces/{{ns}}/statefulsets', { 'a set without a selector': { metadata: { name: 'a' }, spec: { serviceName: 'Not Valid', template: { metadata: { labels: { a: 'b' } }, ...POD } } } }),
      ...posts('/apis/apps/v1/namespaces/{{ns}}/daemonsets', { 'a daemon set without a selector': { metadata: { name: 'a' }, spec: { template: { metadata: { labels: { a: 'b' } }, ...POD } } } }),
      ...posts('/api/v1/namespaces/{{ns}}/replicationcontrollers', { 'a controller without anything': { metadata: { name: 'a' }, spec: {} } }),
      ...posts('/apis/batch/v1/namespaces/{{ns}}/jobs', { 'a job that always restarts': { metadata: { name: 'a' }, spec: { template: POD } } }),
      ...posts('/apis/batch/v1/namespaces/{{ns}}/cronjobs', { 'a job without a schedule': { metadata: { name: 'a' }, spec: { jobTemplate: { spec: { template: { spec: { ...POD.spec, restartPolicy: 'Never' } } } } } } }),
      ...posts('/api/v1/namespaces/{{ns}}/services', {
        'no ports': { metadata: { name: 'a' }, spec: {} },
        'a node port inside': { metadata: { name: 'a' }, spec: { ports: [{ port: 80, nodePort: 30_080 }] } },
      }),
      ...posts(ROLES, {
        'no verbs': { metadata: { name: 'a' }, rules: [{ apiGroups: [''], resources: ['pods'] }] },
        'no groups': { metadata: { name: 'a' }, rules: [{ resources: ['pods'], verbs: ['get'] }] },
        'paths in a role': { metadata: { name: 'a' }, rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
        'a wrong role name': { metadata: { name: 'a%b' }, rules: [] },
      }),
      ...posts(BINDINGS, {
        'no role': { metadata: { name: 'a' }, roleRef: {} },
        'a wrong subject': { metadata: { name: 'a' }, roleRef: { kind: 'Role', name: 'x' }, subjects: [{ kind: 'Team', name: 'x' }] },
        'a subject without name': { metadata: { name: 'a' }, roleRef: { kind: 'Role', name: 'x' }, subjects: [{ kind: 'User' }] },
      }),
      ...posts('/api/v1/namespaces/not-{{ns}}/configmaps', { 'no such namespace': { metadata: { name: 'a' } } }),
      { name: 'the first', method: 'POST', path: MAPS, body: { metadata: { name: 'twice' } } },
      { name: 'the second', method: 'POST', path: MAPS, body: { metadata: { name: 'twice' } } },
      ...[JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH].flatMap((type): readonly Step[] => [
        { name: `${type} that is no JSON`, method: 'PATCH', path: `${MAPS}/twice`, body: '[1,2', type },
        { name: `${type} that is a text`, method: 'PATCH', path: `${MAPS}/twice`, body: '"x"', type },
      ]),
      { name: 'a list applied', method: 'PATCH', path: `${MAPS}/twice?fieldManager=a`, body: '[1]', type: APPLY_PATCH },
      { name: 'generated name', method: 'POST', path: MAPS, body: { metadata: { generateName: 'made-by-' } } },
    ],
  },
];
