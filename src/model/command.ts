import type { ButtonAction, Message } from '#src/blocks/build.ts';
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
  /** Shown where a modal can be; the message is for where none can. */
  readonly form?: Form;
}

/** A modal with fields. Submitting it runs a command, as if its flags had been typed. */
export interface Form {
  /** Heads the modal; at most 24 characters. */
  readonly title: string;
  /** Of the button that submits; at most 24 characters. */
  readonly submit: string;
  /** The block id of each input is the flag that gets what is entered there. */
  readonly blocks: Message['blocks'];
  /** What has to stand in a field to the letter, by field. It is shown to whoever fills the form. */
  readonly exact?: Entered;
  /** Without what is entered. */
  readonly action: ButtonAction;
}

/** What was entered in a form, by field, without blanks around it; several values are joined by commas. Empty fields are absent. */
export type Entered = Readonly<Record<string, string>>;

/** One of the things that a menu suggests. */
export interface Choice {
  readonly value: string;
  readonly text: string;
}

/** What belongs to the forms of a command. None of it may wait for anything: Slack wants each answer at once. */
export interface CommandForm {
  /** Whether these arguments lack what a form would ask for. */
  readonly isWanted: (args: Arguments) => boolean;
  /** What is wrong, by field, beyond what the fields themselves demand. */
  readonly check?: (entered: Entered) => Readonly<Record<string, string>>;
  /** What a menu may suggest, whatever was typed into it; from the memory of this process. */
  readonly choices?: (field: string, entered: Entered, services: Services) => readonly Choice[];
}

/** One thing a person can ask. Its buttons are a second door to the same `run`. */
export interface Command {
  /** The verb. */
  readonly name: string;
  /** Other verbs for the same. */
  readonly aliases?: readonly string[];
  /** After `/k8ssec`. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** The role it needs on some cluster; `none` where anybody may ask, or the command itself says who. */
  readonly access: Role | 'none';
  /**
   * Refuses whoever may not do it to what the words name. Asked before anybody is told what is wrong with the rest, or that there is no
   * such thing, so that they hear nothing else, whatever they typed.
   *
   * @throws {Refused}
   */
  readonly permit?: (words: readonly string[], caller: Caller, services: Services) => Promise<void>;
  /** Waits for nothing, so that what was typed is answered with the acknowledgement. */
  readonly atOnce?: true;
  /** Largest number of words. */
  readonly maxWords: number;
  /** The flag that all text behind the words stands for, so that a reason needs neither the flag nor quotes. Flags of such a command have no short forms. */
  readonly rest?: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Its button opens a modal at once, which the answer fills. */
  readonly opensModal?: true;
  /** It may answer with a form, so that its button opens a modal too, and so does the typed command where a form is wanted. */
  readonly form?: CommandForm;
  readonly run: (args: Arguments, caller: Caller, services: Services) => Promise<Answer>;
}

export function defineCommand(command: Command): Command {
  return command;
}

/** The command of that name or alias. */
export function findCommand(commands: readonly Command[], verb: string): Command | undefined {
  return commands.find(({ name, aliases = [] }) => name === verb || aliases.includes(verb));
}

/** The caller may not do this; answered and logged as a refusal. */
export class Refused extends Error {
  readonly ask: readonly string[];
  /** For the log alone. */
  readonly about: { readonly request?: string; readonly cluster?: string };

  constructor({ reason, ask }: { readonly reason: string; readonly ask: readonly string[] }, about: Refused['about'] = {}) {
    super(reason);
    this.ask = ask;
    this.about = about;
  }
}

/** What was typed cannot be understood: says what is wrong and what would be right. */
export class UsageError extends Error {}
