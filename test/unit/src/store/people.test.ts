import { describe, expect, test } from '@jest/globals';
import { createPeopleStore } from '#src/store/people.ts';
import { aPerson, aSnapshot } from '#test/build/people.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const MONDAY = aSnapshot({ people: [aPerson('ann', { name: '<!channel> "Ann" \u0000 \u{1F47E}' })], askedAt: '2026-11-23T08:00:00.000Z', whole: { at: '2026-11-23T08:00:00.000Z', count: 1 } });
const TUESDAY = aSnapshot({ people: [aPerson('ben')], askedAt: '2026-11-24T08:00:00.000Z' });

describe('src/store/people.ts', () => {
  onEveryRedis(({ redis }) => {
    const store = () => createPeopleStore(redis());

    test('knows nothing of a source before the first time', async () => {
      expect(await store().get('okta')).toBeUndefined();
    });

    test('keeps what is put, hostile names included', async () => {
      expect(await store().put(MONDAY, undefined)).toBe(true);

      expect(await store().get('okta')).toEqual(MONDAY);
    });

    test('replaces what it follows', async () => {
      await store().put(MONDAY, undefined);

      expect(await store().put(TUESDAY, MONDAY)).toBe(true);
      expect(await store().get('okta')).toEqual(TUESDAY);
    });

    test.each([
      ['nothing known', undefined],
      ['something older', aSnapshot({ askedAt: '2026-11-22T08:00:00.000Z' })],
    ])('refuses what was made with %s after another run has written', async (_what, previous) => {
      await store().put(MONDAY, undefined);

      expect(await store().put(TUESDAY, previous)).toBe(false);
      expect(await store().get('okta')).toEqual(MONDAY);
    });

    test('lets one of many runs at once write', async () => {
      await store().put(MONDAY, undefined);
      const runs = Array.from({ length: 20 }, (_, minute) => ({ ...TUESDAY, askedAt: `2026-11-24T08:${String(minute).padStart(2, '0')}:00.000Z` }));

      const written = await Promise.all(runs.map((run) => store().put(run, MONDAY)));

      expect(written.filter(Boolean)).toHaveLength(1);
      expect(await store().get('okta')).toEqual(runs[written.indexOf(true)]);
    });

    test('gives all that are asked for, in their order', async () => {
      await store().put(MONDAY, undefined);
      await store().put({ ...TUESDAY, source: 'staff: {a}' }, undefined);

      expect((await store().all(['staff: {a}', 'never', 'okta'])).map(({ source }) => source)).toEqual(['staff: {a}', 'okta']);
    });
  });
});
