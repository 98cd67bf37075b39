import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { scanner } from '#scripts/gen/scanner.ts';
import { assemble } from '#scripts/gen/wat.ts';

describe('scripts/gen/scanner.ts', () => {
  test('the binary is what its source says', async () => {
    for (const { path, text } of await scanner()) expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('a module does what its text says', () => {
    const text = '(module (memory (export "memory") 1) (func (export "twice") (param $a i32) (result i32) (i32.add (local.get $a) (local.get $a))))';
    const { twice } = new WebAssembly.Instance(new WebAssembly.Module(assemble(text) as Uint8Array<ArrayBuffer>)).exports;

    expect((twice as (a: number) => number)(21)).toBe(42);
  });

  test.each([
    ['an instruction that it does not know', '(module (func $a (i32.nothing)))', 'unknown instruction i32.nothing'],
    ['a name of nothing', '(module (func $a (call $b)))', 'unknown name $b'],
    ['a bracket too few', '(module (func $a)', 'a bracket too few'],
  ])('%s is refused', (_name, text, message) => {
    expect(() => assemble(text)).toThrow(message);
  });
});
