import { describe, expect, test } from '@jest/globals';
import { defineObjectCheck, type Check } from '#src/model/check.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import { compare } from '#src/scan/compare.ts';
import { countBySeverity, gapsByReason, summarize } from '#src/scan/summarize.ts';
import { aFinding, aGap, aResult } from '#test/build/finding.ts';

const NOW = new Date('2026-11-23T08:00:41.000Z');
const FACTS = { id: 'b2', cluster: 'prod-eu', scope: {}, version: 'v1.34', startedAt: NOW, now: NOW, knownChecks: new Set(['workload/privileged']) };

function checkOf(id: string): Check {
  return defineObjectCheck({ id, title: 'T', severity: 'high', tips: [5], why: 'W.', fix: 'F.', sources: [{ title: 'S' }], kinds: ['Pod'], judge: () => [] });
}

describe('src/scan/summarize.ts', () => {
  test('says in numbers what a scan found, and the numbers add up', () => {
    const known = aFinding({ fingerprint: 'known' });
    const worse = aFinding({ fingerprint: 'worse', severity: 'medium' });
    const before = compare(undefined, aResult([known, worse, aFinding({ fingerprint: 'gone' })]), { ...FACTS, id: 'a1' }).state;
    const result = aResult([known, { ...worse, severity: 'critical' }, aFinding({ fingerprint: 'fresh', severity: 'low' })], { gaps: [aGap({ check: 'node/flags' })], undecided: [{ check: 'a/b', reason: 'r', count: 3 }, { check: 'a/c', reason: 'r', count: 2 }] });
    const { outcome, comparedWith } = compare(before, result, { ...FACTS, now: new Date(NOW.getTime() + 1000) });

    const summary = summarize(outcome, result, { checks: [checkOf('workload/privileged'), checkOf('access/x')], version: 'v1.34', comparedWith });

    expect(summary).toMatchObject({
      open: { critical: 1, high: 1, medium: 0, low: 1, info: 0 },
      fresh: 1,
      worse: 1,
      fixed: 1,
      unchanged: 1,
      hidden: 0,
      comparedWith: NOW.toISOString(),
      checks: 1,
      areas: ['access', 'workload'],
      gaps: [{ reason: 'no permission to list deployments', checks: ['node/flags'] }],
      undecided: 5,
      objects: 10,
      stock: 2,
      version: 'v1.34',
    });
    expect(summary.top.map(({ fingerprint, change }) => [fingerprint, change])).toEqual([['worse', 'worse'], ['known', undefined], ['fresh', 'new']]);
    expect(Object.values(summary.open).reduce((sum, count) => sum + count, 0)).toBe(summary.fresh + summary.worse + summary.unchanged);
  });

  test('names the five worst', () => {
    const findings = Array.from({ length: 9 }, (_, index) => aFinding({ fingerprint: `f${index}`, severity: index === 8 ? 'critical' : 'low' }));
    const result = aResult(findings);
    const { outcome, comparedWith } = compare(undefined, result, FACTS);

    const { top } = summarize(outcome, result, { checks: [], version: 'v1.34', comparedWith });

    expect(top).toHaveLength(5);
    expect(top[0]?.fingerprint).toBe('f8');
  });

  test('counts every severity, those without findings too', () => {
    expect(countBySeverity([])).toEqual(Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])));
    expect(countBySeverity([{ severity: 'low' }, { severity: 'low' }, { severity: 'info' }])).toMatchObject({ low: 2, info: 1 });
  });

  test('groups what could not be looked at by reason, most checks first, each check once', () => {
    const gaps = [aGap({ check: 'b/b', reason: 'few' }), aGap({ check: 'a/a', reason: 'many' }), aGap({ check: 'c/c', reason: 'many', item: 'x' }), aGap({ check: 'c/c', reason: 'many', item: 'y' })];

    expect(gapsByReason(gaps)).toEqual([{ reason: 'many', checks: ['a/a', 'c/c'] }, { reason: 'few', checks: ['b/b'] }]);
  });
});
