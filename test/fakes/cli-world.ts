import type { Check } from '#src/model/check.ts';
import { ClusterUnreachable, readOnlyCluster, type Clusters } from '#src/model/clusters.ts';
import type { ObjectSource } from '#src/model/source.ts';
import type { Detection } from '#src/model/detection.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { run } from '#src/cli/run.ts';
import type { Sink, World } from '#src/cli/world.ts';
import { createMovedClock } from './clock.ts';

export interface FakeSink extends Sink {
  readonly text: () => string;
}

/** Keeps what is written; `fail` is what a write of some text ends with. */
export function createSink(options: Pick<Sink, 'isTTY' | 'columns'> & { readonly fail?: (text: string) => Error | undefined } = {}): FakeSink {
  const { fail, ...terminal } = options;
  let written = '';
  return {
    ...terminal,
    text: () => written,
    write(content, done) {
      // Bytes as characters, one each.
      const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
      const error = fail?.(text);
      if (error === undefined) written += text;
      done(error);
      return true;
    },
  };
}

export interface FakeWorld extends Partial<Omit<World, 'checks' | 'detections' | 'stdout' | 'stderr' | 'clusters' | 'stdin'>> {
  readonly checks?: readonly Check[];
  readonly detections?: readonly Detection[];
  readonly stdin?: string;
  readonly stdout?: FakeSink;
  readonly stderr?: FakeSink;
  /** Sources by context; a text is why it cannot be reached. */
  readonly sources?: Readonly<Record<string, ObjectSource | string>>;
}

export interface CliOutcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output as JSON. */
  readonly records: () => readonly Record<string, unknown>[];
}

/** Runs the command line in this process. */
export async function runCli(argv: readonly string[], given: FakeWorld = {}): Promise<CliOutcome> {
  const { checks = [], detections = [], stdin = '', stdout = createSink(), stderr = createSink(), sources = {}, ...rest } = given;
  const status = await run(argv, {
    env: {},
    clock: createMovedClock(),
    signal: new AbortController().signal,
    version: '1.2.3',
    publishNodeReport: () => Promise.reject(new ClusterUnreachable('there is no cluster')),
    pause: () => Promise.resolve(),
    ...rest,
    stdout,
    stderr,
    stdin: () => chunks(stdin),
    checks: () => Promise.resolve(checks),
    detections: () => Promise.resolve(detections),
    clusters: () => Promise.resolve(fakeClusters(sources)),
  });
  return {
    status,
    stdout: stdout.text(),
    stderr: stderr.text(),
    records: () => stdout.text().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(await Promise.resolve(text));
}

function fakeClusters(sources: NonNullable<FakeWorld['sources']>): Clusters {
  return {
    settings: NO_SETTINGS,
    all: () => [],
    find: () => undefined,
    open(name) {
      const source = sources[name];
      if (source === undefined || typeof source === 'string') return Promise.reject(new ClusterUnreachable(source ?? `there is no ${name}`));
      return Promise.resolve(readOnlyCluster(source));
    },
  };
}
