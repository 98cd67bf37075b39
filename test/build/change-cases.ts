import { setTimeout as wait } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { endingsOf, endTexts, type Ending } from '#src/actions/end-notes.ts';
import { makeChange } from '#src/actions/make-change.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { verify } from '#src/actions/verify.ts';
import type { Change, ChangeResult, Proof, SetTexts } from '#src/model/plan.ts';
import { objectAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { bindingTo, blocking, creating, deleting, DONE, labelsOf, listing, peopleOf, POLICY_FORMS, RBAC, removing, REQUEST, setting, TAKEN_BACK, user, type ChangeScene, type PolicyForm } from './changes.ts';
import { INSTALLATION } from './installation.ts';
import { ISOLATION_CASES } from './isolation-cases.ts';

/** What holds against the stand-in and against a real API server. */
export interface ChangeCase {
  readonly name: string;
  readonly run: (scene: ChangeScene) => Promise<void>;
}

const signal = new AbortController().signal;
const INVALID_SINCE = ['metadata', 'labels', 'kubernetes.io/legacy-token-invalid-since'] as const;

function make(scene: ChangeScene, change: Change, request = REQUEST): Promise<ChangeResult> {
  return makeChange(change, scene.cluster, { request }, signal);
}

function undo(scene: ChangeScene, change: Change, result: ChangeResult = DONE, request = REQUEST): Promise<ChangeResult> {
  return takeBack(change, result, scene.cluster, request, signal);
}

async function binding(scene: ChangeScene, ...people: readonly string[]): Promise<{ readonly address: ReturnType<ChangeScene['at']>; readonly before: RawObject }> {
  return { address: scene.at('RoleBinding', 'ops'), before: await scene.put('RoleBinding', 'ops', bindingTo('view', ...people)) };
}

const CREATING: readonly ChangeCase[] = [
  {
    name: 'makes an object that can be told by its request, and once only',
    async run(scene) {
      const address = scene.at('RoleBinding', 'temporary');
      const change = creating(address, bindingTo('edit', 'bob'), { labels: { team: 'shop' } });

      const results = await Promise.all([make(scene, change), make(scene, change)]);
      const made = await scene.see(address);

      const expected = { state: 'done', uid: textAt(made, 'metadata', 'uid') };
      expect(results).toEqual([expected, expected]);
      expect(await make(scene, change)).toEqual(expected);
      expect(labelsOf(made)).toEqual({ team: 'shop', 'app.kubernetes.io/managed-by': 'k8ssec', 'k8ssec.io/request': REQUEST });
    },
  },
  {
    name: 'leaves an object alone that was made by somebody else',
    async run(scene) {
      const address = scene.at('RoleBinding', 'temporary');
      await scene.put('RoleBinding', 'temporary', bindingTo('edit', 'eve'));
      const change = creating(address, bindingTo('edit', 'bob'));

      const result = await make(scene, change);

      expect(result).toEqual({ state: 'failed', problem: `there is a RoleBinding ${scene.namespace}/temporary already, which was not made for this request` });
      expect(await undo(scene, change, result)).toEqual(TAKEN_BACK);
      expect(peopleOf(await scene.see(address))).toEqual(['eve']);
    },
  },
  {
    name: 'does not take for its own what was changed since, and deletes it all the same',
    async run(scene) {
      const address = scene.at('RoleBinding', 'temporary');
      const change = creating(address, bindingTo('edit', 'bob'));
      const made = await make(scene, change);
      await scene.merge(address, { subjects: [user('eve')] });

      expect(await make(scene, change)).toMatchObject({ state: 'failed', problem: expect.stringContaining('somebody has changed it since') });
      expect(await undo(scene, change, made)).toEqual(TAKEN_BACK);
      expect(await scene.see(address)).toBeUndefined();
    },
  },
  {
    name: 'deletes what it made, whether or not that was recorded, and twice as well as once',
    async run(scene) {
      const address = scene.at('RoleBinding', 'temporary');
      const change = creating(address, bindingTo('edit', 'bob'));
      await make(scene, change);

      expect(await undo(scene, change, { state: 'open' })).toEqual(TAKEN_BACK);
      expect(await scene.see(address)).toBeUndefined();
      expect(await undo(scene, change, { state: 'done', uid: 'gone' })).toEqual(TAKEN_BACK);
    },
  },
  {
    name: 'says that an object stays whose label was taken off, or that was made anew with it',
    async run(scene) {
      const address = scene.at('RoleBinding', 'temporary');
      const change = creating(address, bindingTo('edit', 'bob'));
      const made = await make(scene, change);

      expect(await undo(scene, change, { ...made, uid: 'another' })).toEqual({ state: 'not-taken-back', uid: 'another', problem: `somebody has made RoleBinding ${scene.namespace}/temporary anew since` });
      await scene.merge(address, { metadata: { labels: { 'k8ssec.io/request': null } } });
      expect(await undo(scene, change, made)).toMatchObject({ state: 'not-taken-back', problem: expect.stringContaining('taken the label off') });
      expect(await scene.see(address)).toBeDefined();
    },
  },
];

const REMOVING: readonly ChangeCase[] = [
  {
    name: 'takes one subject out of a binding that has changed meanwhile, and gives it back',
    async run(scene) {
      const { address, before } = await binding(scene, 'ann', 'bob');
      const change = removing(address, before, { kind: 'User', name: 'bob' });
      await scene.merge(address, { metadata: { labels: { a: 'b' } }, subjects: [user('zoe'), user('bob'), user('ann')] });

      expect(await make(scene, change)).toEqual(DONE);
      expect(peopleOf(await scene.see(address))).toEqual(['zoe', 'ann']);
      expect(await make(scene, change)).toEqual(DONE);
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect(peopleOf(await scene.see(address))).toEqual(['zoe', 'ann', 'bob']);
    },
  },
  {
    name: 'keeps a binding without subjects, with its role, and gives the last one back',
    async run(scene) {
      const { address, before } = await binding(scene, 'bob');
      const change = removing(address, before, user('bob'));

      expect(await make(scene, change)).toEqual(DONE);
      const emptied = await scene.see(address);
      expect([peopleOf(emptied), emptied?.roleRef]).toEqual([[], before.roleRef]);
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect((await scene.see(address))?.subjects).toEqual([user('bob')]);
    },
  },
  {
    name: 'takes out every copy of a subject, and nobody of the same name in another namespace',
    async run(scene) {
      const address = scene.at('RoleBinding', 'ops');
      const account = (namespace: string) => ({ kind: 'ServiceAccount', name: 'bob', namespace });
      const before = await scene.put('RoleBinding', 'ops', { ...bindingTo('view'), subjects: [account('a'), user('bob'), account('b'), account('a')] });

      expect(await make(scene, removing(address, before, account('a')))).toEqual(DONE);
      expect((await scene.see(address))?.subjects).toEqual([user('bob'), account('b')]);
    },
  },
  {
    name: 'has exactly one effect when two do it at once',
    async run(scene) {
      const { address, before } = await binding(scene, 'ann', 'bob', 'cid');
      const changes = ['ann', 'cid', 'ann', 'cid'].map((name) => removing(address, before, user(name)));

      expect(await Promise.all(changes.map((change) => make(scene, change)))).toEqual([DONE, DONE, DONE, DONE]);
      expect(peopleOf(await scene.see(address))).toEqual(['bob']);
    },
  },
  {
    name: 'leaves a binding alone that was made anew since, though not when the subject is out of it anyway',
    async run(scene) {
      const { address, before } = await binding(scene, 'bob');
      const change = removing(address, before, user('bob'));
      await scene.remove(address);
      expect(await make(scene, change)).toEqual(DONE);
      await scene.put('RoleBinding', 'ops', bindingTo('edit', 'bob'));

      expect(await make(scene, change)).toEqual({ state: 'failed', problem: `RoleBinding ${scene.namespace}/ops was deleted and made anew since this was planned` });
      expect(peopleOf(await scene.see(address))).toEqual(['bob']);
    },
  },
  {
    name: 'makes a binding anew that has gone, with the one subject alone',
    async run(scene) {
      const address = scene.at('RoleBinding', 'ops');
      const before = await scene.put('RoleBinding', 'ops', bindingTo('view', 'ann', 'bob'), { annotations: { note: 'kept', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } });
      const change = removing(address, before, user('bob'));
      await make(scene, change);
      await scene.remove(address);

      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      const again = await scene.see(address);
      expect([peopleOf(again), again?.roleRef]).toEqual([['bob'], before.roleRef]);
      expect((again?.metadata as RawObject).annotations).toEqual({ note: 'kept' });
    },
  },
  {
    name: 'gives nothing back to a binding that gives another role by now',
    async run(scene) {
      const { address, before } = await binding(scene, 'bob');
      const change = removing(address, before, user('bob'));
      await make(scene, change);
      await scene.remove(address);
      await scene.put('RoleBinding', 'ops', bindingTo('edit', 'ann'));

      expect(await undo(scene, change)).toEqual({ state: 'not-taken-back', problem: `RoleBinding ${scene.namespace}/ops gives another role by now` });
      expect(peopleOf(await scene.see(address))).toEqual(['ann']);
    },
  },
  {
    name: 'gives nothing back when nobody knows who took it away',
    async run(scene) {
      const { address, before } = await binding(scene, 'ann', 'bob');
      const change = removing(address, before, user('bob'));
      const failed: ChangeResult = { state: 'failed', problem: 'nobody knows' };

      expect(await undo(scene, change, failed)).toEqual(TAKEN_BACK);
      await scene.merge(address, { subjects: [user('ann')] });
      expect(await undo(scene, change, failed)).toMatchObject({ state: 'failed', problem: expect.stringContaining('nobody knows whether k8ssec or somebody else') });
      expect(await undo(scene, change, { state: 'open' })).toEqual({ state: 'open' });
      expect(peopleOf(await scene.see(address))).toEqual(['ann']);
    },
  },
];

const DELETING: readonly ChangeCase[] = [
  {
    name: 'deletes a binding of the whole cluster and brings it back as it was',
    async run(scene) {
      const address = scene.at('ClusterRoleBinding', scene.namespace);
      const before = await scene.put('ClusterRoleBinding', scene.namespace, bindingTo('view', 'ann', 'bob'), { labels: { team: 'shop' } });
      const change = deleting(address, before);
      await scene.merge(address, { metadata: { labels: { another: 'label' } }, subjects: [user('bob'), user('ann')] });

      expect(await make(scene, change)).toEqual(DONE);
      expect(await scene.see(address)).toBeUndefined();
      expect(await make(scene, change)).toEqual(DONE);
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      const again = await scene.see(address);
      await scene.remove(address);
      expect(again).toMatchObject({ roleRef: before.roleRef, subjects: before.subjects, metadata: { labels: { team: 'shop' } } });
    },
  },
  {
    name: 'deletes nothing that gives more than when it was planned, or that was made anew',
    async run(scene) {
      const { address, before } = await binding(scene, 'bob');
      const change = deleting(address, before);
      await scene.merge(address, { subjects: [user('bob'), user('ann')] });

      expect(await make(scene, change)).toMatchObject({ state: 'failed', problem: expect.stringContaining('is not what it was when this was planned') });
      await scene.remove(address);
      await scene.put('RoleBinding', 'ops', bindingTo('view', 'bob'));
      expect(await make(scene, change)).toMatchObject({ state: 'failed', problem: expect.stringContaining('was deleted and made anew') });
      expect(await undo(scene, change)).toMatchObject({ state: 'not-taken-back', problem: expect.stringContaining('there is a new RoleBinding') });
    },
  },
  {
    name: 'says what holds an object that is being deleted',
    async run(scene) {
      const address = scene.at('RoleBinding', 'ops');
      const before = await scene.put('RoleBinding', 'ops', bindingTo('view', 'bob'), { finalizers: ['example.com/audit'] });
      const held = `RoleBinding ${scene.namespace}/ops is being deleted and held by example.com/audit`;

      expect(await make(scene, deleting(address, before))).toEqual({ state: 'failed', problem: held });
      expect(await make(scene, deleting(address, before))).toEqual({ state: 'failed', problem: held });
      await scene.merge(address, { metadata: { finalizers: null } });
      expect(await make(scene, deleting(address, before))).toEqual(DONE);
    },
  },
  {
    name: 'brings back an object without owners that have gone',
    async run(scene) {
      const owner = await scene.put('ConfigMap', 'owner', {});
      const gone = await scene.put('ConfigMap', 'gone', {});
      const refer = (object: RawObject, name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: textAt(object, 'metadata', 'uid') });
      const owners = [refer(owner, 'owner'), refer(gone, 'gone'), { apiVersion: 'example.com/v1', kind: 'Team', name: 'x', uid: 'x' }];
      const address = scene.at('ServiceAccount', 'cart');
      const before = await scene.put('ServiceAccount', 'cart', {}, { ownerReferences: owners });
      const change = deleting(address, before);
      await make(scene, change);
      await scene.remove(scene.at('ConfigMap', 'gone'));

      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect(((await scene.see(address))?.metadata as RawObject).ownerReferences).toEqual([owners[0]]);
    },
  },
];

const SETTING: readonly ChangeCase[] = [
  {
    name: 'sets one entry of a ConfigMap and sets it back',
    async run(scene) {
      const address = scene.at('ConfigMap', 'aws-auth');
      const before = await scene.put('ConfigMap', 'aws-auth', { data: { mapUsers: 'bob', mapRoles: 'x' } });
      const change = setting(address, before, ['data', 'mapUsers'], 'bob', 'nobody');

      expect([await make(scene, change), await make(scene, change)]).toEqual([DONE, DONE]);
      expect((await scene.see(address))?.data).toEqual({ mapUsers: 'nobody', mapRoles: 'x' });
      expect([await undo(scene, change), await undo(scene, change)]).toEqual([TAKEN_BACK, TAKEN_BACK]);
      expect((await scene.see(address))?.data).toEqual({ mapUsers: 'bob', mapRoles: 'x' });
    },
  },
  {
    name: 'sets nothing over what somebody else has written since, in either direction',
    async run(scene) {
      const address = scene.at('ConfigMap', 'aws-auth');
      const before = await scene.put('ConfigMap', 'aws-auth', { data: { mapUsers: 'bob' } });
      const change = setting(address, before, ['data', 'mapUsers'], 'bob', 'nobody');
      await scene.merge(address, { data: { mapUsers: 'bob, ann' } });

      expect(await make(scene, change)).toEqual({ state: 'failed', problem: `data.mapUsers of ConfigMap ${scene.namespace}/aws-auth is not what it was when this was planned` });
      expect(await undo(scene, change)).toEqual({ state: 'not-taken-back', problem: `data.mapUsers of ConfigMap ${scene.namespace}/aws-auth was changed by somebody else since` });
      expect((await scene.see(address))?.data).toEqual({ mapUsers: 'bob, ann' });
    },
  },
  {
    name: 'labels a Secret that has no labels without reading it, and takes the label off again',
    async run(scene) {
      const address = scene.at('Secret', 'token');
      await scene.put('Secret', 'token', { stringData: { token: 'CANARY' } });
      const before = (await scene.cluster.get(address, signal)) ?? {};
      const change = setting(address, before, INVALID_SINCE, undefined, '2026-11-25');

      expect(Object.keys(before).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(await make(scene, change)).toEqual(DONE);
      expect(labelsOf(await scene.see(address))).toEqual({ 'kubernetes.io/legacy-token-invalid-since': '2026-11-25' });
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect(labelsOf(await scene.see(address))).toBeUndefined();
    },
  },
  {
    name: 'takes an annotation away and puts it back, whether or not any others are left',
    async run(scene) {
      const address = scene.at('Namespace', scene.namespace);
      const before = await scene.merge(address, { metadata: { annotations: { 'example.com/odd': 'x' } } });
      const change = setting(address, before, ['metadata', 'annotations', 'example.com/odd'], 'x', undefined);

      expect(await make(scene, change)).toEqual(DONE);
      expect((await scene.see(address))?.metadata).not.toHaveProperty('annotations');
      expect(await undo(scene, change)).toEqual(TAKEN_BACK);
      expect(((await scene.see(address))?.metadata as RawObject).annotations).toEqual({ 'example.com/odd': 'x' });
    },
  },
];

const RANGES = ['spec', 'loadBalancerSourceRanges'] as const;

/** A Service of type LoadBalancer with these source ranges, which may be none. */
async function balancer(scene: ChangeScene, ranges?: readonly string[]): Promise<{ readonly address: ReturnType<ChangeScene['at']>; readonly before: RawObject; readonly ranges: () => Promise<readonly string[]> }> {
  const address = scene.at('Service', 'web');
  const spec = { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 443 }], ...(ranges && { loadBalancerSourceRanges: ranges }) };
  const before = await scene.put('Service', 'web', { spec });
  return { address, before, ranges: async () => textsAt(await scene.see(address), ...RANGES) };
}

function rangesNow(ranges: readonly string[] | null): object {
  return { spec: { loadBalancerSourceRanges: ranges } };
}

const [OFFICE, HOST, OTHER] = ['198.51.100.0/24', '203.0.113.9/32', '192.0.2.0/24'];

/** Standing ranges, what they are changed to, what somebody makes of them then, and what the way back makes of that. */
const WAYS_BACK: readonly (readonly [name: string, standing: readonly string[] | undefined, value: readonly string[], since: readonly string[] | null, back: readonly string[] | 'unclear'])[] = [
  ['takes out what it put in, and leaves what others have added', [OFFICE], [OFFICE, HOST], [OTHER, OFFICE, HOST], [OTHER, OFFICE]],
  ['puts back what it took out, beside what others have added', [OFFICE, HOST], [OFFICE], [OFFICE, OTHER], [OFFICE, OTHER, HOST]],
  ['puts a range back in place of the pieces that it was cut into', [OFFICE], ['198.51.100.0/25'], ['198.51.100.0/25', OTHER], [OTHER, OFFICE]],
  ['has nothing to do where somebody has taken it back', [OFFICE], [OFFICE, HOST], [OTHER], [OTHER]],
  ['has nothing to do where somebody has opened a Service that was open', undefined, [OFFICE], null, []],
  ['does not guess what is to stay of a list that it made itself', undefined, [OFFICE], [OFFICE, HOST], 'unclear'],
  ['does not widen a list that somebody has written anew', [OFFICE, HOST], [OFFICE], [OTHER], 'unclear'],
  ['never leaves an empty list, which would let in everybody', [OFFICE], [OFFICE, HOST], [HOST], 'unclear'],
];

const LISTING: readonly ChangeCase[] = [
  ...([[undefined, []], [[OFFICE], [OFFICE]]] as const).map(([standing, back]): ChangeCase => ({
    name: `sets the source ranges of a Service that has ${standing === undefined ? 'none' : 'some'} once, and puts back exactly what stood there`,
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, standing);
      const change = listing(address, before, RANGES, [HOST, OTHER]);

      expect([await make(scene, change), await make(scene, change), await ranges()]).toEqual([DONE, DONE, [HOST, OTHER]]);
      expect([await undo(scene, change), await undo(scene, change), await ranges()]).toEqual([TAKEN_BACK, TAKEN_BACK, back]);
    },
  })),
  {
    name: 'sets no source ranges over what somebody else has written since',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, [OFFICE]);
      await scene.merge(address, rangesNow([OFFICE, OTHER]));

      expect(await make(scene, listing(address, before, RANGES, [HOST]))).toEqual({ state: 'failed', problem: `spec.loadBalancerSourceRanges of Service ${scene.namespace}/web is not what it was when this was planned` });
      expect(await ranges()).toEqual([OFFICE, OTHER]);
    },
  },
  {
    name: 'leaves a Service alone that was made anew since, in either direction',
    async run(scene) {
      const { address, before } = await balancer(scene, [OFFICE]);
      const change = listing(address, before, RANGES, [HOST]);
      await scene.remove(address);
      const { ranges } = await balancer(scene, [OFFICE]);
      const problem = expect.stringContaining('was deleted and made anew since') as unknown;

      expect(await make(scene, change)).toMatchObject({ state: 'failed', problem });
      expect(await undo(scene, change)).toMatchObject({ state: 'not-taken-back', problem });
      expect(await ranges()).toEqual([OFFICE]);
    },
  },
  {
    name: 'takes nothing back where nobody knows whose change it is',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene);
      const change = listing(address, before, RANGES, [HOST]);
      await scene.merge(address, rangesNow([HOST]));

      expect(await undo(scene, change, { state: 'failed', uncertain: true })).toMatchObject({ state: 'failed', problem: expect.stringContaining('nobody knows whether k8ssec or somebody else') as unknown });
      expect(await ranges()).toEqual([HOST]);
    },
  },
  ...WAYS_BACK.map(([name, standing, value, since, back]): ChangeCase => ({
    name: `${name}, when source ranges are taken back`,
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, standing);
      const change = listing(address, before, RANGES, value);
      await make(scene, change);
      await scene.merge(address, rangesNow(since));

      const result = await undo(scene, change);

      expect(await ranges()).toEqual(back === 'unclear' ? since : back);
      if (back !== 'unclear') {
        expect(result).toEqual(TAKEN_BACK);
        return;
      }
      expect(result).toEqual({
        state: 'not-taken-back',
        problem: `spec.loadBalancerSourceRanges of Service ${scene.namespace}/web was changed since, and people have to say what stays. It holds now: ${(since ?? []).join(', ')}`,
        command: expect.stringMatching(/^kubectl -n changes-/) as unknown,
      });
    },
  })),
];

const NOTE = ['metadata', 'annotations', 'k8ssec.io/source-ranges'] as const;
const UNTIL = '2026-11-26T10:00:00.000Z';

/** Puts a range there for a time, for a request. */
async function lent(scene: ChangeScene, before: RawObject, value: readonly string[], request = REQUEST): Promise<{ readonly change: SetTexts; readonly result: ChangeResult }> {
  const change = { ...listing(scene.at('Service', 'web'), before, RANGES, value), installation: INSTALLATION };
  return { change, result: await makeChange(change, scene.cluster, { request, until: UNTIL }, signal) };
}

function over(scene: ChangeScene, isOver: (one: Ending) => boolean = () => true): Promise<ChangeResult> {
  return endTexts({ address: scene.at('Service', 'web'), path: RANGES, isOver }, scene.cluster, signal);
}

const ENDING: readonly ChangeCase[] = [
  {
    name: 'notes on a Service which ranges are there for a time, and ends them by that note',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, [OFFICE]);

      expect((await lent(scene, before, [OFFICE, HOST])).result).toEqual(DONE);
      expect(endingsOf((await scene.see(address)) ?? {})).toEqual([{ installation: INSTALLATION, request: REQUEST, until: UNTIL, put: [HOST] }]);
      await scene.merge(address, { metadata: { annotations: { 'example.com/odd': 'x' } }, ...rangesNow([OTHER, OFFICE, HOST]) });

      expect([await over(scene, () => false), await ranges()]).toEqual([TAKEN_BACK, [OTHER, OFFICE, HOST]]);
      expect([await over(scene), await over(scene), await ranges()]).toEqual([TAKEN_BACK, TAKEN_BACK, [OTHER, OFFICE]]);
      expect(objectAt(await scene.see(address), 'metadata', 'annotations')).toEqual({ 'example.com/odd': 'x' });
    },
  },
  {
    name: 'takes the note off with what is taken back, also where somebody has taken the ranges out',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, [OFFICE]);
      const { change } = await lent(scene, before, [OFFICE, HOST]);
      await scene.merge(address, rangesNow([OFFICE]));

      expect([await undo(scene, change), await ranges()]).toEqual([TAKEN_BACK, [OFFICE]]);
      expect(textAt(await scene.see(address), ...NOTE)).toBeUndefined();
    },
  },
  {
    name: 'keeps what another request needs still, and its note',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, [OFFICE]);
      await lent(scene, before, [OFFICE, HOST]);
      const later = await scene.merge(address, rangesNow([OFFICE]));
      await lent(scene, later, [OFFICE, HOST, OTHER], 'rlater1');

      expect([await over(scene, ({ request }) => request === REQUEST), await ranges()]).toEqual([TAKEN_BACK, [OFFICE, HOST, OTHER]]);
      expect(endingsOf((await scene.see(address)) ?? {})).toMatchObject([{ request: 'rlater1', put: [HOST, OTHER] }]);
      expect([await over(scene), await ranges()]).toEqual([TAKEN_BACK, [OFFICE]]);
    },
  },
  {
    name: 'ends nothing where no range would be left, and notes nothing that lasts or is no addition',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, [OFFICE]);
      await lent(scene, before, [OFFICE, HOST]);
      await scene.merge(address, rangesNow([HOST]));

      expect(await over(scene)).toEqual({ state: 'not-taken-back', problem: `nothing would be left in spec.loadBalancerSourceRanges of Service ${scene.namespace}/web without ${HOST}, and people have to say what stays` });
      expect([await ranges(), textAt(await scene.see(address), ...NOTE)]).toEqual([[HOST], expect.any(String)]);
      await scene.remove(address);
      const { before: anew } = await balancer(scene, [OFFICE]);
      await lent(scene, anew, [HOST]);
      await make(scene, { ...listing(address, (await scene.see(address)) ?? {}, RANGES, [HOST, OTHER]), installation: INSTALLATION });
      expect([await ranges(), textAt(await scene.see(address), ...NOTE)]).toEqual([[HOST, OTHER], undefined]);
    },
  },
  {
    name: 'writes nothing over a note that somebody has made something else of, and still takes back what is known',
    async run(scene) {
      const { address, before, ranges } = await balancer(scene, [OFFICE]);
      const { change } = await lent(scene, before, [OFFICE, HOST]);
      const odd = await scene.merge(address, { metadata: { annotations: { [NOTE[2]]: '[{"put":["0.0.0.0/0"]}]' } } });
      const problem = `the annotation k8ssec.io/source-ranges of Service ${scene.namespace}/web cannot be read, so that nobody knows what of its source ranges ends: take out what is not to stay, and take the annotation off`;

      expect((await lent(scene, odd, [OFFICE, HOST, OTHER], 'rlater1')).result).toEqual({ state: 'failed', problem });
      expect(await over(scene)).toEqual({ state: 'not-taken-back', problem });
      expect([await undo(scene, change), await ranges()]).toEqual([TAKEN_BACK, [OFFICE]]);
    },
  },
];

const PROVING: readonly ChangeCase[] = [
  {
    name: 'proves that a right has gone, and names the binding that still gives it',
    async run(scene) {
      const role = await scene.role([{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }]);
      const address = scene.at('RoleBinding', 'ops');
      const before = await scene.put('RoleBinding', 'ops', bindingTo(role, 'bob'));
      const question = { cluster: 'prod', user: 'bob', groups: [], verb: 'list', group: '', resource: 'secrets', namespace: scene.namespace };
      const cluster = await scene.as('with', [
        { apiGroups: [RBAC], resources: ['rolebindings'], verbs: ['get', 'patch'] },
        { apiGroups: [RBAC], resources: ['clusterroles'], verbs: ['bind'], resourceNames: [role] },
        { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
      ]);
      const open = () => Promise.resolve({ ...cluster, close: () => undefined });
      const prove = (expect: Proof['expect']) => verify([{ question, expect }], open, new Date(0), signal, (ms) => wait(ms / 5));

      expect((await prove('allowed')).failures).toEqual([]);
      expect((await prove('denied')).failures).toEqual([`may still list secrets in ${scene.namespace}, by RoleBinding "ops/${scene.namespace}": whoever may change that binding can end it`]);
      await make({ ...scene, cluster }, removing(address, before, user('bob')));
      expect(await prove('denied')).toEqual({ at: '1970-01-01T00:00:00.000Z', failures: [], unknown: [] });
    },
  },
];

/** Two addresses that a policy of the bot keeps out, each for a request of its own, with what was made and the spec in between. */
async function twice(scene: ChangeScene, form: PolicyForm) {
  if (form.kind !== 'NetworkPolicy') await scene.serve(form.kind);
  const address = scene.at(form.kind, 'k8ssec-4be1');
  const look = async (): Promise<RawObject> => ({ ...(await scene.see(address)), apiVersion: address.apiVersion, kind: address.kind });
  const one = blocking(form, address, undefined, '203.0.113.9/32');
  const madeOne = await make(scene, one, 'r11111');
  const before = await look();
  const two = blocking(form, address, before, '2001:db8::1/128');
  const madeTwo = await make(scene, two, 'r22222');
  return { address, one, madeOne, before, two, madeTwo, look };
}

const PARTS: readonly ChangeCase[] = [
  ...POLICY_FORMS.flatMap((form): readonly ChangeCase[] => [
    {
      name: `gives parts to a ${form.kind} once, and takes the later ones out first`,
      async run(scene) {
        const { address, one, madeOne, before, two, madeTwo, look } = await twice(scene, form);
        await scene.merge(address, { metadata: { labels: { team: 'shop' }, annotations: { note: 'x' } } });

        expect([madeOne, madeTwo, await make(scene, two, 'r22222')]).toEqual(Array(3).fill({ ...DONE, uid: textAt(before, 'metadata', 'uid') }));
        expect((await look()).spec).not.toEqual(before.spec);
        expect(labelsOf(await look())).toEqual({ team: 'shop', 'app.kubernetes.io/managed-by': 'k8ssec', 'k8ssec.io/installation': INSTALLATION });
        expect(await undo(scene, two, { state: 'open' }, 'r22222')).toEqual(TAKEN_BACK);
        expect(await undo(scene, two, madeTwo, 'r22222')).toEqual(TAKEN_BACK);
        expect((await look()).spec).toEqual(before.spec);
        expect(textAt(await look(), 'metadata', 'annotations', 'note')).toBe('x');
        expect(await undo(scene, one, madeOne, 'r11111')).toEqual(TAKEN_BACK);
        expect(await scene.see(address)).toBeUndefined();
      },
    },
    {
      name: `takes the earlier parts out of a ${form.kind} from beneath the later ones`,
      async run(scene) {
        const { address, one, madeOne, two, madeTwo, look } = await twice(scene, form);
        const alone = blocking(form, address, undefined, '2001:db8::1/128').body;

        expect(await undo(scene, one, madeOne, 'r11111')).toEqual(TAKEN_BACK);
        expect((await look()).spec).toEqual(alone.spec);
        expect(await undo(scene, one, madeOne, 'r11111')).toEqual(TAKEN_BACK);
        expect(await undo(scene, two, madeTwo, 'r22222')).toEqual(TAKEN_BACK);
        expect(await scene.see(address)).toBeUndefined();
        expect(await undo(scene, two, madeTwo, 'r22222')).toEqual(TAKEN_BACK);
      },
    },
  ]),
  {
    name: 'never writes over a policy that somebody else made, or another bot',
    async run(scene) {
      const [form] = POLICY_FORMS;
      const address = scene.at('NetworkPolicy', 'k8ssec-4be1');
      const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] };
      const before = await scene.put('NetworkPolicy', 'k8ssec-4be1', { spec });
      const change = blocking(form, address, before, '203.0.113.9/32');

      expect(await make(scene, change)).toEqual({ state: 'failed', problem: `NetworkPolicy ${scene.namespace}/k8ssec-4be1 does not bear the label of k8ssec, and nothing is written over it` });
      expect(await make(scene, blocking(form, address, undefined, '203.0.113.9/32'))).toMatchObject({ state: 'failed', problem: expect.stringContaining('was not made for this request') as unknown });
      expect(await undo(scene, blocking(form, address, undefined, '203.0.113.9/32'), { ...DONE, uid: 'another' })).toEqual(TAKEN_BACK);
      await scene.merge(address, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'k8ssec', 'k8ssec.io/installation': 'staging' } } });
      expect(await make(scene, change)).toMatchObject({ state: 'failed', problem: expect.stringContaining('belongs to another bot (k8ssec.io/installation: staging), which alone changes it') as unknown });
      expect((await scene.see(address))?.spec).toEqual(spec);
    },
  },
  {
    name: 'leaves parts to the bot that made them, and a policy alone whose note of its parts is gone',
    async run(scene) {
      const { address, two, madeTwo, look } = await twice(scene, POLICY_FORMS[0]);
      const { spec } = await look();
      const mark = (installation: string) => scene.merge(address, { metadata: { labels: { 'k8ssec.io/installation': installation } } });

      await mark('staging');
      expect(await undo(scene, two, madeTwo, 'r22222')).toMatchObject({ state: 'not-taken-back', problem: expect.stringContaining('belongs to another bot') as unknown });
      await mark(INSTALLATION);
      await scene.merge(address, { metadata: { annotations: { 'k8ssec.io/parts': '{}' } } });
      expect(await undo(scene, two, madeTwo, 'r22222')).toMatchObject({ state: 'not-taken-back', problem: expect.stringContaining('does not say what it is made of') as unknown });
      expect((await look()).spec).toEqual(spec);
    },
  },
  {
    name: 'says who changed a policy, and leaves it, in either direction',
    async run(scene) {
      const { address, before, two, madeTwo } = await twice(scene, POLICY_FORMS[0]);
      const saysWho = expect.stringMatching(/^NetworkPolicy \S+ was changed by (?!k8ssec|somebody)\S+, and nothing is written over that: put it back, or delete it, and try again$/) as unknown;
      await scene.merge(address, { spec: { podSelector: { matchLabels: { app: 'web' } } } });

      expect(await make(scene, blocking(POLICY_FORMS[0], address, before, '198.51.100.7/32'))).toMatchObject({ state: 'failed', problem: saysWho });
      expect(await undo(scene, two, madeTwo, 'r22222')).toMatchObject({ state: 'not-taken-back', problem: saysWho });
      await scene.merge(address, { spec: { podSelector: { matchLabels: null } } });
      expect(await make(scene, blocking(POLICY_FORMS[0], address, before, '198.51.100.7/32'))).toMatchObject({ state: 'failed', problem: expect.stringContaining('was changed for another request since this was planned') as unknown });
      expect(await undo(scene, two, madeTwo, 'r22222')).toEqual(TAKEN_BACK);
      await scene.remove(address);
      expect(await make(scene, two)).toMatchObject({ state: 'failed', problem: expect.stringContaining('is not there any more') as unknown });
    },
  },
];

const LOOKING: readonly ChangeCase[] = [
  {
    name: 'a dry run changes nothing',
    async run(scene) {
      const { cluster } = scene;
      const { address, before } = await binding(scene, 'bob');
      const dryRun = { dryRun: true };
      const uid = textAt(before, 'metadata', 'uid') ?? '';

      await cluster.patch(address, [{ op: 'remove', path: '/subjects/0' }], dryRun, signal);
      await cluster.delete(address, { uid }, dryRun, signal);
      const other = scene.at('RoleBinding', 'other');
      await cluster.create(other, creating(other, bindingTo('view')).body, dryRun, signal);

      expect(peopleOf(await scene.see(address))).toEqual(['bob']);
      expect(await scene.see(other)).toBeUndefined();
    },
  },
  {
    name: 'faults have their names',
    async run(scene) {
      const { cluster } = scene;
      const { address, before } = await binding(scene, 'bob');
      const uid = textAt(before, 'metadata', 'uid') ?? '';
      const { body } = creating(address, bindingTo('view'));
      const absent = scene.at('RoleBinding', 'absent');
      const faultOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'none', (error: unknown) => (error as { readonly fault?: string }).fault);

      expect(await cluster.get(absent, signal)).toBeUndefined();
      expect(await faultOf(cluster.get({ ...absent, apiVersion: `${RBAC}/v9` }, signal))).toBe('refused');
      expect(await faultOf(cluster.create(address, body, {}, signal))).toBe('exists');
      expect(await faultOf(cluster.create(absent, { ...creating(absent, bindingTo('view')).body, nonsense: 1 }, {}, signal))).toBe('refused');
      expect(await faultOf(cluster.patch(absent, [{ op: 'remove', path: '/subjects' }], {}, signal))).toBe('gone');
      expect(await faultOf(cluster.patch(address, [{ op: 'test', path: '/metadata/uid', value: 'x' }], {}, signal))).toBe('conflict');
      expect(await faultOf(cluster.patch(address, [{ op: 'replace', path: '/roleRef/name', value: 'edit' }], {}, signal))).toBe('refused');
      expect(await faultOf(cluster.delete(address, { uid: 'x' }, {}, signal))).toBe('conflict');
      expect(await faultOf(cluster.delete(address, { uid, resourceVersion: '1' }, {}, signal))).toBe('conflict');
      expect(await faultOf(cluster.delete(absent, { uid }, {}, signal))).toBe('gone');
    },
  },
  {
    name: 'asks what somebody may do, and by what',
    async run(scene) {
      const { address, before } = await binding(scene, 'bob');
      const question = { cluster: 'prod', user: 'bob', groups: [], verb: 'list', group: '', resource: 'nodes' };

      expect(await scene.cluster.may({ ...question, namespace: scene.namespace }, signal)).toEqual({ allowed: false, reason: '' });
      expect(await scene.cluster.may({ ...question, user: 'root', groups: ['system:masters'] }, signal)).toMatchObject({ allowed: true });
      expect(await make(scene, deleting(address, before))).toEqual(DONE);
    },
  },
];

const BINDING: readonly ChangeCase[] = [
  {
    name: 'changes a binding only with the right to bind its role, and deletes one without',
    async run(scene) {
      const role = await scene.role([{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }]);
      const address = scene.at('RoleBinding', 'ops');
      const before = await scene.put('RoleBinding', 'ops', bindingTo(role, 'ann', 'bob'));
      const change = removing(address, before, user('bob'));
      const rights = { apiGroups: [RBAC], resources: ['rolebindings'], verbs: ['get', 'patch', 'delete', 'create'] };
      const without = await scene.as('without', [rights]);
      const withBind = await scene.as('with', [rights, { apiGroups: [RBAC], resources: ['clusterroles'], verbs: ['bind'], resourceNames: [role] }]);
      const problem = 'the bot may not change bindings to this role: it needs the right to `bind` it';

      expect(await make({ ...scene, cluster: without }, change)).toEqual({ state: 'failed', problem });
      expect(peopleOf(await scene.see(address))).toEqual(['ann', 'bob']);
      const label = setting(address, before, ['metadata', 'labels', 'a'], undefined, 'b');
      expect(await make({ ...scene, cluster: without }, label)).toEqual({ state: 'failed', problem });
      expect(await make({ ...scene, cluster: withBind }, change)).toEqual(DONE);
      expect(await undo({ ...scene, cluster: without }, change)).toEqual({ state: 'not-taken-back', problem });
      expect(await undo({ ...scene, cluster: withBind }, change)).toEqual(TAKEN_BACK);
      expect(await make({ ...scene, cluster: without }, deleting(address, before))).toEqual(DONE);
      expect(await undo({ ...scene, cluster: without }, deleting(address, before))).toEqual({ state: 'not-taken-back', problem });
    },
  },
  {
    name: 'deletes a binding that it may not change and that names nobody else, and says when it cannot bring it back',
    async run(scene) {
      const role = await scene.role([{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }]);
      const address = scene.at('RoleBinding', 'ops');
      const before = await scene.put('RoleBinding', 'ops', bindingTo(role, 'bob'));
      const change = removing(address, before, user('bob'));
      const rights = { apiGroups: [RBAC], resources: ['rolebindings'], verbs: ['get', 'patch', 'delete', 'create'] };
      const without = await scene.as('alone', [rights]);
      const withBind = await scene.as('binder', [rights, { apiGroups: [RBAC], resources: ['clusterroles'], verbs: ['bind'], resourceNames: [role] }]);

      expect(await make({ ...scene, cluster: without }, change)).toEqual(DONE);
      expect(await scene.see(address)).toBeUndefined();
      expect(await undo({ ...scene, cluster: without }, change)).toMatchObject({ state: 'not-taken-back' });
      expect(await undo({ ...scene, cluster: withBind }, change)).toEqual(TAKEN_BACK);
      expect(peopleOf(await scene.see(address))).toEqual(['bob']);
    },
  },
];

export const CHANGE_CASES: readonly ChangeCase[] = [...CREATING, ...REMOVING, ...DELETING, ...SETTING, ...LISTING, ...ENDING, ...BINDING, ...PARTS, ...ISOLATION_CASES, ...PROVING, ...LOOKING];
