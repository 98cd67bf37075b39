import { describe, expect, test } from '@jest/globals';
import { detection as podExec } from '#src/events/detections/audit/pod-exec/detection.ts';
import { createSink, runCli } from '#test/fakes/cli-world.ts';
import { flags, monitored } from './samples/checks.ts';

const checks = [flags, monitored];

describe('src/cli/checks.ts', () => {
  test('prints one line for each check', async () => {
    const { status, records } = await runCli(['checks'], { checks });

    expect(status).toBe(0);
    expect(records()).toEqual([
      {
        type: 'check',
        id: 'node/flag',
        title: 'Flags are safe',
        severity: 'low',
        tips: [5],
        kinds: ['ConfigMap'],
        items: [
          { item: 'alpha', severity: 'high', title: 'Alpha is off' },
          { item: 'beta', severity: 'low', title: 'Beta is off' },
        ],
        why: 'Something goes wrong otherwise.',
        fix: 'Do something.',
        references: [{ title: 'A standard, 1.2', url: 'https://standard.example/1.2' }],
      },
      expect.objectContaining({ id: 'connections/monitored', kinds: ['Namespace'], items: [] }),
    ]);
  });

  test('lists detections after the checks, with the events that they read', async () => {
    const { records } = await runCli(['checks'], { checks: [monitored], detections: [podExec] });

    expect(records().map(({ type, id }) => [type, id])).toEqual([['check', 'connections/monitored'], ['detection', 'audit/pod-exec']]);
    expect(records()[1]).toMatchObject({ severity: 'high', reads: ['audit'], items: [] });
    expect(records()[1]).not.toHaveProperty('kinds');
  });

  test('prints text for people on a terminal', async () => {
    const { stdout } = await runCli(['checks'], { checks: [flags], stdout: createSink({ isTTY: true, columns: 60 }), env: { NO_COLOR: '1' } });

    expect(stdout).toBe('node/flag  low\n  Flags are safe\n    :alpha (high) Alpha is off\n    :beta (low) Beta is off\n  Reads ConfigMap\n  From A standard, 1.2\n\n');
  });
});
