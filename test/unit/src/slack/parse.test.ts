import { describe, expect, test } from '@jest/globals';
import { parseArguments } from '#src/model/arguments.ts';
import { defineCommand, UsageError, type Command } from '#src/model/command.ts';
import { parseText } from '#src/slack/parse.ts';
import { commands } from '#commands/index.gen.ts';

const scan = defineCommand({
  name: 'scan',
  usage: 'scan [cluster]',
  summary: 'Scan.',
  examples: [],
  access: 'operator',
  maxWords: 1,
  flags: {
    namespace: { type: 'string', short: 'n', value: 'NAME', text: '' },
    area: { type: 'string', short: 'a', value: 'AREA', text: '' },
    all: { type: 'boolean', text: '' },
  },
  run: () => Promise.reject(new Error('not run here')),
});
const help: Command = { ...scan, name: 'help', maxWords: 1, flags: {} };
const status: Command = { ...scan, name: 'status', maxWords: 0, flags: {} };
const deny: Command = { ...scan, name: 'deny', rest: 'reason', flags: { reason: { type: 'string', value: 'TEXT', text: '' }, until: { type: 'string', value: 'DAY', text: '' }, all: { type: 'boolean', text: '' } } };
const COMMANDS = [scan, help, status, deny];

describe('src/slack/parse.ts', () => {
  test.each<[string, string, readonly string[], Readonly<Record<string, string>>, readonly string[]]>([
    ['', 'help', [], {}, []],
    ['   ', 'help', [], {}, []],
    ['scan', 'scan', [], {}, []],
    ['  SCAN   prod-eu ', 'scan', ['prod-eu'], {}, []],
    ['scan prod-eu --namespace shop', 'scan', ['prod-eu'], { namespace: 'shop' }, []],
    ['scan --namespace=shop prod-eu', 'scan', ['prod-eu'], { namespace: 'shop' }, []],
    ['scan -n shop --all', 'scan', [], { namespace: 'shop' }, ['all']],
    ['scan -nshop', 'scan', [], { namespace: 'shop' }, []],
    ['scan --area access --area workload -a node', 'scan', [], { area: 'access,workload,node' }, []],
    ['scan "prod eu"', 'scan', ['prod eu'], {}, []],
    ["scan 'prod eu'", 'scan', ['prod eu'], {}, []],
    ['scan “prod eu”', 'scan', ['prod eu'], {}, []],
    ['scan „prod eu“', 'scan', ['prod eu'], {}, []],
    ['scan ‘prod eu’', 'scan', ['prod eu'], {}, []],
    ['scan «prod eu»', 'scan', ['prod eu'], {}, []],
    ['scan —all', 'scan', [], {}, ['all']],
    ['scan –namespace shop', 'scan', [], { namespace: 'shop' }, []],
    ['scan prod—eu', 'scan', ['prod—eu'], {}, []],
    ['scan -- --all', 'scan', ['--all'], {}, []],
    ['scan --namespace=-x', 'scan', [], { namespace: '-x' }, []],
    ['scan arn:aws:eks:eu-west-1:1:cluster/a', 'scan', ['arn:aws:eks:eu-west-1:1:cluster/a'], {}, []],
    ['scan <http://gke.prod.example.com|gke.prod.example.com>', 'scan', ['gke.prod.example.com'], {}, []],
    ['scan <https://gke.example.com>', 'scan', ['https://gke.example.com'], {}, []],
    ['scan <mailto:ann@example.com|ann@example.com>', 'scan', ['ann@example.com'], {}, []],
    ['scan a&amp;b', 'scan', ['a&b'], {}, []],
    ['scan &lt;prod&gt;', 'scan', ['<prod>'], {}, []],
    ['scan &amp;lt;', 'scan', ['&lt;'], {}, []],
    ['help <@U0ANN00001|ann>', 'help', ['<@U0ANN00001|ann>'], {}, []],
  ])('%j asks for %s', (text, name, words, options, switches) => {
    const { command, read } = parseText(text, COMMANDS);
    const args = read();

    expect(command.name).toBe(name);
    expect({ words: args.words, options: { ...args.options }, switches: [...args.switches] }).toEqual({ words, options, switches });
  });

  test.each([
    ['scna', 'There is no command "scna". Did you mean scan? Known: scan, help, status, deny.'],
    ['deploy', 'There is no command "deploy". Known: scan, help, status, deny.'],
    ['<!channel>', 'There is no command "<!channel>". Known: scan, help, status, deny.'],
    ['constructor', 'There is no command "constructor". Known: scan, help, status, deny.'],
    ['scan --namspace shop', 'There is no flag "--namspace". Did you mean --namespace? Known: --namespace, --area, --all.'],
    ['scan --__proto__ x', 'There is no flag "--__proto__". Known: --namespace, --area, --all.'],
    ['scan -x', 'There is no flag "-x". Known: --namespace, --area, --all.'],
    ['status --all', 'There is no flag "--all". status takes no flags.'],
    ['scan --namespace', '"--namespace" needs a value: --namespace NAME.'],
    ['scan --namespace=', '"--namespace" needs a value: --namespace NAME.'],
    ['scan --namespace ""', '"--namespace" needs a value: --namespace NAME.'],
    ['scan --namespace --all', '"--namespace" needs a value: --namespace NAME.'],
    ['scan -n -a', '"-n" needs a value: -n NAME.'],
    ['scan --all=yes', '"--all" takes no value.'],
    ['scan prod eu', '"eu" is one word too many. Names with blanks go in quotes.'],
    ['status prod', '"prod" is one word too many. Names with blanks go in quotes.'],
  ])('%j is answered with what is wrong and what would be right', (text, message) => {
    expect(() => parseText(text, COMMANDS).read()).toThrow(new UsageError(message));
  });

  test.each(['scan "prod', "scan prod's", '"', "'", '\\', '-', '--', '=', 'scan -', 'scan --=x', '“”', 'scan \u0000', 'scan 👩‍👩‍👧', 'a'.repeat(10_000)])('%j is either understood or told apart, never a crash', (text) => {
    let thrown: unknown;
    try {
      parseText(text, COMMANDS).read();
    } catch (error) {
      thrown = error;
    }

    if (thrown !== undefined) expect(thrown).toBeInstanceOf(UsageError);
  });

  test.each([
    ['deny r1 he is on leave, not gone', ['r1'], 'he is on leave, not gone'],
    ["deny r1 he’s on leave, don't", ['r1'], "he’s on leave, don't"],
    ["deny r1 the admins' laptop is hers", ['r1'], "the admins' laptop is hers"],
    ["deny r1 it's the admins’ call, not the devs'", ['r1'], "it's the admins’ call, not the devs'"],
    ["deny r1 here since the '90s --all", ['r1'], "here since the '90s"],
    ["deny r1 'on leave' since may", ['r1'], "'on leave' since may"],
    ["deny r1 --reason='he isn’t gone'", ['r1'], "he isn't gone"],
    ['deny --all r1 “on leave” since may', ['r1'], '“on leave” since may'],
    ['deny r1 she wrote "no way" and  left', ['r1'], 'she wrote "no way" and  left'],
    ['deny r1 she wrote “no --all” in „Zitat“ and «guillemets»', ['r1'], 'she wrote “no --all” in „Zitat“ and «guillemets»'],
    ['deny r1 a 19" rack', ['r1'], 'a 19" rack'],
    ['deny r1 "on leave"', ['r1'], 'on leave'],
    ['deny r1 “he’s on leave”', ['r1'], 'he’s on leave'],
    ['deny r1 "on" "leave"', ['r1'], '"on" "leave"'],
    ['deny r1 -not gone, -5 days', ['r1'], '-not gone, -5 days'],
    ['deny r1 gone - not', ['r1'], 'gone - not'],
    ['deny r1 gone -- not', ['r1'], 'gone -- not'],
    ['deny r1 gone — not —', ['r1'], 'gone — not —'],
    ['deny r1 x=1 a-b c--d', ['r1'], 'x=1 a-b c--d'],
    ['deny r1 --until 2d on call', ['r1'], 'on call'],
    ['deny r1 on call --until 2d', ['r1'], 'on call'],
    ['deny r1 on call --until=2d again', ['r1'], 'on call again'],
    ['deny r1 on call --until "2 d"', ['r1'], 'on call'],
    ['deny --until 2d r1 on call', ['r1'], 'on call'],
    ['deny r1 on call —until 2d', ['r1'], 'on call'],
    ['deny  r1   on   call  ', ['r1'], 'on   call'],
    ['deny r1 on call,\nthen  on\tleave', ['r1'], 'on call,\nthen  on\tleave'],
    ['deny r1 👩‍👩‍👧 is “away” 🏖️.', ['r1'], '👩‍👩‍👧 is “away” 🏖️.'],
    ['deny r1 ask <@U0ANN00001|ann> or <#C0SHOP0001>', ['r1'], 'ask <@U0ANN00001|ann> or <#C0SHOP0001>'],
    ['deny r1 see <https://example.com/a?b=1&amp;c=2|example.com/a> &amp; <mailto:ann@example.com|ann@example.com>.', ['r1'], 'see example.com/a & ann@example.com.'],
    ['deny r1 He is on leave.', ['r1'], 'He is on leave.'],
    ['deny r1 --reason "on leave"', ['r1'], 'on leave'],
    ['deny r1', ['r1'], undefined],
  ])('%j gives its reason as it was said', (text, words, reason) => {
    const args = parseText(text, COMMANDS).read();

    expect([args.words, args.options.reason]).toEqual([words, reason]);
  });

  test.each([
    ['deny r1 --al he is on leave', '--al', ' Did you mean --all?'],
    ['deny r1 he is on leave --al', '--al', ' Did you mean --all?'],
    ['deny r1 he is —gone', '--gone', ''],
    ['deny -x r1 he is on leave', '-x', ''],
  ])('%j decides nothing: with a flag mistyped it would be more than was meant', (text, flag, hint) => {
    expect(() => parseText(text, COMMANDS).read()).toThrow(new UsageError(`There is no flag "${flag}".${hint} Known: --reason, --until, --all.`));
  });

  test('no command that takes a reason has flags of one letter, which would be words of the reason', () => {
    expect(commands.filter(({ rest, flags }) => rest !== undefined && Object.values(flags).some(({ short }) => short !== undefined))).toEqual([]);
  });

  test('a reason is given once', () => {
    expect(() => parseText('deny r1 r2 --reason gone', COMMANDS).read()).toThrow(new UsageError('"r2" is one word too many. The text of --reason goes in quotes, or stands at the end without --reason.'));
  });

  test('what a button holds is read like what is typed, but never changed', () => {
    const { words, options } = parseArguments(scan, ['prod “eu”', '--namespace', 'a&amp;b']);

    expect([words, options.namespace]).toEqual([['prod “eu”'], 'a&amp;b']);
  });

  test('a name that looks like a flag is a name after two dashes', () => {
    const { words, options } = parseArguments(scan, ['--area=rbac', '--', '--area=pods']);

    expect([words, options.area]).toEqual([['--area=pods'], 'rbac']);
  });
});
