import type { Check } from '#src/model/check.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { NodeReport } from '#src/model/node-files.ts';
import type { Detection } from '#src/model/detection.ts';
import type { CheckSettings } from '#src/model/settings.ts';

/** A terminal, a pipe or a file that is written to. */
export interface Sink {
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
  readonly write: (content: string | Uint8Array, done: (error?: Error | null) => void) => boolean;
}

/** Everything around a command of the command line, so that tests can be the world. */
export interface World {
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted with `Interrupted` when a person or a supervisor stops the command. */
  readonly signal: AbortSignal;
  /** Version of k8ssec. */
  readonly version: string;
  readonly checks: () => Promise<readonly Check[]>;
  readonly detections: () => Promise<readonly Detection[]>;
  /** Contexts of a kubeconfig as clusters of the same name. @throws {ClusterUnreachable} */
  readonly clusters: (contexts: readonly string[], kubeconfig: string | undefined, settings: CheckSettings) => Promise<Clusters>;
  /** Writes what a node says of its files into the cluster that this process runs in. @throws {ClusterUnreachable}, or {@link ChangeFailed}. */
  readonly publishNodeReport: (node: string, report: NodeReport, signal: AbortSignal) => Promise<void>;
  /** Waits so many milliseconds. @throws the signal's reason when it is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The command was stopped from outside; `status` is its exit status. */
export class Interrupted extends Error {
  readonly status: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.status = signal === 'SIGINT' ? 130 : 143;
  }
}

/** Whoever read the result has gone, like `head` after its lines. */
export class OutputClosed extends Error {}

/** The result, or some of it, could not be written. */
export class OutputFailed extends Error {}

/** A fault of k8ssec itself, or a result that got lost: never to be taken for a result. */
export const CRASHED_STATUS = 3;

/** What a shell calls a command that was ended by a closed pipe. */
export const OUTPUT_CLOSED_STATUS = 141;

/** Writes and waits until the sink has taken it. @throws {OutputClosed}, or {@link OutputFailed}. */
export function print(sink: Sink, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(content, (error) => {
      const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
      if (!error) resolve();
      else if (code === 'EPIPE') reject(new OutputClosed());
      else reject(new OutputFailed(`the result could not be written (${code ?? 'unknown'})`, { cause: error }));
    });
  });
}
