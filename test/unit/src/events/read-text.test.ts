import { describe, expect, test } from '@jest/globals';
import { createEventReader } from '#src/events/read.ts';
import { readingsOf } from '#src/events/read-text.ts';

const event = (id: string, more: object = {}) => ({ kind: 'Event', auditID: id, stage: 'ResponseComplete', requestURI: '/api', verb: 'get', user: { username: 'alice' }, responseStatus: { code: 200 }, requestReceivedTimestamp: '2026-08-21T09:14:03.000000Z', ...more });
const A = JSON.stringify(event('a'));
const B = JSON.stringify(event('b'));
const SECRET = JSON.stringify(event('c', { objectRef: { resource: 'secrets' } }));

/** Nobody asks for anything but Secrets. */
function read(text: string): readonly string[] | undefined {
  const readings = readingsOf(createEventReader('audit', { concerns: ({ target }) => target?.resource === 'secrets', showsSign: () => false }), text);
  return readings && [...(readings)].map((reading) => ('skipped' in reading ? reading.skipped : (Object.keys(reading)[0] ?? '')));
}

describe('src/events/read-text.ts', () => {
  test.each<[string, string, readonly string[] | undefined]>([
    ['one event', A, ['plain']],
    ['one event over many lines', JSON.stringify(JSON.parse(A), undefined, 2), ['plain']],
    ['lines', `${A}\n${SECRET}\n${B}`, ['plain', 'event', 'plain']],
    ['lines with empty ones', `\n${A}\r\n\n${B}\n\n`, ['plain', 'plain']],
    ['a broken line among others', `${A}\n{"verb":\n${B}\n`, ['plain', 'malformed', 'plain']],
    ['a broken line first', `{"verb":\n${A}\n${B}\n`, ['malformed', 'plain', 'plain']],
    ['many broken lines', `${A}\n${'x\n'.repeat(20)}${B}`, ['plain', ...Array.from({ length: 20 }, () => 'malformed'), 'plain']],
    ['a list of events', `{"kind":"EventList","items":[${A},${SECRET},${A}]}\n`, ['plain', 'event', 'repeat']],
    ['a broken list', `{"kind":"EventList","items":[${A},{]}`, undefined],
    ['the same event read in both ways', `${A}\n${A.replace('"verb"', '"\\u0076erb"')}\n`, ['plain', 'repeat']],
    ['nothing', '', undefined],
    ['no JSON', 'hello', undefined],
  ])('%s', (_name, text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});
