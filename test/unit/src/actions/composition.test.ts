import { describe, expect, test } from '@jest/globals';
import { hasPart, isClosed, isPartOf, parseComposition, specOf, stamped, withoutParts, withParts, type Composition, type NewPart } from '#src/actions/composition.ts';
import type { RawObject } from '#src/model/raw.ts';
import { seededRandom } from '#test/build/rights-world.ts';

const START: Composition = { constants: { podSelector: {} }, ground: { egress: ['dns', 'a', 'b', 'c'], ingress: ['pods', 'd'] }, parts: [] };
const REQUESTS = ['r11111', 'r22222', 'r33333', 'r44444', 'r55555'];
const RULES = ['a', 'b', 'c', 'd', 'e', 'f'];

const keeping = (what: string, remove: readonly string[], field = 'egress'): readonly NewPart[] => [{ what: field, field: 'policyTypes', add: [field] }, { what, field, remove }];
const opening = (what: string, ...opens: readonly string[]): readonly NewPart[] => [{ what, field: 'egress', opens }];

/** Every request with its parts, in this order. */
function made(requests: readonly (readonly [string, readonly NewPart[]])[], start = START): Composition {
  return requests.reduce((own, [request, parts]) => stamped(withParts(own, parts), request, undefined), start);
}

/** As if these requests had never been. */
const undone = (own: Composition | undefined, ...requests: readonly string[]) => requests.reduce<Composition | undefined>((left, request) => left && withoutParts(left, (part) => part.request === request), own);
const specAfter = (own: Composition | undefined): RawObject | undefined => own && specOf(own);

describe('src/actions/composition.ts', () => {
  test('a list is what was let through from the start, less what was removed, and what was opened later', () => {
    const own = made([['r11111', keeping('a', ['a'])], ['r22222', keeping('b', ['b'])], ['r33333', opening('e', 'e', 'a')]]);

    expect(specOf(own)).toEqual({ podSelector: {}, policyTypes: ['egress'], egress: ['dns', 'c', 'e', 'a'] });
  });

  test('what denies comes before everything else, and each rule stands once', () => {
    const deny = (what: string, rule: string): readonly NewPart[] => [{ what, field: 'egress', add: [rule] }];

    expect(specOf(made([['r11111', deny('x', 'deny x')], ['r22222', deny('y', 'deny y')], ['r33333', deny('other name of x', 'deny x')]], { constants: {}, ground: { egress: ['pass'] }, parts: [] }))).toEqual({ egress: ['deny x', 'deny y', 'pass'] });
  });

  test('a direction that nothing closes any more is gone with all that opened it, and the whole with the last', () => {
    const own = made([['r11111', keeping('a', ['a'])], ['r22222', opening('e', 'e')], ['r33333', keeping('d', ['d'], 'ingress')]]);
    const left = undone(own, 'r11111');

    expect(specAfter(left)).toEqual({ podSelector: {}, policyTypes: ['ingress'], ingress: ['pods'] });
    expect(left?.ground).toEqual({ ingress: ['pods', 'd'] });
    expect(isPartOf(left, 'r22222')).toBe(false);
    expect(undone(left, 'r33333')).toBeUndefined();
  });

  test('what was opened and is denied later is kept out until the denial is taken back', () => {
    const own = made([['r11111', keeping('a', ['a'])], ['r22222', opening('e', 'e')], ['r33333', keeping('e', ['e'])]]);

    expect(specOf(own)).toMatchObject({ egress: ['dns', 'b', 'c'] });
    expect(specAfter(undone(own, 'r33333'))).toMatchObject({ egress: ['dns', 'b', 'c', 'e'] });
    expect(specAfter(undone(own, 'r22222', 'r33333'))).toMatchObject({ egress: ['dns', 'b', 'c'] });
  });

  test('two names behind one address are kept out each by its own part', () => {
    const own = made([['r11111', keeping('one.example.com:443', ['a'])], ['r22222', keeping('two.example.com:443', ['a'])]]);

    expect(hasPart(own, { what: 'two.example.com:443', field: 'egress', remove: ['a'] })).toBe(true);
    expect(hasPart(own, { what: 'three.example.com:443', field: 'egress', remove: ['a'] })).toBe(false);
    expect(hasPart(own, { what: 'two.example.com:443', field: 'egress', remove: ['a', 'b'] })).toBe(false);
    for (const request of ['r11111', 'r22222']) expect(specAfter(undone(own, request))).toMatchObject({ egress: ['dns', 'b', 'c'] });
  });

  test('an isolation denies nothing, and stands with or without the denials beside it', () => {
    const isolating = [{ what: 'egress', field: 'policyTypes', add: ['egress'] }, { what: 'everything', field: 'egress', remove: [] }];
    const own = made([['r11111', isolating], ['r22222', opening('e', 'e')], ['r33333', keeping('a', ['a'])]]);

    expect(specOf(own)).toMatchObject({ policyTypes: ['egress'], egress: ['dns', 'b', 'c', 'e'] });
    expect(specAfter(undone(own, 'r33333'))).toMatchObject({ policyTypes: ['egress'], egress: ['dns', 'a', 'b', 'c', 'e'] });
    expect(specAfter(undone(own, 'r11111'))).toMatchObject({ policyTypes: ['egress'], egress: ['dns', 'b', 'c', 'e'] });
    expect(undone(own, 'r11111', 'r33333')).toBeUndefined();
  });

  test.each<readonly [string, Composition, (request: string) => readonly NewPart[], (rules: readonly string[]) => NewPart]>([
    ['in the list that denies as well', { constants: {}, ground: { egress: ['pass'] }, parts: [] }, () => [{ what: 'egress', field: 'types', add: ['egress'] }, { what: 'everything', field: 'egress', remove: ['pass'], opens: ['dns', 'kept'] }], (rules) => ({ what: 'x', field: 'egress', add: rules.map((rule) => `deny ${rule}`) })],
    ['in an object that only lets through', { constants: {}, ground: { egress: ['dns', 'kept'] }, parts: [] }, () => [{ what: 'everything', field: 'egress', remove: [] }], (rules) => ({ what: 'x', field: 'egress', opens: rules })],
  ])('isolations %s come and go in any order, and leave what the rest adds up to', (_, start, isolating, beside) => {
    const random = seededRandom(11);
    for (let round = 0; round < 200; round += 1) {
      // The first keeps the list closed throughout, and is no isolation where that would hide one.
      const first = ['r00000', [{ what: 'always', field: 'egress', remove: ['nothing'] }]] as const;
      const all = [first, ...REQUESTS.map((request) => [request, random(2) === 0 ? isolating(request) : [beside(RULES.filter(() => random(2) === 0))]] as const)];
      const gone = REQUESTS.filter(() => random(2) === 0);
      const order = gone.toSorted(() => random(3) - 1);

      const left = undone(made(all, start), ...order);

      expect(specAfter(left)).toEqual(specOf(made(all.filter(([request]) => !gone.includes(request)), start)));
      const isIsolated = left?.parts.some(({ what }) => what === 'everything') ?? false;
      if (start.ground.egress?.includes('pass')) expect((specAfter(left)?.egress as readonly string[]).includes('pass')).toBe(!isIsolated);
    }
  });

  test('any order of coming and going gives the spec of the requests that remain', () => {
    const random = seededRandom(7);
    const coin = () => random(2) === 0;
    const some = (list: readonly string[]) => list.filter(coin);
    for (let round = 0; round < 400; round += 1) {
      // The first keeps the direction closed throughout, since what only opens ends with it.
      const all = [['r00000', keeping('always', ['b'])] as const, ...REQUESTS.map((request) => [request, coin() ? keeping(request, some(RULES)) : opening(request, ...some(RULES))] as const)];
      const gone = some(REQUESTS);
      let own = made(all.slice(0, 1));
      const waiting = [...all.slice(1)];
      const leaving: string[] = [];
      while (waiting.length > 0 || leaving.length > 0) {
        const next = waiting[0];
        if (next !== undefined && (leaving.length === 0 || coin())) {
          own = made([next], own);
          waiting.shift();
          if (gone.includes(next[0])) leaving.splice(random(leaving.length + 1), 0, next[0]);
        } else {
          own = undone(own, leaving.shift() ?? '') ?? START;
        }
      }
      expect(specOf(own)).toEqual(specOf(made(all.filter(([request]) => !gone.includes(request)))));
      expect(parseComposition(JSON.stringify(own))).toEqual(own);
    }
  });

  test('knows its time and its request once it is made', () => {
    const planned = withParts(START, opening('e', 'e'));

    expect(isClosed(planned, 'egress')).toBe(false);
    expect(stamped(planned, 'r11111', '2026-11-26T09:00:00.000Z').parts).toEqual([{ request: 'r11111', until: '2026-11-26T09:00:00.000Z', what: 'e', field: 'egress', opens: ['e'] }]);
    expect(stamped(stamped(planned, 'r11111', undefined), 'r22222', undefined).parts).toMatchObject([{ request: 'r11111' }]);
  });

  test.each(['', 'x', '{}', '[]', '{"constants":{},"ground":{},"parts":[{"request":1}]}', '{"constants":{},"ground":{},"parts":[],"version":2}'])('takes %j for nothing of its own', (text) => {
    expect(parseComposition(text)).toBeUndefined();
  });
});
