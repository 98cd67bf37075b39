import { describe, expect, test } from '@jest/globals';
import { createToldEvents } from '#src/store/told-events.ts';
import { onEveryRedis } from '#test/build/redis.ts';

describe('src/store/told-events.ts', () => {
  onEveryRedis(({ redis }) => {
  test('whoever adds something gets all that was added, in an order that grows', async () => {
    const events = createToldEvents<string, string>(redis());

    expect(await events.note('e1', 'q2', 'asked', 1)).toEqual({ said: undefined, notes: ['asked'], revision: 1 });
    expect(await events.say('e1', 'exec', 1)).toEqual({ said: 'exec', notes: ['asked'], revision: 2 });
    expect(await events.note('e1', 'q1', 'first', 1)).toEqual({ said: 'exec', notes: ['first', 'asked'], revision: 3 });
    expect(await events.say('e2', 'other', 1)).toEqual({ said: 'other', notes: [], revision: 1 });
  });

  test('a repeat changes nothing, and what is older never takes the place of what is newer', async () => {
    const events = createToldEvents<string, string>(redis());
    await events.note('e1', 'q1', 'confirmed', 2);

    expect(await events.note('e1', 'q1', 'asked', 1)).toEqual({ said: undefined, notes: ['confirmed'], revision: 1 });
    expect(await events.note('e1', 'q1', 'confirmed', 2)).toMatchObject({ revision: 1 });
    expect(await events.note('e1', 'q1', 'locked', 3)).toMatchObject({ notes: ['locked'], revision: 2 });
  });
  });
});
