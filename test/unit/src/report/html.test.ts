import { describe, expect, test } from '@jest/globals';
import { reportHtml } from '#src/report/html.ts';
import { aControlResult, aReport } from '#test/build/framework.ts';

const HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", '</td></table>', '&lt;b&gt;', '<!--', 'a\u202Eb'];

describe('src/report/html.ts', () => {
  test.each(HOSTILE)('shows %j as text, wherever it stands', (text) => {
    const plain = reportHtml([failed('plain')]);
    const hostile = reportHtml([failed(text)]);

    expect(tagsOf(hostile)).toEqual(tagsOf(plain));
    expect(hostile).not.toMatch(/[\u202A-\u202E]/);
  });

  test('needs nothing from elsewhere and runs nothing', () => {
    const html = reportHtml([aReport([aControlResult()])]);

    expect(html).not.toMatch(/<(script|img|iframe|object|embed|form|link)\b|\son\w+=|\bsrc=|@import|url\(/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('tells score and coverage together, for the whole and for each section', () => {
    const html = reportHtml([aReport([aControlResult()])]);

    expect(html.match(/Score 50 % \(1 of 2 evaluated controls passed\), coverage 50 % \(2 of 4 controls evaluated\)/g)).toHaveLength(2);
  });

  test('tells each state in words, with findings and what was not looked at', () => {
    const examples = [{ check: 'workload/privileged', severity: 'critical' as const, object: { kind: 'Pod', namespace: 'shop', name: 'api' }, message: 'Container main runs privileged', place: 'a.yaml:8' }];
    const html = reportHtml([
      aReport([
        aControlResult({ id: '1', state: 'passed' }),
        aControlResult({ id: '2', state: 'failed', findings: 3, worst: 'critical', examples, reasons: ['no Jobs'] }),
        aControlResult({ id: '3', state: 'not-evaluated', reasons: ['no permission to list pods'] }),
        aControlResult({ id: '4', state: 'not-covered', checks: [] }),
      ]),
    ]);

    expect(wordsOf(html)).toMatch(/1 No privileged containers .* passed 2 .* critical · Pod shop\/api Container main runs privileged \(a\.yaml:8\) and 2 more Not looked at: no Jobs failed: 3 findings, worst critical 3 .* Not looked at: no permission to list pods not evaluated 4 No privileged containers not covered by any check/);
  });

  test('says how many documents could not be read', () => {
    const report = aReport([aControlResult()], { subject: { at: '2026-11-23T08:00:41.000Z', kubernetesVersion: 'v1.37', objects: 1, unreadable: 2 } });

    expect(wordsOf(reportHtml([report]))).toContain('1 object of files, Kubernetes v1.37, as of 2026-11-23 08:00 UTC; 2 documents could not be read and are not in this report.');
  });
});

/** A report with this text in every place that others may have written. */
function failed(text: string) {
  const examples = [{ check: 'workload/privileged', severity: 'high' as const, object: { kind: text, namespace: text, name: text }, message: text, place: text }];
  const subject = { cluster: text, at: '2026-11-23T08:00:41.000Z', kubernetesVersion: text, objects: 1, unreadable: 0 };
  return aReport([aControlResult({ state: 'failed', findings: 1, worst: 'high', examples, reasons: [text] })], { subject });
}

function tagsOf(html: string): readonly string[] {
  return html.match(/<[^>]*>/g) ?? [];
}

function wordsOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').replaceAll(/ ([),.;])/g, '$1');
}
