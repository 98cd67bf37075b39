import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { bodyFor } from '#src/actions/own-objects.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { ChangeFailed, type ChangeFault, type OpenCluster } from '#src/model/clusters.ts';
import type { Change, ObjectAddress } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { bindingTo, blocking, changeScene, creating, deleting, DONE, listing, peopleOf, POLICY_FORMS, removing, REQUEST, setting, TAKEN_BACK, user, type ChangeScene } from '#test/build/changes.ts';

type WriteName = 'create' | 'patch' | 'delete';
type When = 'before' | 'after';

const signal = new AbortController().signal;
const LOST = new ChangeFailed('unknown', 'the API server did not answer');

let kube: KubeSandbox;
let scene: ChangeScene;
let address: ObjectAddress;
let before: RawObject;
/** A policy of the bot that keeps one address out. */
let policy: ObjectAddress;
let policyBefore: RawObject;

beforeAll(async () => {
  kube = await startKubeSandbox();
});

afterAll(() => kube.stop());

beforeEach(async () => {
  scene = await changeScene(kube.kubeconfig('admin'));
  address = scene.at('RoleBinding', 'ops');
  before = await scene.put('RoleBinding', 'ops', bindingTo('view', 'ann', 'bob'));
  policy = scene.at('NetworkPolicy', 'k8ssec-4be1');
  const body = bodyFor(blocking(POLICY_FORMS[0], policy, undefined, '203.0.113.9/32'), { request: 'r11111' });
  policyBefore = await scene.put('NetworkPolicy', policy.name, { spec: body.spec }, objectAt(body, 'metadata'));
  kube.requests.clear();
});

afterEach(async () => {
  kube.faults.clear();
  await scene.close();
});

/** Something goes wrong around the next writes that count: before they are made, or after. */
function troubled(error: Error, when: When, times = 1): OpenCluster {
  let left = times;
  const wrap = <Name extends WriteName>(name: Name): OpenCluster[Name] => {
    const write = scene.cluster[name] as (...parameters: readonly unknown[]) => Promise<unknown>;
    const wrapped = async (...parameters: readonly unknown[]): Promise<unknown> => {
      const isDry = (parameters[2] as { readonly dryRun?: boolean }).dryRun === true;
      if (isDry || left === 0) return write(...parameters);
      left -= 1;
      if (when === 'after') await write(...parameters);
      throw error;
    };
    return wrapped as OpenCluster[Name];
  };
  return { ...scene.cluster, create: wrap('create'), patch: wrap('patch'), delete: wrap('delete') };
}

/** Runs this right before the next write that counts. */
function racing(act: () => Promise<unknown>): OpenCluster {
  let done = false;
  return {
    ...scene.cluster,
    async patch(...parameters) {
      if (parameters[2].dryRun !== true && !done) {
        done = true;
        await act();
      }
      return scene.cluster.patch(...parameters);
    },
  };
}

const CHANGES: readonly (readonly [string, () => Change, WriteName, () => Promise<boolean>])[] = [
  ['create', () => creating(scene.at('RoleBinding', 'new'), bindingTo('view', 'bob')), 'create', async () => (await scene.see(scene.at('RoleBinding', 'new'))) !== undefined],
  ['delete', () => deleting(address, before), 'delete', async () => (await scene.see(address)) === undefined],
  ['remove-item', () => removing(address, before, user('bob')), 'patch', async () => !peopleOf(await scene.see(address)).includes('bob')],
    ['replace', () => blocking(POLICY_FORMS[0], policy, policyBefore, '198.51.100.7/32'), 'patch', async () => !JSON.stringify((await scene.see(policy))?.spec).includes('198.51.100.7')],
    ['set-texts', () => listing(address, before, ['metadata', 'finalizers'], ['example.com/kept']), 'patch', async () => JSON.stringify(await scene.see(address)).includes('example.com/kept')],
  ['set-text', () => setting(address, before, ['metadata', 'labels', 'a'], undefined, 'b'), 'patch', async () => JSON.stringify(await scene.see(address)).includes('"a":"b"')],
];

/** Writes of the bot that reached the server, as `patch` or `patch dry`. */
function writes(): readonly string[] {
  const mine = kube.requests.all(({ userAgent, verb }) => userAgent === 'k8ssec' && ['create', 'patch', 'delete'].includes(verb));
  return mine.map(({ verb, query }) => (query.includes('dryRun=All') ? `${verb} dry` : verb));
}

describe('src/actions/make-change.ts', () => {
  test.each(CHANGES)('tries %s in a dry run first', async (_name, change, verb, isMade) => {
    expect(await makeChange(change(), scene.cluster, { request: REQUEST }, signal)).toMatchObject(DONE);

    // The dry run of a deletion stands in its body.
    expect(writes()).toEqual(verb === 'delete' ? ['delete', 'delete'] : [`${verb} dry`, verb]);
    expect(await isMade()).toBe(true);
  });

  test.each(CHANGES)('writes nothing when the dry run of %s is refused', async (_name, change, verb, isMade) => {
    const body = JSON.stringify({ kind: 'Status', status: 'Failure', message: 'admission webhook "guard" denied the request: no', reason: 'Forbidden', details: {}, code: 403 });
    kube.faults.add({ verb }, { kind: 'answer', code: 403, body, contentType: 'application/json' });

    expect(await makeChange(change(), scene.cluster, { request: REQUEST }, signal)).toEqual({ state: 'failed', problem: 'admission webhook "guard" denied the request: no' });
    expect(await isMade()).toBe(false);
    expect(writes()).toHaveLength(1);
  });

  test.each(CHANGES)('knows that %s was made whose answer was lost', async (_name, change, _verb, isMade) => {
    expect(await makeChange(change(), troubled(LOST, 'after'), { request: REQUEST }, signal)).toMatchObject(DONE);
    expect(await isMade()).toBe(true);
  });

  test.each(CHANGES)('makes %s again that was lost before it was made', async (_name, change, _verb, isMade) => {
    expect(await makeChange(change(), troubled(LOST, 'before'), { request: REQUEST }, signal)).toMatchObject(DONE);
    expect(await isMade()).toBe(true);
  });

  test.each(CHANGES)('gives up %s that is lost again and again, and can be asked once more', async (_name, change, _verb, isMade) => {
    expect(await makeChange(change(), troubled(LOST, 'before', 99), { request: REQUEST }, signal)).toEqual({ state: 'failed', problem: LOST.message, uncertain: true });
    expect(await makeChange(change(), scene.cluster, { request: REQUEST }, signal)).toMatchObject(DONE);
    expect(await isMade()).toBe(true);
  });

  test.each(CHANGES)('a crash after %s leaves nothing to be done', async (_name, change, _verb, isMade) => {
    await expect(makeChange(change(), troubled(new Error('killed'), 'after'), { request: REQUEST }, signal)).rejects.toThrow('killed');
    kube.requests.clear();

    expect(await makeChange(change(), scene.cluster, { request: REQUEST }, signal)).toMatchObject(DONE);
    expect(await isMade()).toBe(true);
    expect(writes()).toEqual([]);
  });

  test('does not say that nothing happened when nobody can look', async () => {
    const cluster = troubled(LOST, 'after');
    let looks = 0;
    const blind: OpenCluster = {
      ...cluster,
      get(...parameters) {
        looks += 1;
        return looks > 1 ? Promise.reject(new ChangeFailed('busy', 'the API server is too busy (429)')) : scene.cluster.get(...parameters);
      },
    };

    expect(await makeChange(removing(address, before, user('bob')), blind, { request: REQUEST }, signal)).toEqual({ state: 'failed', problem: LOST.message, uncertain: true });
  });

  test.each<[string, 401 | 403 | 500, string]>([
    ['401', 401, 'the API server refuses the credentials of the bot'],
    ['403', 403, 'rolebindings'],
  ])('says why the object cannot be looked at: %s', async (_name, code, problem) => {
    kube.faults.add({ resource: 'rolebindings' }, { kind: 'refuse', code });

    expect(await makeChange(removing(address, before, user('bob')), scene.cluster, { request: REQUEST }, signal)).toEqual({ state: 'failed', problem: expect.stringContaining(problem) });
  });

  test('looks again when the binding changes between looking and writing', async () => {
    const cluster = racing(() => scene.merge(address, { subjects: [user('zoe'), user('bob')] }));

    expect(await makeChange(removing(address, before, user('bob')), cluster, { request: REQUEST }, signal)).toEqual(DONE);
    expect(peopleOf(await scene.see(address))).toEqual(['zoe']);
  });

  test('does not take a subject out of a binding that is made anew between looking and writing', async () => {
    const cluster = racing(async () => {
      await scene.remove(address);
      await scene.put('RoleBinding', 'ops', bindingTo('edit', 'bob'));
    });

    expect(await makeChange(removing(address, before, user('bob')), cluster, { request: REQUEST }, signal)).toMatchObject({ state: 'failed', problem: expect.stringContaining('made anew') });
    expect(peopleOf(await scene.see(address))).toEqual(['bob']);
  });

  test('is content when the binding is deleted between looking and writing', async () => {
    expect(await makeChange(removing(address, before, user('bob')), racing(() => scene.remove(address)), { request: REQUEST }, signal)).toEqual(DONE);
  });

  test('gives up an object that somebody changes again and again', async () => {
    let count = 0;
    const cluster: OpenCluster = {
      ...scene.cluster,
      async patch(...parameters) {
        count += 1;
        await scene.merge(address, { metadata: { labels: { count: String(count) } } });
        return scene.cluster.patch(...parameters);
      },
    };

    expect(await makeChange(removing(address, before, user('bob')), cluster, { request: REQUEST }, signal)).toMatchObject({ state: 'failed' });
    expect(count).toBe(5);
    expect(peopleOf(await scene.see(address))).toEqual(['ann', 'bob']);
  });

  test('says that somebody puts the subject back at once', async () => {
    const cluster: OpenCluster = { ...scene.cluster, patch: async () => (await scene.see(address)) ?? {} };

    expect(await makeChange(removing(address, before, user('bob')), cluster, { request: REQUEST }, signal)).toEqual({ state: 'failed', problem: 'it is changed again and again by somebody else' });
  });

  test('never writes into the content of a Secret', async () => {
    const secret = scene.at('Secret', 'token');

    expect(await makeChange(setting(secret, {}, ['data', 'token'], undefined, 'x'), scene.cluster, { request: REQUEST }, signal)).toEqual({ state: 'failed', problem: 'the content of a Secret is never read, so it cannot be changed from here' });
    expect(writes()).toEqual([]);
  });

  test('ends when it is not wanted any more', async () => {
    await expect(makeChange(deleting(address, before), scene.cluster, { request: REQUEST }, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});

describe('src/actions/take-back.ts', () => {
  test.each(CHANGES)('takes %s back whose undoing was lost or crashed, once', async (_name, change, _verb, isMade) => {
    const given = change();
    const made = await makeChange(given, scene.cluster, { request: REQUEST }, signal);

    await expect(takeBack(given, made, troubled(new Error('killed'), 'after'), REQUEST, signal)).rejects.toThrow('killed');
    expect(await takeBack(given, made, scene.cluster, REQUEST, signal)).toEqual(TAKEN_BACK);
    expect(await isMade()).toBe(false);

    await makeChange(given, scene.cluster, { request: REQUEST }, signal);
    expect(await takeBack(given, { state: made.state }, troubled(LOST, 'after'), REQUEST, signal)).toEqual(TAKEN_BACK);
    expect(await isMade()).toBe(false);
  });

  test.each(CHANGES)('two that take %s back at once do it once', async (_name, change) => {
    const given = change();
    const made = await makeChange(given, scene.cluster, { request: REQUEST }, signal);

    const results = await Promise.all([takeBack(given, made, scene.cluster, REQUEST, signal), takeBack(given, made, scene.cluster, REQUEST, signal)]);

    expect(results).toEqual([TAKEN_BACK, TAKEN_BACK]);
    expect(peopleOf(await scene.see(address))).toEqual(['ann', 'bob']);
  });

  test.each<ChangeFault>(['forbidden', 'refused', 'busy'])('says why it could not be taken back (%s) and can be asked once more', async (fault) => {
    const change = removing(address, before, user('bob'));
    await makeChange(change, scene.cluster, { request: REQUEST }, signal);

    const result = await takeBack(change, DONE, troubled(new ChangeFailed(fault, 'no'), 'before'), REQUEST, signal);

    expect(result).toEqual({ state: 'not-taken-back', problem: 'no' });
    expect(await takeBack(change, result, scene.cluster, REQUEST, signal)).toEqual(TAKEN_BACK);
    expect(peopleOf(await scene.see(address))).toEqual(['ann', 'bob']);
  });

  test('does not make anew what cannot be', async () => {
    const secret = scene.at('Secret', 'token');
    const change = deleting(secret, { metadata: { uid: 'x' } });

    expect(await takeBack(change, DONE, scene.cluster, REQUEST, signal)).toEqual({ state: 'not-taken-back', problem: 'the content of a Secret is never read, so it cannot be made anew' });
    expect(await takeBack({ ...change, irreversible: 'a new token has to be made' }, DONE, scene.cluster, REQUEST, signal)).toEqual({ state: 'not-taken-back', problem: 'a new token has to be made' });
  });

  test('what is taken back already is not looked at', async () => {
    const change = removing(address, before, user('zoe'));

    expect(await takeBack(change, TAKEN_BACK, scene.cluster, REQUEST, signal)).toEqual(TAKEN_BACK);
    expect(peopleOf(await scene.see(address))).toEqual(['ann', 'bob']);
  });
});
