import { describe, expect, test } from '@jest/globals';
import { errorPlaces, errorText } from '#src/model/error-text.ts';

describe('src/model/error-text', () => {
  test.each([
    ['a plain message', new Error('connect ECONNREFUSED 127.0.0.1:1'), 'connect ECONNREFUSED 127.0.0.1:1'],
    ['a Slack token', new Error('not xoxb-1-2-AbC, xapp-1-A-2-b either'), 'not [token], [token] either'],
    ['a password in an address', new Error('no answer of redis://bot:p%40ss@redis.example:6379/0'), 'no answer of redis://bot:[password]@redis.example:6379/0'],
    ['what a parser of YAML quotes', new Error('bad indentation (3:18)\n\n 2 | token: abc\n---^'), 'bad indentation (3:18)'],
    ['what the parser of JSON quotes', thrownBy(() => JSON.parse('{"token": abc}')), ''],
  ])('of %s it shows what may be shown', (_, error, text) => {
    expect(errorText(error)).toBe(text);
  });

  test('places are those of the stack, without the lines of the message', () => {
    const places = errorPlaces(new Error('one\ntwo\n at three'));

    expect(places[0]).toMatch(/^at .*error-text\.test\.ts:\d+:\d+\)?$/);
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it threw no error');
}
