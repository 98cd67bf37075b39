import { afterEach, describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { rateLimited } from '#src/sandbox/slack/control/faults.ts';
import type { LoggedRequest } from '#src/sandbox/slack/control/request-log.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { outsideOf, passTime, type Outside } from '#test/build/outside.ts';
import { template as notice } from '#templates/notice.ts';

const MINUTE_MS = 60_000;
const SLOWER_AT_MOST_MS = 100;
const TIMES = 7;
/** In each of two channels, so that there are more than may be changed in one minute. */
const EACH = 25;

let bot: Bot;
let outside: Outside;

async function begin(options: BotOptions = {}): Promise<void> {
  bot = await startBot({ byClockOfSlack: true, ...options });
  bot.slack.control.rates.postBurst = 1;
  outside = outsideOf(bot);
}

afterEach(async () => {
  await outside.close();
  await bot.stop();
});

describe('flow: rates', () => {
  test('S4: while chat.postMessage is refused for its rate, modals, the Home tab and answers to a person come as fast as ever', async () => {
    await begin();
    bot.kube.faults.add({}, { kind: 'hang' });
    const ann = bot.slack.as('ann');
    ann.openHome();
    await ann.seesHome(/demo/);
    await ann.press('home', 'Scan now');
    await ann.seesModal(/queued/);
    await ann.close();
    const usual = await medians();
    bot.slack.control.faults.set('chat.postMessage', rateLimited(30));
    await say('one', 'sec-prod');
    await bot.slack.request('chat.postMessage', ({ status }) => status === 429);

    const meanwhile = await medians();

    for (const what of ['answer', 'home', 'modal'] as const) expect(meanwhile[what] - usual[what]).toBeLessThan(SLOWER_AT_MOST_MS);
  });

  test('S5: 1,000 findings at once are one message, one thread and one file, in order and within the rates', async () => {
    await begin({ objects: Array.from({ length: 200 }, (_, index) => risky(index)) });
    const ann = bot.slack.as('ann');
    await ann.command('/k8ssec scan', CHANNEL);

    const top = await ann.sees(CHANNEL, ({ words, isEphemeral }) => words.includes('demo') && !isEphemeral);
    await passTime(bot, outside, () => thread(top).some(({ words }) => words.includes('the scan of')));

    const replies = thread(top);
    const counted = replies.flatMap(({ words }) => /^[A-Z]+: ([\d,]+) findings?$/m.exec(words)?.[1] ?? []).map((count) => Number(count.replaceAll(',', '')));
    const total = counted.reduce((sum, count) => sum + count, 0);
    const [file] = replies.flatMap(({ files }) => files);
    expect(total).toBeGreaterThan(1000);
    expect(file?.content.trimEnd().split('\r\n')).toHaveLength(1 + total);
    expect(replies.map(({ words }) => words.split(/[:\n]/)[0])).toEqual(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO', 'Not evaluated', '', expect.stringContaining('the scan of')]);
    expect(bot.slack.requests().filter(({ status }) => status !== 200)).toEqual([]);
    expect(Math.min(...between(postsIn(CHANNEL)))).toBeGreaterThanOrEqual(1000);
  });

  test('S5: a flood of messages and changes keeps to the rates, waits as long as Slack says, loses nothing and keeps its order', async () => {
    await begin();
    const channels = ['flood-1', 'flood-2'] as const;
    const ids = (name: string) => Array.from({ length: EACH }, (_, index) => `${name}/${index}`);
    const everything = channels.flatMap((name) => ids(name).map((id) => ({ id, name })));
    const isQuiet = async () => (await outside.rows.counts()).unsent === 0;
    for (const name of channels) bot.slack.control.workspace.addChannel(name, { members: ['ann'], withApp: true });
    bot.slack.control.faults.set('chat.postMessage', rateLimited(7), 1);

    for (const { id, name } of everything) await say(id, name);
    await passTime(bot, outside, isQuiet);
    for (const { id, name } of everything) await say(id, name, `${id}, changed`);
    await passTime(bot, outside, isQuiet);

    const refused = bot.slack.requests().filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    const [waited = 0] = channels.flatMap((name) => postsIn(name).some(({ number }) => number === refused[0]?.number) ? between(postsIn(name)) : []);
    expect(waited).toBeGreaterThanOrEqual(7000);
    // Not twice: how far the clock is moved before a sender looks at it depends on the machine.
    expect(waited).toBeLessThan(14_000);
    for (const name of channels) {
      expect(Math.min(...between(postsIn(name)))).toBeGreaterThanOrEqual(1000);
      expect(bot.slack.as('ann').messages(name).map(({ words }) => words)).toEqual(ids(name).map((id) => `${id}, changed`));
    }
    const updates = bot.slack.requests('chat.update');
    expect(updates.length).toBeGreaterThanOrEqual(everything.length);
    expect(mostInAMinute(updates)).toBe(45);
  });
});

function postsIn(channel: string): readonly LoggedRequest[] {
  return bot.slack.requests('chat.postMessage').filter(({ args }) => args.channel === channelId(channel));
}

function mostInAMinute(requests: readonly LoggedRequest[]): number {
  const counts = requests.map(({ at: begin }) => requests.filter(({ at }) => at >= begin && at.getTime() < begin.getTime() + MINUTE_MS).length);
  return Math.max(...counts);
}

function channelId(name: string): string {
  return bot.slack.control.workspace.channelId(name);
}

function thread(top: SeenMessage): readonly SeenMessage[] {
  return bot.slack.as('ann').messages(top);
}

/** Milliseconds from each to the next. */
function between(requests: readonly LoggedRequest[]): readonly number[] {
  return requests.slice(1).map(({ at }, index) => at.getTime() - (requests[index]?.at.getTime() ?? 0));
}

async function say(id: string, channel: string, text = id): Promise<void> {
  await outside.outbox.put({ id, channel: channelId(channel), template: notice, data: { text } });
}

function risky(index: number): RawObject {
  const container = { name: 'app', image: 'shop', securityContext: { privileged: true }, ports: [{ containerPort: 80, hostPort: 80 }] };
  const spec = { hostNetwork: true, hostPID: true, hostIPC: true, containers: [container] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${index}`, namespace: 'default' }, spec };
}

async function medians() {
  const ann = bot.slack.as('ann');
  return {
    answer: await median(async () => (await ann.command('/k8ssec clusters', CHANNEL)).answer(/demo/)),
    home: await median(async () => {
      const last = bot.slack.requests('views.publish').at(-1)?.number ?? 0;
      ann.openHome();
      await bot.slack.request('views.publish', ({ number }) => number > last);
    }),
    modal: await median(async () => {
      await ann.press('home', 'Scan now');
      await ann.seesModal(/already running/);
      await ann.close();
    }),
  };
}

async function median(act: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const begunAt = performance.now();
    await act();
    taken.push(performance.now() - begunAt);
  }
  return taken.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Infinity;
}
