import { describe, expect, test } from '@jest/globals';
import { valueOf } from '#src/iac/terraform/body.ts';
import type { Scope } from '#src/iac/terraform/evaluate.ts';
import { settle, type Value } from '#src/iac/terraform/value.ts';
import { UNRESOLVED } from '#src/model/raw.ts';

const NAMES: Readonly<Record<string, Value>> = {
  list: ['a', 'b'],
  map: { one: 1, two: 2 },
  deep: [{ id: 'x', tags: ['t'] }, { id: 'y', tags: [] }],
  text: 'abc',
  yes: true,
  nothing: null,
  filled: '${aws_vpc.main.id}',
};

function evaluated(expression: string, steps = 100_000): unknown {
  const scope: Scope = { budget: { steps, depth: 0 }, name: (name) => NAMES[name] ?? (name in NAMES ? null : UNRESOLVED) };
  return settle(valueOf(`\${${expression}}`, scope));
}

describe('src/iac/terraform/evaluate.ts', () => {
  test.each<[string, unknown]>([
    ['1 + 2 * 3 - 4 / 2 % 5', 5],
    ['(1 + 2) * 3', 9],
    ['-1', -1],
    ['1.5e3', 1500],
    ['!yes', false],
    ['1 < 2 && 2 >= 2 || false', true],
    ['"2" + 2', 4],
    ['text == "abc"', true],
    ['list == ["a", "b"]', true],
    ['list != ["a"]', true],
    ['nothing == null', true],
    ['yes ? "on" : "off"', 'on'],
    ['"true" ? 1 : 2', 1],
    ['"a-${text}-${1 + 1}"', 'a-abc-2'],
    ['"$${text} %%{if}"', '${text} %{if}'],
    ['"tab\\t\\u00e9 \\"q\\""', 'tab\té "q"'],
    ['"${"${text}"}"', 'abc'],
    ['list[0]', 'a'],
    ['list.1', 'b'],
    ['map["two"]', 2],
    ['map.one', 1],
    ['deep[*].id', ['x', 'y']],
    ['deep.*.id', ['x', 'y']],
    ['deep.0.tags.0', 't'],
    ['deep[*].tags[0]', UNRESOLVED],
    ['text[*]', ['abc']],
    ['nothing[*]', []],
    ['[for v in list : upper(v)]', ['A', 'B']],
    ['[for i, v in list : "${i}${v}" if v != "a"]', ['1b']],
    ['{ for k, v in map : k => v * 2 }', { one: 2, two: 4 }],
    ['{ for v in deep : "k" => v.id... }', { k: ['x', 'y'] }],
    ['{ a = 1, "b c" : 2, (text) = 3 }', { a: 1, 'b c': 2, abc: 3 }],
    ['{\n a = text\n (text) = 2\n}', { a: 'abc', abc: 2 }],
    ['[1,\n 2, # two\n // three\n /* four */ 5,\n]', [1, 2, 5]],
    ['<<EOT\nline ${text}\nEOT\n', 'line abc\n'],
    ['True', true],
  ])('%s', (expression, expected) => {
    expect(evaluated(expression)).toEqual(expected);
  });

  test.each([
    'unknown',
    'unknown.field',
    'unknown + 1',
    '"a${unknown}"',
    'unknown ? 1 : 2',
    '[for v in unknown : v]',
    'timestamp()',
    'file("x")',
    'list[9]',
    'map.three',
    'text + 1',
    '1 / 0',
    'filled == "vpc-1"',
    '"%{ if yes }a%{ endif }"',
    'not an expression',
    '"no end',
    '1 +',
    'provider::aws::arn_parse(text)',
  ])('does not guess what %s is', (expression) => {
    expect(evaluated(expression)).toBe(UNRESOLVED);
  });

  test.each<[string, unknown]>([
    ['unknown || yes', true],
    ['unknown && false', false],
    ['unknown ? 1 : 1', 1],
    ['filled == null', false],
    ['filled != null', true],
    ['try(map.three, map.one)', 1],
    ['try(unknown, 1)', UNRESOLVED],
    ['can(map.three)', false],
    ['can(map.one)', true],
    ['can(unknown)', UNRESOLVED],
  ])('%s is known although a part of it is not', (expression, expected) => {
    expect(evaluated(expression)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['jsonencode({ a = [1, true] })', '{"a":[1,true]}'],
    ['jsonencode(unknown)', UNRESOLVED],
    ['jsondecode("{\\"a\\":1}").a', 1],
    ['yamldecode("a: [1, yes]\\nb: {c: x}\\n").b.c', 'x'],
    ['yamldecode("a: 1\\n---\\na: 2\\n")', UNRESOLVED],
    ['yamldecode("a: [")', UNRESOLVED],
    ['yamldecode(unknown)', UNRESOLVED],
    ['yamldecode(yamlencode({ a = [1, true] })).a', [1, true]],
    ['yamlencode(unknown)', UNRESOLVED],
    ['merge(map, { two = 3 }, nothing)', { one: 1, two: 3 }],
    ['merge(map, unknown)', UNRESOLVED],
    ['concat(list, ["c"])', ['a', 'b', 'c']],
    ['flatten([[1], [2, [3]]])', [1, 2, 3]],
    ['compact(["", "a", null])', ['a']],
    ['toset(["b", "a", "b"])', ['a', 'b']],
    ['distinct(["b", "a", "b"])', ['b', 'a']],
    ['lookup(map, "two", 0)', 2],
    ['lookup(map, "x", 0)', 0],
    ['coalesce(null, "", "a")', 'a'],
    ['coalesce(unknown, "a")', UNRESOLVED],
    ['format("%s-%d%%", "a", 5)', 'a-5%'],
    ['format("%05d", 5)', UNRESOLVED],
    ['join(",", list)', 'a,b'],
    ['split(",", "a,b")', ['a', 'b']],
    ['split("/", filled)', UNRESOLVED],
    ['element(list, 3)', 'b'],
    ['keys(map)', ['one', 'two']],
    ['values(map)', [1, 2]],
    ['length(list) + length(map) + length(text)', 7],
    ['contains(list, "b")', true],
    ['range(1, 7, 2)', [1, 3, 5]],
    ['range(1000000)', UNRESOLVED],
    ['zipmap(list, [1, 2])', { a: 1, b: 2 }],
    ['setproduct(["a"], [1, 2])', [['a', 1], ['a', 2]]],
    ['tobool("true")', true],
    ['tonumber("5")', 5],
    ['tostring(5)', '5'],
    ['max(1, 5, 3)', 5],
    ['max(list...)', UNRESOLVED],
    ['max([1, 4]...)', 4],
    ['cidrsubnet("10.0.0.0/8", 8, 3)', '10.3.0.0/16'],
    ['cidrsubnet("10.1.2.0/24", 4, 15)', '10.1.2.240/28'],
    ['cidrsubnet("10.0.0.0/30", 8, 3)', UNRESOLVED],
    ['replace("a.b", ".", "-")', 'a-b'],
    ['constructor("x")', UNRESOLVED],
  ])('%s', (call, expected) => {
    expect(evaluated(call)).toEqual(expected);
  });

  describe('hostile expressions', () => {
    test('that nest without end are not known', () => {
      expect(evaluated(`${'('.repeat(50_000)}1${')'.repeat(50_000)}`)).toBe(UNRESOLVED);
      expect(evaluated(`${'!'.repeat(50_000)}yes`)).toBe(UNRESOLVED);
      expect(evaluated(`${'"${'.repeat(5000)}1${'}"'.repeat(5000)}`)).toBe(UNRESOLVED);
    });

    test('that grow without end stop', () => {
      const loops = Array.from({ length: 8 }, (_, index) => `for a${index} in range(100)`);
      expect(evaluated(`${loops.map((loop) => `[${loop} : `).join('')}1${']'.repeat(8)}`)).toEqual(expect.anything());
      expect(evaluated(`join("", [${Array.from({ length: 1000 }, () => `"${'x'.repeat(2000)}"`).join(',')}])`)).toBe(UNRESOLVED);
    });

    test('cannot reach what is no value', () => {
      expect(evaluated('map.__proto__')).toBe(UNRESOLVED);
      expect(evaluated('list.length')).toBe(UNRESOLVED);
      expect(Object.keys(evaluated('{ "__proto__" = 1 }') as object)).toEqual(['__proto__']);
    });
  });
});
