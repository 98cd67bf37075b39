import { describe, expect, test } from '@jest/globals';
import { brief } from '#src/blocks/text.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { Ruling } from '#src/model/rulings.ts';
import { disowningOf, keepingOf, keepings, lastSaid, rulingText, withRulings } from '#src/people/rulings.ts';
import { aKnownPerson, NOW } from '#test/build/access.ts';
import { ALL_OF_BOB, aRuling, NOT_BOBS } from '#test/build/rulings.ts';

const [OPS] = ALL_OF_BOB.paths;
if (OPS === undefined) throw new Error('Bob has no access');
const VIEW = { key: 'dev/RoleBinding/shop/see#User/bob', rank: 9 };

const bob = (state: KnownPerson['state'], ...rulings: readonly Ruling[]) => ({ ...aKnownPerson('bob', { state }), rulings });

describe('src/people/rulings.ts', () => {
  test('are of the person whose they were, also when another system is believed more since', () => {
    const [moved, other, same] = withRulings([{ ...aKnownPerson('bob'), id: 'staff/7' }, aKnownPerson('ann'), aKnownPerson('bob')], [aRuling()]);

    expect([moved?.rulings, same?.rulings]).toEqual([[aRuling()], [aRuling()]]);
    expect(other).not.toHaveProperty('rulings');
  });

  describe('keep access', () => {
    test.each<readonly [how: string, person: ReturnType<typeof bob>, paths: readonly typeof VIEW[], isKept: boolean]>([
      ['as it was', bob('departed', aRuling()), [OPS], true],
      ['on the last day', bob('departed', aRuling({ says: { type: 'keep', until: '2026-11-23' } })), [OPS], true],
      ['not on the day after', bob('departed', aRuling({ says: { type: 'keep', until: '2026-11-22' } })), [OPS], false],
      ['after a plain denial', bob('departed', aRuling({ says: { type: 'pause', until: '2026-12-23' } })), [OPS], true],
      ['not by saying whose a name is', bob('departed', aRuling({ says: NOT_BOBS })), [OPS], false],
      ['of less', bob('departed', aRuling({ about: { paths: [OPS, VIEW] } })), [VIEW], true],
      ['not of more', bob('departed', aRuling()), [OPS, VIEW], false],
      ['of what several say together', bob('departed', aRuling(), aRuling({ request: 'r2', about: { paths: [VIEW] } })), [OPS, VIEW], true],
      ['that is less dangerous now', bob('departed', aRuling()), [{ ...OPS, rank: 5 }], true],
      ['not what is more dangerous now', bob('departed', aRuling()), [{ ...OPS, rank: 3 }], false],
      ['of who is not gone so far any more', bob('suspended', aRuling()), [OPS], true],
      ['not of who is gone further', bob('departed', aRuling({ about: { state: 'suspended' } })), [OPS], false],
      ['not of who was only inactive', bob('suspended', aRuling({ about: { state: 'active' } })), [OPS], false],
      ['not where nobody has said anything', { ...aKnownPerson('bob', { state: 'departed' }), rulings: [] }, [OPS], false],
      ['not where there is none', bob('departed', aRuling()), [], false],
    ])('%s', (_how, person, paths, isKept) => {
      expect(keepingOf(person, paths, NOW) !== undefined).toBe(isKept);
    });

    test('until the first of several ends', () => {
      const [early, late] = [aRuling({ request: 'r1', says: { type: 'keep', until: '2026-12-01' } }), aRuling({ request: 'r2', about: { paths: [VIEW] } })];

      expect(keepingOf(bob('departed', late, early), [OPS, VIEW], NOW)).toEqual(early);
    });
  });

  test('that keep access today are told apart from denials, and from those whose day is over', () => {
    const [late, early] = [aRuling({ says: { type: 'keep', until: '2027-01-01' } }), aRuling({ says: { type: 'keep', until: '2026-11-23' } })];

    expect(keepings(bob('departed', late, aRuling({ says: { type: 'pause', until: '2026-12-23' } }), aRuling({ says: NOT_BOBS }), aRuling({ says: { type: 'keep', until: '2026-11-22' } }), early), NOW)).toEqual([early, late]);
  });

  test('do not keep the access of who is gone further since', () => {
    const ruling = aRuling({ about: { state: 'suspended' } });

    expect([bob('suspended', ruling), bob('departed', ruling)].map((person) => keepings(person, NOW))).toEqual([[ruling], []]);
  });

  test('what was last said of any of the access is known, also when its day is over', () => {
    const over = aRuling({ request: 'r1', at: '2026-10-01T08:00:00.000Z', says: { type: 'keep', until: '2026-11-01' } });
    const older = aRuling({ request: 'r2', at: '2026-09-01T08:00:00.000Z' });

    expect(lastSaid(bob('departed', older, over, aRuling({ says: NOT_BOBS })), [OPS])).toEqual(over);
    expect(lastSaid(bob('departed', over), [VIEW])).toBeUndefined();
  });

  test.each([['oidc:bob@corp.example', true], ['OIDC:Bob@corp.example', true], ['bob', false]])('say of %s that it is not theirs: %p', (user, isDisowned) => {
    expect(disowningOf(bob('departed', aRuling(), aRuling({ says: NOT_BOBS })), user) !== undefined).toBe(isDisowned);
  });

  test.each([{ type: 'keep', until: '2026-12-23' }, { type: 'pause', until: '2026-12-22' }, NOT_BOBS] as const)('are told so that a long reason hides neither %j nor how it is undone', (says) => {
    const told = (reason: string) => brief(rulingText(aRuling({ says, reason })));

    expect(told('x'.repeat(500)).startsWith(told('').replace(/”$/, 'x'))).toBe(true);
    expect(told('')).toContain('(r7k2m9)');
  });

  test('are told with whose they are and how they are undone', () => {
    const { reason: _, ...silent } = aRuling({ says: { type: 'pause', until: '2026-12-22' } });

    expect([aRuling(), silent, aRuling({ says: NOT_BOBS, reason: 'it is a robot' })].map(rulingText)).toEqual([
      'kept until 2026-12-23, said Bo on 2026-11-22 (r7k2m9): “on parental leave”',
      'not to be taken away, said Bo on 2026-11-22 (r7k2m9), asked again after 2026-12-22',
      'not the account of Bob Brown (bob@corp.example), said Bo on 2026-11-22 (r7k2m9): “it is a robot”',
    ]);
  });
});
