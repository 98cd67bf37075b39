import { describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { NOT_ASKED } from '#src/model/access.ts';
import { connectionId } from '#src/model/connection-key.ts';
import { CONNECTION_STATES, type ConnectionKey } from '#src/model/connection.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { keys } from '#src/store/keys.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { CHECKOUT } from '#test/build/connections.ts';
import { ask, decisions } from '#test/build/conversation.ts';
import { aNamespace } from '#test/build/objects.ts';
import { watchedDev, type SeenFlow } from '#test/build/watched.ts';

jest.setTimeout(60_000);

const { bot, as, runWith, send: sendFlows, catchUp, submits } = watchedDev([
  'groups: { office: [198.51.100.0/24] }',
  `owners: [{ namespace: shop, workload: billing, team: Payments, who: ${seededId('user', 'cy')} }]`,
  "allow: [{ remote: '*.ours.example', owner: platform, reason: our own services }]",
]);
runWith([aNamespace('shop'), ...['front', 'teaser'].map(aDeployment)], writeAsBefore);

/** Its pods bear its name as `app`, and both are of the front end. */
function aDeployment(name: string): RawObject {
  const labels = { app: name, tier: 'front' };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.example/web:1' }] } } } };
}

/** A denied connection, as an earlier version of the bot has left it in Redis. */
async function writeAsBefore({ redis: { url }, clock }: Bot): Promise<void> {
  const redis = new Redis(url);
  const key: ConnectionKey = { ...CHECKOUT, cluster: 'dev', workload: { namespace: 'old', kind: 'Deployment', name: 'tiller' } };
  const at = clock.now().getTime();
  const fields = { key: JSON.stringify(key), state: 'denied', place: CONNECTION_STATES.indexOf('denied'), version: 2, first: at, last: at, count: 1, outcome: 2, private: 0, addresses: '203.0.113.7', names: '', sources: 'hubble', request: 'r1' };
  await redis.hset(keys.connection(`dev:${connectionId(key)}`), fields);
  await redis.sadd(keys.connectionsInState('dev:denied'), connectionId(key));
  redis.disconnect();
}

type Seen = Partial<SeenFlow>;

/** Each name has its own. */
const names: (string | undefined)[] = [];
function addressOf(name: string | undefined): string {
  if (!names.includes(name)) names.push(name);
  return `203.0.113.${9 + names.indexOf(name)}`;
}

/** From a while ago, so that nothing waits for more of its workload. */
const send = (...seen: readonly Seen[]) => sendFlows(...seen.map((one) => ({ agoMs: 30_000, ...one, address: one.address ?? addressOf(one.name) })));
const cards = (text: string) => as('bo').messages(CHANNEL).filter(({ words }) => words.includes(text));
const idOf = ({ words }: SeenMessage): string => /`(r\w{5})`/.exec(words)?.[1] ?? '';

describe('flow: first connections with the outside', () => {
  test('the first one is asked about once, with what is known; approved it is on the allowlist and never asked about again', async () => {
    await send({ name: 'api.stripe.com.' });
    const card = await as('bo').sees(CHANNEL, /First connection from dev shop\/checkout → api\.stripe\.com:443/);
    for (const part of ['New external connection', 'shop/checkout (Deployment)', '203.0.113.9', 'no other workload', 'hubble', 'allowed and watched']) expect(card.words).toContain(part);
    expect(card.elements).toEqual(['Approve', 'Approve for 24 hours', 'Deny…', 'Ask owner', 'Allow for the namespace…']);

    // Another address of the same name, another case, and answers are no news.
    await send({ name: 'API.stripe.com', address: '203.0.113.200' }, { name: 'api.stripe.com', reply: true });
    await submits(card, 'Approve', /On the allowlist; no policy was needed/, 'payment provider of the shop');
    const approved = await as('bo').seesChange(card, /On the allowlist; no policy was needed/);

    expect(approved.elements).toEqual(['Undo']);
    expect((await ask(bot(), 'connections dev')).words).toContain('approved by');
    await send({ name: 'api.stripe.com', address: '203.0.113.201' });
    expect(cards('api.stripe.com:443')).toHaveLength(1);
    expect((await decisions(bot())).filter((entry) => 'request' in entry && entry.request === idOf(card)).map(({ kind }) => kind)).toEqual(['asked', 'approved', 'applying', 'applied']);
  });

  test('forty destinations of a new workload are one message', async () => {
    await send(...Array.from({ length: 40 }, (_, index) => ({ workload: 'newapp', name: `d${index}.example.com` })));
    const card = await as('bo').sees(CHANNEL, /40 external destinations of dev shop\/newapp/);
    expect(card.words).toContain('d0.example.com:443');
    expect(card.elements).toContain('Approve all');
    expect(cards('shop/newapp')).toHaveLength(1);
    await submits(card, 'Approve all', /40 external destinations/, 'reviewed with the team');
    await as('bo').seesChange(card, /On the allowlist/);
    expect((await ask(bot(), 'connections dev --state approved -n shop')).words).toContain('dev: 41 connections with the outside');
  });

  test('a denial is recorded with its reason, what happens then is said, and contact after it is an alarm', async () => {
    await send({ workload: 'cart', name: 'evil.example' });
    const card = await as('bo').sees(CHANNEL, /shop\/cart → evil\.example:443/);
    await submits(card, 'Deny…', /its owner has to stop it/, 'nobody on the team knows it');
    await as('bo').seesChange(card, /\*Denied\*.*nobody on the team knows it[^]*Not enforced here/);

    bot().clock.skip(120_000);
    await send({ workload: 'cart', name: 'evil.example' });
    const alarm = await as('bo').sees(CHANNEL, /^CRITICAL: .*denied/i);
    expect(alarm.words).toContain('shop/cart');
  });

  test('the owner is asked directly and once, answers without deciding, and sees how it ends', async () => {
    await send({ workload: 'billing', name: 'pay.example' });
    const card = await as('bo').sees(CHANNEL, /shop\/billing → pay\.example:443/);
    expect(card.words).toContain('Payments');
    await as('bo').press(card, 'Ask owner');
    const question = await as('cy').sees('dm', /Do you know this\?[^]*pay\.example:443/);
    await as('bo').seesChange(card, /owner, Payments.*asked by.*no answer so far/);
    expect((await ask(bot(), `ask-owner ${idOf(card)}`, { as: 'bo' })).words).toMatch(/asked the owner \(Payments\) already/);
    expect((await ask(bot(), `known ${idOf(card)} yes --reason "I say it is mine"`, { as: 'bo' })).words).toContain(NOT_ASKED);

    await as('cy').press(question, 'I know it…');
    await as('cy').seesModal(/You know it/);
    await as('cy').submit({ 'What is it for?': 'our second payment provider' });
    const known = await as('bo').seesChange(card, /Known to the owner[^]*our second payment provider/);
    expect(known.elements).toEqual(['Approve', 'Approve for 24 hours', 'Deny…', 'Allow for the namespace…']);
    expect((await as('cy').seesChange(question, /Known to the owner/)).elements).toEqual([]);

    await ask(bot(), `approve ${idOf(card)} --reason "as the owner says"`, { as: 'bo' });
    await as('cy').seesChange(question, /On the allowlist/);
    expect((await decisions(bot())).filter((entry) => 'request' in entry && entry.request === idOf(card)).map(({ kind }) => kind)).toEqual(['asked', 'owner-asked', 'refused', 'known-by-owner', 'approved', 'applying', 'applied']);
  });

  test('where no owner is known, whoever asks for them is told what to do', async () => {
    await send({ workload: 'orphan', name: 'far.example' });
    const card = await as('bo').sees(CHANNEL, /shop\/orphan → far\.example:443/);
    expect((await ask(bot(), `ask-owner ${idOf(card)}`, { as: 'bo' })).words).toMatch(/Nobody is known as the owner of shop\/orphan.*connections\.owners/);
  });

  test('what is asked about in one message can be reviewed one by one', async () => {
    await send({ workload: 'jobs', name: 'one.example' }, { workload: 'jobs', name: 'two.example' });
    const card = await as('bo').sees(CHANNEL, /2 external destinations of dev shop\/jobs/);
    await as('bo').press(card, 'Review one by one');
    await as('bo').sees(CHANNEL, /shop\/jobs → one\.example:443/);
    const second = await as('bo').sees(CHANNEL, /shop\/jobs → two\.example:443/);
    expect((await as('bo').seesChange(card, /Canceled/)).elements).toEqual([]);
    expect(second.elements).toContain('Approve');
  });

  test('a workload with more connections than are recorded is an alarm, and what the allowlist covers is none', async () => {
    const ours = (index: number): Seen => ({ workload: 'proxy', name: `d${index}.ours.example`, address: `203.0.${index >> 8}.${index & 255}` });
    for (let sent = 0; sent < 5000; sent += 1000) await send(...Array.from({ length: 1000 }, (_, index) => ours(sent + index)));
    await send(ours(5000));
    await send({ workload: 'proxy', name: 'scanned.example' });

    const alarm = await as('bo').sees(CHANNEL, /^HIGH: .*too many connections/);
    expect(alarm.words).toContain('shop/proxy → scanned.example:443 is not recorded');
    expect(alarm.words).not.toContain('d5000.ours.example');
    expect(alarm.words).toContain('/k8ssec allow');
  });

  test('approved for a day it ends by itself, and is asked about again when it is seen then', async () => {
    await send({ workload: 'nightly', name: 'backup.example' });
    const card = await as('bo').sees(CHANNEL, /shop\/nightly → backup\.example:443/);
    await submits(card, 'Approve for 24 hours', /backup\.example/, 'one backup by hand');
    await as('bo').seesChange(card, /On the allowlist[^]*Ends/);
    await send({ workload: 'nightly', name: 'backup.example' });
    expect(cards('shop/nightly')).toHaveLength(1);

    bot().clock.skip(25 * 3600_000);
    await catchUp();
    await as('bo').seesChange(card, /Undone\* on time/);
    bot().clock.skip(120_000);
    await send({ workload: 'nightly', name: 'backup.example' });
    await as('bo').sees(CHANNEL, ({ words, ts }) => ts !== card.ts && words.includes('shop/nightly → backup.example:443'));
  });

  test('what an earlier version of the bot has recorded is shown', async () => {
    expect((await ask(bot(), 'connections dev -n old')).words).toMatch(/dev: 1 connection with the outside.*denied.*old\/tiller → api\.stripe\.com:443/s);
  });

  test('what the allowlist covers is not asked about', async () => {
    await send({ workload: 'cart', name: 'db.ours.example' }, { workload: 'cart', name: 'other.example' });
    await as('bo').sees(CHANNEL, /shop\/cart → other\.example:443/);
    expect(cards('db.ours.example')).toEqual([]);
    expect((await ask(bot(), 'allow list')).words).toContain('*.ours.example');
  });

  test('an entry of the allowlist takes a second person, holds for a namespace, and ends', async () => {
    const asked = await ask(bot(), 'allow api.mail.example -n shop --port 443 --reason "mails to customers"');
    const id = idOf(asked);
    expect(asked.words).toContain('somebody else has to agree');
    expect((await ask(bot(), `approve ${id} --reason "mails to customers"`)).words).toMatch(/somebody else must decide|may not/i);
    await ask(bot(), `approve ${id} --reason "mails to customers"`, { as: 'bo' });
    await as('bo').sees(CHANNEL, ({ words }) => words.includes(id) && words.includes('On the allowlist'));
    await send({ workload: 'mailer', name: 'api.mail.example' }, { workload: 'mailer', name: 'tracker.example' });
    await as('bo').sees(CHANNEL, /shop\/mailer → tracker\.example:443/);
    expect(cards('shop/mailer → api.mail.example')).toEqual([]);

    expect((await ask(bot(), `allow end ${id}`, { as: 'bo' })).words).toContain('The entry ends');
    await as('bo').sees(CHANNEL, ({ words }) => words.includes(id) && words.includes('Ended'));
    expect((await ask(bot(), 'allow list')).words).not.toContain('api.mail.example');
  });

  test('an entry for labels is asked for in a form, and holds for the workloads whose pods bear them', async () => {
    await as('ann').command('/k8ssec allow *.sentry.example --labels tier=front,app=front', CHANNEL);
    await as('ann').seesModal(/Allow .?\*\.sentry\.example.? for \*?every workload with app=front,tier=front\*? in/);
    await as('ann').submit({ Reason: 'errors of the front end' });
    const card = await as('bo').sees(CHANNEL, /every workload with app=front,tier=front in dev: errors of the front end/);
    const id = idOf(card);
    await ask(bot(), `approve ${id} --reason "errors of the front end"`, { as: 'bo' });
    await as('bo').seesChange(card, /On the allowlist/);

    await send({ workload: 'front', name: 'eu.sentry.example' }, { workload: 'teaser', name: 'eu.sentry.example' }, { workload: 'front', name: 'tracker.example' });
    await as('bo').sees(CHANNEL, /shop\/teaser → eu\.sentry\.example:443/);
    await as('bo').sees(CHANNEL, /shop\/front → tracker\.example:443/);
    expect(cards('shop/front → eu.sentry.example')).toEqual([]);
    expect((await ask(bot(), 'connections dev --state approved -n shop')).words).toContain('shop/front → eu.sentry.example:443');
    expect((await ask(bot(), 'allow list')).words).toMatch(/\*\.sentry\.example.*every workload with app=front,tier=front/);
    const said = (await decisions(bot())).filter((entry) => 'request' in entry && entry.request === id);
    expect(said.map(({ kind }) => kind)).toEqual(['asked', 'approved', 'applying', 'applied']);
    expect(JSON.stringify(said[0])).toContain('app=front,tier=front');

    expect((await ask(bot(), `allow end ${id}`, { as: 'bo' })).words).toContain('The entry ends');
    await as('bo').sees(CHANNEL, ({ words }) => words.includes(id) && words.includes('Ended'));
    expect((await ask(bot(), 'allow list')).words).not.toContain('sentry.example');
  });

  test.each([
    ['allow *.com --reason "everything there is"', /top-level domain/],
    ['allow 0.0.0.0/0 --reason "everything there is"', /covers every address/],
    ['allow api.example --workload web --reason "for one workload"', /namespace/],
    ['allow api.example --port 99999 --reason "a port too far"', /no port/],
    ['allow api.example --labels app!=web --reason "for some of them"', /compared by = alone/],
    ['allow api.example --labels app=we:b --reason "for some of them"', /no label of Kubernetes has/],
    ['connections nowhere', /no cluster "nowhere"/],
  ])('%s says what is wrong', async (text, expected) => {
    expect((await ask(bot(), text)).words).toMatch(expected);
  });
});
