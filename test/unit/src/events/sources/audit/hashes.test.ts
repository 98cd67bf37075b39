import { describe, expect, test } from '@jest/globals';
import { HashTable, RecentHashes, type Hash } from '#src/events/sources/audit/hashes.ts';

function hashOf(index: number): Hash {
  return { low: Math.imul(index, 0x9e3779b1), high: Math.imul(index, 0x85ebca6b) & ~1 };
}

describe('src/events/sources/audit/hashes.ts', () => {
  test('a table finds what was added however much it has grown', () => {
    const table = new HashTable<number>(10_000);
    for (let index = 0; index < 10_000; index += 1) table.add(hashOf(index), index);

    expect(Array.from({ length: 10_000 }, (_, index) => table.get(hashOf(index)))).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
    expect(table.get(hashOf(10_000))).toBeUndefined();
  });

  test('a full table begins anew', () => {
    const table = new HashTable<string>(2);
    for (const [index, name] of ['a', 'b', 'c'].entries()) table.add(hashOf(index), name);

    expect([0, 1, 2].map((index) => table.get(hashOf(index)))).toEqual([undefined, undefined, 'c']);
  });

  test('hashes that want the same place do not stand for each other', () => {
    const recent = new RecentHashes(10);

    expect([{ low: 5, high: 0 }, { low: 5, high: 2 }, { low: 5, high: 0 }, { low: 5, high: 2 }].map((hash) => recent.isNew(hash))).toEqual([true, true, false, false]);
  });

  test('the last ones are remembered, and twice as many at most', () => {
    const recent = new RecentHashes(2000);
    for (let index = 0; index < 5000; index += 1) recent.isNew(hashOf(index));

    expect([4999, 3000, 2000].map((index) => recent.isNew(hashOf(index)))).toEqual([false, false, false]);
    expect(recent.isNew(hashOf(100))).toBe(true);
  });
});
