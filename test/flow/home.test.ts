import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { decisions, namesOf, scanned, told } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aPod } from '#test/build/objects.ts';
import { until } from '#test/build/queue.ts';

jest.setTimeout(30_000);

const FILE = `
clusters: [{ name: prod, production: true }, { name: dev }]
roles:
  viewer: [{ who: '*', clusters: [dev] }, { who: ${seededId('user', 'ann')} }]
  operator: [${seededId('group', 'operators')}]
`;

describe('flow: the Home tab', () => {
  let bot: Bot;
  let endHurry: () => Promise<void>;

  beforeAll(async () => {
    bot = await startBot({ objects: [aPod({ name: 'web', privileged: true })], file: FILE, contexts: ['prod', 'dev'] });
    endHurry = hurry(bot);
    await scanned(bot, 'scan prod');
  });

  afterAll(async () => {
    await endHurry();
    await bot.stop();
  });

  async function homeOf(handle: string): Promise<string> {
    const person = bot.slack.as(handle);
    person.openHome();
    return (await person.seesHome(() => true)).words;
  }

  test('S46: is there within a second, with what is open in each cluster that the person may see', async () => {
    const begin = performance.now();

    const words = await homeOf('ann');

    expect(performance.now() - begin).toBeLessThan(1000);
    expect(words).toMatch(/\*`prod`\* · production\n1 critical, .* open · \d+ checks? not evaluated · scanned .*\n\[Scan now\] \[Findings\]/);
    expect(words).toContain('*`dev`*\nnot scanned yet\n[Scan now]\n');
    expect(words).toContain('`/k8ssec help`');
  });

  test('shows nothing of a cluster that the person may not see', async () => {
    const words = await homeOf('eli');

    expect(words).toContain('`dev`');
    expect(words).not.toContain('prod');
  });

  test('tells a guest that it is not for them, and nothing else', async () => {
    const words = await homeOf('gus');

    expect(words).toContain('Guests have no role here.');
    expect(words).not.toMatch(/prod|dev\b|Scan now/);
  });

  test('S25: a scan from there answers in a modal, and its result and thread stand in the direct message', async () => {
    const ann = bot.slack.as('ann');
    ann.openHome();
    const home = await ann.seesHome(/prod/);
    const [, scanDev = ''] = namesOf({ blocks: home.content.blocks as never }, 'Scan now');

    await ann.press('home', scanDev);

    expect((await ann.seesModal(/queued/)).words).toMatch(/^Scan of \*`dev`\* queued \(place 1\)\. The result comes in a direct message to you\./);
    await ann.close({ all: true });
    const result = await ann.sees('dm', /k8ssec · scan/);
    expect((await ann.sees(result, told)).words).toMatch(/^@ann the scan of `dev` is done/);
    expect(result.text).toMatch(/^Scan of dev incomplete: 1 critical/);
    expect(ann.messages(CHANNEL).filter(({ text }) => text.includes('dev'))).toEqual([]);
  });

  test('S22: a press by somebody who lost the role is refused in the modal, and written down', async () => {
    const ann = bot.slack.as('ann');
    ann.openHome();
    const home = await ann.seesHome(/prod/);
    bot.slack.control.workspace.setGroup('operators', ['bo']);
    const posts = bot.slack.requests('chat.postMessage').length;

    await ann.press('home', namesOf({ blocks: home.content.blocks as never }, 'Scan now')[0] ?? '');

    const refusal = await ann.seesModal(/needs the role operator/);
    expect(refusal.words).toContain('Ask @operators.');
    expect((await decisions(bot)).at(-1)).toMatchObject({ kind: 'refused', who: seededId('user', 'ann'), what: 'scan' });
    expect(bot.slack.requests('chat.postMessage')).toHaveLength(posts);
    await ann.close({ all: true });
    bot.slack.control.workspace.setGroup('operators', ['ann']);
  });

  test('is published once for one opening, though the news of it comes twice', async () => {
    const ann = bot.slack.as('ann');
    const published = () => bot.slack.requests('views.publish').length;
    const before = published();

    const opened = bot.slack.deliveries().length;
    ann.openHome();
    await until(() => published() > before);
    const event = bot.slack.deliveries().slice(opened).find(({ envelope }) => envelope.type === 'events_api');
    if (event === undefined) throw new Error('no event came');
    await bot.slack.control.sockets().send(event.envelope);
    await bot.slack.quiet();

    expect(published()).toBe(before + 1);
  });
});
