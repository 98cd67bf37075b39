import { describe, expect, test } from '@jest/globals';
import { UNRESOLVED, Unresolved } from '#src/model/raw.ts';
import { blockIn, blocksIn, flagIn, isSet, numberIn, registry, textIn, textsIn, valueIn } from '#src/model/terraform.ts';

describe('src/model/terraform.ts', () => {
  test('a block given once reads like a list of it', () => {
    for (const values of [{ a: { b: { c: true } } }, { a: [{ b: [{ c: true }] }] }]) {
      expect(valueIn(values, 'a', 'b', 'c')).toBe(true);
      expect([...blocksIn(values, 'a')].map(({ body }) => flagIn(body, 'b', 'c'))).toEqual([true]);
    }
    expect([...blocksIn({ a: { x: 1 } }, 'a')]).toEqual([{ path: ['a'], body: { x: 1 } }]);
    expect([...blocksIn({ a: [{ x: 1 }, 7, [{ x: 2 }]] }, 'a')]).toEqual([{ path: ['a', 0], body: { x: 1 } }, { path: ['a', 2], body: { x: 2 } }]);
  });

  test('texts stand for what Terraform would make of them', () => {
    expect([flagIn({ a: 'true' }, 'a'), flagIn({ a: 'false' }, 'a'), flagIn({ a: 'maybe' }, 'a'), flagIn({}, 'a')]).toEqual([true, false, undefined, undefined]);
    expect([numberIn({ a: '-1' }, 'a'), numberIn({ a: 5 }, 'a'), numberIn({ a: 'x' }, 'a')]).toEqual([-1, 5, undefined]);
    expect([textIn({ a: 22 }, 'a'), textIn({ a: ['x'] }, 'a')]).toEqual(['22', undefined]);
    expect([textsIn({ a: 'x' }, 'a'), textsIn({ a: ['x', 22, null] }, 'a'), textsIn({}, 'a')]).toEqual([['x'], ['x', '22'], []]);
  });

  test('null and what is empty are not set', () => {
    expect([null, undefined, '', [], 'x', 0, {}].map((a) => isSet({ a }, 'a'))).toEqual([false, false, false, false, true, true, true]);
  });

  test('what is not known is never taken for absent', () => {
    expect(() => valueIn({ a: UNRESOLVED }, 'a', 'b')).toThrow(Unresolved);
    expect(() => valueIn({ a: [UNRESOLVED] }, 'a', 'b')).toThrow(Unresolved);
    expect(() => textsIn({ a: ['x', UNRESOLVED] }, 'a')).toThrow('a is only known when the file is applied');
    expect(() => blockIn({ a: [UNRESOLVED] }, 'a')).toThrow(Unresolved);
  });

  test('blocks that are known come before what is not', () => {
    const seen: unknown[] = [];
    expect(() => {
      for (const { body } of blocksIn({ a: [UNRESOLVED, { x: 1 }] }, 'a')) seen.push(body);
    }).toThrow(Unresolved);
    expect(seen).toEqual([{ x: 1 }]);
  });

  test('names the page of a resource', () => {
    expect(registry('hashicorp/aws', 'aws_security_group_rule')).toEqual({
      title: 'Terraform provider aws, aws_security_group_rule',
      url: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group_rule',
    });
  });
});
