import { describe, expect, test } from '@jest/globals';
import { withFolder } from '#test/build/files.ts';
import { createSink, runCli } from '#test/fakes/cli-world.ts';
import { CHECKS } from '../samples/checks.ts';
import { configMap, pod } from '../samples/manifests.ts';

describe('src/cli/output/jsonl.ts', () => {
  test('prints what is known of a file before the next one is read', async () => {
    const seen: string[] = [];
    const stdout = createSink({ fail: (text) => void seen.push((JSON.parse(text) as { type: string }).type) });

    await withFolder({ 'a.yaml': pod(), 'b.yaml': pod() }, (folder) => runCli(['scan', folder, '--isolate', 'file', '--list-files'], { checks: CHECKS, stdout }));

    expect(seen).toEqual(['finding', 'file', 'finding', 'file', 'summary']);
  });

  test('has no line of more than 64 KiB, whatever a manifest holds', async () => {
    const files = { 'a.yaml': configMap('a', { message: 'x'.repeat(10_000) }), 'b.yaml': configMap('b', { message: '\u0001'.repeat(100_000) }), 'c.yaml': configMap(`"${'n'.repeat(100_000)}"`, { beta: 'x' }) };
    await withFolder(files, async (folder) => {
      const { stdout, records } = await runCli(['scan', folder], { checks: CHECKS });
      const [first, second, third] = records();

      expect(Math.max(...stdout.split('\n').map((line) => Buffer.byteLength(line) + 1))).toBeLessThanOrEqual(64 * 1024);
      expect(first).toMatchObject({ message: 'x'.repeat(10_000) });
      expect(second?.message).toMatch(/…$/);
      expect(third).toMatchObject({ message: 'beta is on', cut: true });
    });
  });

  test('what a manifest holds cannot act on a terminal', async () => {
    await withFolder({ 'a.yaml': configMap('"\\e[2J"', { message: '\u009b\u202e' }) }, async (folder) => {
      const { stdout, records } = await runCli(['scan', folder], { checks: CHECKS });

      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(records()[0]).toMatchObject({ object: { name: '\u001b[2J' }, message: '\u009b\u202e' });
    });
  });

  test('stops at once when nobody reads it any more', async () => {
    let lines = 0;
    const stdout = createSink({ fail: () => (++lines > 2 ? Object.assign(new Error('broken pipe'), { code: 'EPIPE' }) : undefined) });

    const outcome = await withFolder({ 'a.yaml': Array(50).fill(configMap('a', { alpha: 'x', beta: 'x' })).join('---\n') }, (folder) => runCli(['scan', folder], { checks: CHECKS, stdout }));

    expect(outcome).toMatchObject({ status: 141, stderr: '' });
    expect(lines).toBe(3);
  });
});
