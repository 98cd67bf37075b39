import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import type { Envelope } from '#src/sandbox/slack/delivery/transport.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { ask, decisions, namesOf, now } from '#test/build/conversation.ts';
import { aNamespace } from '#test/build/objects.ts';
import { APPROVERS, asked, HELD, messageOf, openOffice, REASON, type Office } from '#test/build/office.ts';
import { until } from '#test/build/queue.ts';

jest.setTimeout(60_000);

const NAMESPACES = Array.from({ length: 20 }, (_, index) => `team-${index}`);
const BINDINGS = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' } as const;
const DECIDING = /\[(Approve|Review|Deny|Cancel)/;

let office: Office;
let bot: Bot;
let used = 0;

beforeAll(async () => {
  office = await openOffice({ objects: [...HELD, ...NAMESPACES.map(aNamespace)], slack: { people: [{ handle: 'fay', realName: 'Fay Approver' }, { handle: 'rex', realName: 'Rex Reader' }] } });
  ({ bot } = office);
  await bot.replica();
});

afterAll(() => office.stop());

const as = (handle: string) => bot.slack.as(handle);
const granted = (namespace: string) => bot.kube.objects.list(BINDINGS.apiVersion, BINDINGS.kind, namespace).filter(({ metadata }) => metadata.name?.startsWith('k8ssec-'));
const writes = (namespace: string, verb: string) => bot.kube.requests.all((request) => request.namespace === namespace && request.resource === 'rolebindings' && request.verb === verb && !request.query.includes('dryRun'));

interface Wish {
  readonly id: string;
  readonly namespace: string;
}

/** Ann asks for access to a namespace that nobody has asked for yet. */
async function wish(cluster = 'dev', role = 'view'): Promise<Wish> {
  const namespace = NAMESPACES[used] ?? '';
  used += 1;
  return { id: await asked(bot, `access request --cluster ${cluster} --namespace ${namespace} --role ${role} --for 1h --reason "fix the stuck migration"`), namespace };
}

/** What Slack sent for the last press or submission. */
function lastEnvelope(): Envelope {
  const last = bot.slack.deliveries().findLast(({ envelope }) => envelope.type === 'interactive');
  if (last === undefined) throw new Error('nothing was pressed');
  return last.envelope;
}

/** A press on the first button of a message, and the modal closed again: what somebody could send once more. */
async function pressed(handle: string, message: SeenMessage, label: string): Promise<Envelope> {
  await as(handle).press(message, label);
  const envelope = lastEnvelope();
  await as(handle).seesModal(/\?|Only|You asked/);
  await as(handle).close({ all: true });
  return envelope;
}

const TRIGGER = 'no-trigger-of-slack';
let sent = 0;

/** Sends a press again as if it were another one, by somebody else or with another value. The answer comes in the channel, where no modal can be opened. */
async function resend(envelope: Envelope, { user, value, team }: { readonly user?: string; readonly value?: string; readonly team?: string } = {}): Promise<string> {
  const { payload } = envelope;
  const [action] = payload.actions as readonly Readonly<Record<string, unknown>>[];
  const before = bot.slack.requests('response_url').length;
  sent += 1;
  const changed = {
    ...payload,
    trigger_id: `${TRIGGER}-${sent}`,
    ...(user !== undefined && { user: { ...(payload.user as object), id: user, username: 'somebody' } }),
    ...(team !== undefined && { team: { id: team } }),
    actions: [{ ...action, ...(value !== undefined && { value }) }],
  };
  await bot.slack.control.sockets().send({ ...envelope, payload: changed });
  await until(() => bot.slack.requests('response_url').length > before);
  return JSON.stringify(bot.slack.requests('response_url').at(-1)?.args);
}

describe('flow: clicks on one request', () => {
  test.each(['approve', 'deny'] as const)('S28: 50 at once by five people on two replicas, %s first: one decision, one effect, one entry in the log, and everybody is answered', async (first) => {
    const { id, namespace } = await wish('prod');
    await messageOf(bot, id);
    const second = first === 'approve' ? 'deny' : 'approve';
    const previews = await Promise.all(
      APPROVERS.flatMap((handle) => [first, second].map(async (verdict) => ({ handle, verdict, preview: await ask(bot, `${verdict} ${id} --reason "${REASON} (${handle})"`, { as: handle }) }))),
    );
    const clicks = Array.from({ length: 5 }, () => previews).flat();
    const before = bot.slack.requests('views.update').length;

    await Promise.all(clicks.map(({ handle, verdict, preview }) => as(handle).press(preview, `Confirm: ${verdict}`)));
    await until(() => bot.slack.requests('views.update').length >= before + clicks.length);
    const { decision } = await office.request(id);
    await office.becomes(id, decision?.verdict === 'approved' ? 'applied' : 'denied');

    const answers = bot.slack.requests('views.update').slice(before).map(({ args }) => JSON.stringify(args.view));
    const verb = decision?.verdict ?? '';
    expect(clicks).toHaveLength(50);
    expect(answers.filter((answer) => answer.includes('"Done"'))).toHaveLength(1);
    expect(answers.filter((answer) => new RegExp(`Already ${verb} by ${decision?.by.name ?? ''} at \\d\\d:\\d\\d UTC`).test(answer))).toHaveLength(49);
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', ...(verb === 'approved' ? ['approved', 'applying', 'changed', 'applied'] : ['denied'])]);
    expect(writes(namespace, 'create')).toHaveLength(verb === 'approved' ? 1 : 0);
    expect(granted(namespace)).toHaveLength(verb === 'approved' ? 1 : 0);
    for (const handle of APPROVERS) await as(handle).close({ all: true });
  });

  test('S28: of an approval, a denial and a cancellation at once one wins', async () => {
    const { id, namespace } = await wish();
    const message = await messageOf(bot, id);

    const answers = await Promise.all([
      ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' }),
      ask(bot, `deny ${id} --reason "${REASON}"`, { as: 'cy' }),
      ask(bot, `cancel ${id}`),
    ]);
    await as('ann').seesChange(message, ({ words }) => !DECIDING.test(words));

    const { decision } = await office.request(id);
    expect(answers.filter(({ words }) => /^(Already|ann canceled)/.test(words))).toHaveLength(2);
    expect((await office.logOf(id)).filter(({ kind }) => ['approved', 'denied', 'canceled'].includes(kind))).toHaveLength(1);
    if (decision?.verdict === 'approved') await office.becomes(id, 'applied');
    expect(granted(namespace)).toHaveLength(decision?.verdict === 'approved' ? 1 : 0);
  });
});

describe('flow: buttons that are not what they seem', () => {
  let message: SeenMessage;
  let open: Wish;
  let approval: Envelope;

  beforeAll(async () => {
    open = await wish();
    message = await messageOf(bot, open.id);
    approval = await pressed('bo', message, 'Approve 1h');
  });

  async function nothingHappened(): Promise<void> {
    expect((await office.request(open.id)).state).toBe('pending');
    expect(granted(open.namespace)).toEqual([]);
  }

  test('S34: values are opaque, of 128 bits or more, and tell neither a name nor a state', async () => {
    as('bo').openHome();
    const home = await as('bo').seesHome(/Waiting for you/);
    const [dm] = as('ann').messages('dm').filter(({ words }) => words.includes(open.id));
    const values = [message.blocks, dm?.blocks, home.content.blocks].flatMap((blocks) => [...JSON.stringify(blocks).matchAll(/"value":"([^"]*)"/g)].map(([, value = '']) => value));

    expect(values.length).toBeGreaterThan(5);
    for (const value of values) expect(value).toMatch(/^[\w-]{27}$/);
    const ids = [...JSON.stringify(message.blocks).matchAll(/"action_id":"([^"]*)"/g)].map(([, value = '']) => value);
    for (const actionId of ids) expect(actionId).not.toContain(open.id);
  });

  test.each([
    ['made up', 'A'.repeat(27)],
    ['cut off', 'A'.repeat(10)],
    ['a command', 'approve r22222 --reason=because-i-say-so'],
    ['empty', ''],
    ['very long', 'x'.repeat(2000)],
  ])('S31: one whose value is %s is answered and does nothing', async (_, value) => {
    expect(await resend(approval, { user: seededId('user', 'bo'), value })).toContain('I don’t know this button any more');
    await nothingHappened();
  });

  test('S31: a press that is delivered again is one press', async () => {
    const before = bot.slack.requests('response_url').length;
    const again = { ...approval, payload: { ...approval.payload, trigger_id: 'twice' } };

    await Promise.all([again, again, again].map((envelope) => bot.slack.control.sockets().send(envelope)));
    await until(() => bot.slack.requests('response_url').length > before);
    await bot.slack.quiet();

    expect(bot.slack.requests('response_url')).toHaveLength(before + 1);
    await nothingHappened();
  });

  test.each<readonly [who: string, user: string, team: string | undefined, words: string]>([
    ['a guest', seededId('user', 'gus'), undefined, 'Guests have no role here.'],
    ['a guest of one channel', seededId('user', 'sid'), undefined, 'Guests have no role here.'],
    ['a stranger from a shared channel', seededId('user', 'stan'), 'T0OTHER', 'People of other organisations have no role here.'],
    ['somebody of another workspace', seededId('user', 'xena'), 'T0OTHER', 'People of other organisations have no role here.'],
    ['a bot', seededId('user', 'deploybot'), undefined, 'Bots have no role here.'],
    ['a deactivated account', seededId('user', 'hal'), undefined, 'This account is deactivated.'],
    ['nobody whom Slack knows', 'U0NOBODY01', undefined, 'Your rights could not be looked up'],
    ['whoever asked, who is also whom it is about', seededId('user', 'ann'), undefined, 'This is about you, so somebody else must decide.'],
    ['somebody who is no approver', seededId('user', 'rex'), undefined, 'Only approvers may do this'],
  ])('S32: %s is refused when they press, and that is written down', async (_, user, team, words) => {
    expect(await resend(approval, { user, ...(team !== undefined && { team }) })).toContain(words);

    await nothingHappened();
    expect((await decisions(bot)).at(-1)).toMatchObject({ kind: 'refused', who: user });
  });

  test.each([
    ['users.info', 'the person'],
    ['usergroups.users.list', 'the members of a group'],
  ])('S32: a look-up by %s that fails is a refusal', async (method) => {
    bot.clock.skip(61_000);
    bot.slack.control.faults.set(method, { kind: 'answer', status: 200, body: '{"ok":false,"error":"internal_error"}' });

    const answer = await resend(approval);
    const typed = await ask(bot, `approve ${open.id} --reason "${REASON}"`, { as: 'bo' });
    bot.slack.control.faults.clear(method);

    expect([answer, typed.words]).toEqual([expect.stringContaining('could not be looked up'), expect.stringContaining('could not be looked up')]);
    await nothingHappened();
  });

  test('S32: who loses the right between the form and its submission is refused', async () => {
    await as('bo').press(message, 'Approve 1h');
    await as('bo').seesModal(/What is done/);
    bot.slack.control.workspace.setGroup('sec-approvers', ['cy']);

    await as('bo').submit({ Reason: REASON });
    const refusal = await as('bo').seesModal(/Only approvers may do this/);
    bot.slack.control.workspace.setGroup('sec-approvers', ['bo', 'cy']);
    await as('bo').close({ all: true });

    expect(refusal.title).toBe('Not done');
    await nothingHappened();
  });

  test('S38: deciding one of several requests in one message leaves the others usable', async () => {
    const [one, other] = [await wish(), await wish()];
    const list = await ask(bot, 'approvals', { as: 'bo' });
    // Newest first.
    const [ofOther = '', ofOne = ''] = namesOf(list, 'Deny…');

    for (const [{ id }, name] of [[other, ofOther], [one, ofOne]] as const) {
      await as('bo').press(list, name);
      await as('bo').seesModal(id === other.id ? other.namespace : one.namespace);
      await as('bo').submit({ Reason: REASON });
      await as('bo').seesModal(/Denied/);
      await as('bo').close({ all: true });
      await office.becomes(id, 'denied');
    }

    await nothingHappened();
  });

  const MEANWHILE: readonly (readonly [what: string, end: (id: string) => Promise<unknown>, says: RegExp])[] = [
    ['denied', (id) => ask(bot, `deny ${id} --reason "${REASON}"`, { as: 'cy' }), /Already denied by cy at \d\d:\d\d UTC\..*left the company on Friday/],
    ['canceled', (id) => ask(bot, `cancel ${id}`), /ann canceled this request at \d\d:\d\d UTC\./],
    ['expired', () => office.pass(8 * 3600_000 + 1000), /This request expired at \d\d:\d\d UTC\./],
  ];

  test.each(MEANWHILE)('S31: one of a request that was %s meanwhile says so, when and by whom, and does nothing', async (_, end, says) => {
    const request = await wish();
    const press = await pressed('bo', await messageOf(bot, request.id), 'Approve 1h');
    await end(request.id);

    expect(await resend(press, { user: seededId('user', 'bo') })).toMatch(says);
    expect(granted(request.namespace)).toEqual([]);
    expect((await office.request(request.id)).decision?.verdict).not.toBe('approved');
  });
});

describe('flow: every copy of a request', () => {
  const ENDINGS: readonly (readonly [by: string, role: string, end: (request: Wish, message: SeenMessage) => Promise<unknown>, channel: RegExp, requester: RegExp])[] = [
    ['a click', 'view', async (_, message) => {
      await as('bo').press(message, 'Deny…');
      await as('bo').seesModal(/Deny\?/);
      await as('bo').submit({ Reason: REASON });
      await as('bo').seesModal(/Denied/);
      await as('bo').close({ all: true });
    }, /\*Denied\* by @bo .*left the company/, /\*Denied\* by @bo .*left the company/],
    ['a command', 'view', async ({ id }) => ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' }), /Approved by @bo [^]*Ends/, /Approved by @bo [^]*Ends/],
    ['a cancellation by whoever asked, from the direct message', 'view', async ({ id }) => {
      const note = await as('ann').sees('dm', id);
      await (await as('ann').press(note, 'Cancel')).answer(/The request is canceled/);
    }, /\*Canceled\* by @ann/, /\*Canceled\* by @ann/],
    ['its expiry', 'view', async () => office.pass(8 * 3600_000 + 1000), /No decision in 8 hours: nothing was changed/, /No decision in 8 hours: nothing was changed/],
    ['a change outside of Slack', 'fixer', async ({ id }) => {
      bot.kube.objects.put({ ...roleNow(), rules: [{ verbs: ['delete'], apiGroups: ['apps'], resources: ['deployments'] }] });
      await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
    }, /\*Void:\*.*A new request follows: `r\w{5}`/, /\*Void:\*/],
  ];

  function roleNow() {
    const found = bot.kube.objects.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'fixer' });
    if (found === undefined) throw new Error('the role is gone');
    return found;
  }

  test.each(ENDINGS)('S30: shows the same end after %s, without buttons to decide', async (_, role, end, inChannel, toRequester) => {
    const request = await wish('dev', role);
    const message = await messageOf(bot, request.id);
    const note = await as('ann').sees('dm', request.id);
    as('bo').openHome();
    await as('bo').seesHome(request.namespace);

    await end(request, message);

    const ended = await as('ann').seesChange(message, inChannel);
    const told = await as('ann').seesChange(note, toRequester);
    expect(ended.elements.join()).not.toMatch(/Approve|Deny|Cancel/);
    expect(told.elements.join()).not.toMatch(/Approve|Deny|Cancel/);
    // Without its being opened again.
    await as('bo').seesHome(({ words }) => !words.includes(`\`${request.id}\` · asked by`));
    expect(now(as('ann'), message).channel).toBe(seededId('channel', CHANNEL));
  });

  test('S30: shows its end later where Slack did not take it at first', async () => {
    const request = await wish();
    const message = await messageOf(bot, request.id);
    const note = await as('ann').sees('dm', request.id);
    bot.slack.control.faults.set('chat.update', { kind: 'answer', status: 503, body: 'no' }, 4);

    await ask(bot, `deny ${request.id} --reason "${REASON}"`, { as: 'bo' });

    expect((await as('ann').seesChange(message, /\*Denied\* by @bo/)).elements).toEqual([]);
    await as('ann').seesChange(note, /\*Denied\* by @bo/);
  });
});
