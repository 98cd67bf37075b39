import { describe, expect, test } from '@jest/globals';
import { createRepositoryStore } from '#src/store/repositories.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { aClusterState } from '#test/build/scan-record.ts';

describe('src/store/repositories.ts', () => {
  onEveryRedis(({ redis }) => {
    test('keeps the last state of each target apart', async () => {
      const store = createRepositoryStore(redis());
      const kept = { state: aClusterState(), commit: 'c0ffee', places: { f1: { file: 'a.yaml', line: 3 } } };

      await store.keep({ repository: 'acme/shop', ref: 'v1' }, { ...kept, commit: 'before' });
      await store.keep({ repository: 'acme/shop', ref: 'v1' }, kept);

      expect(await store.state({ repository: 'acme/shop', ref: 'v1' })).toEqual(kept);
      expect(await store.state({ repository: 'acme/shop' })).toBeUndefined();
      expect(await store.state({ repository: 'acme/shop', ref: 'v1', path: 'a' })).toBeUndefined();
    });
  });
});
