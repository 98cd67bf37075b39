import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { ask, scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aPod } from '#test/build/objects.ts';

jest.setTimeout(60_000);

/** More than two pages of what the API server gives out at a time. */
const PODS = 1100;
const pods = (count: number) => Array.from({ length: count }, (_, index) => aPod({ name: `pod-${String(index).padStart(4, '0')}`, privileged: true }));

let bot: Bot;
let endHurry: () => Promise<void>;

afterEach(async () => {
  await endHurry();
  await bot.stop();
});

const thread = (message: SeenMessage) => bot.slack.as('ann').messages(message);
const csvOf = (message: SeenMessage) => thread(message).flatMap(({ files }) => files);
/** Findings of the check that each privileged pod has one of. */
const privileged = (csv: string) => new Set(csv.split('\r\n').flatMap((line) => (line.includes('workload/privileged,') ? [/pod-\d{4}/.exec(line)?.[0]] : [])));

describe('flow: a scan of very much', () => {
  test('S40: ten thousand findings are one message, a thread of few replies and a file with all of them', async () => {
    bot = await startBot({ objects: pods(PODS) });
    endHurry = hurry(bot);
    const before = process.memoryUsage().heapUsed;
    const begin = performance.now();

    const result = await scanned(bot);

    const [csv] = csvOf(result);
    const lines = (csv?.content ?? '').trimEnd().split('\r\n');
    const [, open = 0] = /^Scan of demo \w+: ([\d,]+) critical/.exec(result.text) ?? [];
    expect(performance.now() - begin).toBeLessThan(30_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(600 * 1024 * 1024);
    expect(lines.length).toBeGreaterThan(10_000);
    expect(open).toBe('1,100');
    expect(bot.slack.as('ann').messages(CHANNEL).filter(({ isEphemeral }) => !isEphemeral)).toHaveLength(1);
    expect(result.blocks.length).toBeLessThanOrEqual(10);
    expect(thread(result).length).toBeLessThanOrEqual(20);
    for (const { words } of thread(result)) expect(words.split('\n').filter((line) => line.startsWith('•')).length).toBeLessThanOrEqual(20);
    expect(thread(result).find(({ words }) => words.startsWith('CRITICAL'))?.words).toMatch(/^CRITICAL: 1,100 findings\n[^]*\nand 1,080 more in the file below$/);
    expect(privileged(csv?.content ?? '').size).toBe(PODS);

    expect((await ask(bot, 'findings --page 500')).words).toMatch(/7,486 to 7,500 of/);
    expect((await ask(bot, 'findings --page 99999')).words).toMatch(/There is no page 99,?999: the last one is 1,?\d{3}\./);
  });

  test('a list whose page token expires goes on, and nothing is counted twice or left out', async () => {
    bot = await startBot({ objects: pods(PODS) });
    endHurry = hurry(bot);
    const PAGE = { resource: 'pods', verb: 'list' };
    bot.kube.faults.add(PAGE, { kind: 'slow', ms: 1 }, 1);
    bot.kube.faults.add(PAGE, { kind: 'expire' }, 1);

    const result = await scanned(bot);

    expect(result.text).toContain('1,100 critical');
    expect(result.words).not.toContain('pods');
    expect(privileged(csvOf(result)[0]?.content ?? '').size).toBe(PODS);
  });

  test('S43: a page in the middle that does not come hides what was on it and after it, and fixes none of it', async () => {
    bot = await startBot({ objects: pods(PODS) });
    endHurry = hurry(bot);
    await scanned(bot);
    const PAGE = { resource: 'pods', verb: 'list' };
    bot.kube.faults.add(PAGE, { kind: 'slow', ms: 1 }, 1);
    bot.kube.faults.add(PAGE, { kind: 'refuse', code: 403 });

    const half = await scanned(bot);

    expect(half.words).toContain('• no permission to list pods');
    expect(half.text).toMatch(/^Scan of demo incomplete: 500 critical/);
    expect(half.words).toMatch(/· 0 fixed · [\d,]+ unchanged · [\d,]+ not visible this time/);
    bot.kube.faults.clear();
    const whole = await scanned(bot);
    expect(whole.text).toMatch(/^Scan of demo incomplete: 1,100 critical.* \(0 new, 0 fixed\)/);
  });
});
