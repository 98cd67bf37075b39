import { describe, expect, test } from '@jest/globals';
import { createSink, runCli } from '#test/fakes/cli-world.ts';
import { CHECKS } from './samples/checks.ts';

describe('src/cli/run.ts', () => {
  test.each([[['--help']], [['-h']], [['scan', '--help']], [['checks', '-h']]])('%j shows help of at most 80 columns', async (argv) => {
    const { status, stdout, stderr } = await runCli(argv);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: k8ssec /);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stderr).toBe('');
  });

  test('the help names every command and every option', async () => {
    expect((await runCli(['--help'])).stdout).toMatch(/ scan .* checks .* --version /s);
    expect((await runCli(['scan', '--help'])).stdout).toMatch(/--format .*--isolate .*--list-files.*--kubernetes-version .*--checks .*--skip .*--config .*--fail-on .*--quiet/s);
  });

  test('shows its version', async () => {
    expect(await runCli(['--version'])).toMatchObject({ status: 0, stdout: '1.2.3\n' });
  });

  test.each([
    [[], 'Say what to do, such as k8ssec scan PATH. See k8ssec --help.'],
    [['scna'], 'There is no command "scna". Did you mean scan? See k8ssec --help.'],
    [['graph'], 'There is no command "graph". See k8ssec --help.'],
    [['--halp'], 'There is no option "--halp". Did you mean --help? See k8ssec --help.'],
    [['checks', 'x'], '"x" is one word too many. Names with blanks go in quotes.'],
    [['checks', '--format', 'json'], '--format cannot be "json". Did you mean jsonl? Known: text, jsonl.'],
    [['scan'], 'Say what to scan: files or folders, - for standard input, or --context NAME for a running cluster.'],
    [['scan', '.', '--frmat', 'text'], 'There is no flag "--frmat". Did you mean --format?'],
    [['scan', '.', '--format'], '"--format" needs a value: --format text|json|jsonl|sarif.'],
    [['scan', '.', '--format', '--quiet'], '"--format" needs a value: --format text|json|jsonl|sarif.'],
    [['scan', '.', '--format', 'xml'], '--format cannot be "xml". Known: text, json, jsonl, sarif.'],
    [['scan', '.', '--quiet=yes'], '"--quiet" takes no value.'],
    [['scan', '.', '--isolate', 'files'], '--isolate cannot be "files". Did you mean file? Known: none, file.'],
    [['scan', '.', '--fail-on', 'hihg'], '--fail-on cannot be "hihg". Did you mean high? Known: critical, high, medium, low, info, never.'],
    [['scan', '.', '--kubernetes-version', '1'], '--kubernetes-version cannot be "1". It is given as v1.37.'],
    [['scan', '.', '--checks', 'workload/privilegd'], 'There is no check "workload/privilegd". Did you mean workload/privileged? k8ssec checks lists them all.'],
    [['scan', '.', '--skip', 'worklod/*'], 'There is no check "worklod/*". Did you mean workload/*? k8ssec checks lists them all.'],
    [['scan', '.', '--input-name', 'x'], '--input-name names standard input, which has to be given as -.'],
    [['scan', '.', '--namespace', 'x'], '--namespace needs --context.'],
    [['scan', '.', '--kubeconfig', 'x'], '--kubeconfig needs --context.'],
    [['scan', '.', '--context', 'x'], 'A scan reads either files or, with --context, running clusters; not both.'],
    [['scan', '--context', ','], '--context needs the name of a context.'],
    [['scan', '--context', 'x', '--isolate', 'file'], '--isolate is for files.'],
    [['scan', '--context', 'x', '--list-files'], '--list-files is for files.'],
    [['scan', 'no/such/folder'], 'There is no file or folder "no/such/folder".'],
    [['scan', ''], 'There is no file or folder "".'],
  ])('%j is wrong use', async (argv, sentence) => {
    const { status, stdout, stderr } = await runCli(argv, { checks: CHECKS });

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`k8ssec: ${sentence}`);
  });

  test('what was typed does not reach the terminal raw', async () => {
    expect((await runCli(['\u001b[31mscan'])).stderr).toBe('k8ssec: There is no command "\\x1b[31mscan". See k8ssec --help.\n');
  });

  test('ends quietly when nobody reads its output any more', async () => {
    const stdout = createSink({ fail: () => Object.assign(new Error('broken pipe'), { code: 'EPIPE' }) });

    expect(await runCli(['--help'], { stdout })).toMatchObject({ status: 141, stdout: '', stderr: '' });
  });

  test('an output that cannot be written is no result', async () => {
    const stdout = createSink({ fail: () => Object.assign(new Error('disk full'), { code: 'ENOSPC' }) });

    expect(await runCli(['--help'], { stdout })).toMatchObject({ status: 3, stderr: 'k8ssec: the result could not be written (ENOSPC)\n' });
  });
});
