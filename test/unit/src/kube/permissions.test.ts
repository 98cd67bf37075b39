import { describe, expect, test } from '@jest/globals';
import { askAs } from '#src/kube/permissions.ts';
import type { ApiClient, ApiRequest } from '#src/kube/request.ts';

const NEVER = new AbortController().signal;

function clientOf(status: number, body: object) {
  const asked: ApiRequest[] = [];
  const send: ApiClient['send'] = (request) => {
    asked.push(request);
    return Promise.resolve({ status, headers: {}, body: Buffer.from(JSON.stringify(body)) });
  };
  return { asked, client: { send, certificates: () => undefined, close: () => undefined } };
}

describe('src/kube/permissions.ts', () => {
  test('what the audit log is to have is a question that changes nothing, whatever the answer', async () => {
    for (const allowed of [true, false]) {
      const { asked, client } = clientOf(201, { status: { allowed } });
      await askAs('k8ssec-self-test-1', client, NEVER);

      expect(asked).toMatchObject([{ method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', userAgent: 'k8ssec-self-test-1', body: { kind: 'SelfSubjectAccessReview' } }]);
    }
  });

  test('an API server that does not take it is told of', async () => {
    await expect(askAs('k8ssec-self-test-1', clientOf(403, {}).client, NEVER)).rejects.toThrow(/\(403\)/);
  });
});
