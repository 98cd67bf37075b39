import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BenchFault } from './harness.ts';

/** What a process of its own answered, and the most memory it ever held. */
export interface FromChild<Result> {
  readonly result: Result;
  readonly peakRssMb: number;
}

/** The product as a process runs it: its sources, or compiled as it is shipped. */
export type Form = 'sources' | 'compiled';

/** Another process that runs a module of the bench, with messages in both directions. */
export function startChild(module: URL, input: unknown, form: Form): ChildProcess {
  const execArgv = form === 'sources' ? ['--conditions=source'] : [];
  return fork(fileURLToPath(module), [JSON.stringify(input)], { execArgv, stdio: ['ignore', 2, 2, 'ipc'] });
}

/** Runs a module that ends with {@link answer}. @throws {BenchFault} when it ends without. */
export async function runChild<Result>(module: URL, input: unknown, form: Form): Promise<FromChild<Result>> {
  const child = startChild(module, input, form);
  const answered = Promise.withResolvers<FromChild<Result>>();
  child.once('message', (message) => answered.resolve(message as FromChild<Result>));
  child.once('exit', (code) => answered.reject(new BenchFault(`the process of ${fileURLToPath(module)} ended without an answer (status ${code ?? 'none'})`)));
  const answer = await answered.promise;
  if (child.exitCode === null) await once(child, 'exit');
  return answer;
}

/** In the child: what it was started with. */
export function childInput(): unknown {
  return JSON.parse(process.argv[2] ?? 'null') as unknown;
}

/** In the child: its answer, after which it ends by itself. */
export function answer(result: unknown): void {
  const { maxRSS } = process.resourceUsage();
  process.send?.({ result, peakRssMb: (maxRSS * 1024) / 1e6 } satisfies FromChild<unknown>, () => process.disconnect());
}
