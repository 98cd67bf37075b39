import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import { createDecisionLog, type StoredEntry } from '#src/store/decision-log.ts';
import { keys } from '#src/store/keys.ts';
import { entriesOf, firstBroken } from '#test/build/decisions.ts';
import { onEveryRedis } from '#test/build/redis.ts';

function anEntry(what: string): DecisionEntry {
  return { at: '2026-11-23T08:00:00.000Z', kind: 'refused', who: 'U0CYR00001', what, reason: 'Guests have no role here.' };
}

describe('src/store/decision-log.ts', () => {
  onEveryRedis(({ redis }) => {
    const logOf = async (count: number): Promise<readonly StoredEntry[]> => {
      const log = createDecisionLog(redis());
      for (let index = 0; index < count; index += 1) await log.append(anEntry(`scan ${index}`));
      return entriesOf(log);
    };

    test('keeps entries in order, each with the hash of the one before', async () => {
      const entries = await logOf(3);

      expect(entries.map(({ text }) => JSON.parse(text) as unknown)).toEqual([0, 1, 2].map((index): unknown => expect.objectContaining(anEntry(`scan ${index}`))));
      expect(entries.slice(1).map(({ previous }) => previous)).toEqual(entries.slice(0, -1).map(({ hash }) => hash));
      expect(firstBroken(entries)).toBeUndefined();
    });

    test('is whole after fifty replicas have appended at once', async () => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => createDecisionLog(redis()).append(anEntry(`scan ${index}`))));

      const entries = await entriesOf(createDecisionLog(redis()));
      expect(entries).toHaveLength(50);
      expect(new Set(entries.map(({ text }) => text)).size).toBe(50);
      expect(firstBroken(entries)).toBeUndefined();
    });

    test('tells two entries with the same words apart', async () => {
      const log = createDecisionLog(redis());
      await log.append(anEntry('scan'));
      await log.append(anEntry('scan'));

      expect(await entriesOf(log)).toHaveLength(2);
      expect(firstBroken(await entriesOf(log))).toBeUndefined();
    });

    test('holds an entry once when its answer was lost and the client sent it again', async () => {
      const log = createDecisionLog(sendingTwice(redis()));
      await log.append(anEntry('scan'));
      await log.append(anEntry('cancel'));

      expect((await entriesOf(log)).map(({ text }) => (JSON.parse(text) as DecisionEntry).what)).toEqual(['scan', 'cancel']);
    });

    test('appends an entry of the same id once, in whatever process and however often', async () => {
      const entry = { ...anEntry('scan'), id: 'r7k2m9/0' };
      await Promise.all(Array.from({ length: 10 }, () => createDecisionLog(redis()).append(entry)));
      await createDecisionLog(redis()).append(anEntry('cancel'));
      await createDecisionLog(redis()).append(entry);

      const entries = await entriesOf(createDecisionLog(redis()));
      expect(entries.map(({ text }) => (JSON.parse(text) as DecisionEntry).what)).toEqual(['scan', 'cancel']);
      expect(firstBroken(entries)).toBeUndefined();
    });

    test('is read some entries at a time', async () => {
      const count = 1001;
      const pipeline = redis().pipeline();
      for (let index = 0; index < count; index += 1) pipeline.xadd(keys.decisions(), '*', 'entry', String(index), 'hash', '', 'previous', '');
      await pipeline.exec();
      const sizes: number[] = [];
      for await (const page of createDecisionLog(redis()).pages()) sizes.push(page.length);

      expect(sizes).toEqual([500, 500, 1]);
      expect((await entriesOf(createDecisionLog(redis()))).map(({ text }) => text)).toEqual(Array.from({ length: count }, (_, index) => String(index)));
    });

    test.each<[string, number, (entries: readonly StoredEntry[]) => readonly StoredEntry[]]>([
      ['an entry was changed', 1, (entries) => entries.with(1, changed(entries[1], { text: JSON.stringify(anEntry('something else')) }))],
      ['an entry was changed and its hash with it', 2, (entries) => entries.with(1, changed(entries[1], { text: '{}', hash: createHash('sha256').update(`${entries[1]?.previous ?? ''}\n{}`).digest('hex') }))],
      ['an entry was left out', 1, (entries) => entries.toSpliced(1, 1)],
      ['the first entry was left out', 0, (entries) => entries.slice(1)],
      ['two entries changed places', 1, (entries) => [entries[0], entries[2], entries[1]].filter((entry) => entry !== undefined)],
      ['an entry was put in', 2, (entries) => entries.toSpliced(2, 0, changed(entries[1], {}))],
    ])('shows where %s', async (_name, place, tamper) => {
      expect(firstBroken(tamper(await logOf(3)))).toBe(place);
    });
  });

  test('an empty log is whole', () => {
    expect(firstBroken([])).toBeUndefined();
  });
});

function changed(entry: StoredEntry | undefined, change: Partial<StoredEntry>): StoredEntry {
  if (entry === undefined) throw new Error('there is no such entry');
  return { ...entry, ...change };
}

/** Every script runs twice, as when the connection breaks before the first answer. */
function sendingTwice(redis: Redis): Redis {
  const twice = async (run: () => Promise<unknown>): Promise<unknown> => {
    await run();
    return run();
  };
  return {
    evalsha: (...args: Parameters<Redis['evalsha']>) => twice(() => redis.evalsha(...args)),
    eval: (...args: Parameters<Redis['eval']>) => twice(() => redis.eval(...args)),
    xrange: redis.xrange.bind(redis),
  } as unknown as Redis;
}
