import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SandboxRedis, ServerKind } from './sandbox-redis.ts';

export interface ServerProgram {
  readonly kind: ServerKind;
  readonly version: string;
}

const OLDEST_MAJOR: Readonly<Record<ServerKind, number>> = { 'redis-server': 7, 'valkey-server': 8 };
const READY_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;
const LOG = 'redis.log';

/** Ends a server and removes its data as soon as its own input ends, which the death of any parent brings about. */
const WATCHDOG = 'read -r _; kill -9 "$1" 2>/dev/null; rm -rf "$2"';

/** The program on PATH, when there is one and it is new enough. */
export async function findServer(kind: ServerKind): Promise<ServerProgram | undefined> {
  const output = await promisify(execFile)(kind, ['--version']).then(({ stdout }) => stdout, () => '');
  const version = /\bv=(\d+)(\.\d+\.\d+)/.exec(output);
  return version !== null && Number(version[1]) >= OLDEST_MAJOR[kind] ? { kind, version: `${version[1] ?? ''}${version[2] ?? ''}` } : undefined;
}

/**
 * A real server on a socket in a folder that only this user can enter, so that it needs neither a port nor a password.
 *
 * It runs in a session of its own: Ctrl-C reaches the bot alone, which still needs its Redis to stop in order.
 */
export async function startServer({ kind, version }: ServerProgram): Promise<SandboxRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ssec-redis-'));
  const socket = join(folder, 'redis.sock');
  const configuration = join(folder, 'redis.conf');
  await writeFile(configuration, configurationOf(folder, socket));
  let running = await launch(kind, configuration, socket, folder);
  return {
    url: socket,
    kind,
    version,
    persistent: true,
    kill: () => running.end('SIGKILL'),
    async restart() {
      await running.end('SIGTERM');
      running = await launch(kind, configuration, socket, folder);
    },
    async stop() {
      await running.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configurationOf(folder: string, socket: string): string {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: folder,
    logfile: join(folder, LOG),
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  return Object.entries(settings).map(([name, value]) => `${name} "${value}"\n`).join('');
}

interface Running {
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

async function launch(kind: ServerKind, configuration: string, socket: string, folder: string): Promise<Running> {
  const server = spawn(kind, [configuration], { detached: true, stdio: 'ignore' });
  await once(server, 'spawn');
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', String(server.pid), folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  await once(watchdog, 'spawn');
  const end = async (signal: NodeJS.Signals) => {
    await ended(server, signal);
    await ended(watchdog, 'SIGKILL');
  };
  try {
    await whenReady(server, socket);
  } catch (error) {
    await end('SIGKILL');
    throw new Error(`${kind} did not start: ${await lastLines(folder)}`, { cause: error });
  }
  // A process that has nothing else to do may end; the watchdog then ends the server.
  for (const child of [server, watchdog]) child.unref();
  return { end };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isRunning(child)) return;
  child.ref();
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** They say why it did not start. */
async function lastLines(folder: string): Promise<string> {
  const text = await readFile(join(folder, LOG), 'utf8').catch(() => 'it wrote no log');
  return text.trim().split('\n').slice(-3).join(' ');
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function whenReady(server: ChildProcess, socket: string): Promise<void> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += LOOK_EVERY_MS) {
    if (!isRunning(server)) throw new Error('it has ended');
    if (await answersPing(socket)) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error('it does not answer');
}

/** False also while it is still reading its data. */
function answersPing(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket, () => connection.write('PING\r\n'));
    connection.once('data', (answer) => {
      connection.destroy();
      resolve(answer.toString().startsWith('+PONG'));
    });
    for (const event of ['error', 'close']) connection.once(event, () => resolve(false));
  });
}
