import { describe, expect, test } from '@jest/globals';
import type { Finding, ObjectRef, Reach } from '#src/model/finding.ts';
import type { KnownEndpoints } from '#src/model/scan-record.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { compareEndpoints } from '#src/scan/compare-endpoints.ts';
import { aFinding, aGap, aResult } from '#test/build/finding.ts';

const CHECK = 'exposure/internet-exposed-workload';
const BEFORE = '2026-11-22T06:00:00.000Z';
const NOW = '2026-11-23T06:00:00.000Z';
const WEB: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };

function reached(doors: readonly string[], about: Partial<Finding> = {}, reach: Partial<Reach> = {}): Finding {
  return aFinding({ check: CHECK, object: WEB, fingerprint: 'f1', reach: { doors, ...reach }, ...about });
}

function compared(known: KnownEndpoints | undefined, findings: readonly Finding[], { isPart = false, namespace, ...result }: Partial<ScanResult> & { readonly isPart?: boolean; readonly namespace?: string } = {}) {
  const isMine = ({ object }: Finding) => namespace === undefined || object.namespace === namespace;
  return compareEndpoints(known, { ...aResult(findings, { checks: [CHECK] }), ...result }, { isMine, isPart, at: NOW });
}

/** What a scan of the day before knew. */
function knownOf(findings: readonly Finding[]): KnownEndpoints {
  const { known } = compared(undefined, findings);
  return { at: BEFORE, keys: known?.keys ?? [] };
}

describe('src/scan/compare-endpoints.ts', () => {
  test('a first scan learns what is reached and tells of nothing', () => {
    const { known, fresh } = compared(undefined, [reached(['LoadBalancer shop/web'])]);

    expect(fresh).toBeUndefined();
    expect(known).toEqual({ at: NOW, keys: ['LoadBalancer shop/web > Deployment/shop/web'] });
  });

  test('names the way to what is new, with pods and owner', () => {
    const { fresh } = compared(knownOf([]), [reached(['LoadBalancer shop/web'], {}, { pods: 3, owner: 'team-shop' })]);

    expect(fresh).toEqual({ since: BEFORE, workloads: [{ object: WEB, finding: 'f1', paths: ['internet → LoadBalancer shop/web → Deployment shop/web (3 pods)'], owner: 'team-shop' }] });
  });

  test('a further way to what was reached already is new, the old way is not', () => {
    const { fresh } = compared(knownOf([reached(['Ingress shop/web → Service shop/web'])]), [reached(['LoadBalancer shop/lb', 'Ingress shop/web → Service shop/web'])]);

    expect(fresh?.workloads.map(({ paths }) => paths)).toEqual([['internet → LoadBalancer shop/lb → Deployment shop/web']]);
  });

  const same: readonly (readonly [string, Finding])[] = [
    ['more pods', reached(['Ingress shop/web → Service shop/web'], {}, { pods: 9 })],
    ['another Service behind the same Ingress', reached(['Ingress shop/web → Service shop/web-v2'])],
    ['another fingerprint', reached(['Ingress shop/web → Service shop/web'], { fingerprint: 'f2' })],
  ];
  test.each(same)('is not new by %s', (_, finding) => {
    expect(compared(knownOf([reached(['Ingress shop/web → Service shop/web'], {}, { pods: 1 })]), [finding]).fresh?.workloads).toEqual([]);
  });

  test('what was taken away and comes back is new again', () => {
    const without = compared(knownOf([reached(['LoadBalancer shop/web'])]), []).known;

    expect(compared(without, [reached(['LoadBalancer shop/web'])]).fresh?.workloads).toHaveLength(1);
  });

  test('ports of nodes without a public address, and other findings, are no endpoint', () => {
    const inside = aFinding({ check: CHECK, severity: 'medium', object: WEB });

    expect(compared(knownOf([]), [inside, { ...reached(['NodePort shop/web']), check: 'workload/privileged' }]).fresh?.workloads).toEqual([]);
  });

  const blind: readonly (readonly [string, Partial<ScanResult>])[] = [
    ['that was not evaluated', { checks: [], notEvaluated: [aGap({ check: CHECK, reason: 'no permission to list ingresses' })] }],
    ['that failed on a part', { notEvaluated: [aGap({ check: CHECK, partial: true })] }],
    ['that was undecided', { undecided: [{ check: CHECK, reason: 'r', count: 1, objects: new Set(['Deployment/shop/web']) }] }],
    ['of other areas', { checks: ['access/secrets-read'] }],
  ];
  test.each(blind)('a scan %s tells of nothing and forgets nothing', (_, result) => {
    const before = knownOf([reached(['LoadBalancer shop/web'])]);
    const { known, fresh } = compared(before, [reached(['LoadBalancer shop/other'])], result);

    expect(fresh).toBeUndefined();
    expect(known).toBe(before);
    expect(compared(known, [reached(['LoadBalancer shop/web', 'NodePort shop/web'])]).fresh?.workloads.map(({ paths }) => paths)).toEqual([['internet → NodePort shop/web → Deployment shop/web']]);
  });

  test('a first scan of a namespace is no starting point', () => {
    expect(compared(undefined, [reached(['LoadBalancer shop/web'])], { isPart: true, namespace: 'shop' })).toEqual({ known: undefined, fresh: undefined });
  });

  test('a scan of a namespace tells of its own, once, and leaves the others as they were', () => {
    const OTHER = { ...WEB, namespace: 'bank' };
    const all = [reached(['LoadBalancer shop/web']), reached(['LoadBalancer bank/web'], { object: OTHER, fingerprint: 'f2' })];
    const before = knownOf([reached(['LoadBalancer bank/old'], { object: OTHER })]);
    const part = compared(before, all, { isPart: true, namespace: 'shop' });

    expect(part.fresh?.workloads.map(({ finding }) => finding)).toEqual(['f1']);
    expect(part.known).toEqual({ at: BEFORE, keys: ['LoadBalancer bank/old > Deployment/bank/web', 'LoadBalancer shop/web > Deployment/shop/web'] });
    expect(compared(part.known, all).fresh?.workloads.map(({ finding }) => finding)).toEqual(['f2']);
  });
});
