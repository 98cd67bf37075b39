import { describe, expect, test } from '@jest/globals';
import type { Finding } from '#src/model/finding.ts';
import type { ClusterState, ScanScope, TrackedFinding } from '#src/model/scan-record.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { byUrgency, compare, inScope, isWhole, type Comparison } from '#src/scan/compare.ts';
import { aFinding, aGap, aResult } from '#test/build/finding.ts';

const DAY_MS = 24 * 3600_000;
const CHECKS = new Set(['workload/privileged', 'access/secrets-read', 'node/flags']);
const START = Date.parse('2026-11-23T08:00:00.000Z');
const at = (day: number) => new Date(START + day * DAY_MS).toISOString();

/** The comparison of a scan on a day with what was known before; each scan takes 40 seconds. */
function scanOn(day: number, previous: ClusterState | undefined, result: ScanResult, scope: ScanScope = {}, knownChecks: ReadonlySet<string> = CHECKS): Comparison {
  const now = new Date(START + day * DAY_MS);
  return compare(previous, result, { id: `scan${day}`, cluster: 'prod-eu', scope, version: 'v1.34', startedAt: new Date(now.getTime() - 40_000), now, knownChecks });
}

function only(findings: readonly TrackedFinding[]): TrackedFinding {
  const [finding] = findings;
  if (finding === undefined || findings.length > 1) throw new Error(`there are ${findings.length}`);
  return finding;
}

function prints(findings: Iterable<Finding>): readonly string[] {
  return [...findings].map(({ fingerprint }) => fingerprint);
}

const A = aFinding({ fingerprint: 'a' });
const B = aFinding({ fingerprint: 'b', object: { kind: 'Deployment', namespace: 'bank', name: 'web' } });

describe('src/scan/compare.ts', () => {
  test('keeps what was undecided until its check looks again', () => {
    const undecided = [{ check: 'workload/privileged', reason: 'r', count: 2, objects: new Set(['Pod/shop/a']) }];
    const first = scanOn(0, undefined, aResult([], { undecided })).state;
    const other = scanOn(1, first, aResult([], { checks: ['access/secrets-read'] }), { areas: ['access'] }).state;
    const again = scanOn(2, other, aResult([])).state;

    expect(first.undecided).toEqual([{ check: 'workload/privileged', reason: 'r', count: 2 }]);
    expect(other.undecided).toEqual(first.undecided);
    expect(again).not.toHaveProperty('undecided');
  });

  describe('a first scan', () => {
    test('of areas is one too after a scan of a single namespace, which says nothing about the others', () => {
      const part = scanOn(0, undefined, aResult([A]), { namespace: 'shop' }).state;
      const area = scanOn(1, part, aResult([A, B]), { areas: ['workload'] });
      const again = scanOn(2, area.state, aResult([A, B]), { areas: ['workload'] });

      expect([area.comparedWith, area.outcome.fresh.size]).toEqual([undefined, 0]);
      expect(again.comparedWith).toBe(at(1));
    });

    test('makes what is open the starting point: nothing counts as new', () => {
      const { outcome, comparedWith, state } = scanOn(0, undefined, aResult([A, B]));

      expect(comparedWith).toBeUndefined();
      expect(prints(outcome.open)).toEqual(['b', 'a']);
      expect([outcome.fresh.size, outcome.worse.size, outcome.fixed.length, outcome.hidden.length]).toEqual([0, 0, 0, 0]);
      expect(state).toEqual({
        cluster: 'prod-eu',
        version: 'v1.34',
        lastScan: { id: 'scan0', at: at(0) },
        lastFullScan: { id: 'scan0', at: at(0) },
        objects: 10,
        stock: 2,
        checks: ['workload/privileged'],
        gaps: [],
        durationsMs: [40_000],
        findings: [A, B].map((finding) => ({ ...finding, state: 'open', firstSeen: at(0), lastSeen: at(0) })),
      });
    });
  });

  describe('a further scan', () => {
    const first = scanOn(0, undefined, aResult([A])).state;

    test('tells what is new and what is as it was', () => {
      const { outcome, comparedWith, state } = scanOn(1, first, aResult([A, B]));

      expect(comparedWith).toBe(at(0));
      expect([...outcome.fresh]).toEqual(['b']);
      expect(state.findings.map(({ fingerprint, firstSeen, lastSeen }) => [fingerprint, firstSeen, lastSeen])).toEqual([['a', at(0), at(1)], ['b', at(1), at(1)]]);
    });

    test('tells what is fixed, once', () => {
      const second = scanOn(1, first, aResult([]));
      const third = scanOn(2, second.state, aResult([]));

      expect(only(second.outcome.fixed)).toMatchObject({ fingerprint: 'a', state: 'fixed', fixedAt: at(1), lastSeen: at(0) });
      expect(third.outcome.fixed).toEqual([]);
      expect(only(third.state.findings).fixedAt).toBe(at(1));
    });

    test('does not take for new what a check finds that had not looked before, nor later', () => {
      const added = aFinding({ fingerprint: 'c', check: 'access/secrets-read' });
      const { outcome, state } = scanOn(1, first, aResult([A, B, added], { checks: ['workload/privileged', 'access/secrets-read'] }));

      expect([...outcome.fresh]).toEqual(['b']);
      expect(scanOn(2, state, aResult([A, B, added], { checks: ['workload/privileged', 'access/secrets-read'] })).outcome.open.find(({ fingerprint }) => fingerprint === 'c')).toMatchObject({ firstSeen: at(1), beginning: true });
    });

    test('takes what comes back for new', () => {
      const { outcome } = scanOn(2, scanOn(1, first, aResult([])).state, aResult([A]));

      expect([...outcome.fresh]).toEqual(['a']);
      expect(only(outcome.open)).toEqual({ ...A, state: 'open', firstSeen: at(2), lastSeen: at(2) });
    });

    test('forgets what was fixed more than thirty days ago', () => {
      const fixed = scanOn(1, first, aResult([])).state;

      expect(scanOn(31, fixed, aResult([])).state.findings).toHaveLength(1);
      expect(scanOn(32, fixed, aResult([])).state.findings).toEqual([]);
    });

    test('forgets the findings of a check that is there no more, without calling them fixed', () => {
      const { state, outcome } = scanOn(1, first, aResult([], { checks: [] }), {}, new Set(['node/flags']));

      expect(state.findings).toEqual([]);
      expect(state.checks).toEqual([]);
      expect(outcome.fixed.filter(({ check }) => check === 'node/flags')).toEqual([]);
    });

    test('S39: thirty unchanged days bring nothing to announce', () => {
      let known = first;
      for (let day = 1; day <= 30; day += 1) {
        const { outcome, state } = scanOn(day, known, aResult([A]));
        expect([outcome.fresh.size, outcome.worse.size, outcome.fixed.length]).toEqual([0, 0, 0]);
        known = state;
      }

      expect(only(known.findings)).toMatchObject({ firstSeen: at(0), lastSeen: at(30) });
      expect(known.durationsMs).toEqual([40_000, 40_000, 40_000, 40_000, 40_000]);
    });
  });

  describe('a severity', () => {
    const first = scanOn(0, undefined, aResult([A])).state;
    const worse = scanOn(1, first, aResult([{ ...A, severity: 'critical' }]));

    test('that rises is told once, with what it was', () => {
      const after = scanOn(2, worse.state, aResult([{ ...A, severity: 'critical' }]));

      expect([...worse.outcome.worse]).toEqual(['a']);
      expect([...worse.outcome.fresh]).toEqual([]);
      expect(only(worse.outcome.open).worseSince).toEqual({ at: at(1), before: 'high' });
      expect(after.outcome.worse.size).toBe(0);
      expect(only(after.outcome.open).worseSince).toEqual({ at: at(1), before: 'high' });
    });

    test('that falls again is not worse any more', () => {
      const { outcome } = scanOn(2, worse.state, aResult([A]));

      expect(outcome.worse.size).toBe(0);
      expect(only(outcome.open).worseSince).toBeUndefined();
    });
  });

  describe('what could not be looked at', () => {
    const first = scanOn(0, undefined, aResult([A, { ...aFinding({ fingerprint: 'n', check: 'node/flags', object: { kind: 'Node', name: 'n1' } }), item: 'anonymous' }], { checks: ['workload/privileged', 'node/flags:anonymous'] })).state;

    test.each([
      ['the whole check', aGap(), ['a']],
      ['the kind of the object', aGap({ kind: 'Deployment', partial: true }), ['a']],
      ['another kind', aGap({ kind: 'Pod', partial: true }), []],
      ['another check', aGap({ check: 'access/secrets-read' }), []],
      ['the item of the finding', aGap({ check: 'node/flags', item: 'anonymous' }), ['n']],
      ['another item', aGap({ check: 'node/flags', item: 'other' }), []],
      ['every item', aGap({ check: 'node/flags' }), ['n']],
    ])('hides what it may have shown: %s', (_name, gap, hidden) => {
      const { outcome, state } = scanOn(1, first, aResult([], { gaps: [gap] }));

      expect(prints(outcome.hidden)).toEqual(hidden);
      expect(prints(outcome.fixed)).toEqual(['a', 'n'].filter((print) => !hidden.includes(print)));
      for (const finding of state.findings.filter(({ fingerprint }) => hidden.includes(fingerprint))) expect(finding).toMatchObject({ state: 'not-visible', hiddenBy: gap.reason, lastSeen: at(0) });
    });

    test('hides what was left open for lack of evidence, object by object', () => {
      const undecided = [{ check: 'workload/privileged', reason: 'the driver is not known', count: 1, objects: new Set(['Deployment/shop/api']) }];
      const known = scanOn(0, undefined, aResult([A, B])).state;

      const { outcome } = scanOn(1, known, aResult([], { undecided }));

      expect(prints(outcome.hidden)).toEqual(['a']);
      expect(only(outcome.hidden).hiddenBy).toBe('the driver is not known');
      expect(prints(outcome.fixed)).toEqual(['b']);
    });

    test('hides everything of a check over several objects that missed one', () => {
      const undecided = [{ check: 'workload/privileged', reason: 'a file is templated', count: 1 }];

      expect(prints(scanOn(1, first, aResult([], { undecided })).outcome.hidden)).toEqual(['a']);
    });

    test('is neither new nor fixed when it shows again', () => {
      const hidden = scanOn(1, first, aResult([], { gaps: [aGap(), aGap({ check: 'node/flags' })] }));
      const { outcome } = scanOn(2, hidden.state, aResult([A]));

      expect(outcome.fresh.size).toBe(0);
      expect(outcome.open.find(({ fingerprint }) => fingerprint === 'a')).toEqual({ ...A, state: 'open', firstSeen: at(0), lastSeen: at(2) });
    });

    test('is fixed only once it can be looked at', () => {
      const hidden = scanOn(1, first, aResult([], { gaps: [aGap(), aGap({ check: 'node/flags' })] })).state;
      const still = scanOn(2, hidden, aResult([], { gaps: [aGap(), aGap({ check: 'node/flags' })] }));
      const seen = scanOn(3, still.state, aResult([]));

      expect(still.outcome.fixed).toEqual([]);
      expect(prints(still.outcome.hidden)).toEqual(['a', 'n']);
      expect(prints(seen.outcome.fixed)).toEqual(['a', 'n']);
      for (const finding of seen.state.findings) expect(finding.hiddenBy).toBeUndefined();
    });

    test('is remembered for those who ask, until its check is run again', () => {
      const gap = aGap({ check: 'node/flags' });
      const partly = scanOn(1, first, aResult([A], { gaps: [gap] })).state;
      const areaScan = scanOn(2, partly, aResult([A]), { areas: ['workload'] }).state;
      const again = scanOn(3, areaScan, aResult([A], { checks: ['workload/privileged', 'node/flags:anonymous'] })).state;

      expect(areaScan.gaps).toEqual([gap]);
      expect(again.gaps).toEqual([]);
    });
  });

  describe('a scan of a part', () => {
    const role = aFinding({ fingerprint: 'r', check: 'access/secrets-read', object: { kind: 'ClusterRole', name: 'reader' } });
    const full = scanOn(0, undefined, aResult([A, B, role], { checks: ['workload/privileged', 'access/secrets-read'] })).state;

    test('leaves everything outside it as it was', () => {
      const { state, outcome } = scanOn(1, full, aResult([]), { namespace: 'shop' });

      expect(prints(outcome.fixed)).toEqual(['a']);
      expect(state.findings.filter(({ fingerprint }) => fingerprint !== 'a')).toEqual(full.findings.filter(({ fingerprint }) => fingerprint !== 'a'));
      expect([state.objects, state.durationsMs, state.lastFullScan]).toEqual([full.objects, full.durationsMs, full.lastFullScan]);
      expect(state.lastScan.id).toBe('scan1');
    });

    test('reports nothing from outside it, though it had to read it', () => {
      const { outcome } = scanOn(1, full, aResult([A, { ...B, severity: 'critical' }]), { namespace: 'shop' });

      expect(prints(outcome.open)).toEqual(['a']);
      expect(outcome.worse.size).toBe(0);
    });

    test('of some areas keeps the checks of the others', () => {
      const { state, outcome } = scanOn(1, full, aResult([A, B]), { areas: ['workload'] });

      expect(state.checks).toEqual(['access/secrets-read', 'workload/privileged']);
      expect(prints(outcome.open).toSorted()).toEqual(['a', 'b']);
      expect(state.findings.find(({ fingerprint }) => fingerprint === 'r')?.state).toBe('open');
    });

    test.each<[string, ScanScope, string | undefined]>([
      ['an area that was looked at', { areas: ['workload'] }, at(0)],
      ['an area that was not', { areas: ['node'] }, undefined],
      ['both', { areas: ['workload', 'node'] }, undefined],
      ['a namespace', { namespace: 'shop' }, undefined],
      ['the whole', {}, undefined],
    ])('before any whole scan is compared only with what was looked at: %s', (_name, scope, expected) => {
      const partly = scanOn(0, undefined, aResult([A]), { areas: ['workload'] }).state;
      expect(partly.lastFullScan).toBeUndefined();

      expect(scanOn(1, partly, aResult([A, B]), scope).comparedWith).toBe(expected);
    });

    test.each<[string, ScanScope, Partial<Finding>, boolean]>([
      ['everything', {}, {}, true],
      ['an object of the namespace', { namespace: 'shop' }, {}, true],
      ['an object of another namespace', { namespace: 'bank' }, {}, false],
      ['the namespace itself', { namespace: 'shop' }, { object: { kind: 'Namespace', name: 'shop' } }, true],
      ['another cluster-scoped object of that name', { namespace: 'shop' }, { object: { kind: 'ClusterRole', name: 'shop' } }, false],
      ['a check of the area', { areas: ['workload'] }, {}, true],
      ['a check of another area', { areas: ['access'] }, {}, false],
      ['one of two that fits', { namespace: 'bank', areas: ['workload'] }, {}, false],
    ])('covers %s or not', (_name, scope, finding, covered) => {
      expect(inScope(scope)(aFinding(finding))).toBe(covered);
    });

    test('is told from the whole', () => {
      expect([isWhole({}), isWhole({ namespace: 'a' }), isWhole({ areas: ['node'] })]).toEqual([true, false, false]);
    });
  });

  test('orders by severity, then check, then object, the same from scan to scan', () => {
    const low = aFinding({ fingerprint: 'l', severity: 'low' });
    const critical = aFinding({ fingerprint: 'c', severity: 'critical', check: 'workload/zzz' });
    const other = aFinding({ fingerprint: 'o', check: 'access/secrets-read' });

    expect(prints([low, A, B, other, critical].sort(byUrgency))).toEqual(['c', 'o', 'b', 'a', 'l']);
  });

  test('keeps nothing that only the reader of files knows', () => {
    const { state } = scanOn(0, undefined, { ...aResult([]), findings: [{ ...A, origin: { file: 'a.yaml' }, steps: ['spec'] }] });

    expect(only(state.findings)).toEqual({ ...A, state: 'open', firstSeen: at(0), lastSeen: at(0) });
  });
});
