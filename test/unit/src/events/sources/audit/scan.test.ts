import { describe, expect, test } from '@jest/globals';
import type { Hash } from '#src/events/sources/audit/hashes.ts';
import { SLOT } from '#src/events/sources/audit/scan-tables.ts';
import { AuditScanner } from '#src/events/sources/audit/scan.ts';
import { seededNumbers } from '#scripts/bench/harness.ts';
import { mutated } from '#scripts/bench/audit/odd-lines.ts';

const EVENT = '{"kind":"Event","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api","verb":"get","user":{"username":"alice","groups":["dev"]},"responseStatus":{"metadata":{},"code":200}}';
const VALID = ['0', '-0', '-1.5e+3', '1E-9', '1e0', 'true', 'false', 'null', '""', '"\\u00e9\\n\\/"', '[]', '[ 1 , [ ] ]', '{}', '{ "a" : { } , "b":[{}] }', '"\u00e9\u{1f680}"', '"a long text of more than sixteen bytes \\" with a quote"'];
const INVALID = ['', '01', '-', '1.', '.5', '1e', '1e+', '+1', 'tru', 'nul', 'truee', '"', '"\\x"', '"\\u12g4"', '"\t"', '"\n"', '[1,]', '[,1]', '[1 2]', '{"a"}', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}", ']', '[}', '1 2', '\u00a01', 'NaN', '//'];

function isTaken(text: string | Uint8Array): boolean {
  return new AuditScanner().scan(Buffer.from(text as string)) !== undefined;
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

describe('src/events/sources/audit/scan.ts', () => {
  test.each(VALID)('%s is JSON as a value anywhere', (value) => {
    expect([isTaken(value), isTaken(`{"x":${value},"y":[${value}]}`), isTaken(` \t\r\n${value}\n `)]).toEqual([true, true, true]);
  });

  test.each(INVALID)('%j is not', (value) => {
    expect([isTaken(value), isTaken(`{"x":${value}}`)]).toEqual([false, false]);
  });

  test('what it takes is what JSON.parse takes, whatever bytes are broken', () => {
    const scanner = new AuditScanner();
    const random = seededNumbers(7);
    const wrong: string[] = [];
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = mutated(Buffer.from(round % 2 === 0 ? EVENT : `[${VALID.join(',')}]`), random);
      if ((scanner.scan(bytes) !== undefined) !== isJson(bytes)) wrong.push(Buffer.from(bytes).toString('latin1'));
    }

    expect(wrong).toEqual([]);
  });

  test('what is nested too deeply is left to others', () => {
    expect([isTaken(`${'['.repeat(90)}${']'.repeat(90)}`), isTaken(`${'['.repeat(5000)}${']'.repeat(5000)}`)]).toEqual([true, false]);
  });

  test('a text begins and ends where its quotes are', () => {
    const scanner = new AuditScanner();
    scanner.scan(Buffer.from(EVENT));
    scanner.choose(0);

    expect([scanner.raw(SLOT.auditID), scanner.raw(SLOT.username), scanner.raw(SLOT.groups), scanner.raw(SLOT.code), scanner.has(SLOT.namespace)]).toEqual(['a-1', 'alice', '["dev"]', '200', false]);
  });

  test('fields of another object are not those of the event', () => {
    const scanner = new AuditScanner();
    scanner.scan(Buffer.from('{"requestObject":{"verb":"create","user":{"username":"eve"}},"extra":{"auditID":"x"},"verb":"get"}'));
    scanner.choose(0);

    expect([scanner.raw(SLOT.verb), scanner.has(SLOT.username), scanner.has(SLOT.auditID)]).toEqual(['get', false, false]);
  });

  test.each([
    ['a field twice', '{"verb":"get","verb":"create"}'],
    ['a name with an escape', '{"verb":"get","\\u0076erb":"create"}'],
    ['somebody who acts as another', '{"verb":"get","impersonatedUser":{"username":"root"}}'],
    ['a verb that is no text', '{"verb":["get"]}'],
    ['a user that is no object', '{"verb":"get","user":"alice"}'],
  ])('of an event with %s nothing is known but where it stands', (_name, text) => {
    const scanner = new AuditScanner();

    expect(scanner.scan(Buffer.from(text))).toEqual({ events: 1, isList: false, length: text.length });
    scanner.choose(0);
    expect([scanner.has(SLOT.verb), scanner.whole()]).toEqual([false, text]);
  });

  test('lines are taken up to the first one that is not one event, or has not ended', () => {
    const scanner = new AuditScanner();
    const taken = (text: string) => scanner.scanLines(Buffer.from(text));

    expect(taken('{"a":1}\n{"a":2}\n{"a":')).toEqual({ events: 2, isList: false, length: 16 });
    expect(taken('{"a":1}\n{"a":2}')).toEqual({ events: 1, isList: false, length: 8 });
    expect(taken('{"a":1}\n{"a":\n2}\n')).toEqual({ events: 1, isList: false, length: 8 });
    expect(taken('{"a":1}{"a":2}\n')).toEqual({ events: 0, isList: false, length: 0 });
    expect(taken('{"kind":"EventList","items":[]}\n')).toMatchObject({ events: 0, length: 0 });
  });

  test.each([
    ['items that are events', '{"kind":"EventList","metadata":{},"items":[{"verb":"get"},{"verb":"list"}]}', 2],
    ['no items', '{"kind":"EventList","items":[]}', 0],
    ['events twice', '{"kind":"EventList","items":[{}],"items":[]}', undefined],
    ['a field that makes it an event', '{"kind":"EventList","verb":"get","items":[{}]}', undefined],
    ['a broken item', '{"kind":"EventList","items":[{"verb":"get"},{"verb":}]}', undefined],
  ])('a list with %s', (_name, text, events) => {
    expect(new AuditScanner().scan(Buffer.from(text))?.events).toBe(events);
  });

  test('input longer than its memory was makes it grow', () => {
    const long = `{"x":"${'é'.repeat(400_000)}","verb":"get"}`;
    const scanner = new AuditScanner();
    scanner.scan(Buffer.from(long));
    scanner.choose(0);

    expect([scanner.raw(SLOT.verb), scanner.scan(Buffer.from(`"${'x'.repeat(17 * 1024 * 1024)}"`))]).toEqual(['get', undefined]);
  });

  test('slots have the hash of the texts that they say, and another one in another scanner', () => {
    const [slots, texts, other]: Hash[] = [1, 2, 3].map(() => ({ low: 0, high: 0 })) as [Hash, Hash, Hash];
    const scanner = new AuditScanner();
    for (let length = 1; length < 70; length += 1) {
      const name = 'x'.repeat(length);
      scanner.scan(Buffer.from(EVENT.replace('"a-1"', `"${name}"`)));
      scanner.choose(0);

      expect([scanner.hash('identity', slots), scanner.hashTexts([name, '', 'get', 'alice', '/api'], texts)]).toEqual([true, true]);
      expect(slots).toEqual(texts);
    }
    new AuditScanner().hashTexts(['x'.repeat(69), '', 'get', 'alice', '/api'], other);
    expect(other).not.toEqual(slots);
  });
});
