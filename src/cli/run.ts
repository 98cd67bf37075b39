import { ConfigError } from '#src/config/faults.ts';
import { parseArguments } from '#src/model/arguments.ts';
import { ChangeFailed, ClusterUnreachable } from '#src/model/clusters.ts';
import { UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, globalHelp } from './help.ts';
import { createNotes } from './notes.ts';
import { CRASHED_STATUS, Interrupted, OutputClosed, OutputFailed, OUTPUT_CLOSED_STATUS, print, type World } from './world.ts';

/** Wrong use, nothing readable, or no way to look. */
const FAILED = 2;

/** Runs one command of the command line and tells its exit status. Faults of the program itself are thrown. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  try {
    return await dispatch(argv, world);
  } catch (error) {
    if (world.signal.aborted && world.signal.reason instanceof Interrupted) return world.signal.reason.status;
    if (error instanceof OutputClosed) return OUTPUT_CLOSED_STATUS;
    if (!isForPerson(error)) throw error;
    createNotes(world, true).note(error.message);
    return error instanceof OutputFailed ? CRASHED_STATUS : FAILED;
  }
}

async function dispatch([name, ...rest]: readonly string[], world: World): Promise<number> {
  if (name === '--version') return say(world, `${world.version}\n`);
  if (name === '--help' || name === '-h') return say(world, globalHelp(COMMANDS));
  if (name === undefined) throw new UsageError('Say what to do, such as k8ssec scan PATH. See k8ssec --help.');
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) throw new UsageError(`There is no ${name.startsWith('-') ? 'option' : 'command'} "${name}".${didYouMean(name, known(name))} See k8ssec --help.`);
  const args = parseArguments(command, rest);
  return args.switches.has('help') ? say(world, commandHelp(command)) : command.run(args, world);
}

function known(name: string): readonly string[] {
  return name.startsWith('-') ? ['--help', '--version'] : COMMANDS.map((command) => command.name);
}

async function say({ stdout }: World, text: string): Promise<number> {
  await print(stdout, text);
  return 0;
}

/** Its message is meant for whoever typed the command. */
function isForPerson(error: unknown): error is Error {
  return error instanceof OutputFailed || error instanceof UsageError || error instanceof ConfigError || error instanceof ClusterUnreachable || error instanceof ChangeFailed;
}
