import { describe, expect, test } from '@jest/globals';
import { readTerraform } from '#src/iac/terraform/read.ts';
import { isObject, UNRESOLVED } from '#src/model/raw.ts';

/** Values of resources by address, and the reasons for which files were given up. */
async function read(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  const contents = await readTerraform(Object.entries(files).map(([name, text]) => ({ name, text })));
  const found: [string, unknown][] = [];
  for (const [name, content] of contents) {
    if ('reason' in content) found.push([name, content.reason]);
    else for (const { address, object } of content.objects) if (!/(?:^|\.)(?:var|provider|module)\.[\w-]+$/.test(address ?? '')) found.push([address ?? '', object.values]);
  }
  return Object.fromEntries(found);
}

describe('src/iac/terraform/read.ts', () => {
  describe('names', () => {
    test('variables have their defaults, or what the files of values say, later ones last', async () => {
      const files = {
        'main.tf': 'variable "a" { default = 1 }\nvariable "b" { default = 1 }\nvariable "c" { default = 1 }\nvariable "d" {}\nresource "a_b" "x" {\n  v = [var.a, var.b, var.c]\n  w = var.d\n}\n',
        'terraform.tfvars': 'b = 2\nc = 2\n',
        'z.auto.tfvars.json': '{"c": 3}',
        'other.tfvars': 'a = 9\n',
      };

      expect(await read(files)).toEqual({ 'a_b.x': { v: [1, 2, 3], w: UNRESOLVED } });
    });

    test('a plain argument with the name of blocks beside it hides none of them', async () => {
      const text = 'resource "a_b" "x" {\n  volume = "none" /* a\n  b */\n  volume {\n    path = "/"\n  }\n  volume {\n    path = "/run"\n  }\n  rule = [{ a = 1 }]\n  size = 3\n}\n';

      expect(await read({ 'a.tf': text })).toEqual({ 'a_b.x': { volume: [{ path: '/' }, { path: '/run' }], rule: [{ a: 1 }], size: 3 } });
    });

    test('locals build on each other, and those that need themselves are not known', async () => {
      expect(await read({ 'a.tf': 'locals {\n  a = "x"\n  b = "${local.a}y"\n  c = local.d\n  d = local.c\n}\nresource "a_b" "x" {\n  v = local.b\n  w = local.c\n}\n' })).toEqual({ 'a_b.x': { v: 'xy', w: UNRESOLVED } });
    });

    test('resources know what others have written, and what their provider surely fills in', async () => {
      const values = await read({
        'a.tf': 'resource "a_b" "x" {\n  count = 2\n  size = count.index + 5\n}\nresource "a_b" "y" {\n  one = a_b.x[1].size\n  all = a_b.x[*].size\n  id = a_b.x[0].id\n  foreign = data.c_d.e.arn\n  state = a_b.x[0].state\n  beyond = a_b.x[2].size\n}\n',
      });

      expect(values['a_b.y']).toEqual({ one: 6, all: [5, 6], id: '${a_b.x[0].id}', foreign: '${data.c_d.e.arn}', state: UNRESOLVED, beyond: UNRESOLVED });
    });

    test('says which resources refer to one', async () => {
      const contents = await readTerraform([{ name: 'a.tf', text: 'resource "a_b" "x" {}\nresource "a_c" "y" {\n  of = [a_b.x.id]\n  n = 1\n}\nresource "a_c" "z" {\n  text = "a_b.x"\n}\n' }]);
      const content = contents.get('a.tf');
      const objects = content !== undefined && 'objects' in content ? content.objects : [];

      expect(objects.map(({ object }) => object.attached)).toEqual([[{ kind: 'a_c', values: { of: ['${a_b.x.id}'], n: 1 } }], undefined, undefined]);
    });
  });

  describe('instances', () => {
    test.each([
      ['count', 'count = 2\n  v = count.index', { 'a_b.x[0]': { v: 0 }, 'a_b.x[1]': { v: 1 } }],
      ['a count of zero', 'count = 0', {}],
      ['a set', 'for_each = toset(["b", "a"])\n  v = each.value', { 'a_b.x["a"]': { v: 'a' }, 'a_b.x["b"]': { v: 'b' } }],
      ['a map', 'for_each = { k = 7 }\n  v = "${each.key}${each.value}"', { 'a_b.x["k"]': { v: 'k7' } }],
      ['a number that is not known', 'count = var.n\n  v = count.index', { 'a_b.x': { v: UNRESOLVED } }],
      ['keys that are not known', 'for_each = var.n\n  v = each.key', { 'a_b.x': { v: UNRESOLVED } }],
      ['a number that needs itself', 'count = length(a_b.x[*].id)\n  v = 1', { 'a_b.x': { v: 1 } }],
      ['more than can be judged one by one', 'count = 5000\n  v = 1', { 'a_b.x': { v: 1 } }],
    ])('%s', async (_, body, expected) => {
      expect(await read({ 'a.tf': `resource "a_b" "x" {\n  ${body}\n}\n` })).toEqual(expected);
    });

    test('dynamic blocks follow those that are written, under their own iterator', async () => {
      const text = 'resource "a_b" "x" {\n  in {\n    v = 0\n  }\n  dynamic "in" {\n    for_each = [1, 2]\n    iterator = it\n    content {\n      v = it.value\n    }\n  }\n  dynamic "out" {\n    for_each = var.unknown\n    content {}\n  }\n}\n';

      expect(await read({ 'a.tf': text })).toEqual({ 'a_b.x': { in: [{ v: 0 }, { v: 1 }, { v: 2 }], out: [UNRESOLVED] } });
    });

    test('what says how a resource is made is no value of it', async () => {
      expect(await read({ 'a.tf': 'resource "a_b" "x" {\n  provider = a.b\n  depends_on = [a_c.d]\n  v = 1\n  lifecycle {\n    ignore_changes = [v]\n  }\n}\n' })).toEqual({ 'a_b.x': { v: 1 } });
    });
  });

  describe('modules', () => {
    const MODULE = 'variable "v" { default = 1 }\nresource "a_b" "x" {\n  v = var.v\n}\noutput "o" { value = a_b.x.v }\n';

    test('are judged where they are called, with what they are given', async () => {
      const files = { 'live/a.tf': 'module "m" {\n  source = "../mod"\n  for_each = { k = 2 }\n  v = each.value\n}\nresource "a_c" "y" {\n  v = module.m["k"].o\n}\n', 'mod/a.tf': MODULE };

      expect(await read(files)).toEqual({ 'a_c.y': { v: 2 }, 'module.m["k"].a_b.x': { v: 2 } });
    });

    test('that nobody calls are judged with their defaults', async () => {
      expect(await read({ 'mod/a.tf': MODULE })).toEqual({ 'a_b.x': { v: 1 } });
    });

    test('from elsewhere have no outputs that are known', async () => {
      expect(await read({ 'a.tf': 'module "m" {\n  source = "x/y/z"\n}\nresource "a_c" "y" {\n  v = module.m.o\n}\n' })).toEqual({ 'a_c.y': { v: UNRESOLVED } });
    });

    test('that call each other end in a reason', async () => {
      const call = (to: string) => `module "m" {\n  source = "../${to}"\n}\nresource "a_b" "x" {}\n`;

      expect(await read({ 'a/m.tf': call('b'), 'b/m.tf': call('a') })).toMatchObject({ 'a/m.tf': 'its modules are more than 20 levels deep' });
    });

    test('whose inputs and outputs need each other are not known', async () => {
      const both = 'module "a" {\n  source = "./mod"\n  v = module.b.o\n}\nmodule "b" {\n  source = "./mod"\n  v = module.a.o\n}\n';

      expect(await read({ 'main.tf': both, 'mod/a.tf': MODULE })).toEqual({ 'module.a.a_b.x': { v: UNRESOLVED }, 'module.b.a_b.x': { v: UNRESOLVED } });
    });
  });

  describe('files', () => {
    test('JSON is the same language', async () => {
      const content = { variable: { v: { default: 3 } }, resource: { a_b: { x: { v: '${var.v}', in: { w: 1 } } }, a_c: { y: [{ v: 1 }] } } };

      expect(await read({ 'a.tf.json': JSON.stringify(content) })).toEqual({ 'a_b.x': { v: 3, in: { w: 1 } }, 'a_c.y': { v: 1 } });
    });

    test('one that is broken is told with its line, and hides no other', async () => {
      const files = { 'a.tf': 'resource "a_b" "x" {}\n', 'b.tf': 'x = 1\ny = = 2\n', 'c.tf.json': '{"a": 1, "a": 2}', 'd.tf.json': '{', 'e.tf.json': '[]', 'f.tf': 'secret = "hunter2\n' };

      const contents = await readTerraform(Object.entries(files).map(([name, text]) => ({ name, text })));

      expect(contents.get('a.tf')).toMatchObject({ objects: [{ address: 'a_b.x' }] });
      expect(contents.get('b.tf')).toEqual({ line: 2, reason: 'invalid expression' });
      expect(contents.get('c.tf.json')).toEqual({ line: 1, reason: 'duplicate key a' });
      expect(contents.get('d.tf.json')).toEqual({ reason: 'it is not JSON' });
      expect(contents.get('e.tf.json')).toEqual({ reason: 'it is not a JSON object' });
      expect(JSON.stringify(contents.get('f.tf'))).not.toContain('hunter2');
    });

    test('the lines of findings are those of the block in its file', async () => {
      const contents = await readTerraform([{ name: 'a.tf', text: 'resource "a_b" "x" {}\n\nresource "a_b" "y" {\n  in {\n    v = 1\n  }\n}\n' }]);
      const content = contents.get('a.tf');

      expect(content !== undefined && 'objects' in content ? content.objects.map(({ lineOf }) => lineOf(['in', 0, 'v'])) : []).toEqual([1, 5]);
    });
  });

  describe('hostile configurations', () => {
    test('that stand for too many resources are given up as a whole', async () => {
      const text = Array.from({ length: 30 }, (_, index) => `resource "a_b" "x${index}" {\n  count = 1000\n}\n`).join('');

      expect(await read({ 'a.tf': text, 'other/b.tf': 'resource "a_b" "y" {}\n' })).toEqual({ 'a.tf': 'it stands for more than 20000 resources', 'a_b.y': {} });
    });

    test('that double with every module are given up', async () => {
      const files = Object.fromEntries(Array.from({ length: 18 }, (_, index) => [`m${index}/a.tf`, `module "a" {\n  source = "../m${index + 1}"\n}\nmodule "b" {\n  source = "../m${index + 1}"\n}\n`]));

      expect(await read(files)).toMatchObject({ 'm0/a.tf': 'it stands for more than 20000 resources' });
    });

    test('whose locals are a long chain stay within the stack', async () => {
      const chain = Array.from({ length: 20_000 }, (_, index) => `  l${index} = local.l${index + 1}\n`).join('');

      expect(await read({ 'a.tf': `locals {\n${chain}  l20000 = 1\n}\nresource "a_b" "x" {\n  v = local.l0\n}\n` })).toEqual({ 'a_b.x': { v: UNRESOLVED } });
    });

    test('that nest without end are refused before they are parsed', async () => {
      expect(await read({ 'a.tf': `x = ${'['.repeat(100_000)}` })).toEqual({ 'a.tf': 'more than 100 levels deep' });
    });

    test('with the names of what every object has are read like others', async () => {
      const values = await read({ 'a.tf.json': '{"resource":{"a_b":{"__proto__":{"v":1},"constructor":{"v":"${local.toString}"}}},"locals":{"__proto__":{"a":1}}}' });

      expect(Object.values(values).every(isObject)).toBe(true);
      expect(values['a_b.constructor']).toEqual({ v: UNRESOLVED });
    });
  });
});
