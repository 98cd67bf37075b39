import { UsageError, type Arguments } from '#src/model/command.ts';
import { choice, ISOLATIONS, list } from './flags.ts';
import type { FileTarget } from './scan-files.ts';

/** Running clusters, by the contexts of a kubeconfig. */
export interface ContextTarget {
  readonly contexts: readonly string[];
  readonly namespace: string | undefined;
  readonly kubeconfig: string | undefined;
}

/** Standard input among paths. */
export const STDIN = '-';

const FILE_FLAGS = ['isolate', 'input-name', 'list-files'];
const CLUSTER_FLAGS = ['kubeconfig', 'namespace'];

/** What a command is to read: files or clusters. `verb` is what it does with them, for messages. @throws {UsageError} */
export function readTarget(args: Arguments, verb: string): FileTarget | ContextTarget {
  const { words, options } = args;
  const contexts = list(args, 'context');
  if (contexts !== undefined) {
    if (words.length > 0) throw new UsageError(`A ${verb} reads either files or, with --context, running clusters; not both.`);
    if (contexts.length === 0) throw new UsageError('--context needs the name of a context.');
    refuse(args, FILE_FLAGS, 'is for files');
    return { contexts: [...new Set(contexts)], namespace: options.namespace, kubeconfig: options.kubeconfig };
  }
  refuse(args, CLUSTER_FLAGS, 'needs --context');
  if (words.length === 0) throw new UsageError(`Say what to ${verb}: files or folders, - for standard input, or --context NAME for a running cluster.`);
  if (options['input-name'] !== undefined && !words.includes(STDIN)) throw new UsageError('--input-name names standard input, which has to be given as -.');
  return { paths: words, inputName: options['input-name'] ?? 'stdin', isolate: choice(args, 'isolate', ISOLATIONS) ?? 'none' };
}

function refuse({ options, switches }: Arguments, flags: readonly string[], why: string): void {
  const given = flags.find((flag) => options[flag] !== undefined || switches.has(flag));
  if (given !== undefined) throw new UsageError(`--${given} ${why}.`);
}
