import type { Caller } from '#src/model/access.ts';
import { namesIn, parseArguments } from '#src/model/arguments.ts';
import type { Answer, Command } from '#src/model/command.ts';
import type { Services } from '#src/model/services.ts';

/** Runs it for whoever has the role that it needs; what is wrong and who may not are thrown. */
export async function runCommand(command: Command, words: readonly string[], caller: Caller, services: Services): Promise<Answer> {
  await command.permit?.(namesIn(command, words), caller, services);
  return command.run(parseArguments(command, words), caller, services);
}
