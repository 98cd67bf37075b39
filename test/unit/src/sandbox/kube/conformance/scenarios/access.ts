import { APPLY_PATCH, MERGE_PATCH, type Scenario, type Step } from '../scenario.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLES = `${RBAC}/namespaces/{{ns}}/roles`;
const BINDINGS = `${RBAC}/namespaces/{{ns}}/rolebindings`;
const ALICE = { user: '{{ns}}-alice', groups: ['{{ns}}-dev'] };
const BOB = { user: '{{ns}}-bob' };
const EVE = { user: '{{ns}}-eve' };

function role(name: string, ...rules: readonly object[]): Step {
  return { name: `role ${name}`, method: 'POST', path: ROLES, body: { metadata: { name }, rules } };
}

function bind(name: string, kind: string, to: string, ...subjects: readonly object[]): Step {
  return { name: `bind ${name}`, method: 'POST', path: BINDINGS, body: { metadata: { name }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: to }, subjects } };
}

function may(name: string, as: Step['as'], resourceAttributes: object): Step {
  return {
    name,
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { namespace: '{{ns}}', ...resourceAttributes } } },
    ...(as && { as }),
  };
}

const GROUP = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: '{{ns}}-dev' };
const USER_BOB = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: '{{ns}}-bob' };

export const ACCESS: readonly Scenario[] = [
  {
    name: 'who may do what',
    steps: [
      role('reader', { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] }, { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['update', 'patch'] }),
      role('one', { apiGroups: [''], resources: ['configmaps'], resourceNames: ['only'], verbs: ['get', 'list', 'delete'] }),
      role('all', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }),
      role('statuses', { apiGroups: ['apps'], resources: ['*/status'], verbs: ['get'] }),
      bind('readers', 'Role', 'reader', GROUP),
      bind('ones', 'Role', 'one', GROUP, USER_BOB),
      bind('everything', 'Role', 'all', { kind: 'ServiceAccount', name: 'default' }),
      bind('missing', 'Role', 'nowhere', USER_BOB),
      bind('status', 'Role', 'statuses', USER_BOB),
      { name: 'list pods', path: '/api/v1/namespaces/{{ns}}/pods', as: ALICE },
      { name: 'list all pods', path: '/api/v1/pods', as: ALICE },
      { name: 'watch pods', path: '/api/v1/namespaces/{{ns}}/pods?watch=true&timeoutSeconds=1', as: ALICE },
      { name: 'get a pod', path: '/api/v1/namespaces/{{ns}}/pods/a', as: ALICE },
      { name: 'exec', method: 'POST', path: '/api/v1/namespaces/{{ns}}/pods/a/exec', as: ALICE },
      { name: 'create a pod', method: 'POST', path: '/api/v1/namespaces/{{ns}}/pods', body: {}, as: ALICE },
      { name: 'delete all pods', method: 'DELETE', path: '/api/v1/namespaces/{{ns}}/pods', as: ALICE },
      { name: 'patch a deployment', method: 'PATCH', path: '/apis/apps/v1/namespaces/{{ns}}/deployments/d', body: {}, type: MERGE_PATCH, as: ALICE },
      { name: 'apply a deployment', method: 'PATCH', path: '/apis/apps/v1/namespaces/{{ns}}/deployments/d?fieldManager=a', body: {}, type: APPLY_PATCH, as: ALICE },
      { name: 'scale a deployment', method: 'PATCH', path: '/apis/apps/v1/namespaces/{{ns}}/deployments/d/scale', body: {}, type: MERGE_PATCH, as: ALICE },
      { name: 'get the one', path: '/api/v1/namespaces/{{ns}}/configmaps/only', as: BOB },
      { name: 'get another', path: '/api/v1/namespaces/{{ns}}/configmaps/other', as: BOB },
      { name: 'list the one', path: '/api/v1/namespaces/{{ns}}/configmaps?fieldSelector=metadata.name%3Donly', as: BOB },
      { name: 'list others', path: '/api/v1/namespaces/{{ns}}/configmaps', as: BOB },
      { name: 'a path', path: '/metrics', as: BOB },
      { name: 'health', path: '/healthz', as: BOB },
      { name: 'a group that is not served', path: '/apis/nothing.example.com/v1/things', as: BOB },
      { name: 'an account does all', path: '/api/v1/namespaces/{{ns}}/secrets', as: { user: 'system:serviceaccount:{{ns}}:default' } },
      { name: 'an account elsewhere', path: '/api/v1/namespaces/default/secrets', as: { user: 'system:serviceaccount:{{ns}}:default' } },
      { name: 'anonymous', path: '/api/v1/pods', as: { user: 'system:anonymous', groups: ['system:unauthenticated'] } },
      may('may list', ALICE, { verb: 'list', resource: 'pods' }),
      may('may not', EVE, { verb: 'list', resource: 'pods' }),
      may('may log', ALICE, { verb: 'get', resource: 'pods', subresource: 'log' }),
      may('may everything', undefined, { verb: 'delete', resource: 'nodes', namespace: '' }),
      may('role is missing', BOB, { verb: 'list', resource: 'secrets' }),
      may('status of anything', BOB, { verb: 'get', group: 'apps', resource: 'deployments', subresource: 'status' }),
      may('any verb', ALICE, { verb: '*', resource: 'pods' }),
    ],
  },
  {
    name: 'reviews',
    steps: [
      { name: 'nothing asked', method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: {} } },
      { name: 'path asked', method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } } }, as: EVE },
      { name: 'about somebody', method: 'POST', path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body: { spec: { user: 'x', groups: ['system:masters'], resourceAttributes: { verb: 'get', resource: 'pods' } } } },
      { name: 'about nobody', method: 'POST', path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } } },
      { name: 'about somebody without the right', method: 'POST', path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body: { spec: { user: 'x', resourceAttributes: { verb: 'get', resource: 'pods' } } }, as: EVE },
      { name: 'in a namespace', method: 'POST', path: '/apis/authorization.k8s.io/v1/namespaces/{{ns}}/localsubjectaccessreviews', body: { metadata: { namespace: '{{ns}}' }, spec: { user: 'x', resourceAttributes: { namespace: '{{ns}}', verb: 'get', resource: 'pods' } } } },
      { name: 'in another namespace', method: 'POST', path: '/apis/authorization.k8s.io/v1/namespaces/{{ns}}/localsubjectaccessreviews', body: { spec: { user: 'x', resourceAttributes: { verb: 'get', resource: 'pods' } } } },
      { name: 'who am I', method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews', body: {}, as: { user: 'carol', groups: ['audit', 'ops'] } },
      { name: 'a wrong token', method: 'POST', path: '/apis/authentication.k8s.io/v1/tokenreviews', body: { spec: { token: 'wrong' } } },
      { name: 'rules', method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', body: { spec: { namespace: '{{ns}}' } }, as: EVE, onlyCode: true },
      { name: 'rules of no namespace', method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', body: { spec: {} }, as: EVE },
      { name: 'as nobody', path: '/api/v1/pods', as: { user: 'system:serviceaccount:{{ns}}:default', groups: ['a'] } },
      { name: 'impersonation is not allowed', path: '/api/v1/pods', as: EVE },
    ],
  },
  {
    name: 'nobody gives what they have not',
    steps: [
      role('editor', { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['*'] }, { apiGroups: [''], resources: ['pods'], verbs: ['get'] }),
      bind('editors', 'Role', 'editor', USER_BOB),
      { name: 'what bob has', method: 'POST', path: ROLES, body: { metadata: { name: 'same' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }, as: BOB },
      { name: 'more than bob has', method: 'POST', path: ROLES, body: { metadata: { name: 'more' }, rules: [{ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get', 'list'] }, { apiGroups: ['apps'], resources: ['*'], resourceNames: ['a'], verbs: ['*'] }] }, as: BOB },
      { name: 'bind to more', method: 'POST', path: BINDINGS, body: { metadata: { name: 'up' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node-problem-detector' }, subjects: [] }, as: BOB },
      { name: 'bind to nothing', method: 'POST', path: BINDINGS, body: { metadata: { name: 'none' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'nowhere' }, subjects: [] }, as: BOB },
      { name: 'bind to the same', method: 'POST', path: BINDINGS, body: { metadata: { name: 'same' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'same' }, subjects: [] }, as: BOB },
      { name: 'widen a role', method: 'PATCH', path: `${ROLES}/same`, body: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }, type: MERGE_PATCH, as: BOB },
      { name: 'label a role', method: 'PATCH', path: `${ROLES}/same`, body: { metadata: { labels: { a: 'b' } } }, type: MERGE_PATCH, as: BOB },
      role('binder', { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: ['system:node-problem-detector'], verbs: ['bind'] }),
      bind('binders', 'Role', 'binder', USER_BOB),
      { name: 'bind with the right to', method: 'POST', path: BINDINGS, body: { metadata: { name: 'up' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node-problem-detector' }, subjects: [] }, as: BOB },
    ],
  },
];
