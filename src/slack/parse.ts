import stringArgv from 'string-argv';
import { parseArguments } from '#src/model/arguments.ts';
import { findCommand, UsageError, type Arguments, type Command } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';

/** What `/k8ssec …` asks for. */
export interface ParsedCommand {
  readonly command: Command;
  readonly args: Arguments;
}

/** Reads the text after `/k8ssec`; nothing at all asks for help. @throws {UsageError} */
export function parseText(text: string, commands: readonly Command[]): ParsedCommand {
  const [verb = 'help', ...rest] = stringArgv(asTyped(text)).map((word) => word.replaceAll(APOSTROPHE, "'"));
  const command = findCommand(commands, verb.toLowerCase());
  if (command === undefined) {
    const names = commands.map(({ name }) => name);
    throw new UsageError(`There is no command "${verb}".${didYouMean(verb, commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]))} Known: ${names.join(', ')}.`);
  }
  return { command, args: parseArguments(command, rest) };
}

/**
 * What was typed, before Slack and the keyboard made it prettier: addresses became links, three characters became entities, quotes
 * and double dashes typographic ones.
 */
function asTyped(text: string): string {
  return text
    .replaceAll(/<(?:https?:\/\/|mailto:)[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<((?:https?:\/\/|mailto:)[^>]*)>/g, '$1')
    .replaceAll(/&(lt|gt|amp);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’‚]/g, "'")
    .replaceAll(/(?<=\p{L})'(?=\p{L})/gu, APOSTROPHE)
    .replaceAll(QUOTED_OR_NOT, (found) => (found === "'" ? APOSTROPHE : found))
    .replaceAll(/(^|\s)[—–](?=[a-z])/g, '$1--');
}

/** Stands for one that is no quotation mark. */
const APOSTROPHE = '\u{E000}';
/** Quotations stand where words do: before one is a blank or a flag's equals sign, and behind it nothing or a blank. */
const QUOTED_OR_NOT = /(?<=^|[\s=])'[^']*'(?=\s|$)|'/g;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };
