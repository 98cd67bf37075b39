import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError, type Arguments, type Command } from './command.ts';
import { didYouMean } from './nearest.ts';

/** What reading its words needs to know of a command. */
export type Parsable = Pick<Command, 'name' | 'flags' | 'maxWords' | 'rest'>;

/** Reads the words of a command, as typed or as a button holds them. @throws {UsageError} */
export function parseArguments(command: Parsable, words: readonly string[]): Arguments {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(command.flags).map(([name, { type, short }]) => [name, { type, ...(short !== undefined && { short }), ...(type === 'string' && { multiple: true }) }]),
  );
  const { positionals, values, tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) if (token.kind === 'option') checkOption(command, token);
  const further = positionals.slice(command.maxWords);
  const { rest } = command;
  const isGiven = rest !== undefined && values[rest] !== undefined;
  if (further.length > 0 && (rest === undefined || isGiven)) throw new UsageError(`"${further[0] ?? ''}" is one word too many. ${isGiven ? `The text of --${rest} goes in quotes, or stands at the end without --${rest}.` : 'Names with blanks go in quotes.'}`);
  const given = Object.entries(values);
  const typed = Object.fromEntries(given.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.join(',')]] : [])));
  return {
    words: positionals.slice(0, command.maxWords),
    options: rest === undefined || further.length === 0 ? typed : { ...typed, [rest]: further.join(' ') },
    switches: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  /** Given as `--flag=value`. */
  readonly inlineValue: boolean | undefined;
}

function checkOption(command: Parsable, { name, rawName, value, inlineValue }: OptionToken): void {
  const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
  if (flag === undefined) {
    const known = Object.keys(command.flags).map((candidate) => `--${candidate}`);
    const list = known.length === 0 ? `${command.name} takes no flags.` : `Known: ${known.join(', ')}.`;
    throw new UsageError(`There is no flag "${rawName}".${didYouMean(rawName, known)} ${list}`);
  }
  const isMissing = value === undefined || value === '' || (/^-./.test(value) && inlineValue !== true);
  if (flag.type === 'string' && isMissing) throw new UsageError(`"${rawName}" needs a value: ${rawName} ${flag.value ?? 'VALUE'}.`);
  if (flag.type === 'boolean' && value !== undefined) throw new UsageError(`"${rawName}" takes no value.`);
}
