import { describe, expect, test } from '@jest/globals';
import { oneAtATime } from '#src/sandbox/web/client/reader.ts';

/** A reading that goes on until it is told to end. */
function gates(): { readonly read: () => Promise<void>; readonly open: ((error?: Error) => void)[] } {
  const open: ((error?: Error) => void)[] = [];
  return { read: () => new Promise((resolve, reject) => open.push((error) => (error === undefined ? resolve() : reject(error)))), open };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe('src/sandbox/web/client/reader.ts', () => {
  test('reads once more for all that is asked during a reading', async () => {
    const { read, open } = gates();
    const reread = oneAtATime(read);

    const first = reread();
    await settled();
    const [second, third] = [reread(), reread()];
    await settled();
    expect(open).toHaveLength(1);
    open[0]?.();
    await first;
    await settled();

    expect(open).toHaveLength(2);
    open[1]?.();
    await Promise.all([second, third]);
    expect(open).toHaveLength(2);
  });

  test('reads again after a failure, which only those hear of who asked for it', async () => {
    const { read, open } = gates();
    const reread = oneAtATime(read);

    const first = reread();
    await settled();
    const second = reread();
    open[0]?.(new Error('lost'));
    await expect(first).rejects.toThrow('lost');
    await settled();
    open[1]?.();

    await expect(second).resolves.toBeUndefined();
  });
});
