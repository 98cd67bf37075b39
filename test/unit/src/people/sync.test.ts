import { describe, expect, test } from '@jest/globals';
import type { PeopleSnapshot, PeopleStore } from '#src/model/people-store.ts';
import { SourceFailed, type PeopleList, type PeopleSource, type Person } from '#src/model/people.ts';
import { compareWithLast, DEFAULT_SHRINK_LIMIT_PERCENT, syncSource } from '#src/people/sync.ts';
import { aPerson } from '#test/build/people.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const SOURCE = { name: 'okta', type: 'okta', authority: 'identity-provider' } as const;
const SETTINGS = { shrinkLimitPercent: DEFAULT_SHRINK_LIMIT_PERCENT };
const [MONDAY, TUESDAY, WEDNESDAY] = ['2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z', '2026-11-25T08:00:00.000Z'] as const;

function people(count: number, from = 0): readonly Person[] {
  return Array.from({ length: count }, (_, index) => aPerson(`p${index + from}`));
}

function listing(some: readonly Person[], listsDeparted = false): PeopleList {
  return { people: some, listsDeparted };
}

function after(previous: PeopleSnapshot | undefined, answer: PeopleList | SourceFailed, at: string, settings = SETTINGS) {
  return compareWithLast(SOURCE, previous, answer, new Date(at), settings);
}

/** What is known after these answers, one a day. */
function known(...answers: readonly (PeopleList | SourceFailed)[]): PeopleSnapshot | undefined {
  return answers.reduce<PeopleSnapshot | undefined>((snapshot, answer, day) => after(snapshot, answer, [MONDAY, TUESDAY, WEDNESDAY][day] ?? WEDNESDAY).snapshot, undefined);
}

function stateOf(snapshot: PeopleSnapshot | undefined, id: string) {
  return snapshot?.people.find((person) => person.id === id)?.state;
}

describe('src/people/sync.ts', () => {
  describe('a whole list', () => {
    test('is remembered with its count and time', () => {
      const { kind, snapshot } = after(undefined, { ...listing(people(3)), writtenAt: '2026-11-01T00:00:00.000Z' }, MONDAY);

      expect(kind).toBe('ok');
      expect(snapshot).toEqual({ source: 'okta', type: 'okta', authority: 'identity-provider', people: people(3), askedAt: MONDAY, whole: { at: MONDAY, count: 3, writtenAt: '2026-11-01T00:00:00.000Z' } });
    });

    test('tells how many more it has than the one before', () => {
      expect(after(known(listing(people(20))), listing(people(23)), TUESDAY).snapshot.whole).toEqual({ at: TUESDAY, count: 23, change: 3 });
    });

    test('ends a trouble', () => {
      const snapshot = known(listing(people(3)), new SourceFailed('busy', 'too often'), listing(people(3)));

      expect(snapshot).not.toHaveProperty('trouble');
    });
  });

  describe('somebody who vanishes', () => {
    test('from a list of present people has departed', () => {
      const result = after(known(listing(people(20))), listing(people(19)), TUESDAY);

      expect(result).toMatchObject({ kind: 'ok', departed: [{ id: 'p19', state: 'departed', evidence: 'absent from the complete list of 2026-11-24', since: TUESDAY, absent: true }], returned: [] });
    });

    test('stays departed until they are listed again', () => {
      const gone = known(listing(people(20)), listing(people(19)));
      const later = after(gone, listing(people(19)), WEDNESDAY);

      expect(later).toMatchObject({ kind: 'ok', departed: [] });
      expect(later.snapshot.people.find(({ id }) => id === 'p19')).toMatchObject({ evidence: 'absent from the complete list of 2026-11-24', since: TUESDAY });

      const back = after(later.snapshot, listing(people(20)), WEDNESDAY);

      expect(back).toMatchObject({ kind: 'ok', departed: [], returned: [aPerson('p19')] });
      expect(back.snapshot.people).toEqual(people(20));
    });

    test('from a list that shows departures is not known any more, and has not departed', () => {
      const result = after(known(listing(people(20), true)), listing(people(19), true), TUESDAY);

      expect(result).toMatchObject({ kind: 'ok', departed: [] });
      expect(stateOf(result.snapshot, 'p19')).toBeUndefined();
    });

    test('after the list told their departure stays departed, as of the list that told it', () => {
      const left = aPerson('p19', { state: 'departed', evidence: 'status: DEPROVISIONED' });
      const snapshot = known(listing([...people(19), left], true), listing(people(19), true), listing(people(19), true));

      expect(snapshot?.people.find(({ id }) => id === 'p19')).toEqual({ ...left, lastTold: MONDAY });
    });
  });

  test('a departure that the list tells is new once', () => {
    const left = aPerson('p0', { state: 'departed' });
    const first = after(known(listing(people(2), true)), listing([left, aPerson('p1')], true), TUESDAY);
    const second = after(first.snapshot, listing([left, aPerson('p1')], true), WEDNESDAY);

    expect([first, second].map((result) => result.kind === 'ok' && result.departed.map(({ id }) => id))).toEqual([['p0'], []]);
  });

  describe('a list that has become smaller', () => {
    test.each([
      [100, 91, 'ok'],
      [100, 90, 'ok'],
      [100, 89, 'shrunken'],
      [10, 9, 'ok'],
      [9, 8, 'shrunken'],
      [1, 0, 'shrunken'],
    ])('from %i to %i is %s', (before, now, kind) => {
      const result = after(known(listing(people(before))), listing(people(now)), TUESDAY);

      expect(result.kind).toBe(kind);
      expect(result.snapshot.people.filter(({ state }) => state === 'departed')).toHaveLength(kind === 'ok' ? before - now : 0);
    });

    test('says what is missing and what to do, and changes nothing of what is known', () => {
      const before = known(listing(people(100)));
      const { snapshot } = after(before, listing(people(77)), TUESDAY);

      expect(snapshot).toEqual({ ...before, askedAt: TUESDAY, trouble: { fault: 'shrunken', message: '23 of 100 people (23 %) are missing from the list, more than the 10 % of shrinkLimitPercent; raise it if they have really left', since: TUESDAY } });
    });

    test('is believed within a limit that somebody raised', () => {
      expect(after(known(listing(people(100))), listing(people(77)), TUESDAY, { shrinkLimitPercent: 25 }).kind).toBe('ok');
    });

    test('does not hide behind as many newcomers', () => {
      expect(after(known(listing(people(100))), listing(people(100, 100)), TUESDAY).kind).toBe('shrunken');
    });

    test('is measured by who belongs: bots and those departed before do not count', () => {
      const bots = Array.from({ length: 50 }, (_, index) => aPerson(`bot${index}`, { kind: 'bot' }));
      const left = Array.from({ length: 50 }, (_, index) => aPerson(`left${index}`, { state: 'departed' }));

      expect(after(known(listing([...people(20), ...bots, ...left], true)), listing(people(20), true), TUESDAY).kind).toBe('ok');
      expect(after(known(listing([...people(20), ...bots, ...left], true)), listing([...people(17), ...bots, ...left], true), TUESDAY).kind).toBe('shrunken');
    });

    test('is measured against the last one that was believed', () => {
      const snapshot = known(listing(people(100)), listing(people(80)));

      expect(after(snapshot, listing(people(80)), WEDNESDAY).kind).toBe('shrunken');
      expect(after(snapshot, listing(people(95)), WEDNESDAY).kind).toBe('ok');
    });
  });

  test.each<[string, readonly Person[]]>([
    ['with nobody', []],
    ['in which all have departed', people(3).map((person) => ({ ...person, state: 'departed' as const }))],
    ['of bots alone', [aPerson('bot', { kind: 'bot' })]],
  ])('a list %s is not believed, also the first time', (_what, some) => {
    for (const previous of [undefined, known(listing(people(3)))]) {
      const { kind, snapshot } = after(previous, listing(some, true), TUESDAY);

      expect([kind, snapshot.trouble?.message]).toEqual(['shrunken', 'the list holds nobody who belongs']);
      expect(snapshot.people).toEqual(previous?.people ?? []);
    }
  });

  test('a list with somebody twice is not whole', () => {
    expect(after(undefined, listing([aPerson('ann'), aPerson('ann')]), MONDAY)).toMatchObject({ kind: 'failed', trouble: { fault: 'garbled' } });
  });

  describe('a failure', () => {
    test.each([
      ['refused', 'failed'],
      ['forbidden', 'failed'],
      ['busy', 'failed'],
      ['unreachable', 'failed'],
      ['garbled', 'failed'],
      ['empty', 'shrunken'],
    ] as const)('%s keeps what was known', (fault, kind) => {
      const before = known(listing(people(20)), listing(people(19)));

      expect(after(before, new SourceFailed(fault, 'why'), WEDNESDAY)).toEqual({ kind, trouble: { fault, message: 'why', since: WEDNESDAY }, snapshot: { ...before, askedAt: WEDNESDAY, trouble: { fault, message: 'why', since: WEDNESDAY } } });
    });

    test('lasts from the first one on', () => {
      expect(known(new SourceFailed('busy', 'one'), new SourceFailed('refused', 'two'))?.trouble).toEqual({ fault: 'refused', message: 'two', since: MONDAY });
    });
  });

  test('an entry of the configuration that becomes another system begins anew', () => {
    const result = compareWithLast({ ...SOURCE, type: 'entra-id' }, known(listing(people(100))), listing(people(5, 500)), new Date(TUESDAY), SETTINGS);

    expect(result).toMatchObject({ kind: 'ok', departed: [], snapshot: { type: 'entra-id' } });
    expect(result.snapshot.people).toEqual(people(5, 500));
  });

  describe('asking', () => {
    const asking = (list: PeopleSource['list'], put: PeopleStore['put'] = async () => true) => {
      const written: PeopleSnapshot[] = [];
      const store: PeopleStore = { get: async () => undefined, all: async () => [], put: (snapshot, previous) => (written.push(snapshot), put(snapshot, previous)) };
      const abort = new AbortController();
      return { written, abort, result: () => syncSource({ ...SOURCE, list }, store, SETTINGS, createMovedClock(), abort.signal) };
    };

    test('remembers the answer', async () => {
      const { result, written } = asking(async () => listing(people(2)));

      expect(await result()).toMatchObject({ kind: 'ok', snapshot: written[0] });
      expect(written).toHaveLength(1);
    });

    test('remembers that it failed', async () => {
      const { result, written } = asking(() => Promise.reject(new SourceFailed('refused', 'no')));

      expect(await result()).toMatchObject({ kind: 'failed' });
      expect(written).toMatchObject([{ trouble: { fault: 'refused', message: 'no' } }]);
    });

    test('leaves the word to a run that was faster', async () => {
      expect(await asking(async () => listing(people(2)), async () => false).result()).toBeUndefined();
    });

    test('remembers nothing of an error in the code', async () => {
      const { result, written } = asking(() => Promise.reject(new TypeError('oops')));

      await expect(result()).rejects.toThrow('oops');
      expect(written).toEqual([]);
    });

    test('remembers nothing when it is ended', async () => {
      const { result, written, abort } = asking(async () => {
        abort.abort(new Error('the bot stops'));
        throw new SourceFailed('unreachable', 'broken off');
      });

      await expect(result()).rejects.toThrow('the bot stops');
      expect(written).toEqual([]);
    });
  });
});
