import type { Question } from '#src/model/questions.ts';

export const SAMPLE_QUESTION: Question = {
  id: 'q5d41402abc4b',
  deed: {
    cluster: 'prod-eu',
    production: true,
    detection: 'audit/pod-exec',
    title: 'A command was run in a pod',
    severity: 'high',
    user: 'oidc:ann@corp.example',
    groups: ['developers', 'system:authenticated'],
    object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'checkout-7d9f6c5b8-x2x9q' },
    at: '2026-11-23T09:12:07.000Z',
    address: '203.0.113.7',
    userAgent: 'kubectl/v1.34.2 (linux/amd64)',
    command: 'cat /etc/passwd',
  },
  person: 'U0ANN00001',
  channel: 'C0SECPROD1',
  askedAt: '2026-11-23T09:12:09.000Z',
  dueAt: '2026-11-23T09:42:09.000Z',
  state: 'asked',
  staysListed: [],
  version: 1,
};

const ANSWER = { by: { person: 'U0ANN00001', name: 'ann' }, at: '2026-11-23T09:20:00.000Z' };

export const QUESTION_SAMPLES = {
  asked: SAMPLE_QUESTION,
  'of a workload': { ...SAMPLE_QUESTION, deed: { ...SAMPLE_QUESTION.deed, workload: { kind: 'Deployment', namespace: 'shop', name: 'checkout' } } },
  confirmed: { ...SAMPLE_QUESTION, state: 'confirmed', answer: { ...ANSWER, ticket: 'OPS-12' }, version: 2 },
  'confirmed, stays listed': { ...SAMPLE_QUESTION, state: 'confirmed', answer: ANSWER, staysListed: ['production without a ticket'], version: 2 },
  denied: { ...SAMPLE_QUESTION, state: 'denied', answer: ANSWER, alarmed: true, version: 2 },
  locked: { ...SAMPLE_QUESTION, state: 'denied', answer: ANSWER, alarmed: true, request: 'r7k2m9', version: 3 },
  'not locked': { ...SAMPLE_QUESTION, state: 'denied', answer: ANSWER, alarmed: true, problem: 'Nothing is taken from oidc:ann@corp.example: the configuration keeps it for emergencies.', version: 3 },
  unanswered: { ...SAMPLE_QUESTION, state: 'unanswered', alarmed: true, version: 2 },
} satisfies Readonly<Record<string, Question>>;
