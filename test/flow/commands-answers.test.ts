import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ButtonAction } from '#src/blocks/build.ts';
import { parseArguments } from '#src/model/arguments.ts';
import type { ClusterState, TrackedFinding } from '#src/model/scan-record.ts';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import type { SeenMessage, SeenView } from '#src/sandbox/slack/client/seen.ts';
import { elementsIn } from '#src/sandbox/slack/state/entered.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { parseText } from '#src/slack/parse.ts';
import { createButtons } from '#src/store/buttons.ts';
import { keys } from '#src/store/keys.ts';
import { commands } from '#commands/index.gen.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { ask, namesOf, now, scanned, withRedis } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

jest.setTimeout(60_000);

const FILE = `
clusters:
  - { name: prod, production: true, channel: ${seededId('channel', CHANNEL)}, schedule: '0 6 * * *', timeZone: Europe/Paris }
  - { name: dev }
  - { name: never }
roles: { operator: ['*'] }
`;

describe('flow: what the bot answers', () => {
  let bot: Bot;
  let endHurry: () => Promise<void>;
  let result: SeenMessage;
  let findings: readonly TrackedFinding[];

  beforeAll(async () => {
    bot = await startBot({ objects: demoObjects(), file: FILE, contexts: ['prod', 'dev', 'never'] });
    endHurry = hurry(bot);
    result = await scanned(bot, 'scan prod');
    await scanned(bot, 'scan dev');
    const stored = await withRedis(bot.redis.url, (redis) => redis.get(keys.clusterState('prod')));
    ({ findings } = JSON.parse(stored ?? 'null') as ClusterState);
  });

  afterAll(async () => {
    await endHurry();
    await bot.stop();
  });

  const ann = () => bot.slack.as('ann');
  const linesOf = ({ words }: SeenMessage) => words.split('\n').filter((line) => line.startsWith('•'));
  const countOf = ({ words }: SeenMessage) => Number(/^\*([\d,]+) findings?\*/.exec(words)?.[1]?.replace(',', '') ?? 0);

  describe('findings', () => {
    test('without a name shows all clusters, worst first, and says which was never scanned', async () => {
      const answer = await ask(bot, 'findings');

      expect(countOf(answer)).toBe(2 * findings.length);
      expect(linesOf(answer)).toHaveLength(15);
      expect(linesOf(answer).slice(0, 14).every((line) => /^• (prod|dev): CRITICAL/.test(line))).toBe(true);
      expect(answer.words).toContain('`never` has not been scanned yet: `/k8ssec scan never`');
      expect(answer.text).toContain('Not scanned yet: never.');
    });

    test.each<readonly [filter: string, matches: (finding: TrackedFinding) => boolean]>([
      ['--severity critical', ({ severity }) => severity === 'critical'],
      ['-s critical,high', ({ severity }) => severity === 'critical' || severity === 'high'],
      ['-s HIGH -s low', ({ severity }) => severity === 'high' || severity === 'low'],
      ['--area access', ({ check }) => check.startsWith('access/')],
      ['-a workload -s medium', ({ check, severity }) => check.startsWith('workload/') && severity === 'medium'],
      ['--namespace ci', ({ object }) => object.namespace === 'ci'],
      ['--check workload/privileged', ({ check }) => check === 'workload/privileged'],
      ['--state all', () => true],
      ['--state fixed', () => false],
    ])('%s shows exactly those, over all pages', async (filter, matches) => {
      const wanted = findings.filter(matches).map(({ fingerprint }) => fingerprint.slice(0, 8));

      const shown: string[] = [];
      let page = await ask(bot, `findings prod ${filter}`);
      expect(countOf(page)).toBe(wanted.length);
      for (;;) {
        shown.push(...linesOf(page).map((line) => line.slice(-8)));
        if (!page.elements.includes('Next page')) break;
        page = await (await ann().press(page, 'Next page')).answer();
      }

      expect(shown.toSorted()).toEqual(wanted.toSorted());
    });

    test('an empty list says of what', async () => {
      expect((await ask(bot, 'findings prod --namespace nothing-here')).text).toBe('No findings (open, namespace nothing-here) in prod.');
      expect((await ask(bot, 'findings never')).words).toMatch(/^\*Nothing is known yet\*/);
    });
  });

  describe('explain', () => {
    test('a check tells why, how to fix it and where the rule is from, and leads to its findings', async () => {
      const answer = await ask(bot, 'explain workload/privileged');

      for (const part of ['No container runs privileged', '*Why it matters*', '*How to fix it*', 'Sources', '`Pod`']) expect(answer.words).toContain(part);
      expect((await (await ann().press(answer, 'Findings of this check')).answer()).words).toMatch(/^\*2 findings\* · open, workload\/privileged/);
    });

    test('a finding tells where, since when, why and how to fix it', async () => {
      const [critical] = findings.filter(({ check }) => check === 'workload/privileged');

      const answer = await ask(bot, `explain ${critical?.fingerprint ?? ''} --cluster prod`);

      expect(answer.words).toMatch(/^CRITICAL: Container probe runs privileged\n\*Open\* · first seen/);
      for (const part of ['*Cluster*\n`prod`', '`monitoring/node-probe`', '*Why it matters*', '*How to fix it*', '`workload/privileged`']) expect(answer.words).toContain(part);
    });

    test('one that two clusters have is asked back for', async () => {
      const id = findings[0]?.fingerprint.slice(0, 8) ?? '';

      expect((await ask(bot, `explain ${id}`)).words).toContain(`"${id}" is the start of 2 findings. Give more of it, or --cluster.`);
      expect((await ask(bot, `explain ${id} --cluster dev`)).words).toContain('*Cluster*\n`dev`');
      expect((await ask(bot, `explain ${id} --cluster never`)).words).toContain(`There is no finding "${id}" any more in never.`);
      expect((await ask(bot, `explain ${id} --cluster prd`)).words).toContain('There is no cluster "prd". Did you mean prod?');
    });

    test('Details opens a modal at once, fills it, and the buttons in it push further ones', async () => {
      const [details = ''] = namesOf(result, 'Details');
      const run = await ann().press(result, details);

      const modal = await ann().seesModal(/Why it matters/);

      expect(run.outcome).toEqual({ ok: true });
      expect(modal.title).toBe('Finding');
      expect(modal.words).toMatch(/^CRITICAL: /);
      expect(modal.elements).toEqual(['Re-scan', 'About this check']);
      await ann().press('modal', 'About this check');
      const check = await ann().seesModal(({ title, words }) => title === 'Check' && words.includes('Findings of this check'));
      expect(check.words).toContain('Sources');
      await ann().press('modal', 'Findings of this check');
      await ann().seesModal(/findings?\* · open/);
      await ann().close();
      expect(ann().modal()?.title).toBe('Check');
      await ann().close({ all: true });
    });

    test('Re-scan in a modal scans, and says where the result will stand', async () => {
      const [details = ''] = namesOf(result, 'Details');
      await ann().press(result, details);
      await ann().seesModal(/Why it matters/);
      const known = new Set(ann().messages(CHANNEL).map(({ ts }) => ts));

      await ann().press('modal', 'Re-scan');

      expect((await ann().seesModal(/queued/)).words).toContain('in #sec-prod');
      await ann().close({ all: true });
      await ann().sees(CHANNEL, ({ ts, words }) => !known.has(ts) && words.includes('k8ssec · scan'));
    });
  });

  test('clusters shows what is watched: production, last scan, schedule and channel', async () => {
    const { words } = await ask(bot, 'clusters');

    expect(words.split('\n')).toEqual([
      '*3 clusters watched*',
      expect.stringMatching(/^\*`prod`\* · production · Kubernetes v1\.37, last scan .+ · schedule `0 6 \* \* \*` \(Europe\/Paris\), results in #sec-prod$/),
      expect.stringMatching(/^\*`dev`\* · Kubernetes v1\.37, last scan .+ · no schedule$/),
      '*`never`* · not scanned yet · no schedule',
    ]);
  });

  test('status shows what is open, how much could be looked at, and how the bot is', async () => {
    const { words } = await ask(bot, 'status');

    expect(words).toMatch(/\*`prod`\* · production\n\d+ critical, \d+ high, .* open · \*\d+ checks? of \d+ not evaluated\* · Kubernetes v1\.37 · scanned/);
    expect(words).toContain('*`never`*\nnot scanned yet: `/k8ssec scan never`');
    expect(words).toContain('Slack: ok · queue: 0 running · 0 waiting');
  });

  test('S25, S34: whatever a button does can be typed, with the same answer; the button itself holds nothing but a token', async () => {
    const seen = await everything();
    const buttons = seen.flatMap(({ where, blocks }) => elementsIn(blocks).map(({ element, actionId }) => ({ where, actionId, token: String(element.value) })));
    const kinds = new Set<string>();

    for (const { where, actionId, token } of buttons) {
      const action = await actionOf(token);
      const command = commands.find(({ name }) => name === action.command);
      const line = [action.command, ...action.args].join(' ');
      expect(token).toMatch(/^[\w-]{22,}$/);
      const { command: found, read } = parseText(line, commands);
      expect([found, read()]).toEqual([command, command && parseArguments(command, action.args)]);
      if (kinds.has(action.command) || ['scan', 'cancel'].includes(action.command)) continue;
      kinds.add(action.command);
      const typed = await ask(bot, line);
      expect(await answerTo(where, actionId)).toBe(typed.words);
    }
    expect(kinds).toEqual(new Set(['explain', 'findings']));
    expect(buttons.length).toBeGreaterThan(15);
  });

  interface Surface {
    readonly where: SeenMessage | 'home';
    readonly blocks: readonly unknown[];
  }

  /** One of each message with buttons that anybody has seen, and the Home tab. */
  async function everything(): Promise<readonly Surface[]> {
    ann().openHome();
    const home: SeenView = await ann().seesHome(/prod/);
    const answers = [await ask(bot, 'findings'), await ask(bot, 'scan'), await ask(bot, 'explain workload/privileged'), await ask(bot, `explain ${findings[0]?.fingerprint ?? ''} --cluster prod`)];
    const messages = [result, ...answers].map((message) => ({ where: now(ann(), message), blocks: message.blocks }));
    return [...messages, { where: 'home', blocks: home.content.blocks as readonly unknown[] }];
  }

  async function actionOf(token: string): Promise<ButtonAction> {
    const stored = await withRedis(bot.redis.url, (redis) => createButtons(redis, 1000).resolve(token));
    if (stored === undefined) throw new Error('a button whose token nobody knows');
    return stored.action;
  }

  /** In a modal, or where the button stood. */
  async function answerTo(where: Surface['where'], actionId: string): Promise<string> {
    const run = await ann().press(where, actionId);
    const opensModal = where === 'home' || actionId.startsWith('explain');
    const { words } = opensModal ? await ann().seesModal(({ words: shown }) => !shown.includes('Loading')) : await run.answer();
    if (opensModal) await ann().close({ all: true });
    return words;
  }
});
