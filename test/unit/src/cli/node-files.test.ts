import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { check } from '#src/checks/node/file-permission/check.ts';
import { Interrupted } from '#src/cli/world.ts';
import { ChangeFailed } from '#src/model/clusters.ts';
import type { NodeReport } from '#src/model/node-files.ts';
import { withFolder } from '#test/build/files.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { runCli, type CliOutcome, type FakeWorld } from '#test/fakes/cli-world.ts';

const ADMIN = 'etc/kubernetes/admin.conf';

/** Runs on a node with a kubeconfig that everybody may read. */
function onNode(flags: readonly string[], world: FakeWorld = {}): Promise<CliOutcome> {
  return withFolder({ [ADMIN]: '', 'var/lib/kubelet/marker': '' }, async (root) => {
    await chmod(join(root, ADMIN), 0o644);
    return runCli(['node-files', '--root', root, '--node', 'worker-1.example', ...flags], world);
  });
}

describe('src/cli/node-files.ts', () => {
  test('what it prints is a ConfigMap that a scan judges', async () => {
    const printed = await onNode(['--print']);

    const scanned = await runCli(['scan', '-', '--format', 'jsonl'], { checks: [check], stdin: printed.stdout });

    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(scanned.records()).toContainEqual(expect.objectContaining({ type: 'finding', item: 'admin-conf', object: { apiVersion: 'v1', kind: 'Node', name: 'worker-1.example' }, file: 'stdin' }));
  });

  test('it reports once, with the time of the clock', async () => {
    const sent: unknown[] = [];

    const outcome = await onNode([], { clock: createMovedClock('2026-11-23T08:00:00Z'), publishNodeReport: (node, report) => Promise.resolve(void sent.push([node, report])) });

    expect(outcome).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(sent).toEqual([['worker-1.example', { version: 1, at: '2026-11-23T08:00:00.000Z', files: [expect.objectContaining({ file: 'admin-conf', mode: '0644' })] }]]);
  });

  test('it reports again after each time that it holds, until it is stopped', async () => {
    const stop = new AbortController();
    const clock = createMovedClock('2026-11-23T08:00:00Z');
    const sent: NodeReport[] = [];

    const outcome = await onNode(['--hold', '6h'], {
      clock,
      signal: stop.signal,
      publishNodeReport: (_, report) => Promise.resolve(void sent.push(report)),
      pause: (ms, signal) => {
        if (sent.length === 3) stop.abort(new Interrupted('SIGTERM'));
        clock.advance(ms);
        return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
      },
    });

    expect(outcome.status).toBe(143);
    expect(sent.map(({ at }) => at)).toEqual(['2026-11-23T08:00:00.000Z', '2026-11-23T14:00:00.000Z', '2026-11-23T20:00:00.000Z']);
  });

  test('a cluster that refuses the report ends it, also when it was to go on', async () => {
    const outcome = await onNode(['--hold', '6h'], { publishNodeReport: () => Promise.reject(new ChangeFailed('forbidden', 'configmaps is forbidden')) });

    expect(outcome).toMatchObject({ status: 2, stdout: '', stderr: 'k8ssec: configmaps is forbidden\n' });
  });

  test.each<[string, readonly string[], string]>([
    ['no name', [], 'Say which node this is: --node NAME.'],
    ['a name that no node has', ['--node', '../a'], '--node cannot be "../a": no node has such a name.'],
    ['no time', ['--node', 'a', '--hold', 'soon'], '--hold cannot be "soon". It is a time of a day at most, such as 30m or 6h.'],
    ['too long a time', ['--node', 'a', '--hold', '25h'], '--hold cannot be "25h". It is a time of a day at most, such as 30m or 6h.'],
    ['a time for what is printed', ['--node', 'a', '--hold', '6h', '--print'], '--print prints one report; --hold is for those that are sent.'],
    ['no node', ['--node', 'a', '--root', '/none'], 'There is no node below /none: it has no /etc. Mount the folders of the node there.'],
  ])('it does not take %s', async (_, flags, message) => {
    expect(await runCli(['node-files', ...flags])).toMatchObject({ status: 2, stdout: '', stderr: `k8ssec: ${message}\n` });
  });
});
