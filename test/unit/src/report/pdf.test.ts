import { inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { reportPdf } from '#src/report/pdf.ts';
import { aControlResult, aReport } from '#test/build/framework.ts';

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

    expect(pages).toBeGreaterThan(4);
    expect(pages).toBeLessThan(12);
    for (let page = 1; page <= pages; page += 1) expect(wordsOf(pdf)).toContain(`${page} of ${pages}`);
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
  const text = Buffer.from(pdf).toString('latin1');
  const streams = [...text.matchAll(/stream\n([^]*?)\nendstream/g)].flatMap(([, body = '']) => inflated(Buffer.from(body, 'latin1')) ?? []);
  const lines = streams.flatMap((stream) => [...stream.matchAll(/\[([^\]]*)\] TJ/g)].map(([, parts = '']) => [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join('')));
  return lines.map((line) => line.trim()).join(' ');
}

/** Undefined for what is no packed stream. */
function inflated(body: Buffer): string | undefined {
  try {
    return inflateSync(body).toString('latin1');
  } catch {
    return undefined;
  }
}
