import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { job as dailyDigest } from '#jobs/daily-digest.ts';
import { job as reviewPeople } from '#jobs/review-people.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { aNamespace } from '#test/build/objects.ts';
import { OFFICE, openOffice, REASON, type Office } from '#test/build/office.ts';
import { until } from '#test/build/queue.ts';
import { binding, role } from '#test/build/rbac.ts';

jest.setTimeout(60_000);

const DAY_MS = 24 * 3600_000;
const PROD = `${OFFICE.replace(/^ {2}- \{ name: dev.*\n/m, '')}
digests: [{ name: daily, channel: ${seededId('channel', CHANNEL)} }]
`;
const LEAVERS = ['denied', 'kept', 'robot', 'typed'];
const OBJECTS = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  binding('admins', 'ClusterRole/cluster-admin', ['User/oidc:dana@corp.example']),
  ...LEAVERS.map((handle) => binding(`keys-${handle}`, 'ClusterRole/key-reader', [`User/oidc:${handle}@corp.example`], 'shop')),
];

let office: Office;
let bot: Bot;

beforeAll(async () => {
  office = await openOffice({ objects: OBJECTS, file: PROD, contexts: ['prod'], slack: { people: [...LEAVERS.map((handle) => ({ handle, realName: `Lee ${handle}` })), { handle: 'fay', realName: 'Fay Approver' }] } });
  ({ bot } = office);
});

afterAll(() => office.stop());

const as = (handle: string) => bot.slack.as(handle);
const dayIn = (days: number) => new Date(bot.clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
const cardsOf = (handle: string) => as('ann').messages(CHANNEL).filter(({ isEphemeral, threadTs, words }) => !isEphemeral && threadTs === undefined && words.includes(`Remove the access of ${handle}@`));

let reviews = 0;
async function review(): Promise<void> {
  const id = `review-people-rulings-${(reviews += 1)}`;
  await office.outside.queues.add({ job: reviewPeople, payload: {}, id, forget: true });
  await until(async () => !(await office.outside.queues.isPending(id)));
}

/** The daily reviews of so many days, the last of them today. */
async function daysPass(days: number): Promise<void> {
  await office.pass(days * DAY_MS);
  await review();
}

/** The card about somebody who left, once it waits, and the id of its request. */
async function askedAbout(handle: string): Promise<{ readonly id: string; readonly message: SeenMessage }> {
  const message = await as('ann').sees(CHANNEL, ({ isEphemeral, words }) => !isEphemeral && words.includes(`Remove the access of ${handle}@`) && words.includes('*Approve?*'));
  return { message, id: /remove-user `(r\w{5})`/.exec(message.words)?.[1] ?? '' };
}

async function leaves(handle: string): ReturnType<typeof askedAbout> {
  bot.slack.control.workspace.deactivate(handle);
  return askedAbout(handle);
}

describe('flow: what approvers say in place of a removal', () => {
  test('a plain denial is not asked again by the next review, but what is new is', async () => {
    const { id, message } = await leaves('denied');
    const until30 = dayIn(30);
    await as('bo').press(await ask(bot, `deny ${id} --reason "${REASON}"`, { as: 'bo' }), 'Confirm: deny');
    await as('bo').seesModal(`Denied. Nothing is changed, and it is asked again after ${until30}.`);
    await as('bo').close({ all: true });
    const denied = await as('ann').seesChange(message, /\*Denied\* by @bo/);
    expect(denied.words).toContain(`It will be asked again after ${until30}, or once there is more access or the person is gone further.`);
    expect(denied.elements).toEqual(['Undo']);

    await review();
    await daysPass(1);
    expect(cardsOf('denied')).toHaveLength(1);
    const users = await ask(bot, 'users');
    expect(users.words).toMatch(new RegExp(`Lee denied[^]*not to be taken away, said bo on .* \\(${id}\\), asked again after ${until30}`, 'i'));

    bot.kube.objects.put(binding('new', 'ClusterRole/cluster-admin', ['User/oidc:denied@corp.example']));
    await review();
    const news = await askedAbout('denied');
    expect(news.id).not.toBe(id);
    expect(news.message.words).toMatch(new RegExp(`\\*Before\\*\\n.*said .* \\(${id}\\)`));
    await ask(bot, `cancel ${news.id}`, { as: 'bo' });
  });

  test('kept in the form: everybody sees it, the reviews are silent until then, and afterwards the card tells who kept it and why', async () => {
    const { id, message } = await leaves('kept');
    expect(message.elements).toEqual(['Review and remove…', 'Deny…', 'Keep…', 'Not their account…']);
    expect(message.words).toContain('*User name*\noidc:kept@corp.example');
    const last = dayIn(60);
    for (const handle of ['bo', 'cy']) {
      await as(handle).press(message, 'Keep…');
      await as(handle).seesModal(/Keep the access to/);
    }
    await as('bo').submit({ 'What is it needed for?': 'on parental leave until spring', Until: last });
    await as('bo').seesModal(/Kept\. Nothing is changed\./);
    await as('cy').submit({ 'What is it needed for?': 'somebody said so, I think', Until: dayIn(10) });
    await as('cy').seesModal(`Already kept until ${last} by bo`);
    for (const handle of ['bo', 'cy']) await as(handle).close({ all: true });

    const kept = await as('ann').seesChange(message, new RegExp(`\\*Kept until ${last}\\* by @bo .*“on parental leave until spring”\\. Nothing was changed\\.`));
    expect(kept.text).toMatch(new RegExp(`^Kept until ${last} by bo: Remove the access of kept@`));
    expect((await ask(bot, 'approvals', { as: 'bo' })).words).toContain(id);
    expect((await ask(bot, 'users')).words).toMatch(new RegExp(`Lee kept[^]*kept until ${last}, said bo on .* \\(${id}\\): “on parental leave until spring”`, 'i'));
    expect((await ask(bot, 'remove-user kept@corp.example')).words).toMatch(/is kept until .*remove-user kept@corp\.example --reason asked/s);

    await office.outside.queues.add({ job: dailyDigest, payload: { digest: 'daily', due: bot.clock.now().toISOString() }, id: 'digest-rulings' });
    await as('ann').sees(CHANNEL, ({ words }) => words.includes('k8ssec · digest') && words.includes(`Access kept by approvers (1):* Lee kept (kept@corp.example): kept until ${last}, said bo on`));

    await daysPass(59);
    expect(cardsOf('kept')).toHaveLength(1);
    await daysPass(2);
    await as('ann').seesChange(message, /That day is over, so that it is asked again\./);
    const again = await askedAbout('kept');
    expect(again.message.words).toMatch(new RegExp(`\\*Before\\*\\nkept until ${last}, said bo on .* \\(${id}\\): “on parental leave until spring”`, 'i'));
    expect((await office.logOf(id)).map(({ kind, reason }) => [kind, reason])).toEqual([['asked', undefined], ['kept', `until ${last}: on parental leave until spring`], ['lapsed', undefined]]);
  });

  test('not their account: the name is of nobody from then on, until somebody undoes that', async () => {
    const { id, message } = await leaves('robot');
    await as('bo').press(message, 'Not their account…');
    const form = await as('bo').seesModal(/Not the account of Lee robot/);
    expect(form.words).toContain('oidc:robot@corp.example');
    await as('bo').submit({ 'How do you know, and whose is it?': 'the build robot of team shop' });
    await as('bo').seesModal(/the name is not taken for theirs any more/);
    await as('bo').close({ all: true });

    const closed = await as('ann').seesChange(message, /\*Closed as not their account\* by @bo .*“the build robot of team shop”/);
    expect(closed.words).toContain('`oidc:robot@corp.example` is not taken for theirs from now on.');
    await daysPass(40);
    expect(cardsOf('robot')).toHaveLength(1);
    const { words } = await ask(bot, 'users');
    expect(words).toMatch(new RegExp(`• oidc:robot@corp\\.example in prod: not the account of Lee robot .*said bo on .* \\(${id}\\): “the build robot of team shop”`, 'i'));
    expect(words).not.toContain('*Departed:* Lee robot');
    await as('ann').sees(CHANNEL, ({ words: told }) => told.includes('oidc:robot@corp.example: key-reader'));

    await ask(bot, `undo ${id} --reason "it is his after all"`, { as: 'cy' });
    await as('ann').seesChange(message, /\*Undone\* by @cy/);
    await review();
    expect((await askedAbout('robot')).id).not.toBe(id);
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'not-theirs', 'ruling-undone']);
  });

  test('typed: who may not decide is refused, and nothing holds; who may needs no form', async () => {
    const { id } = await leaves('typed');
    const say = async (text: string, handle = 'bo') => (await ask(bot, text, { as: handle })).words;

    expect(await say(`keep ${id} --until ${dayIn(5)} --reason "${REASON}"`, 'ann')).toContain('Only approvers may do this');
    expect(await say(`not-theirs ${id} --reason "${REASON}"`, 'ann')).toContain('Only approvers may do this');
    expect(await say(`keep ${id} --until ${dayIn(181)} --reason "${REASON}"`)).toContain('It can be kept for 180 days at most');
    expect(await say(`keep ${id} --until ${dayIn(5)} --reason "no"`)).toContain('Give a reason in 10 to 500 characters.');
    expect(await say(`not-theirs ${id} --only 2 --reason "${REASON}"`)).toContain('"2" names no place in the list of user names, which has 1: oidc:typed@corp.example.');
    expect((await office.request(id)).state).toBe('pending');

    expect(await say(`keep ${id} --until ${dayIn(180)} --reason "${REASON}"`)).toContain('Kept. Nothing is changed.');
    expect(await say(`not-theirs ${id} --reason "${REASON}"`, 'cy')).toContain('Already kept until');
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'refused', 'refused', 'kept']);
  });
});
