import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { withFolder } from '#test/build/files.ts';
import { configMap, pod } from './cli/samples/manifests.ts';

interface Options {
  readonly node?: readonly string[];
  readonly stdin?: string;
  /** Called with the process once it has written something. */
  readonly onOutput?: (child: ReturnType<typeof start>) => void;
}

function start(argv: readonly string[], node: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', ...node, 'src/cli.ts', ...argv], { stdio: 'pipe', env: { PATH: process.env.PATH } });
  // A command that ends before it has read everything closes the pipe.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Runs the command line as a process of its own. */
async function runProcess(argv: readonly string[], { node = [], stdin, onOutput }: Options = {}): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = start(argv, node);
  if (stdin !== undefined) child.stdin.end(stdin);
  if (onOutput !== undefined) child.stdout.once('data', () => onOutput(child));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout).catch(() => ''), text(child.stderr), ended]);
  return { status, stdout, stderr };
}

/** Prints the packages that a process has loaded when it ends. */
const LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({ resolve(specifier, context, next) {
    const found = next(specifier, context);
    const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url) ?? [];
    if (name) loaded.add(name);
    return found;
  } });
  process.on('exit', () => process.stderr.write(JSON.stringify([...loaded].sort())));
`)}`;

describe('src/cli.ts', () => {
  test('scans files with the real checks, and loads neither Slack, queues, Redis nor the Kubernetes client for it', async () => {
    await withFolder({ 'pod.yaml': pod() }, async (folder) => {
      const { status, stdout, stderr } = await runProcess(['scan', join(folder, 'pod.yaml')], { node: ['--import', LOADED] });

      expect(status).toBe(1);
      expect(stdout).toContain('"check":"workload/privileged"');
      expect(JSON.parse(stderr)).toEqual(['ipaddr.js', 'leven', 'yaml']);
    });
  });

  test('reads standard input', async () => {
    const { status, stdout } = await runProcess(['scan', '-', '--checks', 'workload/privileged'], { stdin: pod() });

    expect(status).toBe(1);
    expect(stdout).toContain('"file":"stdin"');
  });

  test('tells its version', async () => {
    expect(await runProcess(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown });
  });

  test('wrong use is exit status 2', async () => {
    expect(await runProcess(['sacn'])).toMatchObject({ status: 2, stdout: '', stderr: 'k8ssec: There is no command "sacn". Did you mean scan? See k8ssec --help.\n' });
  });

  test('a context that is nowhere is exit status 2', async () => {
    await withFolder({ kubeconfig: 'apiVersion: v1\nkind: Config\n' }, async (folder) => {
      const { status, stderr } = await runProcess(['scan', '--context', 'prod', '--kubeconfig', join(folder, 'kubeconfig')]);

      expect(status).toBe(2);
      expect(stderr).toBe('k8ssec: prod: the kubeconfig has no context prod; it has none\n');
    });
  });

  test('ends quietly when its reader has gone', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, file) => [`${file}.yaml`, Array.from({ length: 40 }, (__, index) => pod({ name: `p${file}-${index}` })).join('---\n')]));
    await withFolder(files, async (folder) => {
      const { status, stderr } = await runProcess(['scan', folder, '--isolate', 'file'], { onOutput: (child) => child.stdout.destroy() });

      expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
    });
  });

  test('Ctrl-C ends it while it waits for standard input', async () => {
    await withFolder({ 'a.yaml': configMap('a', {}) }, async (folder) => {
      // The files before standard input are listed first, so something is written before it waits.
      const argv = ['scan', join(folder, 'a.yaml'), '-', '--input-name', '~', '--list-files'];

      expect(await runProcess(argv, { onOutput: (child) => child.kill('SIGINT') })).toMatchObject({ status: 130, stderr: '' });
    });
  });
});
