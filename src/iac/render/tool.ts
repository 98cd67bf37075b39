import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

const MIB = 1024 * 1024;
/** Nothing listens there, so that what wants to fetch something fails at once. */
const CLOSED_PROXY = 'http://127.0.0.1:9';

/** What a tool printed, or why that does not count. */
export type Outcome = { readonly output: string } | { readonly reason: string };

export interface RunOptions {
  readonly signal: AbortSignal;
  /** The reason to give for what the tool complains about. The complaint itself may quote values, so it is never passed on. */
  readonly reasonOf: (complaint: string) => string;
  readonly limits: RunLimits;
}

export interface RunLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The first of these programs that the folders of a PATH hold; undefined when none does. */
export async function findTool<Name extends string>(names: readonly Name[], searchPath: string | undefined): Promise<{ readonly name: Name; readonly path: string } | undefined> {
  const folders = (searchPath ?? '').split(delimiter).filter(isAbsolute);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isProgram(path)) return { name, path };
    }
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program that turns files into objects.
 *
 * It starts in an empty folder that is also its home, finds no other program, no configuration and no plugins, and reaches no network.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function runTool(path: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const home = await mkdtemp(join(tmpdir(), 'k8ssec-render-'));
  try {
    return await run(path, args, home, options);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function run(path: string, args: readonly string[], home: string, { signal, reasonOf, limits: { timeoutMs, maxBytes } }: RunOptions): Promise<Outcome> {
  const env = { PATH: home, HOME: home, TMPDIR: home, KUBECONFIG: join(home, 'none'), HTTP_PROXY: CLOSED_PROXY, HTTPS_PROXY: CLOSED_PROXY };
  return new Promise((resolve, reject) => {
    execFile(path, args, { cwd: home, env, timeout: timeoutMs, maxBuffer: maxBytes, killSignal: 'SIGKILL', signal }, (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (error === null) resolve({ output: stdout });
      else if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ reason: `it makes more than ${sizeText(maxBytes)}` });
      else if (error.killed === true) resolve({ reason: `it takes longer than ${Math.ceil(timeoutMs / 1000)} s` });
      else resolve({ reason: reasonOf(stderr) });
    });
  });
}

/** `64 MiB`, or `12 bytes` for less than one. */
export function sizeText(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${Math.round(bytes / MIB)} MiB`;
}
