import { describe, expect, test } from '@jest/globals';
import type { KnownPerson } from '#src/model/people-view.ts';
import { createHasLeft } from '#src/people/has-left.ts';
import { aKnownPerson } from '#test/build/access.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const LEFT = aKnownPerson('bob', { state: 'departed', slackId: 'U0BOB' });

describe('src/people/has-left.ts', () => {
  test('knows who has departed or is suspended, and nobody else', async () => {
    const people = [LEFT, aKnownPerson('cy', { state: 'suspended', slackId: 'U0CY' }), aKnownPerson('dan', { state: 'conflict', slackId: 'U0DAN' }), aKnownPerson('eve', { state: 'departed' })];
    const hasLeft = createHasLeft({ all: () => Promise.resolve(people) }, createMovedClock());

    expect(await Promise.all(['U0BOB', 'U0CY', 'U0DAN', 'U0EVE'].map(hasLeft))).toEqual([true, true, false, false]);
  });

  test('asks again after half a minute, and at once after a failure', async () => {
    const clock = createMovedClock();
    const answers: (readonly KnownPerson[] | Error)[] = [new Error('Redis is away'), [], [LEFT]];
    const all = async (): Promise<readonly KnownPerson[]> => {
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const hasLeft = createHasLeft({ all }, clock);

    await expect(hasLeft('U0BOB')).rejects.toThrow('Redis is away');
    expect([await hasLeft('U0BOB'), await hasLeft('U0BOB')]).toEqual([false, false]);
    clock.advance(30_000);
    expect(await hasLeft('U0BOB')).toBe(true);
  });
});
