import { describe, expect, test } from '@jest/globals';
import { createAllowEntries } from '#src/store/allow-entries.ts';
import { keys } from '#src/store/keys.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const ENTRY = { id: 'e1', direction: 'egress', remote: '*.example.com', owner: 'Ann', reason: 'x' } as const;

describe('src/store/allow-entries.ts', () => {
  onEveryRedis(({ redis }) => {
    test('entries of the allowlist come and go', async () => {
      const store = createAllowEntries(redis());
      await store.addAllowEntry(ENTRY);

      expect(await store.allowEntries()).toEqual([ENTRY]);
      expect([await store.endAllowEntry('e1'), await store.endAllowEntry('e1')]).toEqual([true, false]);
      expect(await store.allowEntries()).toEqual([]);
    });

    test('each change makes another revision, also when nothing is left of it; ending what is not there makes none', async () => {
      const store = createAllowEntries(redis());
      const revisions = [await store.allowRevision()];
      for (const change of [() => store.addAllowEntry(ENTRY), () => store.addAllowEntry({ ...ENTRY, port: 443 }), () => store.endAllowEntry('e1'), () => store.addAllowEntry(ENTRY), () => store.endAllowEntry('e1')]) {
        await change();
        revisions.push(await store.allowRevision());
      }
      await store.endAllowEntry('e1');

      expect(new Set(revisions).size).toBe(6);
      expect(await store.allowRevision()).toBe(revisions.at(-1));
    });

    test('entries for labels stand beside those that were stored before, where earlier versions do not find them', async () => {
      const store = createAllowEntries(redis());
      const labelled = { ...ENTRY, id: 'e0', labels: { app: 'web' } };
      await redis().hset(keys.allowEntries(), ENTRY.id, JSON.stringify(ENTRY));
      const before = await store.allowRevision();
      await store.addAllowEntry(labelled);

      expect(await store.allowEntries()).toEqual([labelled, ENTRY]);
      expect(await redis().hkeys(keys.allowEntries())).toEqual([ENTRY.id]);
      const added = await store.allowRevision();
      expect(added).not.toBe(before);

      expect([await store.endAllowEntry('e0'), await store.endAllowEntry('e0')]).toEqual([true, false]);
      expect(await store.allowEntries()).toEqual([ENTRY]);
      expect([before, added]).not.toContain(await store.allowRevision());
    });

    test('an entry that an earlier version has made is noticed', async () => {
      const store = createAllowEntries(redis());
      const before = await store.allowRevision();

      await redis().hset(keys.allowEntries(), ENTRY.id, JSON.stringify(ENTRY));

      expect(await store.allowRevision()).not.toBe(before);
    });
  });
});
