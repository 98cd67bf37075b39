import { defineCommand, findCommand, UsageError, type Command } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { template, type CommandHelp } from '#templates/help.ts';

/** What most people want most of the time; the other commands follow by name. */
const FIRST = ['scan', 'findings', 'explain', 'status'];

/** Tells what can be asked. Reads nothing, so it also answers when everything else is down. */
export const command = defineCommand({
  name: 'help',
  usage: 'help [command]',
  summary: 'Show what can be asked.',
  examples: ['help', 'help scan'],
  access: 'none',
  atOnce: true,
  maxWords: 1,
  flags: {},
  run({ words: [about] }, _caller, services) {
    const one = about === undefined ? undefined : findCommand(services.commands, about);
    if (about !== undefined && one === undefined) throw new UsageError(`There is no command "${about}".${didYouMean(about, services.commands.map(({ name }) => name))}`);
    const message = template.render({ commands: services.commands.toSorted((a, b) => place(a) - place(b)).map(helpOf), ...(one !== undefined && { about: one.name }) }, services);
    return Promise.resolve({ message });
  },
});

function place({ name }: Command): number {
  return FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
}

function helpOf({ name, usage, summary, examples, access, flags }: Command): CommandHelp {
  return {
    name,
    usage,
    summary,
    examples,
    access,
    flags: Object.entries(flags).map(([flag, { short, value, text }]) => ({
      name: [...(short === undefined ? [] : [`-${short}`]), `--${flag}${value === undefined ? '' : ` ${value}`}`].join(', '),
      text,
    })),
  };
}
