import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '#commands/index.gen.ts';
import { startBot, type Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';

describe('flow: what people type', () => {
  let bot: Bot;

  beforeAll(async () => {
    bot = await startBot();
  });

  afterAll(() => bot.stop());

  const SCAN = '/k8ssec scan [cluster] [--namespace NAME] [--area AREA[,AREA]] [--all]';

  test.each([
    ['nothing at all', ''],
    ['help', 'help'],
    ['help in capitals', 'HELP'],
  ])('S21: %s is answered with every command and where to read on', async (_, text) => {
    const { words, isEphemeral } = await ask(bot, text);

    for (const { name, summary } of commands) {
      expect(words).toContain(`/k8ssec ${name}`);
      expect(words).toContain(summary);
    }
    expect(words).toContain('/k8ssec help scan');
    expect(isEphemeral).toBe(true);
  });

  test.each(commands.map((command) => [command.name, command] as const))('S21: help %s tells usage, flags, examples and who may', async (name, { usage, flags, examples, access }) => {
    const { words, isEphemeral } = await ask(bot, `help ${name}`);

    expect(words).toContain(`/k8ssec ${usage}`);
    for (const flag of Object.keys(flags)) expect(words).toContain(`--${flag}`);
    for (const example of examples) expect(words).toContain(`/k8ssec ${example}`);
    expect(words).toContain(access === 'none' ? 'Anybody may ask this.' : `Needs the role \`${access}\``);
    expect(isEphemeral).toBe(true);
  });

  test.each([
    ['an unknown word near a known one', 'scna', 'There is no command "scna". Did you mean scan?', '/k8ssec help'],
    ['an unknown word', 'frobnicate', 'There is no command "frobnicate". Known: ', '/k8ssec help'],
    ['a word that objects have by themselves', 'constructor', 'There is no command "constructor". Known: ', '/k8ssec help'],
    ['help about an unknown word', 'help scann', 'There is no command "scann". Did you mean scan?', '/k8ssec help [command]'],
    ['a wrong flag near a known one', 'scan --al', 'There is no flag "--al". Did you mean --all?', SCAN],
    ['a wrong flag', 'scan --force', 'There is no flag "--force". Known: --namespace, --area, --all.', SCAN],
    ['a wrong short flag', 'scan -x', 'There is no flag "-x". Known: --namespace, --area, --all.', SCAN],
    ['a flag where none is taken', 'status --all', 'There is no flag "--all". status takes no flags.', '/k8ssec status'],
    ['a flag without its value', 'scan --namespace', '"--namespace" needs a value: --namespace NAME.', SCAN],
    ['a flag in the place of a value', 'scan -n --all', '"-n" needs a value: -n NAME.', SCAN],
    ['an empty value', 'scan --namespace=', '"--namespace" needs a value: --namespace NAME.', SCAN],
    ['a value for a switch', 'scan --all=yes', '"--all" takes no value.', SCAN],
    ['an unknown cluster near a known one', 'scan dmo', 'There is no cluster "dmo". Did you mean demo? Clusters: demo.', SCAN],
    ['an unknown cluster', 'scan prod-eu', 'There is no cluster "prod-eu". Clusters: demo.', SCAN],
    ['an unknown area', 'scan --area acces', 'There is no area "acces". Did you mean access? Known: ', SCAN],
    ['one unknown area of two', 'scan --area access,nodes', 'There is no area "nodes". Did you mean node? Known: ', SCAN],
    ['a word too many', 'scan demo now', '"now" is one word too many.', SCAN],
    ['an unknown severity', 'findings -s hihg', 'There is no severity "hihg". Did you mean high? Known: ', '/k8ssec findings [cluster]'],
    ['an unknown state', 'findings --state opne', 'There is no state "opne". Did you mean open? Known: ', '/k8ssec findings [cluster]'],
    ['an unknown check', 'findings --check workload/privilegd', 'There is no check "workload/privilegd". Did you mean workload/privileged?', '/k8ssec findings [cluster]'],
    ['a page that is no number', 'findings --page two', '"two" is no page number.', '/k8ssec findings [cluster]'],
    ['page zero', 'findings --page 0', '"0" is no page number.', '/k8ssec findings [cluster]'],
    ['nothing to explain', 'explain', 'What shall be explained?', '/k8ssec explain <check or finding>'],
    ['an unknown check to explain', 'explain workload/privileg', 'There is no check or finding "workload/privileg". Did you mean workload/privileged?', '/k8ssec explain <check or finding>'],
    ['no scan to cancel', 'cancel', 'Which scan or request?', '/k8ssec cancel <scan or request>'],
    ['an unknown scan to cancel', 'cancel 0123456789', 'There is no scan or request "0123456789"', '/k8ssec cancel <scan or request>'],
  ])('S21: %s is answered with what is wrong, what would be right and the usage', async (_, text, sentence, usage) => {
    const { words, isEphemeral } = await ask(bot, text);

    expect(words).toContain(sentence);
    expect(words).toContain(usage);
    expect(isEphemeral).toBe(true);
  });

  test.each([
    ['double quotes', 'findings "demo"'],
    ['single quotes', "findings 'demo'"],
    ['typographic quotes', 'findings “demo”'],
    ['German quotes', 'findings „demo“'],
    ['blanks everywhere', '   findings    demo   '],
    ['another case of the name', 'findings DEMO'],
    ['another case of the verb', 'Findings demo'],
    ['a dash that the keyboard made long', 'findings demo —state open'],
  ])('S21: %s are understood', async (_, text) => {
    expect((await ask(bot, text)).words).toContain('`demo` has not been scanned yet');
  });

  test.each(['findings "demo', 'findings “demo', "findings 'demo"])('a quote that is never closed is answered, not swallowed: %s', async (text) => {
    const { words, isEphemeral } = await ask(bot, text);

    expect(words).toMatch(/There is no cluster|has not been scanned yet/);
    expect(isEphemeral).toBe(true);
  });

  test.each([
    ['a mention of everybody', 'scan <!channel>'],
    ['markup', 'scan *demo*_x_`y`~z~'],
    ['a link', 'scan <http://evil.example|demo2>'],
    ['ten thousand characters', `scan ${'x'.repeat(10_000)}`],
    ['characters that turn the text around', 'scan a\u202Eb\u0000c'],
  ])('S14: %s in what was typed comes back as plain words', async (_, text) => {
    const answer = await ask(bot, text);

    expect(answer.isEphemeral).toBe(true);
    expect(answer.words).toContain('There is no cluster');
    expect(answer.words.length).toBeLessThan(4000);
    expect(JSON.stringify(answer.blocks)).not.toMatch(/<!channel>|<http|\u202E|\\u0000/);
  });

  test('S21: nothing that anybody typed was answered for the room to see', () => {
    const answers = bot.slack.deliveries().flatMap(({ delivered }) => ('answer' in delivered ? [JSON.stringify(delivered.answer ?? {})] : []));
    const later = bot.slack.requests('response_url').map(({ args }) => JSON.stringify(args));

    expect([...answers, ...later].filter((answer) => answer.includes('in_channel'))).toEqual([]);
    expect(bot.slack.requests('chat.postMessage')).toEqual([]);
  });
});
