import { describe, expect, test } from '@jest/globals';
import { findTool, runTool, type Outcome } from '#src/iac/render/tool.ts';
import { withFolder } from '#test/build/files.ts';
import { writeProgram } from '#test/build/programs.ts';

const REASON = 'it fails';

async function ran(script: string, { args = [], timeoutMs = 30_000, maxBytes = 1000, signal = new AbortController().signal }: { readonly args?: readonly string[]; readonly timeoutMs?: number; readonly maxBytes?: number; readonly signal?: AbortSignal } = {}): Promise<Outcome> {
  return withFolder({}, async (folder) => runTool(await writeProgram(folder, 'tool', script), args, { signal, reasonOf: (complaint) => `${REASON}: ${complaint.length}`, limits: { timeoutMs, maxBytes } }));
}

describe('src/iac/render/tool.ts', () => {
  test('gives what a program prints', async () => {
    expect(await ran('echo "$1-$2"', { args: ['a b', '$HOME'] })).toEqual({ output: 'a b-$HOME\n' });
  });

  test('passes on no variable of its own, and shows no other program', async () => {
    const outcome = await ran('echo "${K8SSEC_TEST_MARK:-none} ${HOME:-none}"; command -v ls || echo "no ls"; set -- *; echo "$1"');

    expect('output' in outcome && outcome.output.replace(/\S*k8ssec-render-\S*/, 'empty folder')).toBe('none empty folder\nno ls\n*\n');
  });

  test('closes the way to the network that Go programs take', async () => {
    expect(await ran('echo "$HTTP_PROXY $HTTPS_PROXY"')).toEqual({ output: 'http://127.0.0.1:9 http://127.0.0.1:9\n' });
  });

  test('gives the reason for a complaint, and nothing of the complaint', async () => {
    expect(await ran('echo hunter2 >&2; exit 1')).toEqual({ reason: `${REASON}: 8` });
  });

  test('ends a program that takes too long', async () => {
    expect(await ran('while :; do :; done', { timeoutMs: 50 })).toEqual({ reason: 'it takes longer than 1 s' });
  });

  test.each([
    [100, '100 bytes'],
    [1024 * 1024, '1 MiB'],
  ])('ends a program that prints more than %i bytes', async (maxBytes, size) => {
    expect(await ran('while :; do echo 0123456789012345678901234567890123456789; done', { maxBytes })).toEqual({ reason: `it makes more than ${size}` });
  });

  test('ends with the reason of the signal', async () => {
    const stopped = new AbortController();
    stopped.abort(new Error('stopped'));

    await expect(ran('echo a', { signal: stopped.signal })).rejects.toThrow('stopped');
  });

  test('finds the first name that any folder has as a program', async () => {
    await withFolder({ 'one/kustomize': 'not to be run', 'two/kubectl': 'not to be run' }, async (folder) => {
      const path = await writeProgram(`${folder}/two`, 'kubectl', 'echo');

      expect(await findTool(['kustomize', 'kubectl'], `relative:${folder}/none:${folder}/one:${folder}/two`)).toEqual({ name: 'kubectl', path });
      expect(await findTool(['kustomize', 'kubectl'], `${folder}/one`)).toBeUndefined();
      expect(await findTool(['kustomize', 'kubectl'], undefined)).toBeUndefined();
    });
  });
});
