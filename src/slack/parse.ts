import { namesIn, parseArguments } from '#src/model/arguments.ts';
import { findCommand, UsageError, type Arguments, type Command } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';

/** What `/k8ssec …` asks for. */
export interface ParsedCommand {
  readonly command: Command;
  /** Those that are no flags. */
  readonly names: readonly string[];
  /** @throws {UsageError} which is for whoever may run the command. */
  readonly read: () => Arguments;
}

/** Reads the text after `/k8ssec`; nothing at all asks for help. @throws {UsageError} where there is no such command */
export function parseText(text: string, commands: readonly Command[]): ParsedCommand {
  const typed = asTyped(text);
  const [first, ...others] = wordsOf(typed);
  const verb = first?.text ?? 'help';
  const command = findCommand(commands, verb.toLowerCase());
  if (command === undefined) {
    const names = commands.map(({ name }) => name);
    throw new UsageError(`There is no command "${verb}".${didYouMean(verb, commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]))} Known: ${names.join(', ')}.`);
  }
  const { args, rest } = command.rest === undefined ? { args: others.map((word) => word.text), rest: undefined } : apart(command, others, typed);
  return { command, names: namesIn(command, args), read: () => parseArguments(command, args, rest) };
}

/** What was typed, before Slack made it prettier: addresses became links, and three characters entities. */
function asTyped(text: string): string {
  return text
    .replaceAll(/<(?:https?:\/\/|mailto:)[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<((?:https?:\/\/|mailto:)[^>]*)>/g, '$1')
    .replaceAll(/&(lt|gt|amp);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };

interface Word {
  /** Without quotation marks around its parts. */
  readonly text: string;
  readonly isQuoted: boolean;
  /** Where it stands in what was typed. */
  readonly start: number;
  readonly end: number;
}

/** Single quotation marks stand where words do: before one is a blank or a flag's equals sign, and behind it nothing or a blank. The others are apostrophes. */
const QUOTATION = String.raw`"[^"]*"|(?<=^|[\s=])'(?:[^']|(?<=\p{L})'(?=\p{L}))*'(?=\s|$)`;
const QUOTATIONS = new RegExp(QUOTATION, 'gu');
const WORDS = new RegExp(String.raw`(?:${QUOTATION}|\S)+`, 'gu');
const WHOLLY_QUOTED = new RegExp(`^(?:${QUOTATION})$`, 'u');

/** Keyboards make quotation marks and double dashes typographic ones. */
function wordsOf(typed: string): readonly Word[] {
  const plain = typed.replaceAll(/[“”„«»]/g, '"').replaceAll(/[‘’‚]/g, "'");
  return [...plain.matchAll(WORDS)].map(({ 0: word, index }) => ({
    text: word.replace(/^[—–](?=[a-z])/, '--').replaceAll(QUOTATIONS, (quotation) => quotation.slice(1, -1)),
    isQuoted: WHOLLY_QUOTED.test(word),
    start: index,
    end: index + word.length,
  }));
}

/** Names and flags apart from the text that follows the names, in which only what begins with two dashes is a flag. */
function apart({ flags, maxWords }: Command, words: readonly Word[], typed: string): { readonly args: readonly string[]; readonly rest: string | undefined } {
  const args: string[] = [];
  const runs: Word[][] = [];
  let [names, isValue, isText] = [0, false, false];
  for (const word of words) {
    const isFlag = !word.isQuoted && (names < maxWords ? word.text.startsWith('-') : /^--[a-z]/i.test(word.text));
    const isOfText = !isValue && !isFlag && names === maxWords;
    if (!isOfText) args.push(word.text);
    else if (isText) runs.at(-1)?.push(word);
    else runs.push([word]);
    if (!isValue && !isFlag && !isOfText) names += 1;
    isValue = !isValue && isFlag && flags[word.text.slice(2)]?.type === 'string';
    isText = isOfText;
  }
  return { args, rest: runs.length === 0 ? undefined : runs.map((run) => textOf(run, typed)).join(' ') };
}

/** As it was typed; like names it may stand in quotation marks. */
function textOf(run: readonly Word[], typed: string): string {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return '';
  return first === last && first.isQuoted ? typed.slice(first.start + 1, first.end - 1) : typed.slice(first.start, last.end);
}
