import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createAuditReader } from '#src/events/sources/audit/read.ts';
import type { AuditEvent } from '#src/model/audit-event.ts';

const NATIVE = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Request',
  auditID: 'a-1',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/api-0/exec?command=sh',
  verb: 'create',
  user: { username: 'jo@corp.example', groups: ['dev', 'system:authenticated'] },
  sourceIPs: ['198.51.100.1', '203.0.113.9'],
  userAgent: 'kubectl/v1.37.2',
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'api-0', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 101 },
  requestReceivedTimestamp: '2026-08-21T09:14:03.123456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'RBAC: allowed by RoleBinding "dev/shop" of ClusterRole "edit" to Group "dev"' },
};
const ROBOT = 'system:serviceaccount:shop:robot';
const GKE = {
  timestamp: '2026-08-21 09:14:03.123456000',
  insertId: 'i-1',
  labels: { 'authorization.k8s.io/decision': 'allow' },
  protoPayload: {
    methodName: 'io.k8s.core.v1.pods.exec.create',
    resourceName: 'core/v1/namespaces/shop/pods/api-0/exec',
    authenticationInfo: { principalEmail: 'jo@corp.example' },
    requestMetadata: { callerIp: '203.0.113.9', callerSuppliedUserAgent: 'kubectl/v1.37.2' },
  },
};

function eventsOf(...values: readonly unknown[]): readonly AuditEvent[] {
  const reader = createAuditReader();
  return values.flatMap((value) => reader.read(value)).flatMap((reading) => ('event' in reading ? [reading.event] : []));
}

function native(changes: object): object {
  return { ...NATIVE, ...changes };
}

const WRAPPINGS: Readonly<Record<string, unknown>> = {
  'by itself': NATIVE,
  'of v1beta1': native({ apiVersion: 'audit.k8s.io/v1beta1' }),
  'in an EventList': { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [NATIVE] },
  'in a list': [NATIVE],
  'from CloudWatch': { events: [{ timestamp: 1, message: JSON.stringify(NATIVE) }] },
  'from a subscription of CloudWatch': { messageType: 'DATA_MESSAGE', logGroup: '/aws/eks/prod/cluster', logEvents: [{ id: '1', message: JSON.stringify(NATIVE) }] },
  'from CloudWatch to Lambda': { awslogs: { data: gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: JSON.stringify(NATIVE) }] })).toString('base64') } },
  'from CloudWatch through Firehose': { requestId: 'r-1', timestamp: 1, records: [{ data: gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: JSON.stringify(NATIVE) }] })).toString('base64') }] },
  'from a line of CloudWatch': { message: JSON.stringify(NATIVE) },
  'from Azure Monitor': { category: 'kube-audit', properties: { log: JSON.stringify(NATIVE), pod: 'kube-apiserver-1' } },
  'from a batch of Azure Event Hubs': { records: [{ category: 'kube-audit', properties: { log: JSON.stringify(NATIVE) } }] },
};

describe('src/events/sources/audit/read.ts', () => {
  test.each(Object.entries(WRAPPINGS))('an event %s is the same', (_name, value) => {
    expect(eventsOf(value)).toEqual([
      {
        id: expect.stringContaining('a-1') as unknown,
        timeMs: Date.UTC(2026, 7, 21, 9, 14, 3, 123),
        started: false,
        verb: 'create',
        user: { name: 'jo@corp.example', groups: ['dev', 'system:authenticated'] },
        impersonator: undefined,
        addresses: ['198.51.100.1', '203.0.113.9'],
        userAgent: 'kubectl/v1.37.2',
        uri: NATIVE.requestURI,
        target: { group: '', version: 'v1', resource: 'pods/exec', namespace: 'shop', name: 'api-0' },
        code: 101,
        outcome: 'allowed',
        decision: 'allow',
        binding: { kind: 'RoleBinding', namespace: 'shop', name: 'dev', role: 'ClusterRole/edit' },
        dryRun: false,
        request: undefined,
        response: undefined,
      },
    ]);
  });

  test.each<[string, unknown]>([
    ['by itself', GKE],
    ['through Pub/Sub', { message: { data: Buffer.from(JSON.stringify(GKE)).toString('base64'), messageId: '1', attributes: {} }, subscription: 'projects/shop/subscriptions/audit' }],
  ])('an entry of Google Cloud is read the same way: %s', (_name, entry) => {
    expect(eventsOf(entry)).toEqual([
      expect.objectContaining({
        timeMs: Date.UTC(2026, 7, 21, 9, 14, 3, 123),
        verb: 'create',
        user: { name: 'jo@corp.example', groups: [] },
        addresses: ['203.0.113.9'],
        target: { group: '', version: 'v1', resource: 'pods/exec', namespace: 'shop', name: 'api-0' },
        outcome: 'allowed',
      }),
    ]);
  });

  test.each([
    ['io.k8s.authorization.rbac.v1.clusterrolebindings.create', 'rbac.authorization.k8s.io/v1/clusterrolebindings/ops', { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterrolebindings', namespace: undefined, name: 'ops' }],
    ['io.k8s.core.v1.pods.list', 'core/v1/namespaces/shop/pods', { group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: undefined }],
    ['io.k8s.core.v1.secrets.list', 'core/v1/secrets', { group: '', version: 'v1', resource: 'secrets', namespace: undefined, name: undefined }],
    ['io.k8s.core.v1.namespaces.delete', 'core/v1/namespaces/shop', { group: '', version: 'v1', resource: 'namespaces', namespace: undefined, name: 'shop' }],
    ['io.k8s.core.v1.serviceaccounts.token.create', 'core/v1/namespaces/shop/serviceaccounts/api/token', { group: '', version: 'v1', resource: 'serviceaccounts/token', namespace: 'shop', name: 'api' }],
  ])('knows the object of %s', (methodName, resourceName, target) => {
    const [event] = eventsOf({ ...GKE, protoPayload: { ...GKE.protoPayload, methodName, resourceName } });

    expect(event?.target).toEqual(target);
  });

  test.each([
    ['a code of gRPC', { status: { code: 7 } }, 'refused', 403],
    ['somebody unknown', { status: { code: 16 } }, 'refused', 401],
    ['a right that was not granted', { authorizationInfo: [{ granted: false }] }, 'refused', 403],
    ['an answer that says so', { response: { status: 'Failure' } }, 'failed', undefined],
    ['an empty status, which is success', { status: {} }, 'allowed', undefined],
    ['an object with a status of its own', { response: { status: { phase: 'Pending' } } }, 'allowed', undefined],
  ])('of Google Cloud, %s', (_name, payload, outcome, code) => {
    const [event] = eventsOf({ ...GKE, protoPayload: { ...GKE.protoPayload, ...payload } });

    expect({ outcome: event?.outcome, code: event?.code }).toEqual({ outcome, code });
  });

  test.each([
    ['no code', {}, 'allowed'],
    ['101', { responseStatus: { code: 101 } }, 'allowed'],
    ['201', { responseStatus: { code: 201 } }, 'allowed'],
    ['401', { responseStatus: { code: 401 } }, 'refused'],
    ['403', { responseStatus: { code: 403 } }, 'refused'],
    ['409', { responseStatus: { code: 409 } }, 'failed'],
    ['no code, but the authorizer forbade it', { annotations: { 'authorization.k8s.io/decision': 'forbid' } }, 'refused'],
  ])('%s is the outcome it says', (_name, changes, outcome) => {
    const [event] = eventsOf(native({ responseStatus: undefined, ...changes }));

    expect(event?.outcome).toBe(outcome);
  });

  test('of a session its start counts and its end no more; of anything else only its end', () => {
    const started = native({ stage: 'ResponseStarted' });
    const watch = { requestURI: '/api/v1/pods?watch=true', verb: 'watch', objectRef: { resource: 'pods', apiVersion: 'v1' }, auditID: 'a-2' };

    const events = eventsOf(native({ stage: 'RequestReceived' }), started, NATIVE, native({ ...watch, stage: 'ResponseStarted' }), native({ ...watch, stage: 'ResponseComplete' }));

    expect(events.map(({ target, started: first }) => [target?.resource, first])).toEqual([['pods/exec', true], ['pods', false]]);
  });

  test('of a session whose start was not logged its end counts', () => {
    expect(eventsOf(NATIVE)).toHaveLength(1);
  });

  test('what comes again is skipped, and what a client only called the same is not', () => {
    const reader = createAuditReader();
    const readings = [NATIVE, NATIVE, native({ requestURI: '/api/v1/namespaces/shop/pods/db-0/exec?command=sh' }), native({ requestReceivedTimestamp: '2026-08-21T09:14:03.123457Z' })].flatMap((value) => reader.read(value));

    expect(readings.map((reading) => ('event' in reading ? 'event' : reading))).toEqual(['event', { skipped: 'repeat' }, 'event', 'event']);
  });

  const POD = { resource: 'pods', namespace: 'shop', name: 'api-0', apiVersion: 'v1' };

  test.each<[string, object, boolean]>([
    ['a create', { objectRef: POD, requestURI: '/api/v1/namespaces/shop/pods?fieldManager=kubectl&dryRun=All' }, true],
    ['a delete that says so in its options', { verb: 'delete', objectRef: POD, requestURI: '/x', requestObject: { kind: 'DeleteOptions', dryRun: ['All'] } }, true],
    ['an exec, which does not heed it', { requestURI: '/api/v1/namespaces/shop/pods/api-0/exec?command=sh&dryRun=All' }, false],
    ['a proxy, likewise', { objectRef: { resource: 'nodes', subresource: 'proxy', name: 'a' }, requestURI: '/x?dryRun=All' }, false],
    ['a look, likewise', { verb: 'get', objectRef: POD, requestURI: '/x?dryRun=All' }, false],
    ['another spelling, likewise', { objectRef: POD, requestURI: '/x?dryrun=all' }, false],
    ['another parameter that holds it', { objectRef: POD, requestURI: '/x?fieldManager=dryRun%3DAll' }, false],
    ['an object with such a field', { objectRef: POD, requestURI: '/x', requestObject: { kind: 'Pod', dryRun: ['All'] } }, false],
  ])('a dry run never counts: %s', (_name, changes, isDry) => {
    const [reading] = createAuditReader().read(native(changes));

    expect(reading !== undefined && 'skipped' in reading ? reading.skipped : 'event').toBe(isDry ? 'dry-run' : 'event');
  });

  test('who is acted as did it, and who acted is kept apart', () => {
    const [event] = eventsOf(native({ impersonatedUser: { username: 'admin', groups: ['system:masters'] } }));

    expect(event).toMatchObject({ user: { name: 'admin', groups: ['system:masters'] }, impersonator: { name: 'jo@corp.example' } });
  });

  test.each([
    ['RBAC: allowed by ClusterRoleBinding "ops" of ClusterRole "cluster-admin" to User "jo"', { kind: 'ClusterRoleBinding', name: 'ops', role: 'ClusterRole/cluster-admin' }],
    ['RBAC: allowed by RoleBinding "a/b" of Role "r" to ServiceAccount "x/y"', { kind: 'RoleBinding', name: 'a', namespace: 'b', role: 'Role/r' }],
    ['', undefined],
    ['webhook said yes', undefined],
  ])('the reason %j names its binding', (reason, binding) => {
    const [event] = eventsOf(native({ annotations: { 'authorization.k8s.io/reason': reason } }));

    expect(event?.binding).toEqual(binding);
  });

  test.each<[string, unknown, unknown]>([
    ['a text', 'no event', { malformed: 'not an object' }],
    ['nothing', null, { malformed: 'not an object' }],
    ['another object', { hello: 1 }, { malformed: 'no audit event' }],
    ['a broken message', { message: '{"verb":' }, { malformed: 'its text is not valid JSON' }],
    ['data that is not packed', { awslogs: { data: 'bm90IGd6aXA=' } }, { malformed: 'its data cannot be unzipped' }],
    ['a box in a box in a box', [[[[[[NATIVE]]]]]], { malformed: 'wrapped too deeply' }],
    ['a line of another log', { message: 'time="2026-08-21" level=info msg=hello' }, { skipped: 'other' }],
    ['a control message', { messageType: 'CONTROL_MESSAGE' }, { skipped: 'other' }],
    ['another service of Google Cloud', { protoPayload: { methodName: 'google.container.v1.ClusterManager.GetCluster' } }, { skipped: 'other' }],
  ])('%s is no event, and says why', (_name, value, reading) => {
    expect(createAuditReader().read(value)).toEqual([reading]);
  });

  test('a token of a pod says which', () => {
    const extra = { 'authentication.kubernetes.io/pod-name': ['api-0'], 'authentication.kubernetes.io/pod-uid': ['7'] };

    expect(eventsOf(native({ user: { username: ROBOT, extra } }))[0]?.user).toEqual({ name: ROBOT, groups: [], pod: 'api-0' });
  });

  test.each<readonly [string, object, 'plain' | 'event']>([
    ['a controller', { userAgent: 'shop-controller/v1' }, 'plain'],
    ['a tool for people', { userAgent: 'kubectl/v1.37.2' }, 'event'],
    ['a tool for people, with the token of a pod', { userAgent: 'Helm/4.0', user: { username: ROBOT, extra: { 'authentication.kubernetes.io/pod-name': ['api-0'] } } }, 'event'],
    ['a tool for people that a person uses', { userAgent: 'kubectl/v1.37.2', user: { username: 'jo@corp.example' } }, 'plain'],
    ['no user agent', { userAgent: undefined }, 'plain'],
    ['another value than a text', { userAgent: ['kubectl/v1.37.2'] }, 'plain'],
  ])('of an account that concerns nobody, a request by %s is read as %s', (_, changes, kind) => {
    const reader = createAuditReader({ concerns: () => false, showsSign: () => false });
    const event = native({ verb: 'get', requestURI: '/api/v1/namespaces/shop/configmaps/x', objectRef: { resource: 'configmaps', namespace: 'shop', name: 'x', apiVersion: 'v1' }, user: { username: ROBOT }, responseStatus: { code: 200 }, ...changes });

    // Twice, because the second time it is remembered what the client is.
    const readings = ['a-1', 'a-2'].flatMap((auditID) => reader.scan(Buffer.from(JSON.stringify({ ...event, auditID })))?.flat() ?? []);

    expect(readings.map((reading) => Object.keys(reading)[0])).toEqual([kind, kind]);
  });

  test('the good events of a batch are read beside the bad ones', () => {
    const readings = createAuditReader().read({ kind: 'EventList', items: [null, NATIVE, 7] });

    expect(readings.map((reading) => Object.keys(reading)[0])).toEqual(['malformed', 'event', 'malformed']);
  });

  test('nesting without end breaks nothing', () => {
    const deep = JSON.parse(`{"verb":"create","user":{},"requestObject":${'['.repeat(50_000)}${']'.repeat(50_000)}}`) as unknown;

    expect(createAuditReader().read(deep)).toHaveLength(1);
    expect(createAuditReader().read({ ...GKE, protoPayload: { ...GKE.protoPayload, request: { dryRun: (deep as { requestObject: unknown }).requestObject } } })).toHaveLength(1);
  });
});
