import { describe, expect, test } from '@jest/globals';
import { readSecret } from '#src/app/people.ts';
import { withFolder } from '#test/build/files.ts';

describe('src/app/people.ts', () => {
  test('a secret is read without the space around it, and a file that is not there is told from one that is empty or cannot be read', async () => {
    await withFolder({ good: ' s3cret\n', empty: '\n', 'folder/file': '' }, async (folder) => {
      const read = (name: string) => readSecret({ file: `${folder}/${name}` });

      expect(await read('good')).toBe('s3cret');
      await expect(read('nowhere')).rejects.toThrow(`its secret is missing: the file ${folder}/nowhere is not there`);
      await expect(read('empty')).rejects.toThrow('is empty');
      await expect(read('folder')).rejects.toThrow(`its secret cannot be read: the file ${folder}/folder: EISDIR`);
    });
  });
});
