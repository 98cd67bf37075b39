import { describe, expect, test } from '@jest/globals';
import { suggestedCommands, usedCommand } from '#src/sandbox/web/shell/commands.ts';

const COMMANDS = [
  { command: '/k8ssec', description: 'Scan', usageHint: '[scan]' },
  { command: '/k8s', description: 'Other', usageHint: '' },
];

describe('src/sandbox/web/shell/commands.ts', () => {
  test.each([
    ['/', ['/k8ssec', '/k8s']],
    ['/K8SS', ['/k8ssec']],
    ['/k8ssec ', []],
    ['k8', []],
    ['', []],
    [' /', []],
  ])('suggests for %j', (text, expected) => {
    expect(suggestedCommands(text, COMMANDS).map(({ command }) => command)).toEqual(expected);
  });

  test.each([
    ['/k8ssec scan prod', '/k8ssec'],
    ['/k8s', '/k8s'],
    ['/k8ssecx', undefined],
    ['scan', undefined],
  ])('knows the command of %j', (text, expected) => {
    expect(usedCommand(text, COMMANDS)?.command).toBe(expected);
  });
});
