import type { Message } from '#src/blocks/build.ts';
import type { Caller, Role } from './access.ts';
import type { Services } from './services.ts';

/** A `--flag` of a command. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Stands for the value in the usage: `--area AREA`. */
  readonly value?: string;
  readonly text: string;
  readonly choices?: readonly string[];
}

/** What was typed after the verb, or what a button stands for. */
export interface Arguments {
  readonly words: readonly string[];
  /** Values of string flags; several uses of one flag are joined by commas. */
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
}

/** What a command says to its caller alone. What the room shall see goes through the outbox. */
export interface Answer {
  readonly message: Message;
  /** Heads the modal when the command's button opens one; at most 24 characters. */
  readonly title?: string;
}

/** One thing a person can ask. Its buttons are a second door to the same `run`. */
export interface Command {
  /** The verb. */
  readonly name: string;
  /** After `/k8ssec`. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** The role it needs on some cluster; `none` for what reads no data: anybody may ask it, and the answer comes with the acknowledgement. */
  readonly access: Role | 'none';
  /** Largest number of words. */
  readonly maxWords: number;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Its button opens a modal at once, which the answer fills. */
  readonly opensModal?: true;
  readonly run: (args: Arguments, caller: Caller, services: Services) => Promise<Answer>;
}

export function defineCommand(command: Command): Command {
  return command;
}

/** The caller may not do this; answered and logged as a refusal. */
export class Refused extends Error {
  readonly ask: readonly string[];

  constructor({ reason, ask }: { readonly reason: string; readonly ask: readonly string[] }) {
    super(reason);
    this.ask = ask;
  }
}

/** What was typed cannot be understood: says what is wrong and what would be right. */
export class UsageError extends Error {}
