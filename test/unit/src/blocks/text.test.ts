import { describe, expect, test } from '@jest/globals';
import {
  brief, channelMention, clean, code, counted, cut, durationText, escape, joined, md, mentions, moment, oneLine, ours, person, plainDay, plainMoment, plainTime, sentence, utcText,
} from '#src/blocks/text.ts';

const FAMILY = '👩‍👩‍👧‍👦';
const NINE = new Date('2026-11-23T09:00:30.000Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('src/blocks/text.ts', () => {
  describe('md', () => {
    test('puts numbers and markup in, and nothing else', () => {
      expect(md`*${1204}* ${code('shop/api')}${md``}`.mrkdwn).toBe('*1,204* `shop/api`');
      expect(joined([md`a`, md`b`], ' · ').mrkdwn).toBe('a · b');
    });
  });

  test.each([
    ['shop/api', '`shop/api`'],
    ['', '`(no name)`'],
    ['   ', '`(no name)`'],
    ['a`b', "`a'b`"],
    ['<!channel>', '`&lt;!channel&gt;`'],
    ['a\nb\tc', '`a b c`'],
    ['a\u202Eb', '`a�b`'],
    ['a'.repeat(121), `\`${'a'.repeat(119)}…\``],
  ])('code(%j) is %s', (name, shown) => {
    expect(code(name).mrkdwn).toBe(shown);
  });

  test.each([
    ['Container api runs privileged', 'Container api runs privileged'],
    ['*bold* _it_ ~no~', '∗bold∗ ＿it＿ ∼no∼'],
    ['my_app and 2*3', 'my_app and 2*3'],
    ['`code`', "'code'"],
    ['<@U1> & <!here>', '&lt;@U1&gt; &amp; &lt;!here&gt;'],
  ])('sentence(%j) is %s', (text, shown) => {
    expect(sentence(text).mrkdwn).toBe(shown);
  });

  test('ours keeps its formatting, but not what Slack reads as an entity', () => {
    expect(ours('Set `a: b` & *mind* <this>').mrkdwn).toBe('Set `a: b` &amp; *mind* &lt;this&gt;');
  });

  test('names and lines are cut to what fits once it is escaped', () => {
    for (const text of ['a', '&', '<>', '👍🏽', 'word ', '`'].map((part) => part.repeat(3000))) {
      expect(escape(oneLine(text)).length).toBeLessThanOrEqual(120);
      expect(escape(brief(text)).length).toBeLessThanOrEqual(200);
      expect(oneLine(text)).toMatch(/…$/);
    }
    expect(brief('short and\nsweet')).toBe('short and sweet');
  });

  describe('people and channels', () => {
    test.each([
      ['U0ANN00001', '<@U0ANN00001>'],
      ['W0ANN00001', '<@W0ANN00001>'],
      ['U0ANN|<!channel>', "`U0ANN|&lt;!channel&gt;`"],
      ['ann', '`ann`'],
    ])('person(%j) is %s', (id, shown) => {
      expect(person(id).mrkdwn).toBe(shown);
    });

    test('are mentioned by id, groups too, and nothing else', () => {
      expect(mentions(['U0ANN00001', 'S0SECAPPR1', 'S<!here>']).mrkdwn).toBe('<@U0ANN00001>, <!subteam^S0SECAPPR1>, `S&lt;!here&gt;`');
      expect(mentions([]).mrkdwn).toBe('');
    });

    test.each([['C0SECPROD1', '<#C0SECPROD1>'], ['G0SECPROD1', '<#G0SECPROD1>'], ['D0ANN00001', 'this conversation'], ['U0ANN00001', 'this conversation'], ['<!here>', 'this conversation']])('channelMention(%j) is %s', (id, shown) => {
      expect(channelMention(id).mrkdwn).toBe(shown);
    });
  });

  describe('S17: times', () => {
    test('in markup are shown in the reader’s zone, with UTC where they cannot be', () => {
      expect(moment({ at: NINE }).mrkdwn).toBe('<!date^1795424430^{date_short_pretty} {time}|2026-11-23 09:00 UTC>');
      expect(utcText(NINE)).toBe('2026-11-23 09:00 UTC');
    });

    test.each([
      ['UTC', NINE, 'Mon 23 Nov, 09:00 UTC'],
      ['Europe/Paris', NINE, 'Mon 23 Nov, 10:00 CET'],
      ['Europe/Paris', new Date('2026-07-01T22:30:00Z'), 'Thu 2 Jul, 00:30 CEST'],
      ['America/New_York', NINE, 'Mon 23 Nov, 04:00 GMT-5'],
      ['Asia/Kolkata', NINE, 'Mon 23 Nov, 14:30 GMT+5:30'],
    ])('in plain text name their zone: %s', (zone, at, shown) => {
      expect(plainMoment({ at, zone })).toBe(shown);
      expect(`${plainDay({ at, zone })}, ${plainTime({ at, zone })}`).toBe(shown);
    });

    test.each([
      [0, '0 s'], [-5, '0 s'], [40 * SECOND, '40 s'], [89 * SECOND, '89 s'], [90 * SECOND, '2 min'], [89 * MINUTE, '89 min'], [90 * MINUTE, '2 h'], [5 * HOUR, '5 h'], [47 * HOUR, '47 h'], [48 * HOUR, '2 days'], [400 * HOUR, '17 days'],
    ])('a length of %i ms is %s', (ms, shown) => {
      expect(durationText(ms)).toBe(shown);
    });
  });

  test.each([[0, '0 findings'], [1, '1 finding'], [2, '2 findings'], [1204, '1,204 findings']])('counted(%i) is %s', (count, shown) => {
    expect(counted(count, 'finding')).toBe(shown);
    expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  });

  test('escapes in one pass', () => {
    expect(escape('&lt;!here&gt; <a> & b')).toBe('&amp;lt;!here&amp;gt; &lt;a&gt; &amp; b');
  });

  describe('clean', () => {
    test.each<[string, string]>([
      ['NUL', '\u0000'], ['a control', '\u0007'], ['carriage return', '\r'], ['delete', '\u007F'], ['soft hyphen', '\u00AD'], ['zero width space', '\u200B'], ['zero width joiner', '\u200D'], ['left-to-right mark', '\u200E'],
      ['right-to-left override', '\u202E'], ['isolate', '\u2066'], ['word joiner', '\u2060'], ['line separator', '\u2028'], ['byte order mark', '\uFEFF'], ['Hangul filler', '\u3164'], ['grapheme joiner', '\u034F'], ['tag letter', '\u{E0041}'], ['half a pair', '\uD83D'],
    ])('shows where there was a %s', (_name, hidden) => {
      expect(clean(`a${hidden}b`)).toBe('a�b');
    });

    test('leaves readable text alone', () => {
      const text = 'Zażółć gęślą jaźń, 日本語, العربية, 👍🏽\tand\nmore';

      expect(clean(text)).toBe(text);
    });
  });

  describe('S15: cut', () => {
    test.each([
      ['short', 10, 'short'],
      ['exactly 10', 10, 'exactly 10'],
      ['a little longer', 10, 'a little…'],
      ['abcdefghijklmnop', 10, 'abcdefghi…'],
      ['one twothreefourfivesix', 20, 'one twothreefourfiv…'],
      [`12345678${FAMILY}`, 10, '12345678…'],
      ['👍🏽👍🏽👍🏽', 10, '👍🏽👍🏽…'],
      [FAMILY.repeat(3), 5, '…'],
    ])('%j to %i is %j', (text, max, shown) => {
      expect(cut(text, max)).toBe(shown);
    });

    test('is never longer than it may be, and never breaks a character', () => {
      for (const part of ['a', 'ab ', '👍🏽', FAMILY, 'e\u0301', '\u{1F1EB}\u{1F1F7}']) {
        for (let max = 1; max < 40; max += 1) {
          const shown = cut(part.repeat(50), max);
          expect(shown.length).toBeLessThanOrEqual(max);
          expect(shown.isWellFormed()).toBe(true);
          expect(part.repeat(50).startsWith(shown.slice(0, -1))).toBe(true);
        }
      }
    });
  });
});
