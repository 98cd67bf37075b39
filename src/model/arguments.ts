import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError, type Arguments, type Command } from './command.ts';
import { didYouMean } from './nearest.ts';

/** What reading its words needs to know of a command. */
export type Parsable = Pick<Command, 'name' | 'flags' | 'maxWords' | 'rest'>;

/** The words that are no flags, however wrong those are. */
export function namesIn(command: Parsable, words: readonly string[]): readonly string[] {
  return split(command, words).positionals.slice(0, command.maxWords);
}

/** Reads the words of a command, as typed or as a button holds them, and the text that stands at its end. @throws {UsageError} */
export function parseArguments(command: Parsable, words: readonly string[], text?: string): Arguments {
  const { positionals, values, tokens } = split(command, words);
  for (const token of tokens) if (token.kind === 'option') checkOption(command, token);
  const { rest = '', maxWords } = command;
  const further = positionals[maxWords];
  if (further !== undefined) throw new UsageError(`"${further}" is one word too many. Names with blanks go in quotes.`);
  if (text !== undefined && values[rest] !== undefined) throw new UsageError(`"${text.split(/\s/)[0] ?? ''}" is one word too many. The text of --${rest} goes in quotes, or stands at the end without --${rest}.`);
  const given = Object.entries(values);
  const typed = Object.fromEntries(given.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.join(',')]] : [])));
  return {
    words: positionals.slice(0, maxWords),
    options: text === undefined ? typed : { ...typed, [rest]: text },
    switches: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
  };
}

function split({ flags }: Parsable, words: readonly string[]) {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [name, { type, ...(short !== undefined && { short }), ...(type === 'string' && { multiple: true }) }]),
  );
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
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
