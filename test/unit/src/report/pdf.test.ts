import { describe, expect, test } from '@jest/globals';
import { reportPdf } from '#src/report/pdf.ts';
import { aControlResult, aReport } from '#test/build/framework.ts';
import { drawnOn } from '#test/build/pdf.ts';

describe('src/report/pdf.ts', () => {
  test('is a PDF with the words of the report', async () => {
    const pdf = await reportPdf([aReport([aControlResult({ state: 'failed', findings: 1, worst: 'high', examples: [example('Container main runs privileged')] })])]);

    expect(Buffer.from(pdf).toString('latin1', 0, 5)).toBe('%PDF-');
    expect(Buffer.from(pdf).toString('latin1').trimEnd()).toMatch(/%%EOF$/);
    expect(wordsOf(pdf)).toContain('Score 50 % (1 of 2 evaluated controls passed), coverage 50 % (2 of 4 controls evaluated)');
    expect(wordsOf(pdf)).toContain('failed: 1 finding, worst high');
    expect(wordsOf(pdf)).toContain('Container main runs privileged');
    expect(pagesOf(pdf)).toBe(1);
  });

  test('has as many pages as it needs, each with its number, and each report on a page of its own', async () => {
    const many = aReport(Array.from({ length: 120 }, (_, index) => aControlResult({ id: String(index) })));

    const pdf = await reportPdf([many, aReport([aControlResult()])]);
    const pages = pagesOf(pdf);

    expect(pages).toBeGreaterThan(3);
    expect(pages).toBeLessThan(12);
    for (let page = 1; page <= pages; page += 1) expect(wordsOf(pdf)).toContain(`${page} of ${pages}`);
  });

  test('names the failed controls first, worst first', async () => {
    const failed = (id: string, worst: 'low' | 'critical') => aControlResult({ id, title: `Control ${id}`, state: 'failed', findings: 1, worst, examples: [example('Mend it')] });

    const words = wordsOf(await reportPdf([aReport([aControlResult({ id: '1.1' }), failed('1.2', 'low'), failed('1.3', 'critical')])]));

    expect(words.match(/Failed, worst first|5\.2 Pod Security Standards|\b1\.\d(?=  )/g)).toEqual(['Failed, worst first', '1.3', '1.2', '5.2 Pod Security Standards', '1.1', '1.2', '1.3']);
  });

  test('has no list of failed controls where none failed', async () => {
    expect(wordsOf(await reportPdf([aReport([aControlResult()])]))).not.toContain('worst first');
  });

  test('keeps each control on the page of its findings, and each heading on that of what it heads', async () => {
    const controls = Array.from({ length: 60 }, (_, index) => aControlResult({ id: `c${index}`, state: 'not-evaluated', reasons: [`reason ${index}; ${'long '.repeat(index)}`, `end ${index};`] }));
    const tally = { passed: 0, failed: 0, notEvaluated: 1, notCovered: 0, coverage: 0 };

    const pages = wordsByPage(await reportPdf([aReport([], { sections: controls.map((control) => ({ title: `Section ${control.id};`, tally, controls: [control] })) })]));

    expect(pages.length).toBeGreaterThan(5);
    for (const [index] of controls.entries()) {
      const page = pages.find((words) => words.includes(`Section c${index};`));
      expect(page).toContain(`reason ${index};`);
      expect(page).toContain(`end ${index};`);
    }
  });

  test('goes on on further pages with what is longer than one', async () => {
    const examples = Array.from({ length: 5 }, (_, index) => example(`${'日'.repeat(380)} ${index}`));

    const pages = wordsByPage(await reportPdf([aReport([aControlResult({ state: 'failed', findings: 5, worst: 'high', examples })])]));

    expect(pages.length).toBeGreaterThan(2);
    expect(pages.filter((words) => words.length < 100)).toEqual([]);
  });

  test('shows characters that its fonts lack by their number, and none that reorders text', async () => {
    const pdf = await reportPdf([aReport([aControlResult({ state: 'failed', findings: 1, worst: 'high', examples: [example('a\u202Eb 日 é')] })])]);

    expect(wordsOf(pdf)).toContain('a\\u{202e}b \\u{65e5} é');
  });

  test('is the same for the same report', async () => {
    const report = aReport([aControlResult()]);

    expect(Buffer.from(await reportPdf([report])).equals(Buffer.from(await reportPdf([report])))).toBe(true);
  });
});

function example(message: string) {
  return { check: 'workload/privileged', severity: 'high' as const, object: { kind: 'Pod', name: 'api' }, message };
}

function pagesOf(pdf: Uint8Array): number {
  return Buffer.from(pdf).toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
}

/** What is drawn, without line breaks. */
function wordsOf(pdf: Uint8Array): string {
  return wordsByPage(pdf).join(' ');
}

function wordsByPage(pdf: Uint8Array): readonly string[] {
  return drawnOn(pdf).map((lines) => lines.join(' '));
}
