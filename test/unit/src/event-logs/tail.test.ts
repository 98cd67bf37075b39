import { appendFile, copyFile, mkdtemp, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTail } from '#src/event-logs/tail.ts';
import type { EventPull } from '#src/model/event-intake.ts';

const NEVER = new AbortController().signal;

function lines(...ids: readonly number[]): string {
  return ids.map((id) => `{"auditID":"${id}"}\n`).join('');
}

describe('src/event-logs/tail.ts', () => {
  let folder: string;
  let path: string;
  const beside = (name: string) => join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ssec-tail-'));
    path = beside('audit.log');
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Everything there is to read from a place on, and the place then. */
  async function readAll(tail: EventPull, from?: string): Promise<{ readonly texts: readonly (string | undefined)[]; readonly cursor: string | undefined }> {
    const texts: (string | undefined)[] = [];
    let cursor = from;
    for (let pulled = await tail.pull(cursor, NEVER); pulled !== undefined; pulled = await tail.pull(cursor, NEVER)) {
      texts.push(pulled.text);
      cursor = pulled.cursor;
    }
    return { texts, cursor };
  }

  /** Read up to here. */
  async function begun(...ids: readonly number[]): Promise<string> {
    await writeFile(path, lines(...ids));
    const { cursor } = await readAll(createTail({ path, replay: false }));
    if (cursor === undefined) throw new Error('nothing was read');
    return cursor;
  }

  test('what is there already is not read, and what is added is', async () => {
    const cursor = await begun(1, 2);
    await appendFile(path, lines(3));

    expect((await readAll(createTail({ path, replay: false }), cursor)).texts).toEqual([lines(3)]);
  });

  test('a line that is not whole yet is waited for', async () => {
    const cursor = await begun(1);
    await appendFile(path, '{"auditID":');
    const tail = createTail({ path, replay: false });
    expect(await tail.pull(cursor, NEVER)).toBeUndefined();

    await appendFile(path, '"2"}\n');
    expect((await readAll(tail, cursor)).texts).toEqual([lines(2)]);
  });

  test.each<[string, () => Promise<void>]>([
    ['renamed', () => rename(path, beside('audit-2026-08-21T09-14-03.000.log'))],
    ['renamed with a number', () => rename(path, beside('audit.log.1'))],
    ['copied and emptied', async () => {
      await copyFile(path, beside('audit.log.1'));
      await truncate(path);
    }],
    ['packed', async () => {
      await writeFile(beside('audit.log.1.gz'), gzipSync(await readFile(path)));
      await rm(path);
    }],
  ])('no line is lost or read twice when the file is %s', async (_how, rotate) => {
    const cursor = await begun(1, 2);
    await appendFile(path, lines(3));
    await rotate();
    await appendFile(path, lines(4));

    const { texts, cursor: after } = await readAll(createTail({ path, replay: false }), cursor);
    expect(texts).toEqual([lines(3), lines(4)]);
    await appendFile(path, lines(5));
    expect((await readAll(createTail({ path, replay: false }), after)).texts).toEqual([lines(5)]);
  });

  test('a file that took the name of the one that is read is not taken for it', async () => {
    const cursor = await begun(1);
    await rename(path, beside('audit.log.1'));
    // Longer than what was read of the other one.
    await writeFile(path, lines(1234, 5));

    expect((await readAll(createTail({ path, replay: false }), cursor)).texts).toEqual([lines(1234, 5)]);
  });

  test('files that came and went meanwhile are read in their order', async () => {
    const cursor = await begun(1);
    for (const [age, name, id] of [[20, 'audit.log.2', 2], [10, 'audit.log.1', 3]] as const) {
      if (id === 2) await rename(path, beside(name));
      else await writeFile(beside(name), lines(id));
      await utimes(beside(name), new Date(Date.now() - age * 1000), new Date(Date.now() - age * 1000));
    }
    await writeFile(path, lines(4));

    expect((await readAll(createTail({ path, replay: false }), cursor)).texts).toEqual([lines(3), lines(4)]);
  });

  test('when the file that was read last is gone, something was lost', async () => {
    const cursor = await begun(1);
    await rm(path);
    await writeFile(path, lines(7));

    expect((await readAll(createTail({ path, replay: false }), cursor)).texts).toEqual([undefined, lines(7)]);
  });

  test('a replay begins with the oldest file, packed or not', async () => {
    await writeFile(beside('audit.log.2.gz'), gzipSync(lines(1)));
    await utimes(beside('audit.log.2.gz'), new Date(1000), new Date(1000));
    await writeFile(beside('audit.log.1'), lines(2));
    await utimes(beside('audit.log.1'), new Date(2000), new Date(2000));
    await writeFile(path, lines(3));
    await writeFile(beside('auditor.log'), lines(9));

    expect((await readAll(createTail({ path, replay: true }))).texts).toEqual([lines(1), lines(2), lines(3)]);
  });

  test('a lot is read piece by piece, and a line without an end is given up', async () => {
    await writeFile(path, `${lines(1, 2, 3)}${'x'.repeat(64)}\n${lines(4)}`);

    const { texts } = await readAll(createTail({ path, replay: true, maxBytes: 40 }));
    expect(texts.slice(0, 2)).toEqual([lines(1, 2), lines(3)]);
    expect(texts).toContain(undefined);
    expect(texts.at(-1)).toContain(lines(4));
  });

  test('a log that is not there yet is waited for', async () => {
    expect(await createTail({ path, replay: false }).pull(undefined, NEVER)).toBeUndefined();
  });

  describe('beside a damaged file', () => {
    const packed = gzipSync(lines(...Array.from({ length: 2000 }, (_, id) => id)), { level: 0 });
    const age = (name: string, seconds: number) => utimes(beside(name), new Date(seconds * 1000), new Date(seconds * 1000));

    test.each([
      ['nothing of which can be unpacked', Buffer.from('this is not packed'), 0],
      ['that was cut off', packed.subarray(0, packed.length / 2), 500],
    ])('%s, the others are read, and the gap is told', async (_, content, least) => {
      await writeFile(beside('audit.log.3.gz'), gzipSync(lines(1)));
      await writeFile(beside('audit.log.2.gz'), content);
      await writeFile(path, lines(9001));
      await Promise.all([age('audit.log.3.gz', 1), age('audit.log.2.gz', 2)]);

      const { texts } = await readAll(createTail({ path, replay: true }));

      expect(texts[0]).toBe(lines(1));
      expect(texts.at(-1)).toBe(lines(9001));
      expect(texts.at(-2)).toBeUndefined();
      expect(texts.slice(1, -2).join('').split('\n').length).toBeGreaterThan(least);
    });

    test('that is the oldest one, reading begins behind it', async () => {
      await writeFile(beside('audit.log.2.gz'), 'this is not packed');
      await age('audit.log.2.gz', 1);
      await writeFile(path, lines(2));

      expect((await readAll(createTail({ path, replay: true }))).texts).toEqual([lines(2)]);
    });
  });
});
