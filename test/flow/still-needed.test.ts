import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Queue as BullQueue } from 'bullmq';
import { NOT_ASKED } from '#src/model/access.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { emptyActivity } from '#src/events/activity.ts';
import { JOBS } from '#src/queue/queue.ts';
import { keys, QUEUE_PREFIX } from '#src/store/keys.ts';
import { createNeedStore } from '#src/store/needs.ts';
import { job as reviewPeople } from '#jobs/review-people.ts';
import { withMetadata } from '#test/build/access.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { ask, decisions } from '#test/build/conversation.ts';
import { aNamespace } from '#test/build/objects.ts';
import { OFFICE, openOffice, REASON, type Office } from '#test/build/office.ts';
import { until } from '#test/build/queue.ts';
import { binding, role } from '#test/build/rbac.ts';

jest.setTimeout(60_000);

const DAY_MS = 24 * 3600_000;
const LONG_AGO = '2025-01-02T03:04:05Z';
const MINUTE_MS = 60_000;
const SLEEPERS = ['keeper', 'giver', 'silent', 'back', 'stuck'];
const OBJECTS = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  binding('admins', 'ClusterRole/cluster-admin', ['User/oidc:dana@corp.example']),
  ...SLEEPERS.map(keysOf),
  binding('strangers', 'ClusterRole/view', ['User/oidc:nobody@else.example', 'User/legacy'], 'shop'),
];
const FILE = `${OFFICE.replace(/^ {2}- \{ name: dev.*\n/m, '').replace('prefix: \'oidc:\' }', `prefix: 'oidc:' }\n  exempt: ['oidc:dana@corp.example']\n  inactive: { askDays: 14, owners: [${seededId('user', 'eli')}] }\n  removalsPerReview: 10`)}
events:
  - { cluster: prod, audit: { token: { env: K8SSEC_TEST_AUDIT_TOKEN } } }
`;

/** A binding that is older than the window, and whose subjects nobody has changed since. */
function keysOf(handle: string): RawObject {
  const made = { manager: 'kubectl-create', operation: 'Update', apiVersion: 'rbac.authorization.k8s.io/v1', time: LONG_AGO, fieldsType: 'FieldsV1', fieldsV1: { 'f:roleRef': {}, 'f:subjects': {} } };
  return withMetadata(binding(`keys-${handle}`, 'ClusterRole/key-reader', [`User/oidc:${handle}@corp.example`], 'shop'), { creationTimestamp: LONG_AGO, managedFields: [made] });
}

let office: Office;
let bot: Bot;

beforeAll(async () => {
  process.env.K8SSEC_TEST_AUDIT_TOKEN = 'k8ssec-canary-token';
  office = await openOffice({ objects: OBJECTS, file: FILE, contexts: ['prod'], slack: { people: [...SLEEPERS, 'fay'].map((handle) => ({ handle, realName: `Sam ${handle}` })) } });
  ({ bot } = office);
});

afterAll(() => office.stop());

const as = (handle: string) => bot.slack.as(handle);
const store = () => createNeedStore(office.outside.redis);
const question = async (handle: string): Promise<NeedQuestion | undefined> => (await store().all()).find(({ called }) => called.includes(`${handle}@`));

/** Every minute of the last days was watched, as the bot's clock has it now. */
async function watchAll(): Promise<void> {
  for (let back = 0; back <= 61; back += 1) {
    const day = new Date(bot.clock.now().getTime() - back * DAY_MS).toISOString().slice(0, 10);
    await office.outside.redis.set(keys.watchedMinutes(`prod:${day}`), Buffer.alloc(180, 0xff));
    await office.outside.redis.hset(keys.watchedReads('prod'), day, 1);
  }
}

let reviews = 0;
async function review(): Promise<void> {
  const id = `review-people-needs-${(reviews += 1)}`;
  await office.outside.queues.add({ job: reviewPeople, payload: {}, id, forget: true });
  await until(async () => !(await office.outside.queues.isPending(id)));
}

async function asked(handle: string): Promise<SeenMessage> {
  await until(async () => (await question(handle)) !== undefined);
  return as(handle).sees('dm', /Do you still need this\?/);
}

describe('flow: somebody who was not seen for long', () => {
  test('is not asked as long as the audit log was not watched the whole time', async () => {
    await review();

    expect(await store().all()).toEqual([]);
  });

  test('is asked in a direct message, once, and the owner gets a copy', async () => {
    await watchAll();
    await review();
    await review();

    const message = await asked('keeper');
    expect(message.words).toMatch(/You have access to `prod` and have not used it: nothing seen for 60 days, all of them watched\.\n• key-reader in shop: may read Secrets/);
    expect(message.elements).toEqual(['I still need it…', 'I no longer need it']);
    const copy = await as('eli').sees('dm', /Does Sam keeper .* still need this\?/);
    expect(copy.words).toContain('@keeper is asked too; this is your copy.');
    expect(as('keeper').messages('dm').filter(({ isEphemeral }) => !isEphemeral)).toHaveLength(1);
    expect((await ask(bot, 'users')).words).toMatch(/Inactive:\* Sam keeper[^]*prod: Asked on \d{4}-\d\d-\d\d; can be answered until/);
    expect((await ask(bot, 'users')).elements).not.toContain('Ask for removal');
    expect((await ask(bot, 'remove-user keeper@corp.example --reason inactive')).words).toMatch(/Asked on .* With --reason asked/);
  });

  test('who still needs it says what for and until when; every copy shows that, and it is not asked again until then', async () => {
    const message = await asked('keeper');
    const copy = await as('eli').sees('dm', /Does Sam keeper .* still need this\?/);
    const { id = '' } = (await question('keeper')) ?? {};
    const typed = async (args: string) => (await ask(bot, `keep ${id} ${args}`, { as: 'keeper', channel: 'dm' })).words;
    expect(await typed('--until 2099-01-01 --reason "on call again"')).toContain('It can be kept for 90 days at most');
    expect(await typed('--until tomorrow --reason "on call again"')).toContain('"tomorrow" is no day');
    expect(await typed('--until 2099-01-01 --reason "please"')).toContain('in 10 to 500 characters');
    await as('keeper').press(message, 'I still need it…');
    await as('keeper').seesModal(/Keep the access to/);
    await as('keeper').submit({ 'What is it needed for?': 'on call again in January' });
    await as('keeper').seesModal(/Kept until/);
    await as('keeper').close({ all: true });

    for (const [handle, where] of [['keeper', message], ['eli', copy]] as const) {
      const kept = await as(handle).seesChange(where, /\*Kept until \d{4}-\d\d-\d\d\* by @keeper .*“on call again in January”/);
      expect(kept.elements).toEqual([]);
    }
    await review();
    expect(as('keeper').messages('dm').filter(({ isEphemeral }) => !isEphemeral)).toHaveLength(1);
    expect((await ask(bot, 'users')).words).toMatch(/Kept until .*, says keeper: “on call again in January”/);
  });

  test('only who was asked can answer, and only once', async () => {
    const { id = '' } = (await question('silent')) ?? {};
    expect((await ask(bot, `give-up ${id}`, { as: 'bo' })).words).toContain(NOT_ASKED);
    expect((await ask(bot, `give-up ${(await question('keeper'))?.id ?? ''}`, { as: 'keeper', channel: 'dm' })).words).toContain('Kept until');
    expect((await ask(bot, 'give-up n00000000', { as: 'bo' })).words).toContain(NOT_ASKED);
    await as('bo').command(`/k8ssec keep ${id}`, CHANNEL);
    const shown = (await as('bo').seesModal(NOT_ASKED)).words;
    await as('bo').close({ all: true });
    expect(shown).not.toContain('silent');
    expect((await question('silent'))?.state).toBe('open');
    expect((await decisions(bot)).find((entry) => entry.kind === 'refused' && entry.what === 'give-up')).toMatchObject({ who: seededId('user', 'bo'), cluster: 'prod' });
  });

  test('who does not need it any more gives it up with one approver, in production too', async () => {
    const message = await asked('giver');
    await (await as('giver').press(message, 'I no longer need it')).answer(/Not needed any more, says giver; approvers are asked to take it away/);

    const shown = await as('bo').sees(CHANNEL, ({ words }) => words.includes('Access that is not needed any more') && words.includes('*Approve?*'));
    expect(shown.words).toMatch(/asked by @giver[^]*says that it is not needed any more\b(?!; slack)[^]*Not needed any more, says giver/);
    expect(shown.words).not.toContain('Needs 2 people.');
    const request = /remove-user `(r\w{5})`/.exec(shown.words)?.[1] ?? '';
    await as('giver').seesChange(message, new RegExp(`\\*Not needed any more\\*, answered by @giver .* \`${request}\``));
    const preview = await ask(bot, `approve ${request} --reason "${REASON}"`, { as: 'bo' });
    await as('bo').press(preview, 'Confirm: approve');
    await office.becomes(request, 'applied');
    expect(office.subjects('keys-giver', 'shop')).toEqual([]);
  });

  test('whose bindings cannot be read is gone on with ever more seldom, and status says why, until they can be read', async () => {
    const message = await asked('stuck');
    const fault = bot.kube.faults.add({ resource: 'rolebindings', verb: 'list' }, { kind: 'refuse', code: 403 });
    const jobs = new BullQueue(JOBS, { connection: office.outside.redis, prefix: QUEUE_PREFIX });
    const tries = async () => (await question('stuck'))?.hindrance?.tries ?? 0;
    /** The attempts of one try follow each other at once. */
    const fails = (count: number) => until(async () => {
      await jobs.promoteJobs();
      return (await tries()) >= count;
    });
    const waitMinutes = async () => Math.round((Date.parse((await question('stuck'))?.hindrance?.nextAt ?? '') - bot.clock.now().getTime()) / MINUTE_MS);

    await as('stuck').press(message, 'I no longer need it');
    await fails(1);
    await as('stuck').seesChange(message, /Approvers could not be asked yet to take it away:\* Could not look at rolebindings in prod/);
    expect((await ask(bot, 'status')).words).toMatch(/Approvers could not be asked to take access away\n• prod, 1 person: Could not look at rolebindings in prod: .*; tried again \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    await office.tend();
    expect(await tries()).toBe(1);

    const waits = [await waitMinutes()];
    while (waits.length < 9) {
      await office.pass((waits.at(-1) ?? 0) * MINUTE_MS + 5000);
      await fails(waits.length + 1);
      waits.push(await waitMinutes());
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360]);

    fault.remove();
    await office.pass(361 * MINUTE_MS);
    await until(async () => (await question('stuck'))?.request !== undefined);
    expect(await question('stuck')).not.toHaveProperty('hindrance');
    expect((await ask(bot, 'status')).words).not.toContain('could not be asked');
    await jobs.close();
  });

  test('is reminded twice; without an answer approvers are asked, and nothing is taken away', async () => {
    const message = await asked('silent');
    await office.pass(4 * DAY_MS);
    await as('silent').sees(message, /This still waits for an answer/);
    await office.pass(7 * DAY_MS);
    await until(() => as('silent').messages(message).filter(({ words }) => words.includes('still waits')).length === 2);
    bot.clock.skip(4 * DAY_MS);
    await watchAll();
    await office.tend();

    const shown = await as('bo').sees(CHANNEL, ({ words }) => words.includes('Inactive user') && words.includes('silent@corp.example') && words.includes('*Approve?*'));
    expect(shown.words).toMatch(/Not answered by \d{4}-\d\d-\d\d[^]*Needs 2 people\./);
    const unanswered = await as('silent').seesChange(message, /\*Not answered\* by .*`r\w{5}`/);
    expect(unanswered.elements).toEqual([]);
    expect(office.subjects('keys-silent', 'shop')).toEqual(['oidc:silent@corp.example']);
  });

  test('who was seen again is not asked any more', async () => {
    await watchAll();
    bot.kube.objects.put(keysOf('fay'));
    await review();
    const message = await asked('fay');
    const now = bot.clock.now().getTime();
    await createActivityStore(office.outside.redis).add('prod', { ...emptyActivity(), users: new Map([['oidc:fay@corp.example', { ms: now, deed: 'exec', namespace: 'shop' }]]) });

    await review();

    expect((await as('fay').seesChange(message, /\*Closed:\* seen again: .* \(exec in shop\)/)).elements).toEqual([]);
  });

  test('whose last day is over is told of as about to be asked anew', async () => {
    await watchAll();
    const kept = await question('keeper');
    if (kept?.answer === undefined) throw new Error('the question is not answered');
    expect((await ask(bot, 'users')).words).toMatch(/Sam keeper[^]*prod: Kept until/);
    expect(await store().put({ ...kept, answer: { ...kept.answer, until: '2026-01-01' } }, kept)).toBe(true);

    expect((await ask(bot, 'users')).words).toMatch(/Sam keeper[^]*prod: to be asked by one of the next reviews/);
    expect((await ask(bot, 'remove-user keeper@corp.example --only ,')).words).toContain('--only names nothing.');
  });

  test('whose access approvers keep is not asked until then, and asked anew after it', async () => {
    const before = await question('stuck');
    const last = new Date(bot.clock.now().getTime() + 20 * DAY_MS).toISOString().slice(0, 10);
    await ask(bot, `keep ${before?.request ?? ''} --until ${last} --reason "on call again in spring"`, { as: 'bo' });
    await watchAll();
    await review();

    const message = as('stuck').messages('dm').find(({ words }) => words.includes('Do you still need this?'));
    if (message === undefined) throw new Error('there is no question');
    await as('stuck').seesChange(message, new RegExp(`\\*Closed:\\* approvers keep the access until ${last}`));
    expect((await ask(bot, 'users')).words).toMatch(new RegExp(`Sam stuck[^]*kept until ${last}, said bo on .*: “on call again in spring”`, 'i'));
    bot.clock.skip(19 * DAY_MS);
    await watchAll();
    await review();
    expect((await question('stuck'))?.id).toBe(before?.id);

    bot.clock.skip(2 * DAY_MS);
    await watchAll();
    await review();
    await until(async () => (await question('stuck'))?.state === 'open');
    expect((await question('stuck'))?.id).not.toBe(before?.id);
  });

  test('all of it stands in the log of decisions, each thing once', async () => {
    const { id } = (await question('silent')) ?? {};
    const entries = (await decisions(bot)).filter((entry) => 'question' in entry && entry.question === id);

    expect(entries.map(({ kind }) => kind)).toEqual(['need-asked', 'need-reminded', 'need-reminded', 'need-unanswered', 'need-removal-asked']);
  });
});

describe('flow: users whom nobody knows', () => {
  test('are told of once in the channel of their cluster, and only new ones later', async () => {
    const told = await as('ann').sees(CHANNEL, /2 users have access and match nobody/);
    expect(told.words).toMatch(/• legacy: view in shop \(RoleBinding shop\/strangers\)/);
    bot.clock.skip(DAY_MS);
    bot.kube.objects.put(binding('later', 'ClusterRole/view', ['User/newcomer', 'User/legacy'], 'shop'));
    await review();

    const later = await as('ann').sees(CHANNEL, /1 user has access and match/);
    expect(later.words).toContain('newcomer');
    expect(later.words).not.toContain('legacy');
  });
});
