import { describe, expect, test } from '@jest/globals';
import { FILE_FORMATS, reportFile } from '#src/report/file.ts';
import { aControlResult, aReport } from '#test/build/framework.ts';

const BEGINNINGS = { pdf: /^%PDF-/, html: /^<!doctype html>/, json: /^\{\n {2}"reports"/ };

describe('src/report/file.ts', () => {
  test.each(FILE_FORMATS)('writes %s', async (format) => {
    expect(Buffer.from(await reportFile([aReport([aControlResult()])], format)).toString('latin1')).toMatch(BEGINNINGS[format]);
  });

  test('as JSON holds the whole report, and nothing that reorders text', async () => {
    const report = aReport([aControlResult({ title: 'a\u202Eb' })]);
    const json = await reportFile([report], 'json');

    expect(json).not.toContain('\u202E');
    expect(JSON.parse(String(json))).toEqual({ reports: [report] });
  });
});
