import { describe, expect, test } from '@jest/globals';
import type { Control, Framework } from '#src/model/frameworks/framework.ts';
import type { ControlResult, FrameworkReport } from '#src/model/frameworks/report.ts';
import { assess, type Judged } from '#src/report/assess.ts';
import { aFinding, aGap } from '#test/build/finding.ts';
import { aCheck, aControl } from '#test/build/framework.ts';

const SUBJECT = { cluster: 'prod-eu', at: '2026-11-23T08:00:41.000Z', kubernetesVersion: 'v1.34', objects: 10, unreadable: 0 };
const ONE = aCheck('a/one', [aControl('1')]);
const TWO = aCheck('a/two', [aControl('1')]);
const CODE = aCheck('iac/code', [aControl('1')], { kinds: ['Terraform'] });
const ITEMS = { alpha: { title: 'A', sources: [aControl('1')] }, beta: { title: 'B', sources: [aControl('2')] } };
const FAMILY = aCheck('a/family', [aControl('1'), aControl('2'), aControl('3')], { items: ITEMS });
const FAMILY_RAN = ['a/family:alpha', 'a/family:beta'];

function report(judged: Partial<Judged>, controls: readonly Control[] = [{ id: '1', title: 'The first' }]): FrameworkReport {
  const framework: Framework = { id: 'cis', title: 'CIS', version: 'v1', url: 'https://cis.example', sections: [{ title: 'Only', controls }] };
  return assess(framework, { checks: [], ran: [], gaps: [], undecided: [], findings: [], ...judged }, SUBJECT);
}

function results(judged: Partial<Judged>, ids: readonly string[] = ['1']): readonly ControlResult[] {
  return report(judged, ids.map((id) => ({ id, title: `Control ${id}` }))).sections.flatMap(({ controls }) => controls);
}

describe('src/report/assess.ts', () => {
  describe('a control', () => {
    test.each<readonly [name: string, judged: Partial<Judged>, state: string, reasons: readonly string[]]>([
      ['passes when its check ran and found nothing', { checks: [ONE], ran: ['a/one'] }, 'passed', []],
      ['passes when all its checks ran', { checks: [ONE, TWO], ran: ['a/one', 'a/two'] }, 'passed', []],
      ['fails with one finding', { checks: [ONE, TWO], ran: ['a/one', 'a/two'], findings: [aFinding({ check: 'a/two' })] }, 'failed', []],
      ['is not covered without a check', {}, 'not-covered', []],
      ['is not evaluated when its check never ran', { checks: [ONE] }, 'not-evaluated', ['it has not run here yet']],
      ['is not evaluated when one of its checks never ran', { checks: [ONE, TWO], ran: ['a/one'] }, 'not-evaluated', ['it has not run here yet']],
      ['is not evaluated when its check could not look', { checks: [ONE], gaps: [aGap({ check: 'a/one', reason: 'no permission' })] }, 'not-evaluated', ['no permission']],
      ['is not evaluated when one of its checks could not look', { checks: [ONE, TWO], ran: ['a/one'], gaps: [aGap({ check: 'a/two', reason: 'no permission' })] }, 'not-evaluated', ['no permission']],
      ['is not evaluated when its check could look only in part', { checks: [ONE], ran: ['a/one'], gaps: [aGap({ check: 'a/one', reason: 'no Jobs', kind: 'Job', partial: true })] }, 'not-evaluated', ['no Jobs']],
      ['is not evaluated when evidence about some object is missing', { checks: [ONE], ran: ['a/one'], undecided: [{ check: 'a/one', reason: 'a variable', count: 3 }] }, 'not-evaluated', ['3 undecided: a variable']],
      ['fails all the same when its check could look only in part, and says what is missing', { checks: [ONE], ran: ['a/one'], gaps: [aGap({ check: 'a/one', reason: 'no Jobs', partial: true })], findings: [aFinding({ check: 'a/one' })] }, 'failed', ['no Jobs']],
      ['is judged without checks of code in a cluster', { checks: [ONE, CODE], ran: ['a/one'] }, 'passed', []],
      ['is not evaluated in a cluster when only code would show it', { checks: [CODE] }, 'not-evaluated', ['only code shows it']],
      ['is not evaluated in files without anything that its check judges', { checks: [ONE], ran: ['a/one'], kinds: new Set(['Service']) }, 'not-evaluated', ['the files hold nothing that it judges']],
      ['is judged in files by the checks that find their kinds there', { checks: [ONE, CODE], ran: ['a/one', 'iac/code'], kinds: new Set(['Terraform']) }, 'passed', []],
      ['says why its check could not look rather than that the files hold nothing for it', { checks: [ONE], gaps: [aGap({ check: 'a/one', reason: 'no list' })], kinds: new Set(['Service']) }, 'not-evaluated', ['no list']],
      ['says each reason once', { checks: [ONE, TWO], gaps: [aGap({ check: 'a/one', reason: 'r' }), aGap({ check: 'a/two', reason: 'r' })] }, 'not-evaluated', ['r']],
    ])('%s', (_name, judged, state, reasons) => {
      expect(results(judged)).toMatchObject([{ state, reasons }]);
    });

    test('with alternatives passes when one of its checks could look, but not when none could', () => {
      const controls = [{ id: '1', title: 'The first', alternatives: true }] as const;
      const gaps = [aGap({ check: 'a/two', reason: 'managed' })];
      const stateOf = (judged: Partial<Judged>) => report({ checks: [ONE, TWO], ...judged }, controls).sections[0]?.controls[0]?.state;

      expect(stateOf({ ran: ['a/one'], gaps })).toBe('passed');
      expect(stateOf({ ran: ['a/one'], gaps, findings: [aFinding({ check: 'a/one' })] })).toBe('failed');
      expect(stateOf({ gaps: [...gaps, aGap({ check: 'a/one', reason: 'managed' })] })).toBe('not-evaluated');
    });

    test('names what answers it, the number of findings, the worst severity and the worst ten', () => {
      const findings = Array.from({ length: 12 }, (_, index) => aFinding({ check: 'a/one', severity: index === 11 ? 'critical' : 'low', fingerprint: String(index) }));

      const [result] = results({ checks: [ONE], ran: ['a/one'], findings });

      expect(result).toMatchObject({ checks: ['a/one'], findings: 12, worst: 'critical' });
      expect(result?.examples).toHaveLength(10);
      expect(result?.examples[0]).toEqual({ check: 'a/one', severity: 'critical', object: aFinding().object, message: aFinding().message });
    });
  });

  describe('items', () => {
    test('each answers its own control, and all of them what no item names', () => {
      const findings = [aFinding({ check: 'a/family', item: 'beta' })];

      expect(results({ checks: [FAMILY], ran: FAMILY_RAN, findings }, ['1', '2', '3']).map(({ state, checks }) => [state, checks])).toEqual([
        ['passed', ['a/family:alpha']],
        ['failed', ['a/family:beta']],
        ['failed', ['a/family']],
      ]);
    });

    test('a gap of one item leaves the others evaluated', () => {
      const gaps = [aGap({ check: 'a/family', item: 'beta', reason: 'a file' })];

      expect(results({ checks: [FAMILY], ran: ['a/family:alpha'], gaps }, ['1', '2', '3']).map(({ state }) => state)).toEqual(['passed', 'not-evaluated', 'not-evaluated']);
    });

    test('a gap of the whole check leaves none of them evaluated', () => {
      const gaps = [aGap({ check: 'a/family', reason: 'managed' })];

      expect(results({ checks: [FAMILY], gaps }, ['1', '2', '3']).map(({ state }) => state)).toEqual(['not-evaluated', 'not-evaluated', 'not-evaluated']);
    });

    test('a check whose id begins like another one does not answer for it', () => {
      expect(results({ checks: [ONE], ran: ['a/one-more', 'a/one-more:x'] })).toMatchObject([{ state: 'not-evaluated' }]);
    });
  });

  describe('the sums', () => {
    test('count only evaluated controls for the score, and all of them for the coverage', () => {
      const checks = ['1', '2', '3'].map((id) => aCheck(`a/c${id}`, [aControl(id)]));
      const judged = { checks, ran: ['a/c1', 'a/c2'], findings: [aFinding({ check: 'a/c2' })] };

      const { tally, sections } = report(judged, ['1', '2', '3', '4'].map((id) => ({ id, title: id })));

      expect(tally).toEqual({ passed: 1, failed: 1, notEvaluated: 1, notCovered: 1, score: 50, coverage: 50 });
      expect(sections[0]?.tally).toEqual(tally);
    });

    test('have no score when nothing was evaluated', () => {
      expect(report({ checks: [ONE] }).tally).toEqual({ passed: 0, failed: 0, notEvaluated: 1, notCovered: 0, coverage: 0 });
    });

    test('hold for a framework without controls', () => {
      expect(report({ checks: [ONE], ran: ['a/one'] }, []).tally).toEqual({ passed: 0, failed: 0, notEvaluated: 0, notCovered: 0, coverage: 0 });
    });

    test('are 100 only when nothing is missing', () => {
      const ids = Array.from({ length: 300 }, (_, index) => String(index));
      const checks = ids.map((id) => aCheck(`a/c${id}`, [aControl(id)]));
      const controls = ids.map((id) => ({ id, title: id }));
      const ran = checks.map(({ id }) => id);

      expect(report({ checks, ran }, controls).tally).toMatchObject({ score: 100, coverage: 100 });
      expect(report({ checks, ran, findings: [aFinding({ check: 'a/c7' })] }, controls).tally).toMatchObject({ score: 99, coverage: 100 });
      expect(report({ checks, ran: ran.slice(1) }, controls).tally).toMatchObject({ score: 100, coverage: 99 });
    });
  });
});
