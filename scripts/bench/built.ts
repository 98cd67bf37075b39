import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BenchFault } from './harness.ts';

/** Where the project stands. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const BUILD = "import('./scripts/build.mjs').then(({ isBuilt, build }) => isBuilt() || build())";

/** Compiles the product when it has changed since: memory and start-up are those of what is shipped. @throws {BenchFault} */
export async function ensureBuilt(): Promise<void> {
  const child = spawn(process.execPath, ['-e', BUILD, 'bench'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new BenchFault('the product cannot be built');
}
