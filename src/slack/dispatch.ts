import type { Caller } from '#src/model/access.ts';
import { namesIn, parseArguments } from '#src/model/arguments.ts';
import { findCommand, Refused, UsageError, type Answer, type Choice, type Command, type Entered } from '#src/model/command.ts';
import { newReference } from '#src/model/reference.ts';
import type { Services } from '#src/model/services.ts';
import { template as notice } from '#templates/notice.ts';
import { template as refusal } from '#templates/refusal.ts';
import { parseText, type ParsedCommand } from './parse.ts';

/** What a typed command needs before it can be answered. */
export type Understood =
  /** Nothing: this is the answer. */
  | { readonly answer: Answer }
  | { readonly run: () => Promise<Answer>; /** It may answer with a form. */ readonly opensForm: boolean };

/** Turns what people type and press into answers. Never throws: every question gets one. */
export interface Dispatch {
  /** Reads nothing but the text, so that it can happen before the acknowledgement. */
  readonly understand: (text: string, caller: Caller) => Promise<Understood>;
  /** The action of a button, which is the same as typing it. */
  readonly press: (action: { readonly command: string; readonly args: readonly string[] }, caller: Caller) => Promise<Answer>;
  /** What a menu of a form may suggest; never waits. */
  readonly choices: (command: string, field: string, entered: Entered) => readonly Choice[];
  /** Answers that something went wrong, and logs what. */
  readonly fail: (error: unknown, what: string) => Answer;
}

/** Says in a sentence for people why something failed; undefined when it is a fault of the bot. */
export type ExplainFailure = (error: unknown) => string | undefined;

export function createDispatch(services: Services, explain: ExplainFailure): Dispatch {
  const { commands, access, decisions, clock, log } = services;

  const fail = (error: unknown, what: string): Answer => {
    const reference = newReference();
    const reason = explain(error);
    log.error({ what, reference, error }, 'a request of a person failed');
    return { message: notice.render({ text: reason ?? 'Something went wrong in the bot. Nothing more is known here.', reference }, services) };
  };

  const usage = (error: UsageError, command?: Command): Answer => ({
    message: notice.render({ text: error.message, next: `/k8ssec ${command?.usage ?? 'help'}` }, services),
  });

  const refuse = async ({ message: reason, ask, about }: Refused, what: string, caller: Caller): Promise<Answer> => {
    await decisions.append({ at: clock.now().toISOString(), kind: 'refused', who: caller.userId, what, ...about, reason });
    return { title: 'Not done', message: refusal.render({ reason, ask }, services) };
  };

  /** Rights first: who may not run it is not told what is wrong with their words either. */
  const run = async ({ command, names, read }: ParsedCommand, caller: Caller): Promise<Answer> => {
    try {
      if (command.access !== 'none') {
        const permission = await access.may(caller, command.access);
        if (!permission.allowed) throw new Refused(permission);
      }
      await command.permit?.(names, caller, services);
      return await command.run(read(), caller, services);
    } catch (error) {
      if (error instanceof UsageError) return usage(error, command);
      if (error instanceof Refused) return refuse(error, command.name, caller).catch((failure: unknown) => fail(failure, command.name));
      return fail(error, command.name);
    }
  };

  return {
    fail,
    async understand(text, caller) {
      try {
        const parsed = parseText(text, commands);
        if (parsed.command.atOnce) return { answer: await run(parsed, caller) };
        return { run: () => run(parsed, caller), opensForm: wantsForm(parsed) };
      } catch (error) {
        return { answer: error instanceof UsageError ? usage(error) : fail(error, 'parse') };
      }
    },
    choices: (name, field, entered) => findCommand(commands, name)?.form?.choices?.(field, entered, services) ?? [],
    async press({ command: name, args }, caller) {
      const command = commands.find((candidate) => candidate.name === name);
      if (command === undefined) return { message: notice.render({ text: 'This button belongs to another version of the bot.' }, services) };
      return run({ command, names: namesIn(command, args), read: () => parseArguments(command, args) }, caller);
    },
  };
}

function wantsForm({ command, read }: ParsedCommand): boolean {
  try {
    return command.form?.isWanted(read()) === true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
