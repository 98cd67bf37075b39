import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { ask, decisions } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { asked, messageOf, OFFICE, openOffice, REASON, type Office } from '#test/build/office.ts';
import { binding } from '#test/build/rbac.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3600_000;
const REMOVAL = 'remove-user hal@corp.example --cluster prod';

let office: Office;
let bot: Bot;

const as = (handle: string) => bot.slack.as(handle);
const writes = () => bot.kube.requests.all(({ method, resource, query }) => method !== 'GET' && !resource.endsWith('reviews') && !query.includes('dryRun'));

/** Approves in the form, as far as its answer. */
async function approve(handle: string, message: SeenMessage, answer: RegExp, label = 'Review and remove…'): Promise<void> {
  await as(handle).press(message, label);
  await as(handle).seesModal(/What is done/);
  await as(handle).submit({ Reason: REASON });
  await as(handle).seesModal(answer);
  await as(handle).close({ all: true });
}

describe('flow: a decision in production', () => {
  let endHurry: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    office = await openOffice({ hurries: false });
    ({ bot } = office);
  });

  afterAll(async () => {
    await endHurry();
    await office.stop();
  });

  test('S29: within a second of the winning click the buttons are gone, and the end names decision, person, time, reason and effect', async () => {
    const id = await asked(bot, REMOVAL);
    const message = await messageOf(bot, id);
    bot.kube.faults.add({ verb: 'patch' }, { kind: 'slow', ms: 300 });
    await approve('bo', message, /Your approval counts: 1 of 2/);
    const first = await as('ann').seesChange(message, /\*1 of 2:\* Approved by @bo/);

    await as('cy').press(first, 'Review and remove…');
    await as('cy').seesModal(/What is done/);
    const clickedAt = bot.slack.control.clock.nowMs();
    await as('cy').submit({ Reason: REASON });
    const processing = await as('ann').seesChange(message, /\*Processing…\*/);
    const shown = bot.slack.requests('chat.update').find(({ args }) => args.ts === message.ts && String(args.text).startsWith('Approved by'));
    const end = await as('ann').seesChange(message, /Done: 2 of 2/);
    await as('cy').close({ all: true });
    bot.kube.faults.clear();

    expect((shown?.at.getTime() ?? Infinity) - clickedAt).toBeLessThan(1000);
    expect([first.elements, processing.elements, end.elements]).toEqual([['Review and remove…', 'Deny…', 'Keep…', 'Not their account…'], [], ['Restore']]);
    expect(end.words).toMatch(/Approved by @bo \d{4}-\d\d-\d\d \d\d:\d\d UTC: “left the company on Friday”, @cy [^\n]*: “left the company on Friday”\.\nDone: 2 of 2, [^\n]* · verified/);
    expect(office.subjects('keys-hal')).toEqual(['oidc:bo@corp.example']);
    await ask(bot, `undo ${id} --reason "for the next test"`, { as: 'bo' });
    await office.becomes(id, 'reverted');
    endHurry = hurry(bot, { jobs: false });
  });

  test('S29: an effect that fails is said, with what failed; it can be tried again', async () => {
    const id = await asked(bot, REMOVAL);
    const message = await messageOf(bot, id);
    const refusing = bot.kube.faults.add({ verb: 'patch', path: '**/keys-hal' }, { kind: 'refuse', code: 403 });
    for (const handle of ['bo', 'cy']) await ask(bot, `approve ${id} --reason "${REASON}"`, { as: handle }).then((preview) => as(handle).press(preview, 'Confirm: approve'));

    const failed = await as('ann').seesChange(message, /Approved, but not achieved/);
    expect(failed.words).toMatch(/\*Approved, but not achieved:\* 1 of 2 done, 1 failed/);
    expect(failed.words).toMatch(/keys-hal\) · FAILED: .*\n.*view-hal\) · done/);
    expect(failed.elements).toEqual(['Retry', 'Restore']);
    expect(office.subjects('view-hal', 'shop')).toEqual(['dev']);

    refusing.remove();
    await (await as('bo').press(failed, 'Retry')).answer(/tried again/);
    await as('ann').seesChange(message, /Done: 2 of 2/);
    expect(office.subjects('keys-hal')).toEqual(['oidc:bo@corp.example']);
    for (const handle of ['bo', 'cy']) await as(handle).close({ all: true });

    await (await as('bo').press(await messageOf(bot, id, /Done/), 'Restore')).answer(/taken back/);
    await office.becomes(id, 'reverted');
    expect(office.subjects('keys-hal')?.toSorted()).toEqual(['oidc:bo@corp.example', 'oidc:hal@corp.example']);
  });

  test('S33: the form shows the exact objects and verbs and takes no reason of less than 10 characters', async () => {
    const id = await asked(bot, REMOVAL);
    const message = await messageOf(bot, id);

    await as('bo').press(message, 'Review and remove…');
    const form = await as('bo').seesModal(/What is done/);
    const refused = await as('bo').submit({ Reason: '   nine chr   ' });
    const { errors } = as('bo').modal() ?? {};
    await as('bo').close({ all: true });
    const typed = await ask(bot, `approve ${id} --reason "too short"`, { as: 'bo' });

    expect(form.words).toMatch(/What is done \(2\)\n.*update ClusterRoleBinding keys-hal: take one entry out of subjects\n.*update RoleBinding shop\/view-hal: take one entry out of subjects/);
    expect([refused.ok, errors]).toEqual([false, { reason: 'At least 10 characters.' }]);
    expect(typed.words).toContain('This takes a reason of at least 10 characters.');
    expect((await office.request(id)).state).toBe('pending');
    await ask(bot, `cancel ${id}`);
  });

  test('S33: what changes between the click and the submission voids the approval; it is asked again, saying what has changed', async () => {
    const id = await asked(bot, REMOVAL);
    const message = await messageOf(bot, id);
    await approve('bo', message, /1 of 2/);
    await as('cy').press(message, 'Review and remove…');
    await as('cy').seesModal(/What is done \(2\)/);
    const before = writes().length;

    bot.kube.objects.put(binding('more-hal', 'ClusterRole/fixer', ['User/oidc:hal@corp.example'], 'shop'));
    await as('cy').submit({ Reason: REASON });
    const { successor = '' } = await office.becomes(id, 'void');
    await as('cy').close({ all: true });

    expect((await as('ann').seesChange(message, /\*Void:\*/)).elements).toEqual([]);
    const next = await messageOf(bot, successor);
    expect(next.words).toMatch(new RegExp(`Asked again instead of[^\\n]*${id}[^\\n]*To be changed now: fixer in shop[^\\n]*\\(RoleBinding shop/more-hal\\)`));
    expect(next.elements).toEqual(['Review and remove…', 'Deny…', 'Keep…', 'Not their account…']);
    expect(writes()).toHaveLength(before);
    expect((await office.request(successor)).approvals).toEqual([]);
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'cy' })).words).toContain(`(${successor} follows it)`);

    // The one who asked is the same, and may not decide the new one either.
    expect((await ask(bot, `approve ${successor} --reason "${REASON}"`)).words).toContain('You asked for this, so somebody else must decide.');
    await approve('bo', next, /1 of 2/);
    await approve('cy', next, /It is being carried out/);
    await office.becomes(successor, 'applied');
    expect(office.subjects('more-hal', 'shop')).toEqual([]);
  });
});

describe('flow: a request that nobody decides', () => {
  const FILE = `${OFFICE}
approvals:
  kinds: { temporary-access: { approvers: [${seededId('group', 'sec-approvers')}], escalateTo: [${seededId('group', 'sec-leads')}] } }
  delegates: [{ from: ${seededId('user', 'bo')}, to: ${seededId('user', 'eli')}, since: 2026-11-01, until: 2099-12-31 }, { from: ${seededId('user', 'bo')}, to: ${seededId('user', 'fay')}, since: 2026-01-01, until: 2026-01-31 }]
`;

  beforeAll(async () => {
    office = await openOffice({ file: FILE });
    ({ bot } = office);
  });

  afterAll(() => office.stop());

  const wish = (role = 'view') => asked(bot, `access request --cluster prod --namespace shop --role ${role} --for 1h --reason "fix the stuck migration"`);
  const pings = (message: SeenMessage) => [message, ...as('ann').messages(message)].filter(({ words }) => /@sec-(approvers|leads)/.test(words) && !words.startsWith('@ann'));

  test('S35: approvers are reminded at 25 % and 75 %, others are asked then too, and it ends without any effect', async () => {
    const id = await wish();
    const message = await messageOf(bot, id);
    const before = writes().length;
    const thread = () => as('ann').messages(message).filter(({ ts }) => ts !== message.ts);

    await office.pass(2 * HOUR_MS - 60_000);
    expect(thread()).toEqual([]);
    await office.pass(60_000);
    const first = await as('ann').sees(message, /this still waits for a decision/);
    expect(first.words).toMatch(/^@sec-approvers: this still waits/);
    await office.tend();
    await office.pass(3.9 * HOUR_MS);
    expect(thread()).toHaveLength(1);
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'dana' })).words).toContain('Only approvers may do this');

    await office.pass(0.1 * HOUR_MS);
    const second = await as('ann').sees(message, /you are asked as well/);
    expect(second.words).toContain('@sec-leads');
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'dana' })).elements).toEqual(['Confirm: approve']);
    await office.tend();
    await office.pass(1.9 * HOUR_MS);
    expect(thread()).toHaveLength(2);
    expect(pings(message).length).toBeLessThanOrEqual(3);
    expect((await office.request(id)).state).toBe('pending');

    await office.pass(0.2 * HOUR_MS);
    const ended = await as('ann').seesChange(message, /No decision in 8 hours: nothing was changed/);
    await as('ann').sees('dm', ({ words }) => words.includes(id) && words.includes('No decision in 8 hours'));
    expect(ended.elements).toEqual([]);
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' })).words).toMatch(/This request expired at \d\d:\d\d UTC/);
    expect(writes()).toHaveLength(before);
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'reminded', 'refused', 'escalated', 'reminded', 'expired']);
    expect(thread()).toHaveLength(2);
  });

  test('S35: after a long silence of the bot one reminder stands for both', async () => {
    const id = await wish();
    const message = await messageOf(bot, id);

    await office.pass(7 * HOUR_MS);
    await as('ann').sees(message, /you are asked as well/);
    await office.tend();

    expect(as('ann').messages(message).filter(({ words }) => words.includes('this still waits'))).toHaveLength(1);
    expect((await office.logOf(id)).filter(({ kind }) => kind === 'reminded')).toHaveLength(1);
    await ask(bot, `cancel ${id}`);
  });

  test('S35: whoever stands in for an approver decides on the days set down, and on no other', async () => {
    const id = await wish();

    const late = await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'fay' });
    const preview = await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'eli' });
    await as('eli').press(preview, 'Confirm: approve');
    await as('eli').seesModal(/It is being carried out/);
    await as('eli').close({ all: true });

    expect(late.words).toContain('Only approvers may do this, and you are none of them for this request.');
    expect((await office.becomes(id, 'applied')).decision?.by.person).toBe(seededId('user', 'eli'));
    await ask(bot, `undo ${id}`);
    await office.becomes(id, 'reverted');
  });

  test('S35: whoever asked is told at each change, in one message of their own', async () => {
    const id = await wish('fixer');
    const note = await as('ann').sees('dm', ({ words }) => words.includes(id));
    expect(note.words).toContain('Waits for');

    await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' }).then((preview) => as('bo').press(preview, 'Confirm: approve'));
    await as('ann').seesChange(note, /\*1 of 2:\* Approved by @bo/);
    await ask(bot, `deny ${id} --reason "use the runbook"`, { as: 'cy' }).then((preview) => as('cy').press(preview, 'Confirm: deny'));
    const denied = await as('ann').seesChange(note, /\*Denied\* by @cy .*“use the runbook”\. Nothing was changed/);

    expect(denied.elements).not.toContain('Cancel');
    expect(as('ann').messages('dm').filter(({ words }) => words.includes(id))).toHaveLength(1);
    expect((await decisions(bot)).filter((entry) => 'request' in entry && entry.request === id).map(({ kind }) => kind)).toEqual(['asked', 'approved', 'denied']);
    expect(as('ann').messages(CHANNEL).filter(({ words, isEphemeral }) => !isEphemeral && words.includes(`\`${id}\` · `))).toHaveLength(1);
  });
});
