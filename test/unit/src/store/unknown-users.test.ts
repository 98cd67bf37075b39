import { describe, expect, test } from '@jest/globals';
import { createUnknownUsers } from '#src/store/unknown-users.ts';
import { onEveryRedis } from '#test/build/redis.ts';

describe('src/store/unknown-users.ts', () => {
  onEveryRedis(({ redis }) => {
    test('tells of each user once in each cluster, and again when they come back', async () => {
      const users = createUnknownUsers(redis());
      expect(await users.fresh('prod', ['eve', 'legacy'])).toEqual(['eve', 'legacy']);

      await users.told('prod', ['eve', 'legacy'], true);
      expect(await users.fresh('prod', ['eve', 'legacy', 'new'])).toEqual(['new']);
      expect(await users.fresh('dev', ['eve'])).toEqual(['eve']);

      await users.told('prod', ['new'], false);
      expect(await users.fresh('prod', ['eve', 'legacy', 'new'])).toEqual([]);

      await users.told('prod', ['eve'], true);
      expect(await users.fresh('prod', ['eve', 'legacy'])).toEqual(['legacy']);
      await users.told('prod', [], true);
      expect(await users.fresh('prod', ['eve'])).toEqual(['eve']);
    });
  });
});
