import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import { NOT_ASKED } from '#src/model/access.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { ask, decisions } from '#test/build/conversation.ts';
import { eventList, execEvent, sendEvents } from '#test/build/events.ts';
import { aNamespace } from '#test/build/objects.ts';
import { asked, meetPeople, messageOf, OFFICE, openOffice, REASON, type Office } from '#test/build/office.ts';
import { until } from '#test/build/queue.ts';
import { binding, role } from '#test/build/rbac.ts';

jest.setTimeout(60_000);

const TOKEN = 'k8ssec-canary-token-of-questions';
const FILE = `${OFFICE}
events:
  - cluster: prod
    audit: { token: { env: K8SSEC_TEST_QUESTION_TOKEN } }
`;
const MINUTE_MS = 60_000;
const OBJECTS = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  role('fixer', ['get,list,update apps:deployments']),
  binding('admins', 'ClusterRole/cluster-admin', ['User/oidc:dana@corp.example']),
  binding('keys', 'ClusterRole/key-reader', ['User/oidc:bo@corp.example', 'User/oidc:ann@corp.example', 'User/oidc:cy@corp.example', 'User/oidc:nobody-knows']),
  binding('view', 'ClusterRole/view', ['User/oidc:ann@corp.example', 'User/oidc:bo@corp.example', 'Group/dev'], 'shop'),
];

let office: Office;
let bot: Bot;
let app: RunningApp;
let sent = 0;

beforeAll(async () => {
  process.env.K8SSEC_TEST_QUESTION_TOKEN = TOKEN;
  office = await openOffice({ objects: OBJECTS, file: FILE, start: false });
  ({ bot } = office);
  app = await bot.replica();
  await meetPeople(office.outside);
});

afterAll(async () => {
  delete process.env.K8SSEC_TEST_QUESTION_TOKEN;
  await office.stop();
});

const as = (handle: string) => bot.slack.as(handle);

/** Somebody runs a command in a pod. */
async function exec(handle: string, pod: string): Promise<void> {
  const event = execEvent({ id: `exec-${(sent += 1)}`, at: bot.clock.now().toISOString(), user: `oidc:${handle}`, pod });
  expect((await sendEvents(app.port, 'prod/audit', { body: eventList(event), token: TOKEN })).status).toBe(200);
}

const asksAbout = (pod: string) => ({ words }: SeenMessage) => words.startsWith('Was this you?') && words.includes(pod);
const tellsOf = (pod: string) => ({ words }: SeenMessage) => words.includes('What to do') && words.includes(pod);

describe('flow: was this you', () => {
  test('a yes is noted everywhere, only by the one who was asked, and the same is not asked again', async () => {
    await exec('ann@corp.example', 'checkout-0');
    const question = await as('ann').sees('dm', asksAbout('checkout-0'));
    const event = await as('bo').sees(CHANNEL, tellsOf('checkout-0'));
    for (const part of ['A command was run in a pod', 'Pod `shop/checkout-0`', '203.0.113.7', 'claims to be `kubectl/v1.34.2`', 'cat /etc/passwd']) expect(question.words).toContain(part);
    expect(question.elements).toEqual(['Yes, it was me', 'No, lock my access…']);
    await as('bo').seesChange(event, /Asked @\w+ whether it was them/);
    const id = /`(q[0-9a-f]{12})`/.exec(question.words)?.[1] ?? '';

    expect((await ask(bot, `answer ${id} yes --sure`, { as: 'bo' })).words).toContain(NOT_ASKED);

    await as('ann').press(question, 'Yes, it was me');
    await as('ann').seesModal(/Ticket/);
    await as('ann').submit({ Ticket: 'OPS-12' });
    await as('ann').seesModal(/Thank you/);
    await as('ann').close({ all: true });
    const answered = await as('ann').seesChange(question, /Confirmed/);
    expect(answered.elements).toEqual([]);
    await as('bo').seesChange(event, /\*Confirmed\* by @\w+ .*\(OPS-12\)$/m);

    expect((await ask(bot, `answer ${id} no --sure`)).words).toContain('This has been answered already: it was you.');
    bot.clock.skip(31 * MINUTE_MS);
    await exec('ann@corp.example', 'checkout-1');
    await exec('ann@corp.example', 'other-0');
    await as('ann').sees('dm', asksAbout('other-0'));
    expect(as('ann').messages('dm').filter(asksAbout('checkout-1'))).toEqual([]);
    expect((await decisions(bot)).filter((entry) => 'question' in entry && entry.question === id).map(({ kind }) => kind)).toEqual(['question-asked', 'question-confirmed']);
  });

  test('a no takes the own access at once, tells the channel, and is put back by somebody else', async () => {
    await exec('bo@corp.example', 'cart-0');
    const question = await as('bo').sees('dm', asksAbout('cart-0'));
    const event = await as('ann').sees(CHANNEL, tellsOf('cart-0'));

    await as('bo').press(question, 'No, lock my access…');
    await as('bo').seesModal(/oidc:bo@corp.example is taken out of every binding in prod at once[^]*Groups still give what they give/);
    expect(office.subjects('keys')).toContain('oidc:bo@corp.example');
    await as('bo').submit({});
    await as('bo').seesModal(/is being locked/);
    await as('bo').close({ all: true });

    const alarm = await as('ann').sees(CHANNEL, ({ words }) => words.startsWith('CRITICAL: Somebody else acted in the name of a person') && words.includes('cart-0'));
    const said = await as('ann').seesChange(alarm, /request `r\w{5}` locks the access/);
    await as('ann').seesChange(event, /\*DENIED\* by @\w+ .*: request `r\w{5}` locks the access/);
    const id = /request `(r\w{5})` locks the access/.exec(said.words)?.[1] ?? '';
    const done = await office.becomes(id, 'applied');
    expect([office.subjects('keys'), office.subjects('view', 'shop')].flat()).not.toContain('oidc:bo@corp.example');
    expect(done.plan.stays.join('\n')).toContain('The group dev still gives oidc:bo@corp.example access in prod (view in shop): whoever keeps the group');
    expect(done.verification?.failures).toEqual([]);

    expect((await ask(bot, `undo ${id} --reason "never mind, it was me"`, { as: 'bo' })).words).toContain('This is about you, so somebody else must do it.');
    await ask(bot, `undo ${id} --reason "password changed"`, { as: 'cy' });
    await office.becomes(id, 'reverted');
    expect(office.subjects('keys')).toContain('oidc:bo@corp.example');
  });

  test('without an answer the channel is told, an approver freezes the user with one click, and a late yes says so', async () => {
    await exec('ann@corp.example', 'ledger-0');
    const question = await as('ann').sees('dm', asksAbout('ledger-0'));
    const event = await as('bo').sees(CHANNEL, tellsOf('ledger-0'));

    await office.pass(31 * MINUTE_MS);
    const alarm = await as('bo').sees(CHANNEL, ({ words }) => words.startsWith('CRITICAL: Nobody has confirmed') && words.includes('ledger-0'));
    await as('bo').seesChange(event, /Not answered\* by @\w+ after 30 min/);

    await as('bo').press(alarm, 'Freeze this user…');
    await as('bo').seesModal(/Freeze oidc:ann@corp.example in prod: 2 changes/);
    await as('bo').submit({ Reason: REASON });
    await as('bo').seesModal(/Approved|carried out/);
    await as('bo').close({ all: true });
    await until(() => Promise.resolve(office.subjects('keys')?.includes('oidc:ann@corp.example') === false));

    await as('ann').press(question, 'Yes, it was me');
    await as('ann').seesModal(/Ticket/);
    await as('ann').submit({});
    await as('ann').seesModal(/Thank you/);
    await as('ann').close({ all: true });
    const late = await as('bo').seesChange(alarm, /Confirmed late/);
    expect(late.words).toContain('stays listed: production without a ticket, the answer came late');
    expect(late.elements).toEqual([]);
  });

  test('whom nobody knows is asked nothing: the channel can freeze them, and who is no approver cannot', async () => {
    await exec('nobody-knows', 'web-0');
    const event = await as('bo').sees(CHANNEL, tellsOf('web-0'));
    expect(event.elements).toEqual(['Freeze this user…']);

    await as('ann').press(event, 'Freeze this user…');
    await as('ann').seesModal(/needs the role approver/);
    await as('ann').close({ all: true });
    await as('bo').press(event, 'Freeze this user…');
    await as('bo').seesModal(/Freeze oidc:nobody-knows in prod: 1 change/);
    await as('bo').close({ all: true });
    expect(office.subjects('keys')).toContain('oidc:nobody-knows');
    const filed = () => as('bo').messages(CHANNEL).filter(({ words }) => words.startsWith('Freeze a user') && words.includes('oidc:nobody-knows'));
    expect((await ask(bot, 'approvals', { as: 'bo' })).words).not.toContain('nobody-knows');
    expect(filed()).toEqual([]);

    await as('bo').press(event, 'Freeze this user…');
    await as('bo').seesModal(/Freeze oidc:nobody-knows/);
    bot.kube.objects.put(binding('more', 'ClusterRole/key-reader', ['User/oidc:nobody-knows'], 'shop'));
    await as('bo').submit({ Reason: REASON });
    const answer = await as('bo').seesModal(/It is being carried out[^]*Changed since it was shown to whoever approved it:.* To be changed now: key-reader in shop: may read Secrets/);
    await as('bo').close({ all: true });
    await office.becomes(/`(r\w{5})`/.exec(answer.words)?.[1] ?? '', 'applied');
    expect(filed()).toHaveLength(1);
    expect([office.subjects('keys'), office.subjects('more', 'shop') ?? []]).toEqual([expect.not.arrayContaining(['oidc:nobody-knows']), []]);
  });

  test('a user whose name looks like a flag can be frozen by the button as well', async () => {
    bot.kube.objects.put(binding('sly', 'ClusterRole/key-reader', ['User/--why=nothing'], 'shop'));
    const event = execEvent({ id: `exec-${(sent += 1)}`, at: bot.clock.now().toISOString(), user: '--why=nothing', pod: 'sly-0' });
    await sendEvents(app.port, 'prod/audit', { body: eventList(event), token: TOKEN });

    await as('bo').press(await as('bo').sees(CHANNEL, tellsOf('sly-0')), 'Freeze this user…');
    await as('bo').seesModal(/Freeze --why=nothing in prod: 1 change/);
    await as('bo').submit({ Reason: REASON });
    await as('bo').seesModal(/carried out/);
    await as('bo').close({ all: true });
    await until(() => Promise.resolve(office.subjects('sly', 'shop')?.length === 0));
  });

  test('what is done with access that was given for a time is listed with its request', async () => {
    const id = await asked(bot, `access request --cluster prod --namespace shop --role fixer --for 1h --reason "${REASON}"`, { as: 'eli' });
    for (const handle of ['bo', 'cy']) {
      const preview = await ask(bot, `approve ${id} --reason "${REASON}"`, { as: handle });
      await as(handle).press(preview, 'Confirm: approve');
      await as(handle).seesModal(/Your approval counts|It is being carried out/);
      await as(handle).close({ all: true });
    }
    await office.becomes(id, 'applied');

    await exec('eli@corp.example', 'depot-0');

    const message = await messageOf(bot, id);
    await as('bo').sees(message, ({ words }) => words.includes('with this access') && words.includes('depot-0'));
    expect(as('eli').messages('dm').filter(asksAbout('depot-0'))).toEqual([]);
  });

  test('the last administrator cannot be frozen', async () => {
    await as('bo').command('/k8ssec freeze oidc:dana@corp.example prod', CHANNEL);
    await as('bo').seesModal(/Nothing was found in prod that could be taken[^]*nobody else who is still here is known as cluster administrator/);
    await as('bo').close({ all: true });
  });

  test('a lock that could not be made can be tried again by the one who denied it', async () => {
    await exec('bo@corp.example', 'vault-0');
    const question = await as('bo').sees('dm', asksAbout('vault-0'));
    const fault = bot.kube.faults.add({ verb: 'list', path: '**' }, { kind: 'refuse', code: 401 });
    await as('bo').press(question, 'No, lock my access…');
    await as('bo').seesModal(/taken out of every binding/);
    await as('bo').submit({});
    await as('bo').seesModal(/could not be done/);
    await as('bo').close({ all: true });
    fault.remove();

    const stuck = await as('bo').seesChange(question, /access is being locked/);
    await as('bo').press(stuck, 'Lock my access…');
    await as('bo').seesModal(/taken out of every binding/);
    await as('bo').submit({});
    await as('bo').seesModal(/is being locked/);
    await as('bo').close({ all: true });

    const locked = await as('bo').seesChange(stuck, /request `r\w{5}` locks the access/);
    expect(locked.elements).toEqual([]);
    await until(() => Promise.resolve(office.subjects('keys')?.includes('oidc:bo@corp.example') === false));
  });

  test('a lock that could not be made is asked for again later, for somebody to approve', async () => {
    await exec('cy@corp.example', 'till-0');
    const question = await as('cy').sees('dm', asksAbout('till-0'));
    const fault = bot.kube.faults.add({ verb: 'list', path: '**' }, { kind: 'refuse', code: 503 });
    await as('cy').press(question, 'No, lock my access…');
    await as('cy').seesModal(/taken out of every binding/);
    await as('cy').submit({});
    await as('cy').seesChange(question, /DENIED\* by @\w+ .*: access is being locked/);
    fault.remove();

    await office.pass(3 * MINUTE_MS);

    await as('cy').seesChange(question, /request `r\w{5}` locks the access|access not locked:\* request r\w{5} has to be approved by somebody/);
  });
});
