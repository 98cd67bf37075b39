import { afterEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { verify } from '#src/actions/verify.ts';
import { kind, type RevokeKey } from '#src/approvals/kinds/revoke-key.ts';
import type { Plan } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NOW } from '#test/build/access.ts';
import { startLiveWorld, type LiveWorld } from '#test/build/live-world.ts';
import { aNamespace } from '#test/build/objects.ts';
import { binding, role } from '#test/build/rbac.ts';

const USER = 'system:serviceaccount:ci:deployer';
const WISH: RevokeKey = { cluster: 'prod', user: USER, how: 'freeze', recreate: false, day: '2026-11-23', why: 'token in a public log' };
const signal = new AbortController().signal;

const ACCOUNT: RawObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace: 'ci', labels: { team: 'shop' } }, imagePullSecrets: [{ name: 'registry' }] };
const TOKEN: RawObject = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name: 'deployer-token', namespace: 'ci', annotations: { 'kubernetes.io/service-account.name': 'deployer' } } };
const RUNNER: RawObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'runner', namespace: 'ci' }, spec: { serviceAccountName: 'deployer', containers: [{ name: 'main', image: 'registry.example/runner:1' }] } };
const OBJECTS = [
  aNamespace('ci'),
  aNamespace('shop'),
  ACCOUNT,
  TOKEN,
  RUNNER,
  role('deploy', ['* apps:deployments']),
  role('look', ['get,list pods']),
  binding('deployer', 'ClusterRole/deploy', ['ServiceAccount/ci/deployer', 'ServiceAccount/ci/other']),
  binding('looker', 'ClusterRole/look', ['ServiceAccount/ci/deployer'], 'shop'),
];

describe('src/approvals/kinds/revoke-key', () => {
  let live: LiveWorld | undefined;
  afterEach(() => live?.stop());

  async function proposed(wish: Partial<RevokeKey> = {}, objects: readonly RawObject[] = OBJECTS) {
    live = await startLiveWorld(objects, [], { breakGlass: ['emergency'] });
    return kind.propose({ ...WISH, ...wish }, live.world, signal);
  }

  async function carriedOut(plan: Plan) {
    if (live === undefined) throw new Error('there is no cluster');
    const cluster = await live.world.clusters.open('prod', signal);
    const results = [];
    for (const change of plan.changes) results.push(await makeChange(change, cluster, { request: 'r23456' }, signal));
    return { cluster, results };
  }

  test('takes every right and has the long-lived token refused; that can be taken back', async () => {
    const { plan, card } = await proposed();

    expect(card).toMatchObject({ header: 'Compromised key', ask: `Freeze the key of ${USER} in prod: 3 changes`, facts: expect.arrayContaining([['Why', 'token in a public log'], ['Can be undone', 'yes, for 30 days']]) as unknown });
    expect(plan.changes.map(({ type, address }) => [type, address.kind, address.name])).toEqual([
      ['remove-item', 'ClusterRoleBinding', 'deployer'],
      ['remove-item', 'RoleBinding', 'looker'],
      ['set-text', 'Secret', 'deployer-token'],
    ]);
    const { cluster, results } = await carriedOut(plan);
    expect(results.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    await expect(verify(plan.proofs, (name) => live?.world.clusters.open(name, signal) ?? Promise.reject(new Error('gone')), NOW, signal)).resolves.toMatchObject({ failures: [], unknown: [] });
    for (const [index, change] of plan.changes.entries()) {
      const made = results[index];
      expect(made && (await takeBack(change, made, cluster, 'r23456', signal))).toMatchObject({ state: 'taken-back' });
    }
    cluster.close();
  });

  test('says which pods will be refused, and what only the owner of a key can end', async () => {
    const { plan } = await proposed();

    expect(plan.stays).toEqual([
      expect.stringContaining('A pod runs as the account and will be refused by the API server: ci/runner.'),
      expect.stringContaining('The password in the Secret registry is the registry'),
      expect.stringContaining('scw iam api-key delete ID'),
    ]);
  });

  test('ends tokens of running pods by making the account anew, when that is wanted', async () => {
    const { plan, card } = await proposed({ how: 'kill', recreate: true });

    expect(plan.changes.slice(2).map(({ type, address, irreversible }) => [type, address.kind, irreversible !== undefined])).toEqual([
      ['delete', 'Secret', true],
      ['delete', 'ServiceAccount', true],
      ['create', 'ServiceAccount', true],
    ]);
    expect(card.facts).toContainEqual(['Can be undone', 'not all of it']);
    expect(plan.stays).toContainEqual('The pod that runs as the account has to be restarted, because its token ends: ci/runner.');
    const { cluster, results } = await carriedOut(plan);
    expect(results).toMatchObject(Array.from({ length: 5 }, () => ({ state: 'done' })));
    const anew = await cluster.get({ cluster: 'prod', apiVersion: 'v1', kind: 'ServiceAccount', resource: 'serviceaccounts', namespace: 'ci', name: 'deployer' }, signal);
    expect(anew).toMatchObject({ metadata: { labels: { team: 'shop' } }, imagePullSecrets: [{ name: 'registry' }] });
    cluster.close();
  });

  test('takes the rights of a user by name', async () => {
    const { plan } = await proposed({ user: 'oidc:bob' }, [role('look', ['get pods']), binding('see', 'ClusterRole/look', ['User/oidc:bob', 'User/ann'])]);

    expect(plan.changes).toMatchObject([{ type: 'remove-item', item: { name: 'oidc:bob' } }]);
  });

  test.each<[string, Partial<RevokeKey>, string]>([
    ['accounts of Kubernetes itself', { user: 'system:serviceaccount:kube-system:node-controller' }, 'it is an account of Kubernetes itself'],
    ['names of Kubernetes itself', { user: 'system:kube-scheduler' }, 'it is a name of Kubernetes itself'],
    ['what is kept for emergencies', { user: 'emergency' }, 'the configuration keeps it for emergencies'],
    ['an account that does not exist', { user: 'system:serviceaccount:ci:ghost' }, 'There is no ServiceAccount ci/ghost in prod.'],
    ['somebody without any access', { user: 'oidc:eve' }, 'Nothing was found in prod that could be taken from oidc:eve.'],
  ])('refuses %s', async (_, wish, reason) => {
    await expect(proposed(wish)).rejects.toThrow(reason);
  });
});
