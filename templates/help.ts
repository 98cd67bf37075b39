import { context, message, section } from '#src/blocks/build.ts';
import { brief, code, joined, md, oneLine, ours } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface CommandHelp {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly access: string;
  readonly flags: readonly { readonly name: string; readonly text: string }[];
}

export interface HelpMessage {
  readonly commands: readonly CommandHelp[];
  /** The one command that help is wanted for. */
  readonly about?: string;
}

/** More than there are. */
const COMMANDS = 60;
/** What a section could not hold is not begun. */
const IN_SECTION = 20;
const FLAGS = 15;
const EXAMPLES = 10;

const SCAN: CommandHelp = {
  name: 'scan',
  usage: 'scan [cluster] [--namespace NAME] [--area AREA]',
  summary: 'Scan a cluster now.',
  examples: ['scan prod-eu', 'scan prod-eu -n shop'],
  access: 'operator',
  flags: [{ name: '-n, --namespace NAME', text: 'Report only this namespace.' }],
};

/** What can be asked. */
export const template = defineTemplate<HelpMessage>({
  name: 'help',
  summary: 'The commands, or one of them with its flags and examples.',
  samples: { all: { commands: [SCAN] }, one: { commands: [SCAN], about: 'scan' } },
  render: ({ commands, about }) => {
    const one = commands.find(({ name }) => name === about);
    if (one !== undefined) return oneCommand(one);
    const lines = commands.slice(0, COMMANDS).map(({ usage, summary }) => md`${code(`/k8ssec ${withoutFlags(usage)}`)}  ${ours(brief(summary))}`);
    return message(`k8ssec keeps your clusters safe. Commands: ${commands.slice(0, COMMANDS).map(({ name }) => oneLine(name)).join(', ')}.`, [
      section(md`*k8ssec* scans Kubernetes clusters and tells this chat what is not safe.`),
      ...Array.from({ length: Math.ceil(lines.length / IN_SECTION) }, (_, index) => section(joined(lines.slice(index * IN_SECTION, (index + 1) * IN_SECTION), '\n'))),
      context(md`More about one: ${code('/k8ssec help scan')}`),
    ]);
  },
});

/** The list tells what can be asked; how it can be narrowed stands in the help of the one command. */
function withoutFlags(usage: string): string {
  return usage.replace(/ \[-.*/, '');
}

function oneCommand({ usage, summary, examples, access, flags }: CommandHelp) {
  const options = flags.slice(0, FLAGS).map((flag) => md`${code(flag.name)}  ${ours(brief(flag.text))}`);
  return message(`/k8ssec ${usage}: ${summary}`, [
    section(md`*${code(`/k8ssec ${usage}`)}*\n${ours(brief(summary))}`),
    ...(options.length > 0 ? [section(joined(options, '\n'))] : []),
    section(md`*For example*\n${joined(examples.slice(0, EXAMPLES).map((example) => code(`/k8ssec ${example}`)), '\n')}`),
    context(access === 'none' ? md`Anybody may ask this.` : md`Needs the role ${code(access)}.`),
    context(md`All commands: ${code('/k8ssec help')}`),
  ]);
}
