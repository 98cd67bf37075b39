import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readBytes, readFile } from '#src/iac/read.ts';
import { withFolder } from '#test/build/files.ts';

const POD = 'apiVersion: v1\nkind: Pod\n';

async function* chunks(...parts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
    await Promise.resolve();
  }
}

describe('src/iac/read.ts', () => {
  test('reads a file', async () => {
    await withFolder({ 'a.yaml': POD }, async (folder) => {
      expect(await readFile(join(folder, 'a.yaml'), new AbortController().signal)).toMatchObject({ objects: [{ document: 1 }], documents: 1 });
    });
  });

  test('reads a character that is cut in two by a chunk', async () => {
    const [first, second] = [Buffer.from('# é\n').subarray(0, 3), Buffer.from('# é\n').subarray(3)];
    async function* stream() {
      yield first;
      yield second;
      yield Buffer.from(await Promise.resolve(POD));
    }

    expect(await readBytes(stream())).toMatchObject({ objects: [{ document: 1 }] });
  });

  test('gives up a file that is too large, before it has read all of it', async () => {
    let read = 0;
    async function* endless() {
      for (;;) {
        read += 1;
        yield Buffer.alloc(1024 * 1024, await Promise.resolve('#'));
      }
    }

    expect(await readBytes(endless(), 2 * 1024 * 1024)).toEqual({ reason: 'larger than 2 MiB' });
    expect(read).toBe(3);
  });

  test.each([
    ['EACCES', 'no permission to read it'],
    ['ENOENT', 'it is not there any more'],
    ['EIO', 'it cannot be read (EIO)'],
  ])('says why on %s', async (code, reason) => {
    expect(await readBytes(chunks(POD, Object.assign(new Error('x'), { code })))).toEqual({ reason });
  });

  test('gives up what is no text', async () => {
    expect(await readBytes(chunks('\u007fELF\0\0'))).toEqual({ reason: 'is binary, not text' });
  });
});
