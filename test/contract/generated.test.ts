import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const GENERATING_MS = 30_000;

describe('scripts/gen.ts', () => {
  test(
    'every generated file is current',
    async () => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--conditions=source', 'scripts/gen.ts', '--check']).catch((error: unknown) => error as { stdout: string; stderr: string });

      expect(`${stdout}${stderr}`).toBe('');
    },
    GENERATING_MS,
  );
});
