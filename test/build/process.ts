import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bot } from './bot.ts';
import { until } from './queue.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `k8ssec start` in a process of its own. */
export interface BotProcess {
  /** Lines of its log, parsed. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>;
}

const RUNS = '"msg":"k8ssec runs"';

/** Starts a replica of a bot; resolves when people can talk to it, or when it has ended before that. */
export async function startProcess(bot: Pick<Bot, 'env'>, more: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...bot.env, ...more };
  const child = spawn(process.execPath, ['--conditions=source', 'src/cli.ts', 'start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) child[stream].on('data', (chunk: Buffer) => (texts[stream] += chunk.toString()));
  let hasEnded = false;
  const ended = once(child, 'close').then(([status, signal]) => {
    hasEnded = true;
    return { status: status as number | null, signal: signal as NodeJS.Signals | null };
  });
  await until(() => hasEnded || texts.stdout.includes(RUNS));
  return {
    log: () => texts.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>),
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
