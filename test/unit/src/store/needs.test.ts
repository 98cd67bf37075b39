import { describe, expect, test } from '@jest/globals';
import { createNeedStore } from '#src/store/needs.ts';
import { aNeedQuestion } from '#test/build/needs.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const QUESTION = aNeedQuestion({ called: '<!channel> "Bob" \u{1F47E} \uD83D', cluster: 'arn:aws:eks:eu:1:cluster/a' });

describe('src/store/needs.ts', () => {
  onEveryRedis(({ redis }) => {
    const store = () => createNeedStore(redis());

    test('knows nothing before the first question', async () => {
      expect(await store().all()).toEqual([]);
      expect(await store().of('okta/bob', 'prod')).toBeUndefined();
    });

    test('keeps one question for each person and cluster, hostile names included', async () => {
      const other = aNeedQuestion({ id: 'n2', cluster: 'dev' });
      expect([await store().put(QUESTION, undefined), await store().put(other, undefined)]).toEqual([true, true]);

      expect(await store().of('okta/bob', QUESTION.cluster)).toEqual(QUESTION);
      expect((await store().all()).map(({ cluster }) => cluster).sort()).toEqual([QUESTION.cluster, 'dev'].sort());
    });

    test('lets one of many at once answer', async () => {
      await store().put(QUESTION, undefined);
      const answers = Array.from({ length: 20 }, (_, index) => ({ ...QUESTION, version: 2, closedWhy: `answer ${index}` }));

      const written = await Promise.all(answers.map((answer) => store().put(answer, QUESTION)));

      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await store().of('okta/bob', QUESTION.cluster)).toEqual(answers[written.indexOf(true)]);
    });

    test('forgets what stands as it is said to, and nothing that has changed', async () => {
      await store().put(QUESTION, undefined);
      await store().forget({ ...QUESTION, version: 2 });
      expect(await store().all()).toHaveLength(1);

      await store().forget(QUESTION);

      expect(await store().all()).toEqual([]);
      expect(await redis().dbsize()).toBe(0);
    });

    test('refuses the same first question and the same answer of another process', async () => {
      await store().put(QUESTION, undefined);

      expect(await store().put(QUESTION, undefined)).toBe(false);
      expect(await store().put({ ...QUESTION, version: 3 }, { ...QUESTION, version: 2 })).toBe(false);
    });
  });
});
