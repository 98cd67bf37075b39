import { describe, expect, test } from '@jest/globals';
import { createAsker, type AskerNeeds } from '#src/app/events/ask.ts';
import type { Detected } from '#src/events/detect.ts';
import type { NewQuestion } from '#src/model/questions.ts';
import type { OutgoingMessage } from '#src/model/outbox.ts';
import { aKnownPerson } from '#test/build/access.ts';
import { aRequest } from '#test/build/request.ts';

const AT = Date.parse('2026-11-23T08:00:00.000Z');
const EXEC: Detected = {
  detection: 'audit/pod-exec',
  severity: 'high',
  actor: { user: 'oidc:ann@corp.example', groups: ['dev'], address: '203.0.113.7', userAgent: 'kubectl' },
  object: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
  outcome: 'allowed',
  command: ['cat', '/etc/passwd'],
  message: 'ann ran a command',
  group: 'g',
  fingerprint: 'f1',
};
const GIVEN = aRequest({ kind: 'temporary-access', state: 'applied', targets: ['U0ANN00001'], clusters: ['prod'], namespaces: ['shop'] });

function scene(differs: Partial<AskerNeeds> = {}) {
  const asked: NewQuestion[] = [];
  const put: OutgoingMessage<unknown>[] = [];
  const asker = createAsker({
    settings: { cluster: 'prod', ask: 'production' },
    production: true,
    channel: 'C0SECPROD1',
    titleOf: (id) => `title of ${id}`,
    personOf: (user) => Promise.resolve(user === 'oidc:ann@corp.example' ? aKnownPerson('ann', { slackId: 'U0ANN00001' }) : undefined),
    questions: { ask: (question) => Promise.resolve(void asked.push(question)) },
    approvals: { open: () => Promise.resolve([]) },
    outbox: { put: (message) => Promise.resolve(void put.push(message)) },
    ...differs,
  });
  return { asker, asked, put };
}

describe('src/app/events/ask.ts', () => {
  test('the workload of the pod is named, where it is known', async () => {
    const { asker, asked } = scene();
    const workload = { kind: 'StatefulSet', namespace: 'shop', name: 'web' };
    await asker.ask({ ...EXEC, owner: { workload, group: 'w' } }, AT, 'event/1');

    expect(asked).toMatchObject([{ deed: { object: EXEC.object, workload } }]);
  });

  test('the person is asked about what they did, where and from where', async () => {
    const { asker, asked } = scene();
    await asker.ask(EXEC, AT, 'event/1');

    expect(asked).toEqual([
      {
        fingerprint: 'f1',
        person: 'U0ANN00001',
        channel: 'C0SECPROD1',
        event: 'event/1',
        deed: {
          cluster: 'prod',
          production: true,
          detection: 'audit/pod-exec',
          title: 'title of audit/pod-exec',
          severity: 'high',
          user: 'oidc:ann@corp.example',
          groups: ['dev'],
          object: EXEC.object,
          at: '2026-11-23T08:00:00.000Z',
          address: '203.0.113.7',
          userAgent: 'kubectl',
          command: 'cat /etc/passwd',
        },
      },
    ]);
  });

  test.each<[string, Partial<Detected>, Partial<AskerNeeds>]>([
    ['a try that was refused', { outcome: 'refused' }, {}],
    ['another kind of event', { detection: 'audit/rbac-changed' }, {}],
    ['what nobody did', { actor: null }, {}],
    ['a user whom nobody knows', { actor: { user: 'oidc:eve', groups: [] } }, {}],
    ['a ServiceAccount', { actor: { user: 'system:serviceaccount:ci:deployer', groups: [] } }, {}],
    ['somebody who acted as the person', { actor: { user: 'oidc:ann@corp.example', impersonator: 'oidc:eve', groups: [] } }, {}],
    ['a cluster that is not production', {}, { production: false }],
    ['a cluster where nobody is to be asked', {}, { settings: { cluster: 'prod', ask: 'never' } }],
  ])('nobody is asked about %s', async (_, alarm, needs) => {
    const { asker, asked, put } = scene(needs);
    await asker.ask({ ...EXEC, ...alarm }, AT, undefined);

    expect([asked, put]).toEqual([[], []]);
  });

  test.each(['audit/cluster-admin-bound', 'audit/node-proxy', 'audit/node-debug-pod'])('%s is asked about, whatever access was given for a time', async (detection) => {
    const { asker, asked, put } = scene({ approvals: { open: () => Promise.resolve([GIVEN]) } });
    await asker.ask({ ...EXEC, detection, severity: 'critical' }, AT, 'event/1');

    expect(asked.map(({ deed }) => deed.detection)).toEqual([detection]);
    expect(put).toEqual([]);
  });

  test('a request from a network that is new is asked about, although it is about no object', async () => {
    const { asker, asked } = scene();
    await asker.ask({ ...EXEC, detection: 'connections/first-api-source-address', object: null, outcome: 'failed' }, AT, undefined);

    expect(asked.map(({ deed: { detection, object, address } }) => ({ detection, object, address }))).toEqual([{ detection: 'connections/first-api-source-address', object: undefined, address: '203.0.113.7' }]);
  });

  test('outside production people are asked where the configuration says always', async () => {
    const { asker, asked } = scene({ production: false, settings: { cluster: 'prod', ask: 'always' } });
    await asker.ask(EXEC, AT, undefined);

    expect(asked).toHaveLength(1);
  });

  test('groups of somebody who is only acted as are not taken for those of whoever acts', async () => {
    const { asker, asked } = scene();
    await asker.ask({ ...EXEC, actor: { user: 'oidc:bob', impersonator: 'oidc:ann@corp.example', groups: ['ops'] } }, AT, undefined);

    expect(asked.map(({ deed: { user, groups } }) => ({ user, groups }))).toEqual([{ user: 'oidc:ann@corp.example', groups: [] }]);
  });

  test('a session with access that was given for a time is listed with its request, and asked about elsewhere', async () => {
    const { asker, asked, put } = scene({ approvals: { open: () => Promise.resolve([GIVEN]) } });
    await asker.ask(EXEC, AT, undefined);
    await asker.ask({ ...EXEC, fingerprint: 'f2', object: { kind: 'Pod', namespace: 'billing', name: 'web-0' } }, AT, undefined);
    await asker.ask({ ...EXEC, fingerprint: 'f3', detection: 'audit/secrets-bulk-read' }, AT, undefined);

    expect(put).toMatchObject([{ id: `request/${GIVEN.id}/session/f1`, thread: `request/${GIVEN.id}` }]);
    expect(asked.map(({ fingerprint }) => fingerprint)).toEqual(['f2', 'f3']);
  });
});
