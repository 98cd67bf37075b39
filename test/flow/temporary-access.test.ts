import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ApprovalRequest } from '#src/model/request.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import type { Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { asked, HELD, meetPeople, messageOf, openOffice, type Office } from '#test/build/office.ts';
import { aNamespace } from '#test/build/objects.ts';
import { until } from '#test/build/queue.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3600_000;
const ANN = 'oidc:ann@corp.example';
const REASON = 'fix the stuck migration';
const NAMESPACES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

let office: Office;
let bot: Bot;

beforeAll(async () => {
  office = await openOffice({ objects: [...HELD, ...NAMESPACES.map(aNamespace)] });
  ({ bot } = office);
});

afterAll(() => office.stop());

const as = (handle: string) => bot.slack.as(handle);

/** What the API server itself says. */
async function may(verb: string, resource: string, namespace: string, user = ANN): Promise<boolean> {
  const { kube } = bot;
  kube.addUser({ name: 'auditor', groups: ['system:masters'] });
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, groups: ['system:authenticated'], resourceAttributes: { verb, group: resource === 'deployments' ? 'apps' : '', resource, namespace } } };
  const answer = await new Promise<string>((resolve, reject) => {
    const request = httpsRequest(`${kube.url}/apis/authorization.k8s.io/v1/subjectaccessreviews`, { method: 'POST', ca: kube.ca, headers: { authorization: `Bearer ${kube.tokenOf('auditor')}`, 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    });
    request.on('error', reject).end(JSON.stringify(body));
  });
  return (JSON.parse(answer) as { readonly status: { readonly allowed: boolean } }).status.allowed;
}

const bindings = (namespace: string) => bot.kube.objects.list('rbac.authorization.k8s.io/v1', 'RoleBinding', namespace).filter(({ metadata }) => metadata.name?.startsWith('k8ssec-'));

/** Ann's access, asked for and approved. */
async function given(namespace: string, { cluster = 'dev', lasts = '1h' }: { readonly cluster?: string; readonly lasts?: string } = {}): Promise<ApprovalRequest> {
  const id = await asked(bot, `access request --cluster ${cluster} --namespace ${namespace} --role view --for ${lasts} --reason "${REASON}"`);
  await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
  return office.becomes(id, 'applied');
}

describe('flow: access for a time', () => {
  test('S36: asked for in the form, approved in another, it is there for its time from the approval on, and no longer', async () => {
    const ann = as('ann');
    await ann.command('/k8ssec access request');
    const form = await ann.seesModal(/For how long/);
    await ann.submit({ Cluster: 'prod', Namespace: 'one', Role: 'view', 'For how long': '1 hour', 'What for': REASON, Ticket: 'INC-77' });
    const { words } = await ann.seesModal(/Asked\./);
    await ann.close({ all: true });
    const id = /`(r\w{5})`/.exec(words)?.[1] ?? '';
    const message = await messageOf(bot, id);
    const before = await may('get', 'pods', 'one');
    // Half of the time goes by before anybody looks.
    bot.clock.skip(HOUR_MS / 2);

    await as('bo').press(message, 'Approve 1h');
    const decision = await as('bo').seesModal(/create RoleBinding one\/k8ssec-/);
    const approvedAt = bot.clock.now().getTime();
    await as('bo').submit({ Reason: 'the migration is known' });
    await as('bo').seesModal(/It is being carried out/);
    await as('bo').close({ all: true });
    const { endsAt = '' } = await office.becomes(id, 'applied');
    const active = await ann.seesChange(message, /verified/);
    const note = await ann.sees('dm', /\*Ends /);

    expect(form.title).toBe('Request access');
    expect(decision.words).toContain('What is done (1)');
    expect(message.words).toMatch(/INC-77[^]*Time runs from the approval/);
    expect(before).toBe(false);
    expect(await may('get', 'pods', 'one')).toBe(true);
    expect(await may('get', 'pods', 'two')).toBe(false);
    expect(await may('get', 'secrets', 'one')).toBe(false);
    expect(Date.parse(endsAt) - approvedAt).toBeGreaterThanOrEqual(HOUR_MS);
    expect(Date.parse(endsAt) - approvedAt).toBeLessThan(HOUR_MS + 60_000);
    expect([active.elements, note.elements]).toEqual([['End now'], ['End now']]);

    await office.pass(Date.parse(endsAt) - bot.clock.now().getTime() - 10_000);
    expect(await may('get', 'pods', 'one')).toBe(true);
    await office.pass(11_000);
    await office.becomes(id, 'reverted');

    expect(bindings('one')).toEqual([]);
    expect(await may('get', 'pods', 'one')).toBe(false);
    const ended = await ann.seesChange(message, /\*Ended\* on time/);
    expect(ended.elements).toEqual([]);
    await ann.sees('dm', ({ words: text }) => text.includes(id) && text.includes('*Ended* on time'));
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'approved', 'applying', 'changed', 'applied', 'undo-asked', 'taken-back', 'reverted']);
  });

  test('S36: its end comes by a job of its own, without anybody looking after requests', async () => {
    const { id, endsAt = '' } = await given('two');

    await until(async () => (await office.waitingJobs(id)).length > 0);
    const [job] = await office.waitingJobs(id);
    const delayMs = job?.delay ?? 0;
    bot.clock.skip(Date.parse(endsAt) - bot.clock.now().getTime() + 1000);
    await job?.promote();
    await office.becomes(id, 'reverted');

    expect(Math.abs(delayMs - HOUR_MS)).toBeLessThan(60_000);
    expect(bindings('two')).toEqual([]);
  });

  test('S36: it ends after the queue was lost, and after the bot was away for longer than its time', async () => {
    const { id } = await given('three');
    const { redis } = office.outside;
    const queued = await redis.keys(`${QUEUE_PREFIX}*`);

    await redis.del(queued);
    await office.pass(3 * HOUR_MS);
    await office.becomes(id, 'reverted');

    expect(queued.length).toBeGreaterThan(3);
    expect(bindings('three')).toEqual([]);
    await messageOf(bot, id, /\*Ended\* on time/);
  });

  test('S36: while the API server does not answer at its end, that is said loudly and tried again until it is gone', async () => {
    const { id } = await given('four');
    const message = await messageOf(bot, id, /\*Ends /);
    const down = bot.kube.faults.add({}, { kind: 'reset' });

    await office.pass(HOUR_MS + 1000);
    await endRetries(id);
    const loud = await as('ann').seesChange(message, /COULD NOT BE ENDED/);
    expect(loud.words).toMatch(/@sec-approvers.*the access is still there/);
    expect(loud.text).toMatch(/^COULD NOT BE ENDED: ann asks for view in dev\/four/);
    await as('ann').sees('dm', ({ words }) => words.includes(id) && words.includes('COULD NOT BE ENDED'));
    expect(loud.elements).toEqual(['Retry']);
    expect(bindings('four')).toHaveLength(1);

    await office.pass(61_000);
    await endRetries(id, 2);
    expect(bindings('four')).toHaveLength(1);
    down.remove();
    await office.pass(5 * 60_000);
    await office.becomes(id, 'reverted');

    expect(bindings('four')).toEqual([]);
    expect(await may('get', 'pods', 'four')).toBe(false);
    expect((await as('ann').seesChange(message, /\*Ended\* on time/)).words).not.toContain('COULD NOT');
    expect((await office.logOf(id)).filter(({ kind }) => kind === 'revert-failed')).toHaveLength(2);
  });

  /** Brings the attempts of its job forward until there are so many failures. */
  async function endRetries(id: string, failures = 1): Promise<void> {
    await until(async () => {
      const { state, journal } = await office.request(id);
      await Promise.all((await office.waitingJobs(id)).map((job) => job.promote().catch(() => undefined)));
      return state === 'revert-failed' && journal.filter(({ what }) => what === 'revert-failed').length === failures;
    });
  }

  test.each([
    ['whoever has it, from the direct message', 'ann', 'dm'],
    ['an approver, from the channel', 'bo', 'channel'],
  ] as const)('S37: it is ended early by %s', async (_, handle, where) => {
    const namespace = where === 'dm' ? 'five' : 'six';
    const { id } = await given(namespace);
    const message = where === 'dm' ? await as(handle).sees('dm', ({ words, elements }) => words.includes(id) && elements.includes('End now')) : await messageOf(bot, id, /verified/);

    await (await as(handle).press(message, 'End now')).answer(/It is being taken back/);
    await office.becomes(id, 'reverted');

    expect(bindings(namespace)).toEqual([]);
    await messageOf(bot, id, new RegExp(`\\*Ended\\* by @${handle} `));
    expect((await as(handle).press(message, 'End now').catch(() => undefined))?.answers() ?? []).toEqual([]);
  });

  test('S36: asked for again while it is active, more is a new request and the first ends on its own time', async () => {
    const first = await given('seven');
    await office.pass(HOUR_MS / 2);

    const second = await given('seven');
    expect(second.id).not.toBe(first.id);
    expect(bindings('seven')).toHaveLength(2);
    await office.pass(HOUR_MS / 2 + 60_000);
    await office.becomes(first.id, 'reverted');

    expect((await office.request(second.id)).state).toBe('applied');
    expect(await may('get', 'pods', 'seven')).toBe(true);
    await office.pass(HOUR_MS / 2);
    await office.becomes(second.id, 'reverted');
    expect(await may('get', 'pods', 'seven')).toBe(false);
  });

  test('S37: it is ended early by whoever has it, from the Home tab', async () => {
    const { id } = await given('nine');
    as('ann').openHome();
    await as('ann').seesHome(/My access \(1\)/);

    await as('ann').press('home', 'End now');
    await as('ann').seesModal(/It is being taken back/);
    await as('ann').close({ all: true });
    await office.becomes(id, 'reverted');

    expect(bindings('nine')).toEqual([]);
    await as('ann').seesHome(({ words }) => !words.includes('My access'));
  });

  test('S36: approved for a shorter time, it ends after that', async () => {
    const id = await asked(bot, `access request --cluster dev --namespace ten --role view --for 4h --reason "${REASON}"`);
    const message = await messageOf(bot, id);

    await as('bo').press(message, 'Approve shorter…');
    await as('bo').seesModal(/For how long/);
    await as('bo').submit({ 'For how long': '30 minutes' });
    await as('bo').seesModal(/It is being carried out/);
    await as('bo').close({ all: true });
    await office.becomes(id, 'applied');
    await office.pass(HOUR_MS / 2 + 1000);
    await office.becomes(id, 'reverted');

    expect(bindings('ten')).toEqual([]);
  });

  test('S29: while the API server does not answer it is not given, which is said; tried again later, its time runs from then', async () => {
    const id = await asked(bot, `access request --cluster dev --namespace eleven --role view --for 1h --reason "${REASON}"`);
    const message = await messageOf(bot, id);
    const down = bot.kube.faults.add({}, { kind: 'reset' });
    await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
    await until(async () => {
      await Promise.all((await office.waitingJobs(id)).map((job) => job.promote().catch(() => undefined)));
      return (await office.request(id)).state === 'failed';
    });
    const failed = await as('ann').seesChange(message, /Approved, but not achieved/);
    const note = await as('ann').sees('dm', ({ words }) => words.includes(id) && words.includes('not achieved'));
    down.remove();
    bot.clock.skip(HOUR_MS);

    await (await as('ann').press(note, 'Retry')).answer(/It is being tried again/);
    const { endsAt = '' } = await office.becomes(id, 'applied');

    expect([failed.elements, note.elements]).toEqual([['Retry'], ['Retry']]);
    expect(bindings('eleven')).toHaveLength(1);
    expect(Date.parse(endsAt) - bot.clock.now().getTime()).toBeGreaterThan(HOUR_MS - 60_000);
    await ask(bot, `undo ${id}`);
    await office.becomes(id, 'reverted');
  });

  test('S36: ended by somebody in the cluster before its time, it ends without a complaint', async () => {
    const { id } = await given('twelve');
    const [made] = bindings('twelve');
    bot.kube.objects.delete({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespace: 'twelve', name: made?.metadata.name ?? '' });

    await office.pass(HOUR_MS + 1000);

    await office.becomes(id, 'reverted');
    await messageOf(bot, id, /\*Ended\* on time/);
  });

  test('asked for twice before anybody decides, it is one request; what one has already is not asked for', async () => {
    const id = await asked(bot, `access request --cluster dev --namespace eight --role view --for 1h --reason "${REASON}"`);

    const again = await ask(bot, `access request --cluster dev --namespace eight --role view --for 2h --reason "${REASON}"`);
    const owned = await ask(bot, `access request --cluster dev --namespace eight --role view --for 2h --reason "${REASON}"`, { as: 'dana' });

    expect(again.words).toContain('You have asked for that already.');
    expect(again.words).toContain(id);
    expect(owned.words).toContain('You have view in dev/eight already.');
    await ask(bot, `cancel ${id}`);
  });

  test('the role changes between approval and granting: nothing is given', async () => {
    const id = await asked(bot, `access request --cluster dev --namespace eight --role fixer --for 1h --reason "${REASON}"`);
    const name = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'fixer' };
    bot.kube.objects.put({ ...bot.kube.objects.get(name), rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] });

    await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
    const { successor = '' } = await office.becomes(id, 'void');

    expect(bindings('eight')).toEqual([]);
    expect((await messageOf(bot, successor)).words).toContain('What it rests on was: verbs get, list, update; resources deployments; groups apps. What it rests on is now: verbs ∗; resources ∗; groups ∗.');
    await ask(bot, `cancel ${successor}`);
  });
});

describe('flow: access for a time whose end comes while the bot is stopped', () => {
  test('S36: is over as soon as the bot runs again', async () => {
    const own = await openOffice({ objects: [...HELD, aNamespace('one')], start: false });
    try {
      const app = await own.bot.replica();
      await meetPeople(own.outside);
      const id = await asked(own.bot, `access request --cluster dev --namespace one --role view --for 30m --reason "${REASON}"`);
      await ask(own.bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
      await own.becomes(id, 'applied');
      await app.stop();

      own.bot.clock.skip(HOUR_MS);
      await own.bot.replica();
      await own.becomes(id, 'reverted');

      expect(own.bot.kube.objects.list('rbac.authorization.k8s.io/v1', 'RoleBinding', 'one')).toEqual([]);
      await messageOf(own.bot, id, /\*Ended\* on time/);
    } finally {
      await own.stop();
    }
  });
});
