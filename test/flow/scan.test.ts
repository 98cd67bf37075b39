import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { keys } from '#src/store/keys.ts';
import { CHANNEL, startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { ask, begun, now, scanned, told, withRedis } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aPod } from '#test/build/objects.ts';
import { until } from '#test/build/queue.ts';

const ANN = `<@${seededId('user', 'ann')}>`;

jest.setTimeout(30_000);

let bot: Bot;
let endHurry: (() => Promise<void>) | undefined;

async function start(options: BotOptions = {}): Promise<void> {
  bot = await startBot({ objects: [aPod({ name: 'web', privileged: true })], ...options });
}

async function stop(): Promise<void> {
  bot.kube.faults.clear();
  await endHurry?.();
  endHurry = undefined;
  await bot.stop();
}

const ann = () => bot.slack.as('ann');
const inChannel = () => ann().messages(CHANNEL).filter(({ isEphemeral }) => !isEphemeral);

describe('flow: a scan', () => {
  afterEach(() => stop());

  test('S26, S27: has one message from queued to result, changed at most every 3 s and only when there is news; the rest is in its thread', async () => {
    await start({ objects: demoObjects() });
    bot.kube.faults.add({ verb: 'list' }, { kind: 'slow', ms: 340 });

    const message = await begun(bot);
    await ann().seesChange(message, /k8ssec · scan/);
    endHurry = hurry(bot);
    await ann().sees(message, told);

    const posts = bot.slack.requests('chat.postMessage');
    const updates = bot.slack.requests('chat.update');
    const shown = [posts[0], ...updates].map((request) => JSON.stringify(request?.args));
    const gaps = [posts[0], ...updates].map((request) => request?.at.getTime() ?? 0).map((at, index, all) => at - (all[index - 1] ?? -Infinity));
    expect(inChannel()).toHaveLength(1);
    expect(posts.slice(1).every(({ args }) => args.thread_ts === message.ts)).toBe(true);
    expect(updates.length).toBeGreaterThan(2);
    expect(updates.every(({ args }) => args.ts === message.ts)).toBe(true);
    expect(new Set(shown).size).toBe(shown.length);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2990);
    expect(updates.at(-2)?.args.text).toMatch(/^Scanning demo: \d of \d areas done\.$/);
    expect(updates.at(-1)?.args.text).toMatch(/^Scan of demo incomplete: \d+ critical/);
    // Once when it is said who asked, which tells her nothing new, and once when it is done.
    expect(posts.map(({ args }) => JSON.stringify(args).split(ANN).length - 1)).toEqual([1, ...posts.slice(2).map(() => 0), 1]);
    expect(now(ann(), message).text).toMatch(/\d+ critical/);
  });
});

describe('flow: whoever asks for a scan', () => {
  beforeAll(async () => {
    await start();
    endHurry = hurry(bot);
  });

  /** As if it had never been scanned. */
  beforeEach(() => withRedis(bot.redis.url, (redis) => redis.del(keys.clusterState('demo'))));

  afterEach(() => bot.kube.faults.clear());

  afterAll(() => stop());

  test('says at once what will happen, privately', async () => {
    await scanned(bot);

    const answer = await ask(bot, 'scan demo --namespace default');

    expect(answer.isEphemeral).toBe(true);
    expect(answer.words).toMatch(/^Scan of \*`demo`\* \(namespace default\) queued \(place 1, usually .+\)\. The result comes in #sec-prod\.\n\[Cancel scan\]$/);
    await until(() => withRedis(bot.redis.url, async (redis) => (await redis.exists(keys.activeScan('demo'))) === 0));
  });

  test('in a direct message has its result and its thread there', async () => {

    const before = inChannel().length;

    const result = await scanned(bot, 'scan', { channel: 'dm' });

    expect(result.words).toContain('demo');
    expect(inChannel()).toHaveLength(before);
  });

  test('where the bot is not in the channel is told to the person directly', async () => {

    const last = ann().messages('dm').at(-1)?.ts ?? '';

    await (await ann().command('/k8ssec scan', 'sec-dev')).answer(/queued/);
    const message = await ann().sees('dm', ({ words, ts }) => ts > last && words.includes('k8ssec · scan'));

    expect((await ann().sees(message, told)).words).toContain('@ann the scan of `demo` is done');
  });

  test('S23: is joined by whoever asks for another one of its cluster, and each is told where they asked', async () => {
    bot.kube.faults.add({ verb: 'list', resource: 'pods' }, { kind: 'hang' });
    const before = inChannel().length;
    const message = await begun(bot);
    await ann().seesChange(message, /Scanning/);

    const joined = await ask(bot, 'scan demo', { as: 'dana' });
    const elsewhere = await ask(bot, 'scan', { as: 'dana', channel: 'team-shop' });
    const again = await ask(bot, 'scan');

    for (const answer of [joined, elsewhere, again]) {
      expect(answer.isEphemeral).toBe(true);
      expect(answer.words).toMatch(/^A scan of \*`demo`\* is already running \(asked .+ by @ann\) in #sec-prod; you will be told when it ends\.$/);
    }
    bot.kube.faults.clear();
    await ann().press(message, 'Cancel scan');
    expect((await ann().sees(message, told)).words).toMatch(/^(@ann @dana|@dana @ann) the scan of/);
    expect((await bot.slack.as('dana').sees('team-shop', /the scan of/)).words).toMatch(/^@dana the scan of `demo` was canceled\.$/);
    expect(inChannel()).toHaveLength(before + 1);
    expect(bot.slack.requests('chat.postMessage').filter(({ args }) => JSON.stringify(args).includes('was canceled'))).toHaveLength(2);
  });
});

describe('flow: a scan that is canceled', () => {
  beforeAll(async () => {
    await start();
    endHurry = hurry(bot);
  });

  /** As if it had never been scanned. */
  beforeEach(() => withRedis(bot.redis.url, (redis) => redis.del(keys.clusterState('demo'))));

  afterEach(() => bot.kube.faults.clear());

  afterAll(() => stop());

  const BUSY = { verb: 'list' } as const;

  test('while it runs, by its button, ends at once for everybody to see, and nothing of it is stored', async () => {
    bot.kube.faults.add(BUSY, { kind: 'hang' });
    const message = await begun(bot);
    await ann().seesChange(message, /Scanning/);

    const answer = await (await bot.slack.as('dana').press(message, 'Cancel scan')).answer();

    expect(answer).toMatchObject({ isEphemeral: true, words: 'The scan of demo is canceled.' });
    const canceled = await ann().seesChange(message, /canceled/);
    expect(canceled.words).toMatch(/^\*Scan of `demo` canceled\* by @dana soon after it began\. No result was stored\.\n\[Scan again\]\nk8ssec · scan/);
    expect((await ann().sees(message, told)).words).toBe('@ann the scan of `demo` was canceled.');
    expect((await ask(bot, 'findings')).words).toContain('has not been scanned yet');
  });

  test('by the command is the same as by the button', async () => {
    bot.kube.faults.add(BUSY, { kind: 'hang' });
    const message = await begun(bot);
    await ann().seesChange(message, /Scanning/);
    const scan = await withRedis(bot.redis.url, (redis) => redis.get(keys.activeScan('demo')));

    expect((await ask(bot, `cancel ${scan ?? ''}`)).words).toBe('The scan of demo is canceled.');

    await ann().seesChange(message, /canceled/);
    expect((await ask(bot, `cancel ${scan ?? ''}`)).words).toBe('The scan of demo has ended already.');
  });

  test('frees its cluster for the next one at once, and cannot spoil that one’s result', async () => {
    bot.kube.faults.add(BUSY, { kind: 'hang' });
    const first = await begun(bot);
    await ann().seesChange(first, /Scanning/);
    await (await ann().press(first, 'Cancel scan')).answer(/canceled/);
    bot.kube.faults.clear();

    const second = await begun(bot);

    await ann().sees(second, told);
    expect(now(ann(), second).words).toContain('1 critical');
    expect(now(ann(), first).words).toContain('canceled');
  });

  test('after it has ended, by a button that somebody still sees, changes nothing', async () => {
    const last = inChannel().at(-1)?.ts ?? '';
    const run = await ann().command('/k8ssec scan', CHANNEL);
    const answer = await run.answer(/queued/);
    const message = await ann().sees(CHANNEL, ({ words, ts }) => ts > last && words.includes('k8ssec · scan'));
    await ann().sees(message, told);

    const late = await (await ann().press(answer, 'Cancel scan')).answer(/ended already/);

    expect(late.isEphemeral).toBe(true);
    expect(now(ann(), message).words).toContain('1 critical');
  });
});

describe('flow: scans of several clusters', () => {
  afterEach(() => stop());

  const FILE = 'clusters: [{ name: one }, { name: two }, { name: three }]';
  const contexts = ['one', 'two', 'three'];

  test('without a name the bot asks which one, and a press is the answer', async () => {
    await start({ file: FILE, contexts });
    endHurry = hurry(bot);

    const question = await ask(bot, 'scan -n default --area workload');
    await (await ann().press(question, 'two')).answer(/Scan of \*`two`\* \(.*namespace default.*\) queued/);

    expect(question.words).toContain('Which cluster?');
    expect(question.elements).toEqual(['one', 'two', 'three', 'All 3']);
    const result = await ann().sees(CHANNEL, /k8ssec · scan/);
    await ann().sees(result, told);
    expect(result.words).toMatch(/^two: .*\(.*namespace default.*\)/);
    expect(new Set(bot.kube.requests.all().map(({ user }) => user))).toEqual(new Set(['two']));
  });

  test('all of them are told of once, when the last one has ended, and one that fails keeps none from its result', async () => {
    await start({ file: FILE, contexts });
    bot.kube.faults.add({ user: 'two' }, { kind: 'refuse', code: 401 });
    endHurry = hurry(bot);

    const answer = await ask(bot, 'scan --all');
    const end = await ann().sees(CHANNEL, /the scans have ended/);

    expect(answer.words).toBe('*3 scans:* one queued, two queued, three queued. You will be told when all have ended.');
    expect(end.words.split('\n')).toEqual([
      '@ann the scans have ended:',
      expect.stringMatching(/^• `one` is done.*: 1 critical/),
      '• `two` failed: the API server refuses the credentials of the bot',
      expect.stringMatching(/^• `three` is done.*: 1 critical/),
    ]);
    expect(bot.slack.requests('chat.postMessage').filter(({ args }) => String(args.text).startsWith('3 scans ended'))).toHaveLength(1);
  });

  test('more than may run at once wait for their place', async () => {
    await start({ file: FILE, contexts, env: { K8SSEC_CONCURRENCY: '1' } });
    bot.kube.faults.add({ user: 'one', verb: 'list' }, { kind: 'hang' });
    endHurry = hurry(bot);
    const first = await begun(bot, 'scan one');
    await ann().seesChange(first, /Scanning/);

    const answers = [await ask(bot, 'scan two'), await ask(bot, 'scan three', { as: 'dana' })];

    expect(answers.map(({ words }) => /place \d/.exec(words)?.[0])).toEqual(['place 1', 'place 2']);
    await ann().sees(CHANNEL, /Scan of `three` queued[^]*place 2 in the queue/);
    expect((await ask(bot, 'status')).words).toContain('queue: 1 running · 2 waiting');
    expect(bot.kube.requests.all(({ user }) => user !== 'one')).toEqual([]);
    bot.kube.faults.clear();
    await ann().press(first, 'Cancel scan');
    await ann().sees(CHANNEL, /^two: [^]*k8ssec · scan/);
    await ann().sees(CHANNEL, /^three: [^]*k8ssec · scan/);
  });

  test('run at the same time as far as is allowed', async () => {
    await start({ file: FILE, contexts, env: { K8SSEC_CONCURRENCY: '2' } });
    bot.kube.faults.add({ verb: 'list' }, { kind: 'slow', ms: 10 });
    endHurry = hurry(bot);

    await ask(bot, 'scan --all');
    await ann().sees(CHANNEL, /the scans have ended/);

    const scansAt = (number: number) => new Set(bot.kube.requests.all().slice(0, number).map(({ user }) => user));
    expect(scansAt(20).size).toBe(2);
    expect(scansAt(Infinity).size).toBe(3);
  });

  test('one that is canceled while it waits, by the private button, never begins', async () => {
    await start({ env: { K8SSEC_CONCURRENCY: '1' }, contexts: ['one', 'two'], file: 'clusters: [{ name: one }, { name: two }]' });
    bot.kube.faults.add({ verb: 'list', user: 'one' }, { kind: 'hang' });
    endHurry = hurry(bot);
    const first = await begun(bot, 'scan one');
    await ann().seesChange(first, /Scanning/);
    const answer = await (await ann().command('/k8ssec scan two', CHANNEL)).answer();
    const second = await ann().sees(CHANNEL, /Scan of `two` queued/);

    await ann().press(answer, 'Cancel scan');

    expect((await ann().seesChange(second, /canceled/)).words).toContain('before it began');
    await ann().press(first, 'Cancel scan');
    await ann().sees(second, told);
    expect(bot.kube.requests.all(({ user }) => user === 'two')).toEqual([]);
  });
});
