import type { ObjectRef } from '#src/model/finding.ts';
import { standingOf } from '#src/model/questions.ts';
import type { EventMessage } from '../event.ts';
import { QUESTION_SAMPLES } from './question.ts';

const EXEC: EventMessage = {
  cluster: 'prod-eu',
  production: true,
  detection: 'audit/pod-exec',
  title: 'A command was run in a pod',
  severity: 'high',
  user: 'oidc:ann@corp.example',
  person: 'U0ANN00001',
  object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'checkout-7d9f6c5b8-x2x9q' },
  count: 1,
  alarms: [
    {
      at: '2026-11-23T09:12:07.000Z',
      message: 'oidc:ann@corp.example ran a command in shop/checkout-7d9f6c5b8-x2x9q: cat /etc/passwd',
      outcome: 'allowed',
      address: '203.0.113.7',
      userAgent: 'kubectl/v1.34.2 (linux/amd64)',
      command: 'cat /etc/passwd',
    },
  ],
  fix: 'Ask the person whether it was them and why; take the right to exec away from whoever does not need it.',
};

const CHECKOUT: ObjectRef = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };

export const EVENT_SAMPLES: Readonly<Record<string, EventMessage>> = {
  exec: EXEC,
  'of a workload': { ...EXEC, workload: CHECKOUT },
  'several pods': {
    ...EXEC,
    workload: CHECKOUT,
    isOfSeveralPods: true,
    count: 3,
    alarms: ['x2x9q', 'k4m7z'].map((end, index) => ({ ...EXEC.alarms[0], at: `2026-11-23T09:1${3 - index}:07.000Z`, message: 'oidc:ann@corp.example ran a command in the container web: tar cf - /etc', pod: `checkout-7d9f6c5b8-${end}` })),
  },
  asked: { ...EXEC, questions: [standingOf(QUESTION_SAMPLES.confirmed), standingOf(QUESTION_SAMPLES.locked), standingOf(QUESTION_SAMPLES.unanswered)] },
  'nobody to ask': { ...withoutPerson(EXEC), freeze: 'oidc:ann@corp.example' },
  'an account': { ...withoutPerson(EXEC), user: 'system:serviceaccount:ci:deployer', freeze: 'system:serviceaccount:ci:deployer' },
  refused: {
    ...withoutPerson(EXEC),
    user: 'system:serviceaccount:ci:deployer',
    before: '2026-11-20T16:40:00.000Z',
    alarms: [{ at: '2026-11-23T09:12:07.000Z', message: 'system:serviceaccount:ci:deployer tried to run a command in shop/checkout-7d9f6c5b8-x2x9q: sh', outcome: 'refused', address: '10.0.4.7', command: 'sh' }],
  },
  several: {
    ...EXEC,
    impersonator: 'oidc:bob@corp.example',
    count: 1204,
    alarms: ['sh', 'id', 'env'].map((command, index) => ({
      at: `2026-11-23T09:1${4 - index}:07.000Z`,
      message: `oidc:bob@corp.example as oidc:ann@corp.example ran a command in shop/checkout-7d9f6c5b8-x2x9q: ${command}`,
      outcome: 'allowed',
      address: '203.0.113.7',
      command,
    })),
  },
  critical: {
    cluster: 'prod-eu',
    production: true,
    detection: 'audit/cluster-admin-bound',
    title: 'Somebody was given cluster-admin',
    severity: 'critical',
    user: 'kubernetes-admin',
    object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'ops-eve' },
    count: 1,
    alarms: [{ at: '2026-11-23T09:12:07.000Z', message: 'kubernetes-admin gave cluster-admin to the user eve in the ClusterRoleBinding ops-eve', outcome: 'allowed', address: '203.0.113.7' }],
    fix: 'Ask who decided it; delete the binding if nobody did.',
  },
  falco: {
    cluster: 'dev-us',
    production: false,
    detection: 'connections/falco-alert',
    title: 'Falco raised an alert',
    severity: 'high',
    user: 'root',
    object: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
    count: 2,
    alarms: [
      { at: '2026-11-23T09:13:00.000Z', message: 'Falco\'s rule "Terminal shell in container" speaks of shop/web-0' },
      { message: 'Falco\'s rule "Terminal shell in container" speaks of shop/web-0' },
    ],
    before: '2026-11-22T23:59:00.000Z',
    fix: 'Look at what the rule says; make an exception in Falco where it is wanted.',
  },
  over: {
    cluster: 'prod-eu',
    production: true,
    detection: 'audit/log-silent',
    title: 'The audit log went silent',
    severity: 'critical',
    count: 1,
    alarms: [{ at: '2026-11-23T09:12:07.000Z', message: 'Nothing has come from the audit log since 2026-11-23 08:42 UTC' }],
    over: '2026-11-23T10:01:00.000Z',
    fix: 'Look at the audit settings of the API server and at whatever sends its log, and look elsewhere for what happened meanwhile.',
  },
};

function withoutPerson({ person: _, ...event }: EventMessage): EventMessage {
  return event;
}
