import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { idOf } from '#src/sandbox/slack/state/ids.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { keys } from '#src/store/keys.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { ask, decisions, logged, scanned, withRedis } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

const ANN = seededId('user', 'ann');
const BO = seededId('user', 'bo');
const ELI = seededId('user', 'eli');
const SHARED = 'partner-acme';

const FILE = `
clusters: [{ name: dev, context: dev }, { name: prod, context: prod }]
roles:
  viewer: ['*']
  operator: [{ who: ${seededId('group', 'operators')}, clusters: [dev] }, { who: ${BO}, clusters: [prod] }]
  admin: [${seededId('user', 'dana')}]
slack: { sharedChannels: [${seededId('channel', SHARED)}] }
`;

describe('flow: who may do what', () => {
  let bot: Bot;
  let endHurry: () => Promise<void>;

  beforeAll(async () => {
    bot = await startBot({ file: FILE, contexts: ['dev', 'prod'] });
    endHurry = hurry(bot);
  });

  afterEach(() => bot.slack.control.faults.clear());

  afterAll(async () => {
    await endHurry();
    await bot.stop();
  });

  /** As the Web API shows a person. */
  const answerFor = (user: object): void =>
    bot.slack.control.faults.set('users.info', { kind: 'answer', status: 200, body: JSON.stringify({ ok: true, user: { id: ELI, team_id: idOf('T', 'own'), name: 'eli', ...user } }) });

  const posts = () => bot.slack.requests('chat.postMessage').length;

  /** Refused privately, written down, and nothing has come of it. */
  async function refuses(answer: SeenMessage, entry: { readonly who: string; readonly what: string; readonly reason: string }, postsBefore: number): Promise<void> {
    expect(answer.isEphemeral).toBe(true);
    expect(answer.words).toContain(entry.reason);
    expect((await decisions(bot)).at(-1)).toMatchObject({ kind: 'refused', who: entry.who, what: entry.what, reason: expect.stringContaining(entry.reason) });
    expect(posts()).toBe(postsBefore);
    expect(await withRedis(bot.redis.url, (redis) => redis.exists(keys.activeScan('dev'), keys.activeScan('prod')))).toBe(0);
  }

  test('S22: a viewer who asks for a scan is told whom to ask', async () => {
    const before = posts();

    const answer = await ask(bot, 'scan dev', { as: 'eli' });

    expect(answer.words).toMatch(/Ask .*@operators/);
    expect(answer.words).toContain('@dana');
    await refuses(answer, { who: ELI, what: 'scan', reason: 'This needs the role operator' }, before);
  });

  test('S22: an operator of another cluster is told whom to ask for this one', async () => {
    const before = posts();

    const answer = await ask(bot, 'scan prod');

    expect(answer.words).toMatch(/Ask .*@bo/);
    expect(answer.words).not.toContain('@operators');
    await refuses(answer, { who: ANN, what: 'scan', reason: 'This needs the role operator for prod, which you do not have.' }, before);
  });

  test('S22: an operator of another cluster cannot cancel a scan of this one', async () => {
    const fault = bot.kube.faults.add({ user: 'prod', verb: 'list' }, { kind: 'hang' });
    const bo = bot.slack.as('bo');
    await (await bo.command('/k8ssec scan prod', CHANNEL)).answer(/queued/);
    const message = await bo.sees(CHANNEL, /Scanning `prod`/);

    const answer = await (await bot.slack.as('ann').press(message, 'Cancel scan')).answer();

    expect(answer.isEphemeral).toBe(true);
    expect(answer.words).toContain('This needs the role operator for prod, which you do not have.');
    expect((await decisions(bot)).at(-1)).toMatchObject({ kind: 'refused', who: ANN, what: 'cancel' });
    expect(bo.reread(message)?.words).toContain('Scanning');
    await (await bo.press(message, 'Cancel scan')).answer(/is canceled/);
    fault.remove();
  });

  test('S22: a guest is refused', async () => {
    const before = posts();

    await refuses(await ask(bot, 'scan dev', { as: 'gus' }), { who: seededId('user', 'gus'), what: 'scan', reason: 'Guests have no role here.' }, before);
  });

  test.each([
    ['a deactivated person', { deleted: true }, 'This account is deactivated.'],
    ['something like a bot', { is_bot: true }, 'Bots have no role here.'],
    ['somebody of another workspace', { team_id: 'T0OTHER001' }, 'People of other organisations have no role here.'],
    ['a stranger', { is_stranger: true }, 'People of other organisations have no role here.'],
    ['a guest of one channel', { is_ultra_restricted: true }, 'Guests have no role here.'],
  ])('S22: %s is refused', async (_, user, reason) => {
    bot.clock.skip(61_000);
    answerFor(user);
    const before = posts();

    const answer = await ask(bot, 'findings', { as: 'eli' });

    bot.slack.control.faults.clear();
    await refuses(answer, { who: ELI, what: 'findings', reason }, before);
    bot.clock.skip(61_000);
  });

  test.each([
    ['does not know the person any more', { status: 200, body: '{"ok":false,"error":"user_not_found"}' }],
    ['fails', { status: 500, body: 'oops' }],
    ['is too busy', { status: 429, body: '', headers: { 'retry-after': '30' } }],
    ['answers for somebody else', { status: 200, body: '{"ok":true,"user":{"id":"U0OTHER001"}}' }],
    ['answers without sense', { status: 200, body: '<html>' }],
  ])('S22: whoever asks while Slack %s is refused, whatever their role', async (_, answer) => {
    bot.clock.skip(61_000);
    bot.slack.control.faults.set('users.info', { kind: 'answer', ...answer });
    const before = posts();

    const refusal = await ask(bot, 'scan dev');

    bot.slack.control.faults.clear();
    await refuses(refusal, { who: ANN, what: 'scan', reason: 'Your rights could not be looked up in Slack just now, so nothing was done. Try again in a minute.' }, before);
    expect(logged(bot, 'warn').at(-1)).toMatchObject({ user: ANN, msg: 'rights could not be looked up' });
  });

  test('S22: whoever asks while Slack cannot list the group that gives the role is refused', async () => {
    bot.clock.skip(61_000);
    bot.slack.control.faults.set('usergroups.users.list', { kind: 'drop' });
    const before = posts();

    const refusal = await ask(bot, 'scan dev');

    bot.slack.control.faults.clear();
    await refuses(refusal, { who: ANN, what: 'scan', reason: 'Your rights could not be looked up in Slack just now' }, before);
  });

  test('S22: nothing is said in a channel that is shared with another workspace, except where the configuration allows it', async () => {
    const before = posts();

    await refuses(await ask(bot, 'scan dev', { channel: 'partner-new' }), { who: ANN, what: 'scan', reason: 'This channel is shared with another organisation' }, before);
    expect((await ask(bot, 'clusters', { channel: SHARED })).words).toContain('2 clusters');
  });

  test('S22: a stranger who presses a button in a shared channel is refused', async () => {
    const result = await scanned(bot, 'scan dev', { channel: SHARED });
    const before = posts();

    const answer = await (await bot.slack.as('stan').press(result, 'Re-scan')).answer();

    await refuses(answer, { who: seededId('user', 'stan'), what: 'scan', reason: 'People of other organisations have no role here.' }, before);
  });

  test('a person who lost the role a moment ago is refused, and one who got it may', async () => {
    const { workspace } = bot.slack.control;
    workspace.setGroup('operators', ['eli']);
    const before = posts();

    const refusal = await ask(bot, 'scan dev');
    await refuses(refusal, { who: ANN, what: 'scan', reason: 'This needs the role operator' }, before);
    const result = await scanned(bot, 'scan dev', { as: 'eli' });

    expect(result.words).toContain('dev');
    workspace.setGroup('operators', ['ann']);
  });

  test('clusters that a person may not see do not appear for them', async () => {
    expect((await ask(bot, 'scan', { as: 'dana' })).words).toContain('Which cluster?');
    // Ann operates one of the two, so there is nothing to choose.
    expect((await ask(bot, 'scan')).words).toMatch(/Scan of \*`dev`\*/);
  });
});
