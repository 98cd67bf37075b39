import { existsSync, readFileSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#src/clock.ts';
import { describeFault } from './fault-notes.ts';
import { run } from './run.ts';
import { CRASHED_STATUS, Interrupted, type World } from './world.ts';

/** Runs the command line in this process. */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Interrupted(signal)));
  // Who writes learns of errors from the write itself; without a listener they would end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('uncaughtException', (error) => process.exit(crashed(error)));
  try {
    const status = await run(argv, world(stop.signal));
    // What was being read may go on waiting; it is of no use any more.
    if (stop.signal.aborted) process.exit(status);
    return status;
  } catch (error) {
    return crashed(error);
  }
}

function world(signal: AbortSignal): World {
  return {
    stdin: () => addAbortSignal(signal, process.stdin),
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    signal,
    version: ownVersion(),
    checks: async () => (await import('#src/checks/index.gen.ts')).checks,
    detections: async () => (await import('#src/events/detections/index.gen.ts')).detections,
    clusters: async (contexts, kubeconfig, settings) => (await import('./clusters.ts')).contextClusters(contexts, kubeconfig, settings),
    publishNodeReport: async (node, report, signal) => (await import('#src/app/publish-node-report.ts')).publishNodeReport(node, report, signal),
    pause: (ms, signal) => wait(ms, undefined, { signal }),
  };
}

function crashed(error: unknown): number {
  process.stderr.write(`k8ssec: it failed, and the fault is its own: ${describeFault(error)}\n`);
  return CRASHED_STATUS;
}

/** From the package that this file belongs to, compiled or not. */
function ownVersion(): string {
  const folder = ['../../', '../../../'].map((up) => new URL(`${up}package.json`, import.meta.url)).find((file) => existsSync(file));
  if (folder === undefined) throw new Error('package.json is not where it belongs');
  return (JSON.parse(readFileSync(folder, 'utf8')) as { version: string }).version;
}
