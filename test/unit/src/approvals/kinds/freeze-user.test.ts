import { afterEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { verify } from '#src/actions/verify.ts';
import { kind, type FreezeUser } from '#src/approvals/kinds/freeze-user.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NOW } from '#test/build/access.ts';
import { startLiveWorld, type LiveWorld } from '#test/build/live-world.ts';
import { aNamespace } from '#test/build/objects.ts';
import { binding, role } from '#test/build/rbac.ts';

const USER = 'oidc:bob@corp.example';
const WISH: FreezeUser = { cluster: 'prod', user: USER, groups: ['dev', 'system:authenticated'], why: 'laptop stolen' };
const signal = new AbortController().signal;
const ADMINS = binding('admins', 'ClusterRole/cluster-admin', ['User/oidc:dana@corp.example']);
const OBJECTS = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  role('look', ['get,list pods']),
  ADMINS,
  binding('look', 'ClusterRole/look', [`User/${USER}`, 'Group/dev'], 'shop'),
  binding('keys', 'ClusterRole/key-reader', [`User/${USER}`, 'User/oidc:dana@corp.example']),
];

describe('src/approvals/kinds/freeze-user.ts', () => {
  let live: LiveWorld | undefined;
  afterEach(() => live?.stop());

  async function proposed(wish: Partial<FreezeUser> = {}, objects: readonly RawObject[] = OBJECTS, people: readonly KnownPerson[] = []) {
    live = await startLiveWorld(objects, people, { breakGlass: ['emergency'], exempt: [USER] });
    return kind.propose({ ...WISH, ...wish }, live.world, signal);
  }

  test('takes exactly the own rights of the user, the most dangerous first, and proves that they are gone', async () => {
    const { plan, card, targets, ownCase } = await proposed();

    expect(card).toMatchObject({ header: 'Freeze a user', ask: `Freeze ${USER} in prod: 2 changes`, facts: expect.arrayContaining([['Why', 'laptop stolen']]) as unknown });
    expect(plan.changes.map(({ address: { name } }) => name)).toEqual(['keys', 'look']);
    expect({ targets, ownCase }).toEqual({ targets: [], ownCase: undefined });
    const cluster = await live?.world.clusters.open('prod', signal);
    if (cluster === undefined) throw new Error('there is no cluster');
    for (const change of plan.changes) expect((await makeChange(change, cluster, { request: 'r23456' }, signal)).state).toBe('done');
    const subjects = live?.kube.objects.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'keys' })?.subjects;
    expect(subjects).toMatchObject([{ name: 'oidc:dana@corp.example' }]);
    expect(plan.proofs.length).toBeGreaterThan(0);
    await expect(verify(plan.proofs, () => Promise.resolve(cluster), NOW, signal)).resolves.toMatchObject({ failures: [], unknown: [] });
  });

  test('says which groups still give access, and who can end that', async () => {
    const { plan } = await proposed();

    expect(plan.stays).toContain(`The group dev still gives ${USER} access in prod (look in shop: may only read): whoever keeps the group in the identity provider has to take the person out there.`);
    expect(plan.stays.join('\n')).not.toContain('The group system:authenticated');
  });

  test('does not say that there is nothing to take while bindings cannot be read', async () => {
    live = await startLiveWorld([aNamespace('shop')], [], {});
    live.kube.faults.add({ verb: 'list', path: '**/rolebindings' }, { kind: 'refuse', code: 403 });

    await expect(kind.propose(WISH, live.world, signal)).rejects.toThrow(new ClusterUnreachable('Could not look at rolebindings in prod: no permission to list rolebindings'));
  });

  test('is the own case of whoever asks for it, and of nobody else', async () => {
    expect(await proposed({ self: 'U0BOB00001' })).toMatchObject({ targets: ['U0BOB00001'], ownCase: true, card: { header: 'Somebody locks their own access' } });
    expect(kind.identity({ ...WISH, self: 'U0BOB00001' })).not.toBe(kind.identity(WISH));
  });

  test('the last administrator keeps what makes them one, and loses the rest', async () => {
    const { plan } = await proposed({ user: 'oidc:dana@corp.example', groups: [] });

    expect(plan.changes.map(({ address: { name } }) => name)).toEqual(['keys']);
    expect(plan.stays.join('\n')).toContain('make somebody one first');
  });

  test('with another administrator the last one can be frozen', async () => {
    const { plan } = await proposed({ user: 'oidc:dana@corp.example', groups: [] }, [...OBJECTS, binding('more', 'ClusterRole/cluster-admin', ['User/oidc:eve@corp.example'])]);

    expect(plan.changes.map(({ address: { name } }) => name)).toEqual(['admins', 'keys']);
  });

  test.each([
    ['emergency', 'the configuration keeps it for emergencies'],
    ['system:kube-scheduler', 'it is a name of Kubernetes itself'],
    ['system:serviceaccount:ci:deployer', 'it is a ServiceAccount'],
    ['oidc:nobody@corp.example', 'Nothing was found in prod'],
  ])('nothing is taken from %s', async (user, why) => {
    await expect(proposed({ user, groups: [] })).rejects.toThrow(why);
  });
});
