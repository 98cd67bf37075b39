import { afterEach, describe, expect, test } from '@jest/globals';
import { kind, type TemporaryAccess } from '#src/approvals/kinds/temporary-access.ts';
import { makeChange } from '#src/actions/make-change.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { verify } from '#src/actions/verify.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { AccessSettings, TemporaryRole } from '#src/model/settings.ts';
import { aKnownPerson, NOW } from '#test/build/access.ts';
import { startLiveWorld, type LiveWorld } from '#test/build/live-world.ts';
import { binding, role } from '#test/build/rbac.ts';

const HOUR_MS = 3600_000;
const EDIT: TemporaryRole = { name: 'edit', clusterRole: 'shop-edit', text: 'change workloads', maxMs: 4 * HOUR_MS, sensitive: true, clusters: undefined, namespaces: ['shop'] };
const ANN = aKnownPerson('ann', { slackId: 'U0ANN' });
const WISH: TemporaryAccess = { person: 'U0ANN', name: 'Ann', cluster: 'prod', namespace: 'shop', role: 'edit', lastsMs: HOUR_MS, reason: 'stuck migration INC-77', binding: 'k8ssec-0123456789' };
const OBJECTS: readonly RawObject[] = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, role('shop-edit', ['list,create apps:deployments'])];
const signal = new AbortController().signal;

describe('src/approvals/kinds/temporary-access', () => {
  let live: LiveWorld | undefined;
  afterEach(async () => {
    await live?.stop();
    live = undefined;
  });

  async function worldOf(objects: readonly RawObject[] = OBJECTS, people: readonly KnownPerson[] = [ANN], settings: Partial<AccessSettings> = {}) {
    live = await startLiveWorld(objects, people, { temporaryRoles: [EDIT], ...settings });
    return live.world;
  }

  test('proposes one RoleBinding for exactly that person, and what proves it', async () => {
    const proposal = await kind.propose(WISH, await worldOf(), signal);

    expect(proposal).toMatchObject({
      card: { ask: 'Ann asks for edit in prod/shop for 1 hour: stuck migration INC-77', approve: 'Approve 1h', shorter: [{ label: '30 minutes', lastsMs: HOUR_MS / 2 }], undo: 'End now' },
      clusters: ['prod'],
      namespaces: ['shop'],
      targets: ['U0ANN'],
      lastsMs: HOUR_MS,
      sensitive: true,
      plan: {
        changes: [{ type: 'create', address: { kind: 'RoleBinding', namespace: 'shop', name: 'k8ssec-0123456789' }, body: { roleRef: { kind: 'ClusterRole', name: 'shop-edit' }, subjects: [{ kind: 'User', name: 'ann@corp.example' }] } }],
        proofs: [{ expect: 'allowed', question: { user: 'ann@corp.example', verb: 'list', group: 'apps', resource: 'deployments', namespace: 'shop' } }],
      },
    });
  });

  test('gives what it proposes', async () => {
    const world = await worldOf();
    const { plan } = await kind.propose(WISH, world, signal);
    const cluster = await world.clusters.open('prod', signal);
    const [change] = plan.changes;
    const result = change && (await makeChange(change, cluster, { request: 'r23456' }, signal));
    cluster.close();

    expect(result).toMatchObject({ state: 'done' });
    await expect(verify(plan.proofs, (name) => world.clusters.open(name, signal), NOW, signal)).resolves.toMatchObject({ failures: [], unknown: [] });
  });

  test('is another plan when the role grants something else by then', async () => {
    const before = await kind.propose(WISH, await worldOf(), signal);
    await live?.stop();
    const after = await kind.propose(WISH, await worldOf([...OBJECTS.slice(0, 1), role('shop-edit', ['list,create apps:deployments', '* secrets'])]), signal);

    expect(planHash(after.plan)).not.toBe(planHash(before.plan));
  });

  test('can be asked for again before an earlier grant ends, but not by who has it for good', async () => {
    const given = (name: string): RawObject => ({ ...binding(name, 'ClusterRole/shop-edit', ['User/ann@corp.example'], 'shop') });

    await expect(kind.propose(WISH, await worldOf([...OBJECTS, given('k8ssec-9876543210')]), signal)).resolves.toMatchObject({ lastsMs: HOUR_MS });
    await live?.stop();
    await expect(kind.propose(WISH, await worldOf([...OBJECTS, given('staff')]), signal)).rejects.toThrow('You have edit in prod/shop already.');
  });

  test.each<[string, Partial<TemporaryAccess>, string]>([
    ['a role that is not on the list', { role: 'cluster-admin' }, 'The role cluster-admin cannot be asked for. Those that can: edit.'],
    ['a namespace where it is not', { namespace: 'bank' }, 'The role edit cannot be asked for in prod/bank.'],
    ['longer than the role may last', { lastsMs: 5 * HOUR_MS }, 'The role edit is given for 4 hours at most.'],
    ['a person whom nobody knows', { person: 'U0EVE' }, 'Nobody knows which Kubernetes user your Slack account is.'],
  ])('refuses %s', async (_, wish, reason) => {
    await expect(kind.propose({ ...WISH, ...wish }, await worldOf(), signal)).rejects.toThrow(reason);
  });

  test('refuses a namespace and a role that the cluster does not have', async () => {
    await expect(kind.propose(WISH, await worldOf(OBJECTS.slice(1)), signal)).rejects.toThrow('There is no namespace shop in prod.');
    await live?.stop();
    await expect(kind.propose(WISH, await worldOf(OBJECTS.slice(0, 1)), signal)).rejects.toThrow('There is no ClusterRole shop-edit in prod');
  });

  test.each<[string, KnownPerson]>([
    ['has left', aKnownPerson('ann', { slackId: 'U0ANN', state: 'departed' })],
    ['is suspended', aKnownPerson('ann', { slackId: 'U0ANN', state: 'suspended' })],
    ['is doubtful', aKnownPerson('ann', { slackId: 'U0ANN', state: 'conflict' })],
  ])('gives nothing to somebody who %s', async (_, person) => {
    await expect(kind.propose(WISH, await worldOf(OBJECTS, [person]), signal)).rejects.toThrow('does not count as active');
  });
});
