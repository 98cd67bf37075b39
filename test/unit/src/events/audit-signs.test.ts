import { describe, expect, test } from '@jest/globals';
import { showsSign } from '#src/events/audit-signs.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import type { AuditEvent } from '#src/model/audit-event.ts';
import type { AuditSign } from '#src/model/detection.ts';

const PLAIN: AuditEvent = {
  id: 'a-1',
  timeMs: 0,
  started: false,
  verb: 'get',
  user: { name: 'jo@corp.example', groups: ['system:authenticated'] },
  impersonator: undefined,
  addresses: ['10.0.0.7'],
  userAgent: undefined,
  uri: '/api/v1/nodes',
  target: undefined,
  code: 200,
  outcome: 'allowed',
  decision: 'allow',
  binding: undefined,
  dryRun: false,
  request: undefined,
  response: undefined,
};

const ANONYMOUS = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

const CASES: readonly (readonly [name: string, sign: AuditSign, changes: Partial<AuditEvent>])[] = [
  ['is refused', 'refused', { outcome: 'refused', code: 403 }],
  ['is slowed down', 'throttled', { outcome: 'failed', code: 429 }],
  ['is made as somebody else', 'impersonated', { impersonator: { name: 'proxy', groups: [] } }],
  ['is made by nobody in particular', 'anonymous', { user: ANONYMOUS }],
  ['is made by nobody in particular as somebody', 'anonymous', { impersonator: ANONYMOUS }],
  ['came by way of a public address', 'from-public-address', { addresses: ['8.8.8.8', '10.0.0.7'] }],
];

describe('src/events/audit-signs.ts', () => {
  test.each(CASES)('a request that %s shows %s', (_name, sign, changes) => {
    expect(showsSign({ ...PLAIN, ...changes }, [sign])).toBe(true);
    expect(showsSign(PLAIN, [sign])).toBe(false);
  });

  test('acting as nobody in particular is no request of theirs', () => {
    expect(showsSign({ ...PLAIN, user: ANONYMOUS, impersonator: PLAIN.user }, ['anonymous'])).toBe(false);
  });

  test('one of several signs is enough', () => {
    expect(showsSign({ ...PLAIN, code: 429, outcome: 'failed' }, ['refused', 'throttled'])).toBe(true);
  });

  test('no detection asks for every request', () => {
    const unbounded = detections.filter(({ audit }) => audit !== undefined && audit.resources === undefined && audit.verbs === undefined && audit.when === undefined);
    expect(unbounded.map(({ id }) => id)).toEqual([]);
  });
});
