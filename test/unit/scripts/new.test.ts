import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';

interface Outcome {
  readonly status: number;
  readonly text: string;
}

const SCRIPT = resolve('scripts/new.ts');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8ssec-new-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function make(...words: readonly string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, ['--conditions=source', SCRIPT, ...words], { cwd: folder }, (error, stdout, stderr) => done({ status: error === null ? 0 : Number(error.code), text: `${stdout}${stderr}` }));
  });
}

describe('scripts/new.ts', () => {
  test.each([
    ['check', 'access/some-problem', 'src/checks/access/some-problem/check.ts', 'defineWorkloadCheck'],
    ['command', 'frobnicate', 'commands/frobnicate.ts', 'defineCommand'],
    ['template', 'some-news', 'templates/some-news.ts', 'defineTemplate'],
    ['people-source', 'our-hr', 'src/people/sources/our-hr.ts', 'definePeopleSource'],
    ['kind', 'drain-node', 'src/approvals/kinds/drain-node.ts', 'defineApprovalKind'],
  ])('%s %s: is written where its registry looks, as TypeScript, and never over what is there', async (unit, name, path, define) => {
    const first = await make(unit, name);
    const text = readFileSync(join(folder, path), 'utf8');
    const again = await make(unit, name);

    expect(first).toMatchObject({ status: 0, text: expect.stringContaining(path) });
    expect(text).toContain(define);
    expect(text).toContain(`'${name}'`);
    expect(ts.transpileModule(text, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext } }).diagnostics).toEqual([]);
    expect(again).toMatchObject({ status: 1, text: expect.stringContaining(`There is already ${path}`) });
  });

  test.each(['', 'kind', 'kind Drain', 'people-source our_hr', 'source our-hr', 'constructor our-hr', 'check nowhere/some-problem'])('"%s" is told what can be made', async (typed) => {
    expect(await make(...typed.split(' '))).toMatchObject({ status: 2, text: expect.stringMatching(/^usage: npm run new .*people-source <system> \| kind <name>/) });
  });
});
