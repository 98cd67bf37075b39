import type { Flag } from '#src/model/command.ts';
import type { CliCommand } from './commands.ts';
import { indented, wrap } from './output/wrap.ts';

const WIDTH = 80;
/** Longer names of options stand in a line of their own. */
const NAME_WIDTH = 24;

/** Everything there is, in short. */
export function globalHelp(commands: readonly { readonly name: string; readonly summary: string }[]): string {
  return [
    'Usage: k8ssec COMMAND [options]\n\n',
    indented('Looks after the security of Kubernetes clusters: in Slack, on the command line and in pipelines.', WIDTH, ''),
    '\nCommands:\n',
    ...commands.map(({ name, summary }) => entry(name, summary)),
    '\nOptions:\n',
    entry('-h, --help', 'Show this help, or with a command the help of that.'),
    entry('--version', 'Show the version of k8ssec.'),
  ].join('');
}

export function commandHelp({ usage, summary, flags, notes }: CliCommand): string {
  const lines = usage.map((text, index) => `${index === 0 ? 'Usage:' : '      '} k8ssec ${text}\n`);
  const options = Object.entries(flags).map(([name, flag]) => entry(optionName(name, flag), flag.text));
  return [...lines, '\n', indented(summary, WIDTH, ''), '\nOptions:\n', ...options, ...notes.map((note) => `\n${indented(note, WIDTH, '')}`)].join('');
}

function optionName(name: string, { short, value }: Flag): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function entry(name: string, text: string): string {
  const indent = ' '.repeat(NAME_WIDTH + 2);
  const [first = '', ...rest] = wrap(text, WIDTH - indent.length);
  const head = name.length + 4 > indent.length ? `  ${name}\n${indent}${first}\n` : `${`  ${name}`.padEnd(indent.length)}${first}\n`;
  return head + rest.map((line) => `${indent}${line}\n`).join('');
}
