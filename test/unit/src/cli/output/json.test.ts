import { describe, expect, test } from '@jest/globals';
import { withFolder } from '#test/build/files.ts';
import { runCli } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { CHECKS, flags } from '../samples/checks.ts';
import { configMap, pod } from '../samples/manifests.ts';

describe('src/cli/output/json.ts', () => {
  test('is one document with everything that jsonl has', async () => {
    await withFolder({ 'a.yaml': `${pod()}---\na: [\n`, 'b.yaml': configMap('b', { beta: 'x' }) }, async (folder) => {
      const lines = (await runCli(['scan', folder, '--list-files'], { checks: CHECKS })).records();
      const { stdout, status } = await runCli(['scan', folder, '--format', 'json'], { checks: CHECKS });
      const of = (wanted: string) => lines.filter(({ type }) => type === wanted).map(({ type: _, ...rest }) => rest);

      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toEqual({ findings: of('finding'), unreadable: of('unreadable'), files: of('file'), summary: of('summary')[0] });
      expect(of('finding')).toHaveLength(2);
    });
  });

  test('has clusters in place of files', async () => {
    const prod = sourceOf([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { beta: 'x' } }]);

    const { stdout } = await runCli(['scan', '--context', 'prod', '--format', 'json'], { checks: [flags], sources: { prod } });

    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ cluster: 'prod' }], files: [], clusters: [{ cluster: 'prod', version: 'v1.37', objects: 1 }], summary: { clusters: 1 } });
  });

  test('has no line of more than 64 KiB', async () => {
    await withFolder({ 'a.yaml': configMap('a', { message: 'x'.repeat(200_000) }) }, async (folder) => {
      const { stdout } = await runCli(['scan', folder, '--format', 'json'], { checks: CHECKS });

      expect(Math.max(...stdout.split('\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(64 * 1024);
    });
  });
});
