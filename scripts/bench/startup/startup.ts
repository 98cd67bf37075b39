import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ROOT } from '../built.ts';
import { BenchFault, least, measureRounds, median, type Bench, type Figure, type Sample, type Samples } from '../harness.ts';
import { generateCluster } from '../scan/cluster.ts';

interface StartSample extends Sample {
  readonly peakRssMb: number;
}

/** A program that is run from its beginning to its end. */
interface Program {
  readonly args: readonly string[];
  readonly status: number;
  /** Output at which it counts as started; it is stopped then. */
  readonly until?: string;
}

const CLI = join(ROOT, 'dist/src/cli.js');
const COST = new URL('cost.mjs', import.meta.url).href;
const BANNER = 'Ctrl-C stops it.';
const FINDINGS_STATUS = 1;
const PATIENCE_MS = 60_000;

export const bench: Bench = {
  name: 'startup',
  summary: 'a scan of one small file, and the sandbox until its banner, against an empty program; no targets',
  async run({ pairs, seed, note }) {
    note('building');
    await ensureBuilt();
    const folder = await mkdtemp(join(tmpdir(), 'k8ssec-bench-'));
    try {
      const file = join(folder, 'deployment.json');
      const [deployment] = generateCluster(1000, seed).others.get('Deployment') ?? [];
      await writeFile(file, JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', ...deployment }));
      const run = (program: Program) => () => runProgram(program, folder);
      note(`${pairs + 1} starts of each`);
      const samples = await measureRounds<string, StartSample>(
        {
          'node alone': run({ args: ['-e', ''], status: 0 }),
          'k8ssec scan': run({ args: [CLI, 'scan', file], status: FINDINGS_STATUS }),
          'k8ssec start': run({ args: [CLI, 'start'], status: 0, until: BANNER }),
        },
        pairs,
      );
      return { targets: [], figures: figuresOf(samples) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Wall time is until it ends, or until it counts as started; the rest is of the whole run. @throws {BenchFault} when it ends otherwise than it should. */
async function runProgram({ args, status, until }: Program, folder: string): Promise<StartSample> {
  const costFile = join(folder, 'cost.json');
  // No configuration of whoever runs this, and no kubeconfig.
  const env = { PATH: process.env.PATH, HOME: folder, BENCH_COST_FILE: costFile, K8SSEC_PORT: '0', K8SSEC_SANDBOX_PORT: '0' };
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', COST, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'], timeout: PATIENCE_MS });
  let wallMs: number | undefined;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (until === undefined || wallMs !== undefined || !output.includes(until)) return;
    wallMs = performance.now() - startedAt;
    child.kill('SIGTERM');
  });
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('close', ended.resolve);
  const end = await ended.promise;
  if (end !== status) throw new BenchFault(`${args.join(' ')} ended with ${end ?? 'no status'}, not ${status}`);
  const cost = JSON.parse(await readFile(costFile, 'utf8')) as Pick<StartSample, 'cpuMs' | 'peakRssMb'>;
  return { ...cost, wallMs: wallMs ?? performance.now() - startedAt };
}

function figuresOf(samples: Samples<string, StartSample>): readonly Figure[] {
  return Object.entries(samples).flatMap(([name, runs]) => [
    { name: `${name}, wall time`, value: least(runs.map(({ wallMs }) => wallMs)), unit: 'ms' },
    { name: `${name}, CPU`, value: least(runs.map(({ cpuMs }) => cpuMs)), unit: 'ms' },
    { name: `${name}, peak RSS`, value: median(runs.map(({ peakRssMb }) => peakRssMb)), unit: 'MB' },
  ]);
}
