import type { AskedDeed, Question } from '#src/model/questions.ts';

export const DEED: AskedDeed = {
  cluster: 'prod',
  production: true,
  detection: 'audit/pod-exec',
  title: 'A command was run in a pod',
  severity: 'high',
  user: 'oidc:ann@corp.example',
  groups: ['dev'],
  object: { kind: 'Pod', namespace: 'shop', name: 'checkout-7d9f6c5b8-x2x9q' },
  at: '2026-11-23T08:00:00.000Z',
  address: '203.0.113.7',
};

/** Ann is asked about a command in a pod. */
export function aQuestion(differs: Partial<Question> = {}): Question {
  return { id: 'q5d41402abc4b', deed: DEED, person: 'U0ANN00001', channel: 'C0SECPROD1', askedAt: '2026-11-23T08:00:00.000Z', dueAt: '2026-11-23T08:30:00.000Z', state: 'asked', staysListed: [], version: 1, ...differs };
}
