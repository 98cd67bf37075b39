import { describe, expect, test } from '@jest/globals';
import { verify } from '#src/actions/verify.ts';
import { ChangeFailed, ClusterUnreachable, readOnlyCluster, type OpenCluster } from '#src/model/clusters.ts';
import type { AccessQuestion, Proof, Verification } from '#src/model/plan.ts';
import { sourceOf } from '#test/fakes/source.ts';

const NOW = new Date('2026-11-25T03:00:00Z');
const QUESTION: AccessQuestion = { cluster: 'prod', user: 'bob', groups: [], verb: 'list', group: '', resource: 'secrets', namespace: 'shop' };
const BY_OPS = { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "ops" of ClusterRole "admin" to User "bob"' };
const NO = { allowed: false, reason: '' };
type Answer = typeof NO | Error;

const denied = (question: Partial<AccessQuestion> = {}): Proof => ({ question: { ...QUESTION, ...question }, expect: 'denied' });

interface Asked {
  readonly verification: Verification;
  readonly pausesMs: readonly number[];
  readonly opened: readonly string[];
  readonly closed: number;
  readonly questions: number;
}

/** Asks clusters that answer one after the other, and go on with the last. */
async function ask(proofs: readonly Proof[], answers: readonly Answer[], given: Partial<{ readonly open: () => Promise<OpenCluster>; readonly signal: AbortSignal }> = {}): Promise<Asked> {
  const [pausesMs, opened]: [number[], string[]] = [[], []];
  let closed = 0;
  let questions = 0;
  const cluster: OpenCluster = {
    ...readOnlyCluster(sourceOf([])),
    may() {
      const answer = answers[Math.min(questions, answers.length - 1)] ?? NO;
      questions += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    close: () => void (closed += 1),
  };
  const open = (name: string): Promise<OpenCluster> => {
    opened.push(name);
    return given.open === undefined ? Promise.resolve(cluster) : given.open();
  };
  const verification = await verify(proofs, open, NOW, given.signal ?? new AbortController().signal, (ms) => {
    pausesMs.push(ms);
    return Promise.resolve();
  });
  return { verification, pausesMs, opened, closed, questions };
}

describe('src/actions/verify.ts', () => {
  test('is content at once when all is as expected', async () => {
    const asked = await ask([denied(), denied({ verb: 'get' })], [NO]);

    expect(asked).toEqual({ verification: { at: '2026-11-25T03:00:00.000Z', failures: [], unknown: [] }, pausesMs: [], opened: ['prod'], closed: 1, questions: 2 });
  });

  test('believes a server that comes round a little later', async () => {
    const { verification, pausesMs } = await ask([denied()], [BY_OPS, BY_OPS, NO]);

    expect([verification.failures, pausesMs]).toEqual([[], [250, 500]]);
  });

  test('says after two seconds what is still possible, and by which binding', async () => {
    const { verification, pausesMs, questions } = await ask([denied()], [BY_OPS]);

    expect(verification.failures).toEqual(['may still list secrets in shop, by ClusterRoleBinding "ops": whoever may change that binding can end it']);
    expect(pausesMs.reduce((sum, ms) => sum + ms)).toBe(2000);
    expect(questions).toBe(5);
  });

  test('asks only what did not hold again', async () => {
    expect((await ask([denied(), denied({ verb: 'get' })], [NO, BY_OPS, NO])).questions).toBe(3);
  });

  test.each<[string, Proof, Answer, string]>([
    ['another authorizer', denied(), { allowed: true, reason: 'webhook said so' }, 'may still list secrets in shop (webhook said so): whoever runs what allows that besides RBAC can end it'],
    ['no reason', denied(), { allowed: true, reason: '' }, 'may still list secrets in shop: the cluster does not say by what'],
    ['a group', denied(), { allowed: true, reason: 'RBAC: allowed by RoleBinding "dev/shop" of ClusterRole "edit" to Group "devs"' }, 'may still list secrets in shop, by RoleBinding "dev/shop" of the group devs: whoever keeps the group can take them out of it'],
    ['the whole cluster', { question: { ...QUESTION, verb: '*', resource: '*', namespace: undefined } as never, expect: 'denied' }, BY_OPS, 'may still do anything with everything in the whole cluster, by ClusterRoleBinding "ops": whoever may change that binding can end it'],
    ['one object', denied({ resource: 'pods', subresource: 'exec', verb: 'create', name: 'web' }), { allowed: true, reason: 'RBAC: allowed by RoleBinding "dev/shop" of Role "x"' }, 'may still create pods/exec "web" in shop, by RoleBinding "dev/shop": whoever may change that binding can end it'],
    ['a right that did not come', { question: QUESTION, expect: 'allowed' }, NO, 'may not list secrets in shop yet'],
  ])('has words for %s', async (_name, proof, answer, sentence) => {
    expect((await ask([proof], [answer])).verification.failures).toEqual([sentence]);
  });

  test('says whose right it is, and where, only when there are several', async () => {
    const { verification } = await ask([denied(), denied({ user: 'ann', cluster: 'test' })], [BY_OPS]);

    expect(verification.failures).toEqual(['bob may still list secrets in shop of cluster prod, by ClusterRoleBinding "ops": whoever may change that binding can end it', 'ann may still list secrets in shop of cluster test, by ClusterRoleBinding "ops": whoever may change that binding can end it']);
  });

  test('does not know what it could not ask', async () => {
    const { verification, closed } = await ask([denied()], [new ChangeFailed('forbidden', 'the bot may not ask')]);

    expect(verification).toMatchObject({ failures: [], unknown: ['could not ask whether it is still possible to list secrets in shop: the bot may not ask'] });
    expect(closed).toBe(1);
  });

  test('does not know anything about a cluster that cannot be reached', async () => {
    const { verification, opened } = await ask([denied(), denied({ user: 'ann' })], [NO], { open: () => Promise.reject(new ClusterUnreachable('the API server refuses connections')) });

    expect(verification.unknown).toEqual(['could not ask whether bob may list secrets in shop: the API server refuses connections', 'could not ask whether ann may list secrets in shop: the API server refuses connections']);
    expect(opened).toEqual(['prod']);
  });

  test('ends when it is not wanted any more', async () => {
    await expect(ask([denied()], [NO], { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  });

  test('hides no fault of its own', async () => {
    await expect(ask([denied()], [new TypeError('oops')])).rejects.toThrow('oops');
  });
});
