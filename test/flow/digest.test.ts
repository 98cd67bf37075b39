import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { keys } from '#src/store/keys.ts';
import { createTimes } from '#src/store/times.ts';
import { job as dailyDigest } from '#jobs/daily-digest.ts';
import { job as scheduledScan } from '#jobs/scheduled-scan.ts';
import { CHANNEL, startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { ask, begun, logged, scanned, withRedis } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aPod } from '#test/build/objects.ts';
import { outsideOf, type Outside } from '#test/build/outside.ts';
import { until } from '#test/build/queue.ts';

jest.setTimeout(30_000);

const DAY_MS = 24 * 3600_000;
const TEAM = 'team-shop';
/** Daily, half an hour ago: not while the tests run. */
const DUE = new Date(Math.floor(Date.now() / 60_000 - 30) * 60_000);
const CRON = `${DUE.getUTCMinutes()} ${DUE.getUTCHours()} * * *`;
const FILE = `
digests: [{ name: daily, channel: ${seededId('channel', TEAM)}, schedule: '${CRON}' }]
checks: { allowedRegistries: [registry.example] }
roles: { operator: ['*'] }
`;

let bot: Bot;
let outside: Outside;
let endHurry: (() => Promise<void>) | undefined;

async function start(options: BotOptions = {}): Promise<void> {
  bot = await startBot({ objects: [aPod({ name: 'web', privileged: true })], file: FILE, ...options });
  outside = outsideOf(bot);
  endHurry = hurry(bot);
}

async function stop(): Promise<void> {
  bot.kube.faults.clear();
  await endHurry?.();
  endHurry = undefined;
  await outside.close();
  await bot.stop();
}

const dana = () => bot.slack.as('dana');
const digests = () => dana().messages(TEAM).filter(({ words }) => words.includes('k8ssec · digest'));

/** Has the digest made as the clock does it, and reads it. */
async function digest(due = bot.clock.now()): Promise<SeenMessage> {
  const known = digests().length;
  await outside.queues.add({ job: dailyDigest, payload: { digest: 'daily', due: due.toISOString() }, id: `digest-daily-${due.getTime()}` });
  return dana().sees(TEAM, (message) => digests().length > known && message.ts === digests().at(-1)?.ts);
}

/** `3 new, 1 fixed, 41 open` as numbers. */
function counts({ words }: SeenMessage): Readonly<Record<string, number>> {
  const [line = ''] = words.split('\n');
  return Object.fromEntries([...line.matchAll(/([\d,]+) (new|worse|fixed|open|blind)/g)].map(([, count = '', what = '']) => [what, Number(count.replace(',', ''))]));
}

const add = (name: string) => bot.kube.objects.put(aPod({ name, privileged: true }));
const remove = (name: string) => bot.kube.objects.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });

describe('flow: the daily digest', () => {
  beforeAll(() => start());

  /** As if nothing had been scanned or told. */
  beforeEach(async () => {
    for (const { metadata } of bot.kube.objects.list('v1', 'Pod', 'default')) remove(metadata.name ?? '');
    add('web');
    await outside.redis.del(keys.clusterState('demo'), keys.digests());
  });

  afterEach(() => bot.kube.faults.clear());

  afterAll(() => stop());

  test('S42: the first one is the starting point and says so', async () => {
    const scan = await scanned(bot);

    const first = await digest();

    expect(first.words).toContain('*First digest:* what is open now is the starting point; the next ones list changes only.');
    expect(first.words).not.toContain('New (');
    expect(first.words).toMatch(/^\w{3} \d+ \w{3}: \d+ findings open, \d+ blind spots\n/);
    expect(first.words).toContain(`*Still open:* ${/^demo: (.*)$/m.exec(scan.words)?.[1]?.replaceAll(', ', ' · ') ?? 'what the scan said'}`);
  });

  test('S20: new and fixed ones are listed by name, and the numbers add up', async () => {
    await scanned(bot);
    await digest();
    bot.clock.skip(DAY_MS);
    add('api');
    remove('web');
    await scanned(bot);

    const second = await digest();

    const [, listed] = /^New \((\d+)\)$/m.exec(second.words) ?? [];
    expect(counts(second).new).toBe(Number(listed));
    expect(counts(second).fixed).toBe(counts(second).new);
    expect(second.words).toMatch(/^New \(\d+\)\n• (demo: )?CRITICAL · Pod default\/api {2}Container main runs privileged/m);
    expect(second.words).toMatch(new RegExp(`and ${Number(listed) - 5} more`));
    expect(second.words).toMatch(/^Fixed \(\d+\)\n• (demo: )?CRITICAL · Pod default\/web/m);
    expect(second.text).toMatch(/^k8ssec digest: \d+ new, \d+ fixed, \d+ open/);
  });

  test('S39: a quiet day is one line, also where a check can never be evaluated', async () => {
    await scanned(bot);
    await digest();
    bot.clock.skip(DAY_MS);
    await scanned(bot);

    const second = await digest();

    expect(second.words.split('\n')).toHaveLength(2);
    expect(second.words).toMatch(/no change since .+\. 1 of 1 cluster scanned\. \d+ findings open\. \d+ checks not evaluated\.\nk8ssec · digest/);
    expect(second.elements).toEqual([]);
  });

  test('S39: a change is told in one digest, whenever that one is made', async () => {
    await scanned(bot);
    await digest();
    bot.clock.skip(DAY_MS);
    const due = bot.clock.now();
    bot.clock.skip(DAY_MS / 12);
    add('late');
    await scanned(bot);
    const late = await digest(due);
    bot.clock.skip(DAY_MS);
    await scanned(bot);

    const next = await digest();

    expect(late.words).toContain('Pod default/late');
    expect(late.words).toContain('posted 2 h late: the bot was not running when it was due');
    expect(next.words).toContain('no change since');
  });

  test('S43: what cannot be looked at any more is said, is not fixed and makes no quiet day', async () => {
    await scanned(bot);
    await digest();
    bot.clock.skip(DAY_MS);
    bot.kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'refuse', code: 403 });
    await scanned(bot);

    const second = await digest();

    expect(second.words).not.toContain('no change');
    expect(second.words).not.toContain('Fixed (');
    expect(second.words).toMatch(/\*Still open:\* .* · \d+ not re-checked/);
    expect(second.words).toMatch(/• `demo`: no permission to list pods: \d+ checks not evaluated/);
  });

  test.each([
    ['All open', 'findings'],
    ['Status', 'status'],
  ])('S25: its button %s does what %s does', async (label, typed) => {
    await scanned(bot);
    const first = await digest();

    expect((await (await dana().press(first, label)).answer()).words).toBe((await ask(bot, typed)).words);
  });
});

describe('flow: digests of their own', () => {
  afterEach(() => stop());

  test('S43: a cluster that was never scanned, one that was not scanned of late and one that is scanned in part are blind spots', async () => {
    await start({ contexts: ['old', 'never', 'part'], file: `clusters: [{ name: old }, { name: never }, { name: part }]\n${FILE}` });
    await scanned(bot, 'scan old');
    bot.clock.skip(2 * DAY_MS);
    await scanned(bot, 'scan part -n default');

    const message = await digest();

    expect(message.words).toMatch(/• `old`: not scanned since \d{4}-/);
    expect(message.words).toContain('• `never`: has never been scanned');
    expect(message.words).toContain('• `part`: has been scanned only in part');
    expect(message.text).toContain('in 3 clusters');
  });

  test('a cluster that comes into it later starts from what is open then', async () => {
    await start({ contexts: ['one', 'two'], file: `clusters: [{ name: one }, { name: two }]\n${FILE}` });
    await scanned(bot, 'scan one');
    await digest();
    bot.clock.skip(DAY_MS);
    await scanned(bot, 'scan one');
    await scanned(bot, 'scan two');

    const second = await digest();

    expect(counts(second).new).toBe(0);
    expect(second.words).toMatch(/`two` is in this digest for the first time: \d+ open findings are where it starts from/);
  });

  test('S42: is for the day of its own zone', async () => {
    await start({ file: FILE.replace(`'${CRON}'`, `'${CRON}', timeZone: Pacific/Kiritimati`) });
    await scanned(bot);

    // Ten in the morning of the 24th there.
    const message = await digest(new Date('2026-11-23T20:00:00.000Z'));

    expect(message.words).toMatch(/^Tue 24 Nov: /);
  });
});

describe('flow: what is due', () => {
  afterEach(() => stop());

  /** As if no process had run since yesterday. */
  const asleepSince = (name: string, at: Date) => withRedis(bot.redis.url, (redis) => createTimes(redis, 'ticks').raise(name, at));

  test('S42: a digest that was missed is posted once, though three replicas start at the same time, and says that it is late', async () => {
    await start({ start: false });
    await asleepSince('digest-daily', new Date(DUE.getTime() - DAY_MS));

    await Promise.all([bot.replica(), bot.replica(), bot.replica()]);
    await dana().sees(TEAM, /k8ssec · digest/);
    await bot.replica();
    await until(async () => (await outside.queues.counts()).active + (await outside.queues.counts()).waiting === 0);
    await until(async () => (await outside.rows.busyChannels()).length === 0);

    expect(digests()).toHaveLength(1);
    expect(digests()[0]?.words).toMatch(/posted 3\d min late/);
    expect(bot.slack.requests('chat.postMessage')).toHaveLength(1);
    expect(await outside.redis.hget(keys.ticks(), 'digest-daily')).toBe(DUE.toISOString());
  });

  test('of several days that were missed only the last one is posted', async () => {
    await start({ start: false });
    await asleepSince('digest-daily', new Date(DUE.getTime() - 5 * DAY_MS));

    await bot.replica();
    await dana().sees(TEAM, /k8ssec · digest/);

    expect(digests()).toHaveLength(1);
  });

  test('S42: a process that dies over a digest leaves it to the next one, and nobody reads it twice', async () => {
    await start({ start: false });
    const due = bot.clock.now();
    const queued = { job: dailyDigest, payload: { digest: 'daily', due: due.toISOString() } };
    await bot.replica();
    await outside.queues.add({ ...queued, id: 'digest-first' });
    await dana().sees(TEAM, /k8ssec · digest/);
    await outside.redis.hdel(keys.digests(), 'daily');

    await outside.queues.add({ ...queued, id: 'digest-again' });
    await until(async () => (await outside.redis.hget(keys.digests(), 'daily')) !== null);
    await until(async () => (await outside.rows.busyChannels()).length === 0);

    expect(digests()).toHaveLength(1);
  });

  test('a digest that is not configured any more is not posted, and the log says so', async () => {
    await start();

    await outside.queues.add({ job: dailyDigest, payload: { digest: 'weekly', due: bot.clock.now().toISOString() }, id: 'digest-weekly' });
    await until(() => logged(bot, 'warn').some(({ msg }) => msg === 'a digest that is not configured any more was due'));

    expect(bot.slack.requests('chat.postMessage')).toEqual([]);
  });

  test('a scan that was missed is made, and its result stands in the channel of its cluster', async () => {
    await start({ start: false, contexts: ['prod'], file: `clusters: [{ name: prod, channel: ${seededId('channel', CHANNEL)}, schedule: '${CRON}' }]\n${FILE}` });
    await asleepSince('scan-prod', new Date(DUE.getTime() - DAY_MS));

    await bot.replica();

    const result = await bot.slack.as('ann').sees(CHANNEL, /k8ssec · scan/);
    await until(async () => (await outside.rows.busyChannels()).length === 0);
    expect(result.text).toMatch(/^Scan of prod incomplete: 1 critical/);
    // Nobody asked, so nobody is called.
    expect(bot.slack.requests('chat.postMessage').some(({ args }) => /<@\w+>/.test(JSON.stringify(args)))).toBe(false);
  });

  test('a scan of the whole cluster waits for one of a part, and is made then', async () => {
    await start({ contexts: ['prod'], file: `clusters: [{ name: prod, channel: ${seededId('channel', 'sec-private')} }]\n${FILE}` });
    await endHurry?.();
    bot.kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'slow', ms: 300 }, 1);
    await begun(bot, 'scan -n default');

    await outside.queues.add({ job: scheduledScan, payload: { cluster: 'prod', schedule: 'Scan of prod' }, id: 'scan-prod-1' });

    await until(async () => (await outside.queues.counts()).delayed === 1 && (await outside.scans.activeId('prod')) === undefined);
    endHurry = hurry(bot);
    const result = await bot.slack.as('ann').sees('sec-private', /k8ssec · scan/);
    expect(result.words).toMatch(/^prod: [^(]*$/m);
  });

  test('a scan of a cluster that is not watched any more is not made, and the log says so', async () => {
    await start();

    await outside.queues.add({ job: scheduledScan, payload: { cluster: 'gone', schedule: 'Scan of gone' }, id: 'scan-gone' });
    await until(() => logged(bot, 'warn').some(({ msg }) => msg === 'a schedule names a cluster that is not watched any more'));

    expect((await ask(bot, 'clusters')).words).toContain('1 cluster');
  });

  test('schedule shows what runs when, the next three times, and in which zone', async () => {
    await start({ contexts: ['prod', 'dev'], file: `clusters: [{ name: prod, schedule: '30 6 * * 1-5', timeZone: Europe/Paris }, { name: dev }]\n${FILE}` });

    const { words } = await ask(bot, 'schedule');

    const lines = words.split('\n');
    expect(lines[0]).toBe('*5 schedules*');
    expect(lines[1]).toMatch(/^\*Scan of prod\* · `30 6 \* \* 1-5` \(Europe\/Paris\) · next (\d{4}-\d\d-\d\d \d\d:\d\d UTC(, )?){3}$/);
    expect(lines[2]).toBe('*Scan of dev* · switched off');
    const time = DUE.toISOString().slice(11, 16);
    expect(lines[3]).toMatch(new RegExp(`^\\*Digest daily\\* · .* \\(UTC\\) · next (\\d{4}-\\d\\d-\\d\\d ${time} UTC(, )?){3}$`));
    expect(lines[3]).toContain(`\`${CRON}\``);
    expect(lines[4]).toMatch(/^\*Map of prod\* · `30 7 \* \* \*` \(Europe\/Paris\) · next /);
  });
});
