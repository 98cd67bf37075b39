import { describe, expect, test } from '@jest/globals';
import type { Severity } from '#src/model/finding.ts';
import { createQuestionStore } from '#src/store/questions.ts';
import { aQuestion } from '#test/build/question.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const LIMITS = { topic: 'ann checkout', pattern: 'ann checkout exec' };

describe('src/store/questions.ts', () => {
  onEveryRedis(({ redis }) => {
  test('a question is asked once for each topic, and a repeat of it is the same', async () => {
    const store = createQuestionStore(redis());

    expect(await store.create(aQuestion(), LIMITS)).toEqual(aQuestion());
    expect(await store.create(aQuestion({ channel: 'C0OTHER001' }), LIMITS)).toEqual(aQuestion());
    expect(await store.create(aQuestion({ id: 'q2' }), LIMITS)).toBeUndefined();
    expect(await store.create(aQuestion({ id: 'q3' }), { ...LIMITS, topic: 'ann cart' })).toEqual(aQuestion({ id: 'q3' }));
    expect(await store.get('q2')).toBeUndefined();
  });

  test('what was confirmed is not asked about', async () => {
    const store = createQuestionStore(redis());
    await store.mute(LIMITS.pattern);

    expect(await store.create(aQuestion(), LIMITS)).toBeUndefined();
    expect(await store.create(aQuestion(), { ...LIMITS, pattern: 'from another network' })).toBeDefined();
  });

  test('nobody is asked more than five questions within half an hour', async () => {
    const store = createQuestionStore(redis());
    const asked = [];
    for (const index of [1, 2, 3, 4, 5, 6]) asked.push(await store.create(aQuestion({ id: `q${index}` }), { topic: `t${index}`, pattern: `p${index}` }));

    expect(asked.map((question) => question?.id)).toEqual(['q1', 'q2', 'q3', 'q4', 'q5', undefined]);
    expect(await store.create(aQuestion({ id: 'q7', person: 'U0BO000001' }), { topic: 't7', pattern: 'p7' })).toBeDefined();
  });

  test('is asked about what is critical whatever was asked before, up to twenty times', async () => {
    const store = createQuestionStore(redis());
    const ask = (index: number, severity: Severity) => store.create(aQuestion({ id: `q${index}`, deed: { ...aQuestion().deed, severity } }), { topic: `t${index}`, pattern: `p${index}` });
    for (const index of [1, 2, 3, 4, 5]) await ask(index, 'high');
    const asked = [];
    for (let index = 6; index <= 21; index += 1) asked.push((await ask(index, 'critical')) !== undefined);

    expect(asked).toEqual([...new Array<boolean>(15).fill(true), false]);
    expect(await ask(22, 'high')).toBeUndefined();
  });

  test('of two writers of the same version one wins', async () => {
    const store = createQuestionStore(redis());
    await store.create(aQuestion(), LIMITS);

    const won = await Promise.all([store.write(aQuestion({ state: 'confirmed', version: 2 })), store.write(aQuestion({ state: 'denied', version: 2 }))]);

    expect(won.toSorted()).toEqual([false, true]);
    expect((await store.get('q5d41402abc4b'))?.state).toBe(won[0] ? 'confirmed' : 'denied');
  });

  test('what was written is due until it is settled, and what is settled late changes nothing', async () => {
    const store = createQuestionStore(redis());
    const { id } = aQuestion();
    await store.create(aQuestion(), LIMITS);
    expect(await store.due(0)).toEqual([id]);

    await store.settle({ id, version: 1 }, 1000);
    expect([await store.due(999), await store.due(1000)]).toEqual([[], [id]]);
    await store.write(aQuestion({ version: 2 }));
    await store.settle({ id, version: 1 }, undefined);
    expect(await store.due(0)).toEqual([id]);
    await store.settle({ id, version: 2 }, undefined);
    expect(await store.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
    await store.write(aQuestion({ version: 3 }));
    await store.forget(id);
    expect(await store.due(0)).toEqual([]);
  });
  });
});
