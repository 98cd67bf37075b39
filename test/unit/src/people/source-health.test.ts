import { describe, expect, test } from '@jest/globals';
import type { PeopleSnapshot } from '#src/model/people-store.ts';
import { DEFAULT_STALE_AFTER_MS, isStale, sourceHealth } from '#src/people/source-health.ts';
import { aPerson, aSnapshot } from '#test/build/people.ts';

const NOW = new Date('2026-11-23T08:00:00.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function before(ms: number): string {
  return new Date(NOW.getTime() - ms).toISOString();
}

function health(snapshot: PeopleSnapshot | undefined) {
  return sourceHealth('okta', snapshot, NOW, DEFAULT_STALE_AFTER_MS);
}

describe('src/people/source-health.ts', () => {
  test.each([
    [10 * MINUTE_MS, '10 min ago'],
    [0, 'just now'],
    [MINUTE_MS, '1 min ago'],
    [119 * MINUTE_MS, '119 min ago'],
    [2 * HOUR_MS, '2 hours ago'],
    [47 * HOUR_MS, '47 hours ago'],
    [48 * HOUR_MS, '2 days ago'],
  ])('tells who belongs, and %i ms later that they were counted %s', (ms, ago) => {
    const people = [...Array.from({ length: 1412 }, (_, index) => aPerson(`p${index}`)), aPerson('left', { state: 'departed' }), aPerson('bot', { kind: 'bot' })];

    expect(health(aSnapshot({ people, whole: { at: before(ms), count: people.length } }))).toEqual({ ok: true, text: `okta: 1,412 people, ${ago}` });
  });

  test('tells how old a file is', () => {
    expect(health(aSnapshot({ people: [aPerson('ann')], whole: { at: before(MINUTE_MS), count: 1, writtenAt: before(30 * 24 * HOUR_MS) } })).text).toBe('okta: 1 person, 1 min ago, written 30 days ago');
  });

  test.each<[string, Partial<PeopleSnapshot>, string]>([
    ['a failure', { whole: { at: before(50 * HOUR_MS), count: 1 }, trouble: { fault: 'refused', message: 'Okta refuses the token (HTTP 401)', since: before(HOUR_MS) } }, 'okta: refused: Okta refuses the token (HTTP 401) — began 60 min ago, last whole answer 2 days ago, nobody is taken for departed meanwhile'],
    ['a failure from the beginning', { trouble: { fault: 'busy', message: 'Okta was asked too often (HTTP 429)', since: before(0) } }, 'okta: busy: Okta was asked too often (HTTP 429) — began just now, no whole answer so far, nobody is taken for departed meanwhile'],
    ['silence', { whole: { at: before(DEFAULT_STALE_AFTER_MS + 1), count: 1 } }, 'okta: not asked for too long — last whole answer 2 days ago, nobody is taken for departed meanwhile'],
    ['no answer and no failure', {}, 'okta: not asked yet'],
  ])('tells of %s', (_what, more, text) => {
    expect(health(aSnapshot(more))).toEqual({ ok: false, text });
  });

  test('tells of a source that was never asked', () => {
    expect(health(undefined)).toEqual({ ok: false, text: 'okta: not asked yet' });
  });

  test('a source is stale just after its limit', () => {
    expect([DEFAULT_STALE_AFTER_MS, DEFAULT_STALE_AFTER_MS + 1].map((ms) => isStale({ whole: { at: before(ms), count: 1 } }, NOW, DEFAULT_STALE_AFTER_MS))).toEqual([false, true]);
  });
});
